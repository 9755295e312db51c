"""Where code puts versions in order and takes one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.branches import ways
from reviewer.code.flow import returns_of
from reviewer.code.reach.links import definition
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
    If,
    Index,
    Member,
    Name,
    Object,
    Return,
    Spread,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, function_of, inside, names_in, walk
from reviewer.experts.paths import last_name as name_of
from reviewer.experts.paths import last_words, said_in
from reviewer.experts.registry.choosing_versions.kept_lists import is_end, taken_from_table
from reviewer.experts.registry.vocabulary import VERSIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node

_SORTS: Final = ("sort", "toSorted", "sorted", "rsort", "orderBy", "sortBy", "sort_by", "nlargest")
_PEAKS: Final = ("max", "reduce", "maxBy", "max_by")
_TAKES: Final = frozenset({"at", "pop", "shift", "first", "last"})
_THROUGH: Final = frozenset({"reverse", "toReversed", "reversed", "list", "iter", "next", "filter", "map", "slice"})
_MOST_PARTS: Final = 8
"""Lists behind a list that are looked at."""
NEWEST: Final = frozenset({"newest", "latest", "highest", "youngest"})
"""Words of the version that counts as the newest."""
_COMPARED: Final = frozenset("satisfies satisfying rcompare semver".split())
"""Words of the libraries that know nothing but versions."""
_OTHER: Final = frozenset(
    "schema format protocol revision db database migration migrations api manifest row doc document state "
    "counter".split()
)
"""Words of versions that count up by one and are numbers."""


class Ordering(Struct, frozen=True):
    """Versions put in order: ``items`` by ``by`` (a comparator or a key, or None).

    ``taken`` is where one of them is taken, None where the whole order is used; ``chooser`` is the function that
    takes it, where that is another one, which was given the order.
    """

    call: Call
    items: Expr
    by: Expr | None
    taken: Node | None
    function: Function | None
    chooser: Function | None = None


def orderings(module: Module) -> Iterator[Ordering]:
    """Yield where a module orders versions, in source order."""
    for call in module.calls((*_SORTS, *_PEAKS)):
        parts = _parts(call)
        if parts is None:
            continue
        items, by = parts
        said = said_in([items] if by is None else [items, by]) | _kept_as(call) | _kept_under(module, call, by)
        said |= _sifted_from(module, items) | _filled_with(call, items) | _keys_listed(module, items)
        if not said & (VERSIONS | _COMPARED) or _counts_up(items, by):
            continue
        function = function_of(call)
        taken: Node | None = call if call.name in _PEAKS else _taken(call, function)
        chooser = None
        if taken is None and function is not None:
            taken, chooser = _taken_by_caller(module, call, function)
            if taken is None:
                taken, chooser = taken_from_table(module, items, function)
        yield Ordering(call, items, by, taken, function, chooser)
    yield from _kept_in_order(module)
    yield from _kept_highest(module)


def _kept_in_order(module: Module) -> Iterator[Ordering]:
    """Yield where a version is put into its place in a list that is kept in order: ``insort(shelf[name], version)``."""
    for call in module.calls(("insort", "insort_right", "insort_left")):
        function = function_of(call)
        if len(call.args) > 1 and function is not None and said_in(call) & VERSIONS:
            taken, chooser = taken_from_table(module, call.args[0], function)
            if taken is not None:
                yield Ordering(call, call.args[0], call.keywords.get("key"), taken, function, chooser)


def _kept_highest(module: Module) -> Iterator[Ordering]:
    """Yield the loops that keep the greatest so far: ``if compare(one.version, best.version) > 0: best = one``."""
    for loop in module.all(For):
        each = loop.target.id if isinstance(loop.target, Name) else ""
        items = loop.iterable
        for test in find(loop.body, If, into_functions=False) if each and items is not None else ():
            call = next(iter(find(test.test, Call)), None)
            if items is not None and call is not None and _keeps_greater(test, each):
                compared = next(node for node in find(test.test, Binary) if node.op in _COMPARES)
                yield Ordering(call, items, compared, test.test, function_of(loop))


_COMPARES: Final = frozenset({">", "<", ">=", "<="})


def _keeps_greater(test: If, each: str) -> bool:
    """Tell whether one item takes the place of another where its version is greater."""
    holds, fails = ways(test)
    kept = [one for one in find([*holds, *fails], Assign) if isinstance(one.value, Name) and one.value.id == each]
    compares = any(node.op in _COMPARES for node in find(test.test, Binary))
    versions = bool(said_in(test.test) & VERSIONS) and not _counts_up(test.test)
    return len(kept) == 1 and isinstance(kept[0].target, Name) and compares and versions


def _is_read_by(call: Call) -> bool:
    """Tell whether a call takes a version apart: ``key(row.version)``."""
    given = [strip(arg) for arg in call.args]
    plain = call.name in ("int", "Number", "parseInt", "get", "set", "str", "String")
    return not plain and any(isinstance(one, Member | Index) and VERSIONS & set(last_words(one)) for one in given)


def _counts_up(*exprs: Expr | None) -> bool:
    """Tell whether a version is one of those that are numbers, by its own name: ``manifestVersion``, ``api_version``.

    ``manifest.version`` is that of the plugin, and a number needs nobody to read it: ``Version(row["version"])``.
    """
    read = [call for expr in exprs if expr is not None for call in find(expr, Call)]
    if any((set(words(call.name)) & VERSIONS and call.args) or _is_read_by(call) for call in read):
        return False
    return any(
        bool((own := set(last_words(part))) & _OTHER) and (bool(own & VERSIONS) or "manifest" not in own)
        for expr in exprs
        if expr is not None
        for part in walk(expr)
        if isinstance(part, Name | Member)
    )


def _kept_under(module: Module, call: Call, by: Expr | None) -> set[str]:
    """Return the words of the keys under which a module keeps things, where a function by its name takes the newest.

    ``def newest(self, name): return max(self._shelf[name])``, of what was kept by ``shelf[tool.release] = tool``.
    """
    function = function_of(call)
    while function is not None and not function.name:
        function = function.outer
    if by is not None or function is None or not NEWEST & set(words(function.name)):
        return set()
    written = [one.target.key for one in module.all(Assign) if isinstance(one.target, Index)]
    written += [one.args[0] for one in module.calls(("set", "setdefault")) if len(one.args) == 2]
    return {word for key in written for word in last_words(key)} & VERSIONS


def _sifted_from(module: Module, items: Expr) -> set[str]:
    """Return the words of what a list was sifted out of: ``fitting = [v for v in releases if v in spec]``.

    ``const fitting = range ? versions.filter(fits) : [...versions]`` is one way among others to say the same.
    """
    said: set[str] = set()
    parts = [items]
    for part in parts:  # it grows while it is read
        made = module.scopes.origin(part) if isinstance(part, Name) else part
        if isinstance(made, Comprehension):
            keys = [made.element.entries[0][0]] if isinstance(made.element, Object) and made.element.entries else []
            said |= said_in([over for _target, over in made.clauses])
            said |= said_in([key for key in keys if key is not None])  # ``{Version(row["version"]): row for row in …}``
            continue
        inner = list(_gone_through(made)) if isinstance(made, Expr) and len(parts) < _MOST_PARTS else []
        if not inner and part is not items:
            said |= said_in([one for one in (part, made) if isinstance(one, Expr)])
        parts += inner
    return said


def _gone_through(made: Expr) -> Iterator[Expr]:
    """Yield what a list has its items from, as they are, or what is taken of each of those."""
    made = strip(made)
    if isinstance(made, Conditional):
        yield from (made.then, made.other)
    elif isinstance(made, Binary) and made.op in ("??", "or"):
        yield made.left
    elif isinstance(made, Array):
        yield from (item.value for item in made.items if isinstance(item, Spread))
    elif isinstance(made, Call) and made.name in _THROUGH:
        own = made.args and not isinstance(strip(made.args[0]), Function)
        source = made.args[0] if own else made.receiver
        if source is not None:
            yield _part_of_each(made) or source


def _part_of_each(made: Call) -> Expr | None:
    """Return what is taken of each: ``one.version`` of ``releases.map((one) => one.version)``."""
    step = strip(made.args[0]) if made.name == "map" and made.args else None
    last = step.body[-1] if isinstance(step, Function) and step.body else None
    return last.value if isinstance(last, Return) else None


def _keys_listed(module: Module, items: Expr) -> set[str]:
    """Return the words of the keys that are listed: ``[...shelf.keys()]``, where ``shelf.set(version, tool)``."""
    made = module.scopes.origin(items) if isinstance(items, Name) else items
    listed = [call for call in find(made, Call) if call.name == "keys"] if isinstance(made, Expr) else []
    holders = [call.args[0] if call.args else call.receiver for call in listed]
    names = {name_of(one) for one in holders if one is not None} - {""}
    if not names:
        return set()
    written = [one.args[0] for one in module.calls(("set",)) if len(one.args) == 2 and name_of(one.receiver) in names]
    targets = (one.target for one in module.all(Assign) if isinstance(one.target, Index))
    written += [one.key for one in targets if name_of(one.object) in names]
    return {word for key in written for word in last_words(key)} & VERSIONS


def _filled_with(call: Call, items: Expr) -> set[str]:
    """Return the words of what a list is given before it is put in order: ``list.push(version)``."""
    function = function_of(call)
    given: set[str] = set()
    if function is None or not isinstance(items, Name):
        return given
    for put in find(function.body, Call):
        if put.name in ("push", "append") and isinstance(put.receiver, Name) and put.receiver.id == items.id:
            given.update(*(last_words(arg) for arg in put.args))
    return given


def _kept_as(call: Call) -> set[str]:
    """Return the words of the variable that an order is kept in."""
    kept = call.parent
    return set(last_words(kept.target)) if isinstance(kept, Assign) else set()


def _parts(call: Call) -> tuple[Expr, Expr | None] | None:
    """Return what is ordered, and by what."""
    receiver = call.receiver
    library = isinstance(receiver, Name) and receiver.id in ("semver", "_", "lodash", "Math", "heapq", "natsort")
    if receiver is None or library:
        if not call.args or (call.name == "max" and isinstance(receiver, Name) and receiver.id == "Math"):
            return None
        if call.name == "nlargest":
            items = call.arg(1)
            return (items, call.keywords.get("key")) if items is not None else None
        if call.name == "max" and len(call.args) > 1:
            return None
        by = call.keywords.get("key") or call.arg(1)
        if library and isinstance(receiver, Name) and receiver.id == "semver":
            by = call.callee
        return call.args[0], by
    if call.name in ("sorted", "max", "nlargest") or (call.name == "reduce" and not _compares(call.arg(0))):
        return None
    return receiver, call.keywords.get("key") or call.arg(0)


def _compares(callback: Expr | None) -> bool:
    """Tell whether what folds a list keeps the greater of two."""
    if callback is None:
        return False
    if any(node.op in ("<", ">", "<=", ">=") for node in find(callback, Binary)):
        return True
    return bool(said_in(callback) & {"compare", "gt", "gte", "lt", "lte", "rcompare", "newer", "cmp", "max"})


def _taken(call: Call, function: Function | None) -> Node | None:
    """Return where the first or the last of a sorted list is taken."""
    inner: Node = call
    for around in ancestors(call):
        if isinstance(around, Index) and around.object is inner and is_end(around.key):
            return around
        if isinstance(around, Member) and around.object is inner:
            if around.name in _TAKES:
                return around.parent if isinstance(around.parent, Call) else around
            if around.name not in _THROUGH:
                return None
        elif isinstance(around, Assign) and around.value is inner and isinstance(around.target, Name):
            return _end_of(around.target.id, function)
        elif isinstance(around, For):
            return _fitting_in(around) if around.iterable is inner else None
        elif isinstance(around, Call):
            if inner is not around.callee and around.name not in _THROUGH:
                return None
            if around.name == "next":
                return around
        elif not (isinstance(around, Name | Cast | Await)):
            break
        inner = around
    receiver = call.receiver
    if call.name == "sort" and isinstance(receiver, Name):
        return _end_of(receiver.id, function)
    return None


def _taken_by_caller(module: Module, call: Call, function: Function) -> tuple[Node | None, Function | None]:
    """Return where one that calls the function takes an end of the order which that answers with, and the caller."""
    named = call.parent
    kept = named.target.id if isinstance(named, Assign) and isinstance(named.target, Name) else ""
    answers = [answer.value for answer in returns_of(function) if answer.value is not None]
    given = any(inside(call, value) or (kept and kept in names_in(value)) for value in answers)
    for asked in module.calls((function.name,)) if function.name and given else ():
        around = function_of(asked)
        if around is not None and around is not function and definition(module, asked.callee) is function:
            taken = _taken(asked, around)
            if taken is not None:
                return taken, around
    return None, None


def _end_of(name: str, function: Function | None) -> Node | None:
    """Return where a function takes the first or the last of a list that it has sorted."""
    if function is None:
        return None
    for node in find(function.body, Index):
        if isinstance(node.object, Name) and node.object.id == name and is_end(node.key):
            return node
    for call in find(function.body, Call):
        if isinstance(call.receiver, Name) and call.receiver.id == name and call.name in _TAKES:
            return call
    return _first_fitting(name, function)


def _first_fitting(name: str, function: Function) -> Node | None:
    """Return the condition on which a function answers with one that it comes to in a list that it has sorted."""
    over = (one for one in find(function.body, For) if isinstance(one.iterable, Name) and one.iterable.id == name)
    return next((test for test in map(_fitting_in, over) if test is not None), None)


def _fitting_in(loop: For) -> Node | None:
    """Return the condition on which a function answers with one of those that a loop goes through."""
    each = loop.target.id if isinstance(loop.target, Name) else ""
    for answer in find(loop.body, Return) if each else ():
        test = answer.parent
        if isinstance(test, If) and isinstance(answer.value, Name) and answer.value.id == each:
            return test.test
    return None


_MANY: Final = ("list[", "List[", "Sequence[", "tuple[", "Iterator[", "Iterable[", "set[", "Array<", "readonly ")
"""How types of many begin."""


def is_choice(ordering: Ordering) -> bool:
    """Tell whether one version is chosen, here or, by what the function is called, by its caller."""
    if ordering.taken is not None:
        return True
    name = set(words(ordering.function.name)) if ordering.function is not None else set()
    if ordering.function is not None and ordering.function.returns.startswith(_MANY):
        return False
    return bool(name & {"latest", "newest", "highest", "best", "resolve", "upgrade", "pick", "choose", "select"})
