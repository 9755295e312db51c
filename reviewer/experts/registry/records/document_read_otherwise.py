"""REG007: a file is written under one set of names and read back under another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Array,
    Assign,
    Await,
    Binary,
    Call,
    Cast,
    Comprehension,
    Expr,
    For,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Statement,
    strip,
)
from reviewer.code.walk import class_of, find, function_of
from reviewer.core.nearest import nearest
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.patterns import found
from reviewer.experts.registry.records.shapes import OBJECT_MEMBERS
from reviewer.experts.registry.records.written_shapes import Each, Record, shape_written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_WRITES: Final = ("dumps", "stringify", "dump")
_READS: Final = ("loads", "parse", "load")
_LIBRARIES: Final = ("json", "JSON", "yaml", "orjson", "ujson")
_FILE: Final = r"^[\w./-]{0,80}\.(json|lock|yaml|yml|db|state|idx|index)$"
_VALUES: Final = frozenset({"values", "items", "entries"})
_LIST_MEMBERS: Final = frozenset(
    "length map filter find findLast findIndex forEach some every reduce flatMap push sort slice includes concat join "
    "at append extend index count then catch finally".split()
)
_ONE: Final = frozenset({"find", "findLast", "at"})
_OF_MANY: Final = frozenset("package.json package-lock.json tsconfig.json jsconfig.json composer.json".split())
"""Files that have members of many tools: nobody who reads one has written all of it."""
_STEPS: Final = 2
_MOST: Final = 40


@module_check("REG007", words={"json"})
def document_read_otherwise(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Follow what is read out of each file that the same code writes, and compare the names."""
    if module.is_test:
        return
    writes = [(call, _files(module, call)) for call in _calls(module, _WRITES) if call.args]
    for read in _calls(module, _READS):
        files = _files(module, read)
        same = [call for call, others in writes if files & others]
        if len(same) != 1:
            continue
        shape = shape_written(module, same[0].args[0])
        if shape is None:
            continue
        for at, name, known in _misread(module, read, shape):
            close = nearest(name, sorted(known))
            yield Match(
                at,
                f"'{name}' is read out of '{min(files)}', which is written without it: "
                + (f"it has '{close}'." if close else f"it has {', '.join(sorted(known)[:8])}."),
                related=((same[0], "written here"),),
            )
            break


def _calls(module: Module, names: tuple[str, ...]) -> Iterator[Call]:
    for call in module.calls(names):
        if module.resolve(call.callee).split(".")[0] in _LIBRARIES:
            yield call


def _files(module: Module, call: Call) -> set[str]:
    """Return the names of files that a call speaks of where it stands, else those of the function around it."""
    function = function_of(call)
    told = _told_beside(module, call)
    if told:
        return told - _OF_MANY
    while function is not None and not function.name and function.outer is not None:
        function = function.outer
    if function is None:
        return set()
    texts = {one.value for one in find(function.body, Literal)}
    for name in find(function.body, Name):
        made = module.scopes.origin(name)
        texts |= {one.value for one in find(made, Literal)} if isinstance(made, Expr) else set()
    cls = class_of(function)
    for member in find(function.body, Member) if cls is not None else ():
        if isinstance(member.object, Name) and member.object.id == "this" and cls is not None:
            for value in module.scopes.field_values(cls, member.name):
                texts |= {one.value for one in find(value, Literal)}
    return {text for text in texts if isinstance(text, str) and found(_FILE, text)} - _OF_MANY


def _told_beside(module: Module, call: Call) -> set[str]:
    """Return the names of files in the statement of a call, and in what its variables were made of."""
    statement: Node = call
    while statement.parent is not None and not isinstance(statement, Statement | Function):
        statement = statement.parent
    texts: set[str] = set()
    pending: list[tuple[Node, int]] = [(statement, 0)] if isinstance(statement, Statement) else []
    while pending and len(texts) < _MOST:
        node, depth = pending.pop()
        texts |= {one.value for one in find(node, Literal) if isinstance(one.value, str)}
        for name in find(node, Name) if depth < _STEPS else ():
            made = module.scopes.origin(name)
            if isinstance(made, Expr) and made is not name and made is not node:
                pending.append((made, depth + 1))
    return {text for text in texts if found(_FILE, text)}


