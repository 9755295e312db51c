"""SEC014: an object gives out, as it is, what it was handed to decide by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Binary, Call, Class, Function, Index, Member, Node, Return, strip
from reviewer.code.tables import tables
from reviewer.code.walk import find
from reviewer.experts.check import Match, module_check
from reviewer.experts.security.decisions import decides
from reviewer.experts.security.handed import is_frozen
from reviewer.experts.security.vocabulary import TRIGGERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_ASKS: Final = frozenset({"has", "get", "includes"})
_UNCHANGING: Final = ("Readonly", "readonly", "Mapping", "frozenset", "tuple", "string", "str", "number", "bool", "int")


@module_check("SEC014", words=TRIGGERS)
def held_rules_given_out(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the private fields that decisions look things up in for getters that answer with them."""
    if module.is_test:
        return
    own = {(id(table.owner), table.name) for table in tables(module)}
    for cls in module.classes:
        asked = _asked(inquiry, module, cls)
        for method in cls.methods if asked else ():
            field = _given(method)
            if field is None or field.name not in asked or (id(cls), field.name) in own:
                continue
            values = module.scopes.field_values(cls, field.name)
            if values and all(is_frozen(module, value) for value in values):
                continue
            deciding = asked[field.name]
            yield Match(
                field,
                f"'{method.name}' gives out what the class decides by, and no copy of it: whoever asks can change who "
                "may do what.",
                related=((deciding, "decided here"),),
            )


def _asked(inquiry: Inquiry, module: Module, cls: Class) -> dict[str, Member]:
    """Return the fields that the decisions of a class look something up in, each with a place."""
    found: dict[str, Member] = {}
    for method in cls.methods:
        if decides(inquiry, module, method):
            for member in find(method.body, Member):
                if is_this_member(member) and _is_looked_up(member):
                    found.setdefault(member.name, member)
    return found


def _is_looked_up(field: Member) -> bool:
    around: Node | None = field.parent
    if isinstance(around, Index):
        return around.object is field
    if isinstance(around, Binary):
        return around.op in ("in", "not in") and around.right is field
    return isinstance(around, Member) and around.name in _ASKS and isinstance(around.parent, Call)


def _given(method: Function) -> Member | None:
    """Return the private field that is all that a public method answers with."""
    if method.private or method.name.startswith(("_", "#")) or len(method.body) != 1 or method.params:
        return None
    only = method.body[0]
    value = strip(only.value) if isinstance(only, Return) and only.value is not None else None
    if not isinstance(value, Member) or not is_this_member(value) or not value.name.startswith(("#", "_")):
        return None
    return None if method.returns.strip("'\"").startswith(_UNCHANGING) else value
