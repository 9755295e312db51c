"""What a host keeps those who are connected apart by, in whatever words: a yard, a salon, a league."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Binary, Call, Class, Expr, Function, Literal, Member, Name, Object, Param, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of
from reviewer.experts.communication.vocabulary import PLUGINS
from reviewer.experts.paths import last_name, last_words, word_set

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.tables import Table

IDENTITIES: Final = word_set("identity claims auth principal token ticket credentials login badge passport")
"""Words of what says who somebody is, as the host has found out."""
_NOT_APART: Final = PLUGINS | word_set(
    "id user userid name email role roles scope scopes permissions rights exp iat issued expires kind type version "
    "session key subject sub owner actor address language locale title label topic"
)
"""Words of what an identity says of one, and not of a group that is kept apart from the others."""


def partitions(module: Module, table: Table) -> frozenset[str]:
    """Return the members of a table's entries that come from who somebody is, and that code elsewhere asks for.

    ``this.yard = identity.yard`` of what is put in, where another function takes only those of one yard.
    """
    given: set[str] = set()
    for access in table.of("write"):
        made = module.scopes.origin(access.value) if access.value is not None else None
        if isinstance(made, Object):
            given |= {str(key.value) for key, value in made.entries if isinstance(key, Literal) and _says_who(value)}
        elif isinstance(made, Call):
            record = definition(module, made.callee)
            if isinstance(record, Class):
                fields = record.module.scopes.fields(record)
                given |= {
                    name for name, put in fields.items() if any(one.value and _says_who(one.value) for one in put)
                }
    given = {name for name in given if not set(words(name)) & _NOT_APART}
    return frozenset(name for name in given if _asked_for(module, name))


def _says_who(value: Expr) -> bool:
    """Tell whether a value is a member of what says who somebody is."""
    inner = strip(value)
    return isinstance(inner, Member) and not is_this_member(inner) and bool(set(last_words(inner.object)) & IDENTITIES)


def _asked_for(module: Module, name: str) -> bool:
    """Tell whether a function takes only those that have the one that it is told: ``(s) => s.yard === yard``."""
    for node in find(module.body, Binary):
        sides = (strip(node.left), strip(node.right))
        if node.op not in ("==", "!=") or not any(isinstance(one, Member) and one.name == name for one in sides):
            continue
        other = next((one for one in sides if not (isinstance(one, Member) and one.name == name)), None)
        bound = module.scopes.lookup(other.id, other) if isinstance(other, Name) else []
        if any(isinstance(one, Param) and isinstance(one.parent, Function) for one in bound):
            return last_name(other) == name or function_of(node) is not None
    return False
