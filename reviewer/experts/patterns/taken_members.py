"""Which members of an argument a helper takes, by how it takes it apart or by a name that it is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.syntax import Binary, Call, Expr, Function, Index, Literal, Member, Name, Return
from reviewer.code.walk import names_in, walk

if TYPE_CHECKING:
    from reviewer.code.syntax import Node


def members_taken(target: Node | None, position: int) -> list[tuple[str, ...]]:
    """Return the members that a function which only puts something together takes of an argument; all where unclear.

    ``const keyOf = ({ app, question }) => JSON.stringify([app, question])`` takes two of what it is given.
    """
    if not isinstance(target, Function) or len(target.body) != 1 or position >= len(target.params):
        return [()]
    param = target.params[position]
    if param.fields and not param.rest:
        used = names_in(target.body)
        return [(prop,) for prop, local in param.fields.items() if local in used] or [()]
    uses = [node for node in walk(target.body) if isinstance(node, Name) and node.id == param.name]
    if not uses and isinstance(target.body[0], Return):
        return []  # it takes it and does nothing with it
    members = [name for use in uses if (name := _member_read(use))]
    return [(name,) for name in dict.fromkeys(members)] if uses and len(members) == len(uses) else [()]


def named_by(key: Expr) -> str:
    """Return the text by which a member is asked for, where it stands there."""
    return key.value if isinstance(key, Literal) and isinstance(key.value, str) else ""


def told_by_name(call: Call, target: Node | None, position: int) -> str:
    """Return the member that a helper takes of an argument by a name that it is told: ``want(args, "place")``."""
    if not isinstance(target, Function) or position >= min(len(target.params), len(call.args)):
        return ""
    holder = target.params[position].name
    keys: set[str] = set()
    for use in walk(target.body):
        if not isinstance(use, Name) or use.id != holder:
            continue
        around = use.parent
        if isinstance(around, Index) and around.object is use:
            key: Expr | None = around.key
        elif isinstance(around, Member) and around.name == "get" and isinstance(around.parent, Call):
            key = around.parent.arg(0)
        elif isinstance(around, Binary) and around.op in ("in", "not in") and around.right is use:
            key = around.left
        else:
            return ""
        keys.add(key.id if isinstance(key, Name) else "")
    name = next(iter(keys)) if len(keys) == 1 else ""
    at = next((place for place, param in enumerate(target.params) if name and param.name == name), -1)
    given = call.arg(at, name) if at >= 0 else None
    return named_by(given) if given is not None else ""


def _member_read(use: Name) -> str:
    """Return the member that is read of a name: ``seat.addon``, ``seat["addon"]``."""
    around = use.parent
    if isinstance(around, Member) and around.object is use:
        return around.name
    return named_by(around.key) if isinstance(around, Index) and around.object is use else ""
