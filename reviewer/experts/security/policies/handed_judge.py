"""SEC014: what is handed to a plugin answers what it may do, and shows the collection that it answers from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import class_of_value, declared_type
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Array, Binary, Call, Class, Comprehension, Expr, Index, Object, strip
from reviewer.code.walk import find
from reviewer.experts.check import Match, module_check
from reviewer.experts.drawn import Drawn
from reviewer.experts.security.deciding.decisions import is_decision
from reviewer.experts.security.handing.handed import handed
from reviewer.experts.security.policies.rules_given_out import looked_up_in
from reviewer.experts.security.values.speaking import speaks_of_plugins
from reviewer.experts.security.vocabulary import ANSWERING, REQUIREMENTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Function, Node
    from reviewer.experts.check import Inquiry

_CHANGEABLE: Final = ("Set<", "Map<", "Array<", "Record<", "Partial<Record<", "set[", "dict[", "list[")
_MAKES: Final = frozenset({"Set", "Map", "set", "dict", "list", "defaultdict"})
_OPEN: Final = frozenset({"public", "readonly"})


@module_check("SEC014", words=ANSWERING)
def handed_judge(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each class of which a context holds an object for open collections that its decisions read."""
    if module.is_test or inquiry.subject.kind != "host":
        return
    judges = {id(cls): read for cls in module.classes if cls.kind == "class" and (read := _read_by(cls))}
    if not judges:
        return
    held = frozenset[str]().union(*_HELD.of(inquiry))
    for cls in module.classes:
        if cls.name not in held or id(cls) not in judges:
            continue
        for name, at in _shown(module, cls):
            method = judges[id(cls)].get(name)
            if method is not None:
                yield Match(
                    at,
                    f"'{name}' of '{cls.name}' is open to whoever holds one, and '{method.name}' answers from it: "
                    "plugins are handed it, so they add what was never granted.",
                )
                break


def _read_by(cls: Class) -> dict[str, Function]:
    """Return the fields that a class's decisions look something up in, each with the decision."""
    found: dict[str, Function] = {}
    for method in cls.methods:
        if not is_decision(method):
            continue
        for lookup in (*find(method.body, Call), *find(method.body, Index), *find(method.body, Binary)):
            holder = looked_up_in(lookup)
            if holder is not None and is_this_member(holder) and holder.name not in REQUIREMENTS:
                found.setdefault(holder.name, method)
    return found


def _shown(module: Module, cls: Class) -> Iterator[tuple[str, Node]]:
    """Yield the collections of an object that whoever holds it can change, and where each is declared."""
    for field in cls.fields:
        if not field.private and field.name[:1] not in "_#" and _is_open(field.type, field.value):
            yield field.name, field
    maker = next((one for one in cls.methods if one.kind == "constructor" or one.name == "__init__"), None)
    for param in maker.params if maker is not None else ():
        if param.access in _OPEN and param.type.startswith(_CHANGEABLE):
            yield param.name, param
    for name, given in module.scopes.fields(cls).items() if module.language != "typescript" else ():
        values = [one.value for one in given if one.value is not None]
        if name[:1] not in "_#" and given and (any(_is_made(one) for one in values) or _is_told(module, values)):
            yield name, given[0]


def _is_open(declared: str, value: Expr | None) -> bool:
    said = declared.strip()
    if said:
        return said.startswith(_CHANGEABLE) or (said.endswith("[]") and not said.startswith("readonly"))
    return value is not None and _is_made(value)


def _is_made(value: Expr) -> bool:
    made = strip(value)
    listed = isinstance(made, Array) and made.kind in ("list", "set")
    return listed or isinstance(made, Object | Comprehension) or (isinstance(made, Call) and made.name in _MAKES)


def _is_told(module: Module, values: list[Expr]) -> bool:
    return any(declared_type(module, one).startswith(_CHANGEABLE) for one in values)


def _classes_held(inquiry: Inquiry, module: Module) -> tuple[str, ...] | None:
    """Return the classes of which what a file of a host hands to guests holds an object."""
    if inquiry.subject.kind != "host":
        return None
    found = {
        cls.name
        for thing in handed(inquiry, module)
        if thing.followed or speaks_of_plugins(module)
        for _name, _place, value in thing.open
        if (cls := class_of_value(module, value)) is not None
    }
    return tuple(sorted(found)) or None


_HELD: Final = Drawn("security.classes_held_by_guests", _classes_held, tuple[str, ...], tests=False)
