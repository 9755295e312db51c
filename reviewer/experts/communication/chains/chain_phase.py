"""COM440 and COM441: a chain has phases in an order that is written down, and is sorted by something else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    Class,
    Comprehension,
    Expr,
    Field,
    For,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Param,
    Return,
    Template,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, function_of, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import said_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_PARTS: Final = frozenset({"phase", "stage", "tier", "band", "lane"})
"""Names of the part of the way that a step belongs to."""
_RANKS: Final = _PARTS | {"step", "priority", "severity", "urgency", "importance"}
"""Names of an enumeration whose members stand in an order that is not that of their texts."""
_CHAINS: Final = frozenset(
    "middleware middlewares interceptor interceptors filter filters pipeline chain layer layers hook hooks step steps "
    "transform transforms handler handlers guard guards check checks processor processors next".split()
)
_NUMBERS: Final = frozenset("order priority prio weight rank position precedence index sequence".split())
"""Names of the number by which the steps of one part are ordered."""
_SORTS: Final = frozenset({"sort", "sorted", "toSorted"})
_PLACES: Final = frozenset({"index", "indexOf", "findIndex", "enumerate", "entries", "map", "forEach", "reduce", "zip"})
"""Calls by which a list tells the place of what it holds, or is gone through."""
_ASKED: Final = frozenset({"includes", "has", "some", "fail", "warn", "info", "debug", "error", "exception", "log"})


class _Order(Struct, frozen=True):
    """A list of the names of parts in the order in which they come: ``PHASES = ("verify", "shape", "permit")``."""

    name: str
    part: str
    names: tuple[str, ...]


@module_check("COM440", words=_RANKS | {"phases", "stages", "tiers", "bands", "lanes"})
def phase_sorted_as_text(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each sort by the name of a phase where a list says in which order the phases come."""
    for order in _orders(module):
        if list(order.names) == sorted(order.names):
            continue
        for call, key in _sorts(module):
            if any(_compared_as_text(one) for one in _reads(key, order.part)):
                yield Match(
                    call,
                    f"The steps are sorted by the text of '{order.part}', so '{min(order.names)}' comes first; "
                    f"'{order.name}' says that '{order.names[0]}' does.",
                )


