"""Locals that only name a field: ``const { plugins } = this`` and ``plugins = self._plugins`` are the field itself.

Where such a local is read, the tree has the field, so that whoever asks what is done with ``this.plugins`` need
not know that somebody gave it a shorter name first. A local that keeps what the field was *before* is left alone:
one that is read after the field may have been given something else.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.flow import body_of
from reviewer.code.form import build
from reviewer.code.syntax import (
    Assign,
    Await,
    Call,
    Class,
    Expr,
    ExprStatement,
    For,
    Function,
    Member,
    Name,
    Unary,
    While,
    Yield,
)
from reviewer.code.walk import ancestors, class_of
from reviewer.core.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node

_NAMED: Final = {
    "javascript": regex(rb"=\s*this(?:\.#?[\w$]+)?!?\s*(?:[;,\n}]|$)"),
    "python": regex(rb"(?m)^[ \t]*\w+(?:[ \t]*:[^=\n]*)?[ \t]*=[ \t]*\w+\.\w+[ \t]*(?:#.*)?$"),
}
"""What a declaration that names a field looks like: where there is none, nobody looks for one."""
_GIVEN: Final = {
    "javascript": regex(
        rb"this\s*\.\s*(#?[\w$]+)\s*(?:=(?:[^=>]|$)|[-+*/%|&^?]{1,3}=|\+\+|--)|delete\s+this\.(#?[\w$]+)"
    ),
    "python": regex(
        rb"(?m)\b(?:self|cls)\.(\w+)[ \t]*(?:=(?:[^=]|$)|[-+*/%|&^@<>]{1,3}=[^=]|:[^=\n]*=[^=])"
        rb"|^[ \t]*(?:self\.\w+,[ \t]*)*self\.(\w+),|\bdel[ \t]+self\.(\w+)"
    ),
}
"""Where a field is given a value."""
_BREAKS: Final = (Await, Yield)
"""Where others run before this function goes on."""


class Named(Struct, frozen=True):
    """The field that a local names, and where in the function that is so."""

    field: str
    text: str
    """How the field is spelled in full."""
    since: int
    until: int | None
    """The byte from which on the field may hold something else; None where it always holds the same."""


def see_fields(function: Function) -> None:
    """Put the fields in place of the locals that name them, in a function that was just lowered."""
    module = function.module
    outer = function.outer
    around = outer.names_fields if outer is not None and function.owner is None else {}
    places = _places(module)
    at = bisect_left(places, function.raw.start_byte)
    if not around and not (at < len(places) and places[at] < function.raw.end_byte):
        return
    nodes = list(_own_nodes(function.body))
    bound = module.scopes.table(function)
    here = _named_here(module, function, [node for _, node in nodes]) if _has_this(function) else {}
    named = {**{name: one for name, one in around.items() if name not in bound}, **here}
    if not named:
        return
    function.names_fields = {name: one for name, one in named.items() if one.until is None}
    seen, kept = _put_in_place(module, nodes, named)
    inside = [node for _, node in nodes if isinstance(node, Function | Class)]
    for name in here.keys() - kept:
        if (name in seen or _read_by(inside, name)) and not _needed_by(inside, name, here[name]):
            naming = bound.pop(name)[0]
            if isinstance(naming, Assign):
                _drop(function, naming)


def _put_in_place(
    module: Module, nodes: list[tuple[Node | None, Node]], named: dict[str, Named]
) -> tuple[set[str], set[str]]:
    """Put the fields where their names are read; return the names that were, and those that still are needed."""
    made: dict[int, Expr] = {}
    seen: set[str] = set()
    kept: set[str] = set()
    for holder, node in nodes:
        if not isinstance(node, Name) or (one := named.get(node.id)) is None:
            continue
        if isinstance(holder, Assign) and holder.target is node:
            continue
        if not _is_read(holder, node, one):
            kept.add(node.id)
            continue
        if id(node) not in made:
            made[id(node)] = build.member(node.raw, build.name(node.raw, "this"), one.field)
            module.spell(node.raw, one.text)
        _replace(holder, node, made[id(node)])
        seen.add(node.id)
    return seen, kept


def _read_by(inside: Sequence[Function | Class], name: str) -> bool:
    """Tell whether functions or classes inside of a function may read a name of it."""
    spelled = re.compile(rb"(?<![\w$.])%s(?![\w$])" % re.escape(name.encode()))
    return any(spelled.search(one.module.source, one.raw.start_byte, one.raw.end_byte) for one in inside)


def _needed_by(inside: list[Function | Class], name: str, one: Named) -> bool:
    """Tell whether a name is read inside where nobody sees through it."""
    closed = [node for node in inside if isinstance(node, Class)]
    return _read_by(inside if one.until is not None or one.field != name else closed, name)


def _drop(function: Function, naming: Assign) -> None:
    """Take a declaration out whose name nobody reads any more."""
    statement = naming.parent
    if not isinstance(statement, ExprStatement) or statement.value is not naming:
        return
    for body in body_of(statement.parent or function):
        body[:] = [one for one in body if one is not statement]


def names_fields(module: Module) -> bool:
    """Tell from the text alone whether a file may give a field another name."""
    return bool(_places(module))


def _places(module: Module) -> list[int]:
    """Return where a field may be given a name in a file."""
    pattern = _NAMED[_language(module)]
    return module.once("code.field_names", lambda: [hit.start() for hit in pattern.finditer(module.source)])


def _language(module: Module) -> str:
    return "python" if module.language == "python" else "javascript"


def _has_this(function: Function) -> bool:
    """Tell whether ``this`` is the object of a class of the file inside a function."""
    while function.owner is None:
        if function.outer is None:
            return function.kind == "arrow" and class_of(function) is not None
        if function.kind != "arrow" and function.module.language != "python":
            return False
        function = function.outer
    return not function.static


def _own_nodes(body: Sequence[Node]) -> Iterator[tuple[Node | None, Node]]:
    """Yield what stands in a function itself, each time with the node that holds it: shared values come again."""
    stack: list[tuple[Node | None, Node]] = [(None, node) for node in reversed(body)]
    while stack:
        holder, node = stack.pop()
        yield holder, node
        inner = isinstance(node, Function | Class)
        if not inner and (holder is None or node.parent is holder):
            stack.extend((node, child) for child in reversed(node.children()))


def _named_here(module: Module, function: Function, nodes: list[Node]) -> dict[str, Named]:
    """Return the locals of a function that name a field of its class."""
    cls = class_of(function)
    declared = [node for node in nodes if isinstance(node, Assign) and _names_field(node)]
    if cls is None or not declared or (module.language == "python" and b"nonlocal" in module.source):
        return {}
    bound = module.scopes.table(function)
    counted = {
        n.operand.id for n in nodes if isinstance(n, Unary) and n.op in ("++", "--") and isinstance(n.operand, Name)
    }
    given = _given_later(module, cls)
    methods = {method.name for method in cls.methods if method.kind == "method"}
    found: dict[str, Named] = {}
    for node in declared:
        target, value = node.target, node.value
        if not isinstance(target, Name) or not isinstance(value, Member) or value.name in methods:
            continue  # a method that is taken off its object has lost it
        if bound.get(target.id) != [node] or target.id in counted or _given_inside(module, function, node):
            continue
        text = module.text(value.raw) if module.language == "python" else f"this.{value.name}"
        stable = value.name not in given
        last = None if stable else function.raw.end_byte
        until = min(_changes(nodes, node, value.name, stable=stable), default=last)
        found[target.id] = Named(value.name, text, node.raw.end_byte, until)
    return found


def _names_field(node: Assign) -> bool:
    value = node.value
    return (
        isinstance(node.target, Name)
        and node.op == "="
        and node.default is None
        and isinstance(value, Member)
        and isinstance(value.object, Name)
        and value.object.id == "this"
    )


def _given_inside(module: Module, function: Function, node: Assign) -> bool:
    """Tell whether a function inside may give a variable that is no constant something else."""
    if node.declare == "const" or module.language == "python" or not isinstance(node.target, Name):
        return False
    later = module.source[node.raw.end_byte : function.raw.end_byte]
    return (
        re.search(rb"(?<![\w$.])%s\s*[-+*/%%|&^?]{0,3}=(?![=>])" % re.escape(node.target.id.encode()), later)
        is not None
    )


def _given_later(module: Module, cls: Class) -> frozenset[str]:
    """Return the fields of a class that are given a value outside of its constructor."""
    return module.once(f"code.given_later.{cls.raw.start_byte}", lambda: _work_out_given(module, cls))


def _work_out_given(module: Module, cls: Class) -> frozenset[str]:
    first = [(m.raw.start_byte, m.raw.end_byte) for m in cls.methods if m.kind == "constructor"]
    start, found = cls.raw.start_byte, set()
    for hit in _GIVEN[_language(module)].finditer(module.source[start : cls.raw.end_byte]):
        if not any(begin <= start + hit.start() < end for begin, end in first):
            found.add(next(group for group in hit.groups() if group is not None).decode())
    return frozenset(found)


def _changes(nodes: list[Node], since: Assign, field: str, *, stable: bool) -> Iterator[int]:
    """Yield the bytes from which on a field may hold something else than it did when it was named."""
    named = since.raw.end_byte
    for node in nodes:
        if node.raw.start_byte >= named and (_gives(node, field) or (not stable and _lets_others_run(node))):
            yield _first_run(node, named)


def _gives(node: Node, field: str) -> bool:
    target = node.target if isinstance(node, Assign) else node.operand if isinstance(node, Unary) else None
    if not isinstance(target, Member) or (isinstance(node, Unary) and node.op not in ("++", "--", "delete")):
        return False
    return target.name == field and isinstance(target.object, Name) and target.object.id == "this"


def _lets_others_run(node: Node) -> bool:
    """Tell whether a node waits, or calls a method of the same object, which may change its fields."""
    if isinstance(node, Call) and isinstance(node.receiver, Name):
        return node.receiver.id in ("this", "super")
    return isinstance(node, _BREAKS)


def _first_run(node: Node, named: int) -> int:
    """Return the byte from which on a change counts: inside a loop that comes after the naming, the loop's body."""
    first = node.raw.end_byte
    for around in ancestors(node):
        if isinstance(around, Function) or around.raw.start_byte < named:
            break
        if isinstance(around, For | While) and around.body:
            first = min(first, around.body[0].raw.start_byte)
    return first


def _is_read(holder: Node | None, node: Name, one: Named) -> bool:
    if isinstance(holder, Call) and holder.callee is node and node.id != one.field:
        return False  # it is looked up by the name that it is called by
    return node.raw.start_byte >= one.since and (one.until is None or node.raw.start_byte < one.until)


def _replace(holder: Node | None, old: Node, new: Node) -> None:
    """Let a node hold another one in place of one of its children."""
    if holder is None:
        return
    if old.parent is holder:
        new.parent = holder
    for part in holder.parts:
        value = getattr(holder, part)
        if value is old:
            setattr(holder, part, new)
        elif isinstance(value, list):
            value[:] = [_instead(item, old, new) for item in value]
        elif isinstance(value, dict):
            for key, item in value.items():
                value[key] = _instead(item, old, new)


def _instead(item: object, old: Node, new: Node) -> object:
    if isinstance(item, tuple):
        return tuple(_instead(part, old, new) for part in item)
    return new if item is old else item