def _misread(module: Module, start: Expr, shape: Record | Each) -> Iterator[tuple[Node, str, frozenset[str]]]:
    """Yield (place, name, known names) for each name that is read of a record which has none so called."""
    pending: list[tuple[Node, Record | Each]] = [(start, shape)]
    for _ in range(_MOST):
        if not pending:
            return
        place, held = pending.pop(0)
        node: Node = place
        while isinstance(node.parent, Await | Cast) or (
            isinstance(node.parent, Binary) and node.parent.op in ("??", "or") and node.parent.left is node
        ):
            node = node.parent
        name, key, use = _taken(node)
        if use is None:
            pending += [(other, other_shape) for other, other_shape in _onward(module, node, held)]
        elif isinstance(held, Record) and name:
            if name in held.keys:
                inner = held.keys[name]
                pending += [(use, inner)] if inner is not None else []
            elif name not in OBJECT_MEMBERS and not _is_another_way(use):
                yield use, name, frozenset(held.keys)
        elif isinstance(held, Each) and key is not None and held.of is not None:
            pending.append((use, held.of))
        elif isinstance(held, Each) and name in _VALUES | _LIST_MEMBERS:
            pending += _entries(module, use, name, held)


def _taken(node: Node) -> tuple[str, Expr | None, Node | None]:
    """Return what is taken of a value: a name, or an entry under a key, and the place that then holds it."""
    around = node.parent
    if isinstance(around, Index) and around.object is node:
        key = strip(around.key)
        named = isinstance(key, Literal) and isinstance(key.value, str)
        return (str(key.value), None, around) if named and isinstance(key, Literal) else ("", key, around)
    if not isinstance(around, Member) or around.object is not node:
        return "", None, None
    call = around.parent
    if around.name == "get" and isinstance(call, Call) and call.callee is around and call.args:
        key = strip(call.args[0])
        named = isinstance(key, Literal) and isinstance(key.value, str)
        return (str(key.value), None, call) if named and isinstance(key, Literal) else ("", key, call)
    return around.name, None, around


def _is_another_way(use: Node) -> bool:
    """Tell whether a name is one of several that are tried, given, or one that a file may lack."""
    around = use.parent
    if isinstance(around, Assign) and around.target is use:
        return True
    if isinstance(around, Binary) and around.op in ("??", "or"):
        return around.right is use or not isinstance(strip(around.right), Literal)
    return isinstance(around, Member | Call) and bool(getattr(around, "optional", False))


def _onward(module: Module, node: Node, held: Record | Each) -> Iterator[tuple[Node, Record | Each]]:
    """Yield the places where a value, or every entry of it, stands next under a name."""
    around = node.parent
    if isinstance(around, Assign) and around.value is node and isinstance(around.target, Name):
        if len(module.scopes.lookup(around.target.id, around)) == 1:
            yield from ((use, held) for use in _uses(module, around, around.target.id))
    elif isinstance(around, For | Comprehension) and isinstance(held, Each) and held.of is not None:
        yield from ((use, held.of) for use in _of_loop(module, around, node, pair=False))


def _entries(module: Module, use: Node, name: str, held: Each) -> list[tuple[Node, Record | Each]]:
    """Return the places that hold an entry behind ``rows.values()``, ``rows.items()`` and ``rows.map(…)``."""
    call = use.parent
    if held.of is None or not isinstance(call, Call) or call.callee is not use:
        return []
    if name in _VALUES and isinstance(call.parent, For | Comprehension):
        return [(one, held.of) for one in _of_loop(module, call.parent, call, pair=name != "values")]
    found_one: list[tuple[Node, Record | Each]] = [(call, held.of)] if name in _ONE else []
    by = strip(call.args[0]) if call.args else None
    if not isinstance(by, Function) or not by.params:
        return found_one
    first = by.params[0]
    return found_one + [
        (one, held.of)
        for one in find(by.body, Name)
        if one.id == first.name and module.scopes.lookup(one.id, one)[:1] == [first]
    ]


def _of_loop(module: Module, loop: For | Comprehension, source: Node, *, pair: bool) -> Iterator[Name]:
    """Yield the uses of the variable that takes each entry: the second of a pair."""
    targets = [loop.target] if isinstance(loop, For) else [target for target, over in loop.clauses if over is source]
    for target in targets:
        last = target.items[-1] if pair and isinstance(target, Array) and target.items else target
        if isinstance(last, Name) and pair == isinstance(target, Array):
            for use in find(loop, Name):
                if use.id == last.id and use is not last and module.scopes.lookup(use.id, use)[:1] == [loop]:
                    yield use


def _uses(module: Module, given: Assign, name: str) -> Iterator[Name]:
    function = function_of(given)
    for use in find(function.body if function is not None else module.body, Name):
        if use.id == name and use is not given.target and module.scopes.lookup(use.id, use)[:1] == [given]:
            yield use
