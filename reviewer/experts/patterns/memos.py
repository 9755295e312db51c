"""Where results are kept for later callers: what is kept, under which key, in what."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.reach.elements import value_type
from reviewer.code.reach.links import declared_type, definition
from reviewer.code.reach.staying import stays
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    Expr,
    Function,
    Index,
    Member,
    Name,
    Node,
    Object,
    Template,
    strip,
    uncast,
)
from reviewer.code.tables import tables
from reviewer.code.walk import class_of, find, function_of, names_in, walk
from reviewer.experts.paths import word_set
from reviewer.experts.patterns.asking import asked_under, refuses_second, spelling
from reviewer.experts.patterns.filed import filed_by
from reviewer.experts.patterns.keepers import through
from reviewer.experts.patterns.listed import listed
from reviewer.experts.patterns.vocabulary import FIRM_CACHES, last_spelled

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.tables import Access, Table
    from reviewer.experts.check import Inquiry

_MOST: Final = 400
_MOST_OF_FUNCTION: Final = 12
"""What is looked at in one file and in one function: a bound against files made to be slow."""
_WRITES: Final = frozenset({"set", "put", "add", "save", "setex", "setEx", "psetex", "set_many", "setItem"})
_READS: Final = frozenset({"get", "has", "peek", "getItem", "exists", "contains", "lookup", "fetch", "read"})
THROUGH: Final = word_set(
    "getOrSet get_or_set getOrCreate get_or_create getOrCompute get_or_compute computeIfAbsent compute_if_absent "
    "getOrLoad get_or_load getOrElse getOrInsert getOrInsertComputed getOrPut wrap remember memo memoize memoise "
    "fetch fetchOrCompute getOrFetch get_or_fetch cached withCache with_cache through getOrBuild get_or_build "
    "getOrMake get_or_make rememberFor getCached get_cached ensure resolveOnce upsert emplace"
)
"""Methods of caches that take a key and the function that gives the value."""


class Memo(Struct, frozen=True):
    """A value that is kept: ``reads`` tells whether the same function answers from it under the same key."""

    node: Node
    key: Expr
    value: Expr
    holder: Expr | None
    """What it is kept in, as it is written here; None where a helper keeps it."""
    table: Table | None
    """The declared collection, None where the cache comes from elsewhere."""
    function: Function
    reads: bool

    @property
    def name(self) -> str:
        """The name of what it is kept in."""
        if self.table is not None:
            return self.table.name
        return self.function.module.text_of(self.holder) if self.holder is not None else ""

    def key_place(self) -> Node:
        """Return where the key is made: the function that only makes it, the statement that names it, or the key."""
        module = self.function.module
        made = made_here(module, self.key)
        if isinstance(made, Assign) and (asked := self._asked_as_it_is(module)) is not None:
            return asked  # it was read for the work, and is no key that somebody made
        call = strip(made.value) if isinstance(made, Assign) and made.value is not None else strip(self.key)
        maker = definition(module, call.callee) if isinstance(call, Call) else None
        own = isinstance(maker, Function) and maker.module is module and not any(one.rest for one in maker.params)
        if isinstance(maker, Function) and own and len(maker.body) == 1:
            return maker.body[0]  # what joins whatever it is handed decides nothing
        return made if made is not None else renamed(module, self.key) or self.key

    def _asked_as_it_is(self, module: Module) -> Node | None:
        """Return where an entry is first asked for, if the key is also what the work is told: ``fetch(text, lang)``."""
        key = strip(self.key)
        accesses = self.table.accesses if self.table is not None and isinstance(key, Name) else []
        own = [one for one in accesses if one.function is self.function and one.key is not None]
        asking = {id(one.node) for one in own}
        holder = module.text_of(self.holder) if self.holder is not None else ""
        told = any(
            isinstance(given := strip(arg), Name) and isinstance(key, Name) and given.id == key.id
            for call in find(self.function.body, Call)
            if id(call) not in asking and (call.receiver is None or module.text_of(call.receiver) != holder)
            for arg in (*call.args, *call.keywords.values())
        )
        return min((one.node for one in own), key=lambda node: node.start, default=None) if told else None


def made_here(module: Module, key: Expr) -> Node | None:
    """Return the assignment that makes a key which is only a name here, if it is more than another name."""
    key = strip(key)
    if isinstance(key, Name):
        bound = module.scopes.lookup(key.id, key)
        only = bound[0] if len(bound) == 1 else None
        if (
            isinstance(only, Assign)
            and function_of(only) is not None
            and isinstance(only.value, Template | Call | Array | Binary | Object)
        ):
            return only
    return None


def renamed(module: Module, key: Expr) -> Assign | None:
    """Return the constant by which a function gives a parameter the name of a key: ``const key = code``."""
    key = strip(key)
    bound = module.scopes.lookup(key.id, key) if isinstance(key, Name) else []
    only = bound[0] if len(bound) == 1 else None
    named = isinstance(only, Assign) and only.value is not None and isinstance(strip(only.value), Name)
    return only if named and isinstance(only, Assign) and function_of(only) is not None else None


def memos(inquiry: Inquiry, module: Module) -> tuple[Memo, ...]:
    """Return what a module keeps for later callers, in source order; worked out once per review."""
    return module.once("patterns.memos", lambda: _found(inquiry, module))


def _found(inquiry: Inquiry, module: Module) -> tuple[Memo, ...]:
    made = [*_of_tables(inquiry, module), *_of_lists(module), *_Others(module).memos()]
    return _few(sorted(made, key=lambda memo: memo.node.raw.start_byte))


def _few(found: list[Memo]) -> tuple[Memo, ...]:
    """Return the memos that are worth the walks of their functions: rules go through those again and again."""
    kept: list[Memo] = []
    counts: dict[int, int] = {}
    for memo in found:
        counts[id(memo.function)] = counts.get(id(memo.function), 0) + 1
        if counts[id(memo.function)] <= _MOST_OF_FUNCTION and len(kept) < _MOST:
            kept.append(memo)
    return tuple(kept)


def _gone_with_the_call(table: Table, function: Function) -> bool:
    """Tell whether a table is a variable of a function that alone calls what fills the table: it lives no longer."""
    home = function_of(table.declared) if table.owner is None else None
    return home is not None and home is not function and stays(function, home)


def _of_tables(inquiry: Inquiry, module: Module) -> Iterator[Memo]:
    for table in tables(module):
        if table.kind != "map":
            continue
        asked = asked_under(module, table)
        for access in table.of("write"):
            if access.key is None or access.value is None or access.function is None:
                continue
            if _gone_with_the_call(table, access.function):
                continue
            through = isinstance(access.node, Call) and access.node.name == "setdefault"
            reads = through or (id(access.function), spelling(module, access.key)) in asked
            reads = reads or _asked_by_callers(module, access, asked)
            holder = _holder(access)
            yield Memo(access.node, access.key, access.value, holder, table, access.function, reads)
            if not reads:
                yield from _of_helper(module, table, access, asked)


def _asked_by_callers(module: Module, access: Access, asked: set[tuple[int, str]]) -> bool:
    """Tell whether all who call a function look first whether it has kept what they ask for: ``rows`` and ``load``."""
    helper, key = access.function, uncast(access.key) if access.key else None
    if helper is None or not helper.name or not isinstance(key, Name):
        return False
    place = next((at for at, param in enumerate(helper.params) if param.name == key.id), None)
    if place is None or access.value is None or names_in(access.value) & {param.name for param in helper.params}:
        return False  # what it keeps is worked out by those who call it
    found = 0
    for call in islice(module.calls((helper.name,)), _MOST_OF_FUNCTION):
        function, told = function_of(call), call.arg(place, key.id)
        if definition(module, call.callee) is not helper or function is helper:
            continue
        if function is None or told is None or (id(function), spelling(module, told)) not in asked:
            return False
        found += 1
    return found > 0


def _declared(module: Module, holder: Expr) -> Table | None:
    """Return the table of the module that a name or a field means, which is handed to a helper."""
    if not isinstance(holder, Name | Member):
        return None
    own = class_of(holder) if is_this_member(holder) else None
    named = holder.id if isinstance(holder, Name) else holder.name if own is not None else ""
    bound = module.scopes.lookup(named, holder) if isinstance(holder, Name) else []
    return next(
        (
            table
            for table in tables(module)
            if table.name == named
            and table.kind == "map"
            and (table.owner is own if own is not None else any(one is table.declared for one in bound))
        ),
        None,
    )


def _of_lists(module: Module) -> Iterator[Memo]:
    for table, access, found, told in listed(module):
        if access.function is not None and access.value is not None and not refuses_second(found):
            yield Memo(access.node, told, access.value, _holder(access), table, access.function, reads=True)


def _of_helper(module: Module, table: Table, access: Access, asked: set[tuple[int, str]]) -> Iterator[Memo]:
    """A function that only keeps what it is given: its callers are the ones that remember."""
    helper = access.function
    if helper is None or not helper.name:
        return
    key, value = uncast(access.key) if access.key else None, access.value
    names = [param.name for param in helper.params]
    if not isinstance(key, Name) or key.id not in names or value is None:
        return
    used = [node.id for node in walk(value) if isinstance(node, Name) and node.id in names and node.id != key.id]
    given = used[0] if used else ""
    if not given:
        return
    for count, call in enumerate(module.calls((helper.name,))):
        if count > 20:
            return
        function = function_of(call)
        if function is None or function is helper or definition(module, call.callee) is not helper:
            continue
        kept_under, kept = call.arg(names.index(key.id), key.id), call.arg(names.index(given), given)
        if kept_under is not None and kept is not None:
            reads = (id(function), spelling(module, kept_under)) in asked
            yield Memo(call, kept_under, kept, None, table, function, reads)


class _Others:
    """Caches that are handed in, imported, or of a class of their own, known by their name."""

    def __init__(self, module: Module) -> None:
        self._module = module
        self._declared = {id(access.node) for table in tables(module) for access in table.accesses}
        self._reads: set[tuple[int, str, str]] = set()
        self._writes: list[tuple[Call | Assign, Expr, Expr, Expr, Function]] = []
        self._through: list[Memo] = []
        self._made: dict[str, bool] = {}

    def memos(self) -> Iterator[Memo]:
        """Yield what is kept in them."""
        for node in self._module.some(Assign, Index, Binary, Call):
            if isinstance(node, Assign | Index | Binary | Call) and id(node) not in self._declared:
                self._look(node)
        yield from self._through
        for place, holder, key, value, function in self._writes:
            spelled = spelling(self._module, key)
            asked = (id(function), self._module.text_of(holder), spelled) in self._reads
            table = _declared(self._module, strip(holder))
            asked = asked or (table is not None and (id(function), spelled) in asked_under(self._module, table))
            yield Memo(place, key, value, holder, table, function, asked)

    def _look(self, node: Assign | Index | Binary | Call) -> None:
        if isinstance(node, Assign):
            target = node.target
            if isinstance(target, Index) and node.value is not None and node.op == "=":
                self._write(node, target.object, target.key, node.value)
        elif isinstance(node, Index):
            self._read(node, node.object, node.key)
        elif isinstance(node, Call):
            self._call(node)
        elif node.op in ("in", "not in"):
            self._read(node, node.right, node.left)

    def _call(self, call: Call) -> None:
        receiver, function = call.receiver, function_of(call)
        if not call.args or function is None:
            return
        own = through(self._module, call)
        if own is not None:
            self._through.append(Memo(call, own[0], own[1], receiver or call.callee, None, function, reads=True))
            return
        filed = filed_by(self._module, call)
        if filed is not None and filed.value is not None:
            self._writes.append((call, filed.holder, filed.key, filed.value, function))
            return
        if filed is not None:
            self._reads.add((id(function), self._module.text_of(filed.holder), spelling(self._module, filed.key)))
        if receiver is None:
            return
        given = [uncast(a) for a in (*call.args[1:], *call.keywords.values()) if isinstance(uncast(a), Function)]
        if given and call.name in THROUGH:
            if self._is_cache(receiver) or _ASKS & last_spelled(call.callee):
                first, second = (strip(call.args[0]), uncast(call.args[-2]) if len(call.args) > 1 else None)
                more = isinstance(first, Array) and not first.items and isinstance(second, Array)
                key = second if more and second is not None else call.args[0]
                self._through.append(Memo(call, key, given[0], receiver, None, function, reads=True))
        elif call.name in _READS:
            self._read(call, receiver, call.args[0])
        elif call.name in _WRITES and len(call.args) > 1:
            late = call.name.lower() in ("setex", "psetex") and len(call.args) > 2
            self._write(call, receiver, call.args[0], call.args[2 if late else 1])

    def _read(self, node: Node, holder: Expr, key: Expr) -> None:
        if self._is_cache(holder):
            name = self._module.text_of(holder)
            self._reads.add((id(function_of(node)), name, spelling(self._module, key)))

    def _write(self, node: Call | Assign, holder: Expr, key: Expr, value: Expr) -> None:
        function = function_of(node)
        if function is not None and self._is_cache(holder):
            self._writes.append((node, holder, key, value, function))

    def _is_cache(self, expr: Expr) -> bool:
        """Tell whether something is a cache by its name, or by the class that it is made of."""
        text = self._module.text_of(expr)
        if text not in self._made:
            origin = self._module.scopes.origin(expr) if isinstance(expr, Name | Member) else None
            made = origin.callee if isinstance(origin, Call) else None
            named = bool((last_spelled(expr) | last_spelled(made)) & FIRM_CACHES)
            self._made[text] = named or self._is_map_of_record(expr)
        return self._made[text]

    def _is_map_of_record(self, expr: Expr) -> bool:
        """Tell whether something is a map that a record holds by its declared type: ``running.curves``."""
        held = strip(expr)
        return (
            isinstance(held, Member)
            and not is_this_member(held)
            and bool(value_type(declared_type(self._module, held)))
        )


_ASKS: Final = frozenset({"or", "absent", "cached", "memo", "memoize", "memoise", "cache"})
"""Words of a method that takes a key and the function that gives the value, whatever the cache is called."""


def _holder(access: Access) -> Expr | None:
    node = access.node
    if isinstance(node, Call):
        return node.receiver
    if isinstance(node, Assign) and isinstance(node.target, Index):
        return node.target.object
    return None