@module_check("COM441", words=_PARTS | {"phases", "stages", "tiers", "bands", "lanes"})
def phase_ignored(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each sort of steps by their number alone where the steps also have a phase."""
    for order in _orders(module):
        if not module.words & _CHAINS or not _have_part(module, order):
            continue
        for call, key in _sorts(module):
            if _by_number_alone(key) and not _part_decides(inquiry, order.part):
                yield Match(
                    call,
                    "The steps are sorted by a number that each chooses for itself, and nothing looks at "
                    f"'{order.part}': a step of '{order.names[-1]}' with a small number runs before those of "
                    f"'{order.names[0]}'.",
                )


def _orders(module: Module) -> list[_Order]:
    """Return the lists of parts that nothing in the module asks for the place of a part, or goes through."""
    return module.once("communication.phase-orders", lambda: list(_find_orders(module)))


def _find_orders(module: Module) -> Iterator[_Order]:
    if module.is_test:
        return
    yield from _enumerated(module)
    for assign in module.some(Assign, Field):
        target = assign.target if isinstance(assign, Assign) else assign
        value = strip(assign.value) if isinstance(assign, Assign | Field) and assign.value is not None else None
        name = target.id if isinstance(target, Name) else getattr(target, "name", "")
        if isinstance(value, Call) and value.args and value.name in ("freeze", "tuple", "list"):
            value = strip(value.args[0])
        if not isinstance(value, Array) or function_of(assign) is not None:
            continue
        items = [strip(item) for item in value.items]
        names = tuple(item.value for item in items if isinstance(item, Literal) and isinstance(item.value, str))
        part = next((one.removesuffix("s") for one in words(name) if one.removesuffix("s") in _PARTS), "")
        if part and len(names) == len(items) > 1 and not _gone_through(module, name):
            yield _Order(name, part, names)


def _enumerated(module: Module) -> Iterator[_Order]:
    """Yield the enumerations of texts that name parts in the order in which they come: ``class Phase(StrEnum)``."""
    for cls in module.classes:
        part = next((one for last in words(cls.name)[-1:] if (one := last.removesuffix("s")) in _RANKS), "")
        bases = said_in(cls.bases)
        if not part or (cls.kind != "enum" and not ("enum" in bases and "str" in bases)):
            continue
        held = [strip(field.value) for field in cls.fields if field.value is not None]
        names = tuple(one.value for one in held if isinstance(one, Literal) and isinstance(one.value, str))
        if len(names) == len(cls.fields) > 1 and not _gone_through(module, cls.name):
            yield _Order(cls.name, part, names)
    for made in module.all(Assign) if b"enum" in module.source else ():
        members = strip(made.value) if made.value is not None else None
        if made.raw.type != "enum_declaration" or not isinstance(made.target, Name) or not isinstance(members, Object):
            continue
        name = made.target.id
        part = next((one for last in words(name)[-1:] if (one := last.removesuffix("s")) in _RANKS), "")
        texts = [strip(entry) for _key, entry in members.entries]
        names = tuple(one.value for one in texts if isinstance(one, Literal) and isinstance(one.value, str))
        if part and b"=" in (made.raw.text or b"") and len(names) == len(texts) > 1 and not _gone_through(module, name):
            yield _Order(name, part, names)


def _gone_through(module: Module, name: str) -> bool:
    """Tell whether a list is asked for the place of something, or is gone through."""
    for node in module.some(Name, Member):
        said = node.id if isinstance(node, Name) else getattr(node, "name", "")
        if said != name:
            continue
        around = node.parent
        if isinstance(around, For | Comprehension | Index):
            return True
        if isinstance(around, Member) and around.object is node and around.name in _PLACES:
            return True
        if isinstance(around, Call) and node in around.args and around.name not in ("Set", "set", "frozenset", "has"):
            return True
    return False


def _sorts(module: Module) -> Iterator[tuple[Call, Node]]:
    """Yield each sort with the function, or the names of fields, by which it compares."""
    for call in module.calls(_SORTS):
        given = call.keywords.get("key") or (call.args[-1] if call.args else None)
        if given is None:
            continue
        key = definition(module, given)
        if isinstance(key, Function):
            yield call, key
        elif isinstance(strip(given), Call):
            yield call, given


def _reads(key: Node, name: str) -> Iterator[Node]:
    """Yield where a comparison reads a field: ``a.phase``, ``entry["phase"]``, ``attrgetter("phase")``."""
    where = key.body if isinstance(key, Function) else [key]
    for node in walk(where):
        if isinstance(node, Member) and node.name.lstrip("_#") == name:
            yield node
        elif isinstance(node, Literal) and node.value == name and isinstance(node.parent, Index | Call):
            yield node.parent if isinstance(node.parent, Index) else node


def _compared_as_text(read: Node) -> bool:
    """Tell whether a field is compared as it is, and does not lead to a number: ``RANK[entry.phase]``."""
    around = read.parent
    if isinstance(around, Call):
        return isinstance(read, Literal) and around.name in ("attrgetter", "itemgetter")
    if isinstance(around, Member):
        return around.name == "localeCompare"
    if isinstance(around, Binary):
        return around.op in ("<", ">", "<=", ">=")
    if isinstance(around, Array):
        return not isinstance(around.parent, Index)
    return isinstance(around, Return)


def _by_number_alone(key: Node) -> bool:
    """Tell whether a comparison reads a number that says the order, and names at most to break ties."""
    where = key.body if isinstance(key, Function) else [key]
    read = {node.name.lstrip("_#") for node in find(where, Member) if node.name != "localeCompare"}
    read |= {str(node.value) for node in find(where, Literal) if isinstance(node.parent, Index | Call)}
    if isinstance(key, Function) and any(
        isinstance(node, Call) and node.name != "localeCompare" for node in walk(where)
    ):
        return False
    return bool(read & _NUMBERS) and all(
        name in _NUMBERS | {"name", "id", "owner", "plugin", "0", "1"} for name in read
    )


def _have_part(module: Module, order: _Order) -> bool:
    """Tell whether the steps of a module say which part they belong to."""
    for cls in module.all(Class):
        if any(field.name == order.part for field in cls.fields):
            return True
    for record in module.all(Object):
        if order.part in record.keys:
            return True
    return any(one.name == order.part for one in module.all(Param))


def _part_decides(inquiry: Inquiry, part: str) -> bool:
    """Tell whether anything in the subject reads the part of a step but to test that there is such a part."""
    asked = f"decides by {part}"

    def answer(module: Module) -> bool:
        read = any(_decides(node, part) for node in module.some(Member, Index))
        return read or any(_branches(node, part) for node in module.all(Binary))

    return any(inquiry.project.answers(asked, answer, naming={part}, tests=False))


def _branches(node: Binary, part: str) -> bool:
    """Tell whether what is done with a step hangs on its part, taken out of it by name: ``phase === "shape"``."""
    sides = (strip(node.left), strip(node.right))
    return (
        node.op in ("==", "!=")
        and any(isinstance(side, Name) and side.id == part for side in sides)
        and any(isinstance(side, Literal) and isinstance(side.value, str) for side in sides)
    )


def _decides(node: Node, part: str) -> bool:
    read = isinstance(node, Member) and node.name.lstrip("_#") == part
    read = read or (isinstance(node, Index) and isinstance(node.key, Literal) and node.key.value == part)
    if not read or (isinstance(node.parent, Assign) and node.parent.target is node):
        return False
    for around in ancestors(node):
        if isinstance(around, Call):
            return around.name not in _ASKED
        if isinstance(around, Binary) and around.op in ("in", "not in"):
            return False
        if isinstance(around, Template) or not isinstance(around, Expr):
            return not isinstance(around, Template)
    return True
