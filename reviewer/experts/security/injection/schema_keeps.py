"""Whether a schema, by which what was read is parsed, says what the text of a member may be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Assign, Await, Call, Expr, Literal, Member, Object, strip
from reviewer.code.walk import find, walk

if TYPE_CHECKING:
    from reviewer.code.module import Module

_PARSES: Final = frozenset({"parse", "parseAsync", "safeParse", "safeParseAsync"})
_NARROWS: Final = frozenset({"regex", "enum", "literal", "uuid", "cuid", "ulid", "refine", "pipe", "pattern"})
"""Methods of the builders of schemas that leave few texts."""


def kept_by_schema(module: Module, value: Expr) -> bool:
    """Tell whether a value is a member of what a schema has parsed, which leaves few texts for it."""
    member = module.scopes.origin(value)
    if not isinstance(member, Member):
        return False
    made = module.scopes.origin(member.object)
    if isinstance(made, Member) and made.name == "data":  # of a result: ``parsed.data.entry``
        made = module.scopes.origin(made.object)
    made = strip(made.value) if isinstance(made, Await) else made
    if not isinstance(made, Call) or made.name not in _PARSES or made.receiver is None:
        return False
    schema = definition(module, made.receiver) or module.scopes.origin(made.receiver)
    described = schema.value if isinstance(schema, Assign) else schema
    return isinstance(described, Expr) and any(
        isinstance(key, Literal) and key.value == member.name and _narrowed(entry)
        for shape in find(described, Object)
        for key, entry in shape.entries
    )


def _narrowed(entry: Expr) -> bool:
    return any(isinstance(one, Call) and one.name in _NARROWS for one in walk(entry))
