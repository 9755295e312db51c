"""Which fields of a plugin's state are written when it is saved, and which are read when it is restored."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.contexts import flat
from reviewer.code.flow import returns_of
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Assign,
    Await,
    Binary,
    Call,
    Cast,
    Class,
    Expr,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Param,
    Return,
    Unary,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import find, walk
from reviewer.experts.lifecycle.holding.owners import members_of
from reviewer.experts.lifecycle.vocabulary import restores, saves

if TYPE_CHECKING:
    from reviewer.code.module import Module


class StatePair(Struct, frozen=True):
    """A function that gives a state and one that takes it back, with the fields that each names.

    ``read`` holds where a field is first read.
    """

    save: Function
    restore: Function
    written: dict[str, Node]
    read: dict[str, Node]
    codec: bool = False
    """Whether the functions only write an object down and make it again, without a word of state."""


_CODECS: Final = (
    ("dump", "load"), ("todict", "fromdict"), ("asdict", "fromdict"), ("tojson", "fromjson"), ("tojson", "parse"),
    ("serialize", "deserialize"), ("serialise", "deserialise"), ("pack", "unpack"), ("encode", "decode"),
    ("export", "import"), ("save", "load"), ("write", "read"), ("store", "load"), ("torecord", "fromrecord"),
    ("remember", "recall"), ("keep", "recall"), ("toraw", "fromraw"), ("dumps", "loads"), ("torow", "fromrow"),
    ("todict", "parse"), ("toplain", "fromplain"), ("freeze", "thaw"), ("marshal", "unmarshal"),
)  # fmt: skip
"""Names of methods of which the first writes an object down and the second makes it again, flat."""


_ASKED: Final = (("opts",), ("options",), ("req",), ("request",), ("params",), ("args",))
"""Last words of what says how something is to be done, and is no state that was saved."""


def state_pairs(module: Module) -> Iterator[StatePair]:
    """Yield the pairs of a module whose fields are all in sight."""
    for members in _groups(module):
        yield from _codec(module, members)
        save = next((f for f in members if saves(f.name)), None)
        restore = next((f for f in members if restores(f.name) and f.params), None)
        if save is None or restore is None:
            continue
        written, read = _written(module, save), _read(restore)
        if written and read:
            yield StatePair(save, restore, written, read)


def _codec(module: Module, members: list[Function]) -> Iterator[StatePair]:
    """Yield the pair of methods that write the fields of an object down and make it again of them."""
    by_name = {flat(member.name): member for member in members if member.owner is not None}
    for first, second in _CODECS:
        save, restore = by_name.get(first), by_name.get(second)
        if save is None or restore is None or not restore.params or save.params:
            continue
        written, read = _written(module, save), _read(restore)
        own = {name: node for name, node in written.items() if _is_field(node, name) or name in read}
        if read and len(own) > 1:
            yield StatePair(save, restore, own, read, codec=True)
            return


def _is_field(value: Node, name: str) -> bool:
    """Tell whether what is written is the field of the same name, whole or in a copy: ``dict(self.names)``."""
    return any(is_this_member(node) and node.name.lstrip("_#") == name for node in find(value, Member))


def _groups(module: Module) -> Iterator[list[Function]]:
    for cls in module.all(Class):
        if cls.kind == "class":
            yield members_of(cls)
    for node in module.all(Object):
        held = [value for _key, value in node.entries if isinstance(value, Function)]
        if len(held) > 1:
            yield held
    yield [f for f in module.functions if f.outer is None and f.owner is None and not f.signature_only]


def _written(module: Module, save: Function) -> dict[str, Node]:
    """Return the fields of the one literal that a function gives; nothing where more than plain fields may be in it."""
    given = [strip(node.value) for node in returns_of(save) if node.value is not None]
    if len(given) != 1:
        return {}
    value: object = given[0]
    added: dict[str, Node] | None = {}
    if isinstance(value, Name):
        value = module.scopes.origin(value)
        added = _added(save, given[0])
    if isinstance(value, Object) and added is not None:
        if value.spreads or any(not isinstance(key, Literal) for key, _value in value.entries):
            return {}
        return {str(key.value): entry for key, entry in value.entries if isinstance(key, Literal)} | added
    return {}


def _added(save: Function, name: Expr) -> dict[str, Node] | None:
    """Return the fields that are put into a state after it was made; None where one is not written out."""
    known = name.id if isinstance(name, Name) else ""
    found: dict[str, Node] = {}
    for node in find(save.body, Assign):
        target = node.target
        if not isinstance(target, Member | Index) or getattr(strip(target.object), "id", "") != known:
            continue
        key = target.name if isinstance(target, Member) else getattr(strip(target.key), "value", None)
        if not isinstance(key, str):
            return None
        found[key] = node
    return found


def _read(restore: Function) -> dict[str, Node]:
    """Return the fields that a function takes from its first parameter; nothing where it takes the whole."""
    first = restore.params[0]
    if words(first.name)[-1:] in _ASKED:
        return {}
    if first.fields:
        return dict.fromkeys(first.fields, first)
    names = {first.name}
    found: dict[str, Node] = {}
    for node in walk(restore.body):
        if isinstance(node, Assign) and isinstance(node.target, Name) and node.value is not None:
            value = _or_nothing(node.value)
            if isinstance(value, Name) and value.id in names:
                names.add(node.target.id)
            elif isinstance(value, Member) and getattr(_or_nothing(value.object), "id", "") in names:
                found.setdefault(value.name, node)  # const { port } = state
    for node in walk(restore.body):
        if isinstance(node, Name) and node.id in names and not _whole_is_fine(node, found):
            return {}
    return found


def _or_nothing(expr: Expr) -> Expr:
    """Return what is taken where there is something: ``state`` of ``(state ?? {})``."""
    value = strip(expr)
    return strip(value.left) if isinstance(value, Binary) and value.op in ("??", "or") else value


def _whole_is_fine(name: Name, found: dict[str, Node]) -> bool:
    """Tell whether a use of a state only reads one field of it, or only looks at what it is; note the field."""
    inner: Node = name
    parent = name.parent
    while isinstance(parent, Cast | Await) or (isinstance(parent, Binary) and parent.op in ("??", "or")):
        inner, parent = parent, parent.parent
    if isinstance(parent, Member) and parent.object is inner:
        return _of_member(parent, found)
    if isinstance(parent, Index) and parent.object is inner:
        if isinstance(parent.key, Literal) and isinstance(parent.key.value, str):
            found.setdefault(parent.key.value, parent)
            return True
        return False
    if isinstance(parent, Binary) and parent.op in ("in", "not in") and isinstance(parent.left, Literal):
        return True
    if isinstance(parent, Call):
        return parent.name in ("isinstance", "isArray", "hasOwn", "hasattr", "len", "type", "Boolean", "bool")
    if isinstance(parent, Assign):
        return isinstance(parent.target, Name)
    return isinstance(parent, Unary | Binary | Param) or not isinstance(parent, Expr | Return)


def _of_member(member: Member, found: dict[str, Node]) -> bool:
    call = member.parent
    if isinstance(call, Call) and call.callee is member:
        key = call.arg(0)
        if member.name in ("get", "pop", "has") and isinstance(key, Literal) and isinstance(key.value, str):
            found.setdefault(key.value, call)
            return True
        return False
    if isinstance(call, Call | Array) and member.name in ("items", "keys", "values"):
        return False
    found.setdefault(member.name, member)
    return True
