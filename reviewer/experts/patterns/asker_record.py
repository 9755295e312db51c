"""Small records that say who asks: the plugin, and for whom it was installed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import named_type
from reviewer.code.syntax import Class, Function, Member, Name, Param, strip
from reviewer.experts.paths import word_set
from reviewer.experts.patterns.vocabulary import ARGUMENTS, PLUGINS, SERVICES, VERSIONS, names_tenant, speaks_of
from reviewer.experts.patterns.whom import is_served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_NOT_WHOM: Final = (
    VERSIONS | SERVICES | ARGUMENTS | word_set("trace request correlation depth hops level priority title label note")
)
_PLAIN: Final = frozenset({"string", "number", "str", "int"})
_MOST: Final = 6
"""Members of a record that is no more than a name for who asks."""


def left_out(inquiry: Inquiry, module: Module, param: Param, used: set[str]) -> str:
    """Return the member that says for whom a record asks, if a key of these members leaves it out."""
    if any(names_tenant(one) or is_served(inquiry, module, one) for one in used):
        return ""
    record = named_type(module, param.type) if param.type else None
    if record is None:
        return next((one for one in _read_of(param) if names_tenant(one)), "")
    names = [field.name for field in record.fields]
    served = (one for one in names if one not in used and (names_tenant(one) or is_served(inquiry, module, one)))
    return next(served, "") or _owner_before_plugin(record, used)


def _read_of(param: Param) -> Iterator[str]:
    """Yield the members that the file reads of what goes by the name of a parameter."""
    function = param.parent
    module = function.module if isinstance(function, Function) else None
    for member in module.all(Member) if module is not None else ():
        held = strip(member.object)
        if isinstance(held, Name) and held.id == param.name:
            yield member.name


def _owner_before_plugin(record: Class, used: set[str]) -> str:
    """Return the member beside the plugin's name in a small record of plain texts: that of whoever has the plugin."""
    plain = [field for field in record.fields if field.type.strip() in _PLAIN and not field.optional]
    if record.methods or not 1 < len(record.fields) <= _MOST or len(plain) != len(record.fields):
        return ""
    if not any(speaks_of(one, PLUGINS) for one in used):
        return ""
    return next((one.name for one in plain if one.name not in used and not speaks_of(one.name, _NOT_WHOM)), "")
