"""Where a handler comes from: the table, or the list named for handlers, that an expression draws on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.reach.links import definition
from reviewer.code.reach.matched import matched
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Assign,
    Await,
    Binary,
    Call,
    Cast,
    Comprehension,
    Conditional,
    Expr,
    For,
    Function,
    Index,
    Member,
    Name,
    Node,
    Opaque,
    Param,
    Return,
    Spread,
    Yield,
)
from reviewer.code.tables import Table, holder_of, tables
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, class_of, walk
from reviewer.experts.communication.vocabulary import HANDLERS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewer.code.bindings import Binding
    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_COPIES: Final = frozenset(
    "slice concat filter map toSorted toReversed flat flatMap copy list tuple sorted from toList entriesCopy".split()
)
"""Calls whose result is a collection of its own."""
_VIEWS: Final = frozenset(
    "get values keys items entries setdefault pop shift popleft sort reverse reversed iter enumerate at".split()
)
_OF_EMITTERS: Final = frozenset({"listeners", "rawListeners"})
"""Methods by which an emitter gives a copy of those who listen to one event."""
_FUNCTIONS: Final = frozenset("list tuple sorted reversed set iter enumerate from frozenset".split())
_WEAK: Final = frozenset({"ref", "deref", "weak", "reference"})
"""Calls that give what a weak reference holds."""
_DEEPEST: Final = 14
_PLURALS: Final = frozenset(word for word in HANDLERS if word.endswith("s")) | {"middleware", "chain", "stack"}


class Source(Struct, frozen=True):
    """What a value is drawn from.

    ``table`` is None where only the name tells that it holds handlers. ``copied`` tells
    whether it was taken out of a copy. ``looked_up`` tells whether a key was asked for on the way.
    """

    name: str
    table: Table | None
    copied: bool = False
    looked_up: bool = False

    def having(self, *, copied: bool = False, looked_up: bool = False) -> Source:
        """Return this source with what is now known in addition."""
        return Source(self.name, self.table, self.copied or copied, self.looked_up or looked_up)


def _of_loop_around(expr: Name, bindings: Sequence[Binding]) -> Sequence[Binding]:
    """Return the loop around a name that gives it, where several loops of a function give one of that name."""
    if sum(isinstance(one, For) for one in bindings) < 2:
        return []
    return [loop for loop in ancestors(expr) if isinstance(loop, For) and any(loop is one for one in bindings)][:1]


class Sources:
    """The tables of one module, and the way from an expression back to them."""

    def __init__(self, module: Module) -> None:
        """Take the module and find its tables."""
        self.module = module
        self.tables = tables(module)
        self._fields = {(id(t.owner), t.name): t for t in self.tables if t.owner is not None}
        self._known: dict[int, Source | None] = {}
        self._variables = {id(t.declared): t for t in self.tables if t.owner is None}

    def of(self, expr: Expr | None, depth: int = 0) -> Source | None:
        """Return the source that an expression's value is drawn from, or None; each is followed once."""
        if expr is None or depth > _DEEPEST:
            return None
        if id(expr) not in self._known:
            self._known[id(expr)] = None  # what is drawn from itself has no other source
            self._known[id(expr)] = self._follow(expr, depth)
        return self._known[id(expr)]

    def _follow(self, expr: Expr, depth: int) -> Source | None:
        while isinstance(expr, Cast | Await):
            expr = expr.value
        if isinstance(expr, Name):
            return self._of_name(expr, depth + 1)
        if isinstance(expr, Member):
            return self._of_member(expr, depth + 1)
        if isinstance(expr, Index):
            found = self.of(expr.object, depth + 1)
            if found is None:
                return None
            sliced = isinstance(expr.key, Opaque) and expr.key.kind == "slice"  # handlers[:] is a list of its own
            return found.having(copied=True) if sliced else found.having(looked_up=True)
        if isinstance(expr, Call):
            return self._of_call(expr, depth + 1)
        if isinstance(expr, Array):
            for item in expr.items:
                found = self.of(item.value, depth + 1) if isinstance(item, Spread) else None
                if found is not None:
                    return found.having(copied=True)
        if isinstance(expr, Comprehension) and expr.clauses:
            found = self.of(expr.clauses[0][1], depth + 1)
            return found.having(copied=True) if found is not None else None
        if isinstance(expr, Binary) and expr.op in ("??", "or"):
            return self.of(expr.left, depth + 1) or self.of(expr.right, depth + 1)
        if isinstance(expr, Conditional):
            return self.of(expr.then, depth + 1) or self.of(expr.other, depth + 1)
        return None

    def _of_name(self, expr: Name, depth: int) -> Source | None:
        if expr.id == "this":
            return None
        bindings = self.module.scopes.lookup(expr.id, expr)
        for binding in _of_loop_around(expr, bindings) or bindings:
            table = self._variables.get(id(binding))
            if table is not None:
                return Source(table.name, table)
            given = (binding.value or matched(binding)) if isinstance(binding, Assign) else None
            if given is not None and given is not expr:
                found = self.of(given, depth)
                if found is not None:
                    return found
            elif isinstance(binding, For) and binding.iterable is not None:
                return self.of(binding.iterable, depth)
            elif isinstance(binding, Comprehension):
                return self.of(binding.clauses[0][1], depth) if binding.clauses else None
            elif isinstance(binding, Param):
                return self._of_param(expr.id, binding, depth)
        return Source(expr.id, None) if _names_handlers(expr.id) else None

    def _of_param(self, name: str, param: Param, depth: int) -> Source | None:
        """Return the source of a callback's parameter (``table.forEach((item) => …)``)."""
        function = param.parent
        call = function.parent if isinstance(function, Function) else None
        if isinstance(call, Call) and isinstance(function, Function) and any(a is function for a in call.args):
            if call.name in ("forEach", "map", "some", "every", "filter", "find", "flatMap", "reduce"):
                return self.of(call.receiver, depth)
            return None
        return Source(name, None) if _names_handlers(name) else None

    def _of_member(self, expr: Member, depth: int) -> Source | None:
        if is_this_member(expr):
            cls = class_of(expr)
            table = self._fields.get((id(cls), expr.name)) if cls is not None else None
            if table is not None:
                return Source(table.name, table)
            if cls is not None:
                for value in self.module.scopes.field_values(cls, expr.name):
                    if isinstance(value, Name) and not isinstance(self.module.scopes.origin(value), Param):
                        found = self.of(value, depth)
                        if found is not None:
                            return found
        else:
            cls = holder_of(self.module, expr)
            table = self._fields.get((id(cls), expr.name)) if cls is not None else None
            if table is not None:
                return Source(table.name, table)
            found = self.of(expr.object, depth)
            if found is not None and found.table is not None:
                return found
        return Source(expr.name, None) if _names_handlers(expr.name) else None

    def _of_call(self, expr: Call, depth: int) -> Source | None:
        receiver, name = expr.receiver, expr.name
        if isinstance(receiver, Name) and receiver.id == "Object" and name in ("values", "entries") and expr.args:
            found = self.of(expr.args[0], depth)
            return found.having(copied=True) if found is not None else None
        if name in _FUNCTIONS and expr.args and (receiver is None or name == "from"):
            found = self.of(expr.args[0], depth)
            copied = name not in ("reversed", "iter", "enumerate")
            return found.having(copied=copied) if found is not None else None
        if receiver is not None and name in _COPIES | _VIEWS:
            found = self.of(receiver, depth)
            if found is not None:
                return found.having(copied=name in _COPIES, looked_up=name in ("get", "pop", "setdefault"))
            return None
        held = weakly_held(expr)
        if held is not None:
            return self.of(held, depth)
        if receiver is not None and name in _OF_EMITTERS and expr.args:
            return Source(name, None, copied=True, looked_up=True)
        target = definition(self.module, expr.callee)
        if isinstance(target, Function) and target.module is self.module:
            for node in walk(target.body, into_functions=False):
                if isinstance(node, Return | Yield):
                    found = self.of(getattr(node, "value", None), depth + 2)
                    if found is not None:
                        return found.having(copied=target.generator, looked_up=bool(expr.args))
        return None


def weakly_held(expr: Expr) -> Expr | None:
    """Return the weak reference that a call takes its object out of: ``entry.ref()``, ``ref()``, ``ref.deref()``."""
    if not isinstance(expr, Call) or expr.args or expr.name not in _WEAK:
        return None
    return expr.receiver if expr.receiver is not None else expr.callee


def _names_handlers(name: str) -> bool:
    split = words(name)
    return bool(split) and split[-1] in _PLURALS


def sources(inquiry: Inquiry, module: Module) -> Sources:
    """Return the sources of a module, worked out once."""
    return module.once("communication.sources", lambda: Sources(module))


def drawn_names(target: Node | None) -> Iterator[str]:
    """Yield the names that a loop gives its elements to."""
    if target is not None:
        for node in walk(target, into_functions=False):
            if isinstance(node, Name):
                yield node.id
