"""REG002: a member of an object that is written out in the file is used as a collection, and nothing creates it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.flow import conditions
from reviewer.code.syntax import (
    Assign,
    Export,
    ExprStatement,
    For,
    Function,
    Index,
    Member,
    Name,
    Object,
    Return,
    strip,
)
from reviewer.code.walk import ancestors
from reviewer.experts.check import Match, module_check
from reviewer.experts.registry.members import given_from_outside, optional_use
from reviewer.experts.registry.written_out import is_complete, may_grow, written_out

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry


@module_check("REG002", words={"const", "this"})
def object_lacks_field(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look up the members that are used of an object with all of its members in sight."""
    if module.is_test or module.language == "python":
        return
    seen: set[tuple[int, str]] = set()
    for use in module.all(Member):
        holder = strip(use.object)
        if not isinstance(holder, Name) or not _is_needed(use) or optional_use(use):
            continue
        made = _whole(module, use) if holder.id == "this" else _held(module, holder)
        if made is None or (id(made), use.name) in seen or use.name in map(str, made.keys):
            continue
        if given_from_outside(inquiry, use.name) or _asked(module, use):
            continue
        seen.add((id(made), use.name))
        has = ", ".join(list(map(str, made.keys))[:10])
        yield Match(
            use,
            f"'{use.name}' is used as a member, but no line creates it: the object has {has}. This fails with a "
            "TypeError.",
            related=((made, "the object as it is made"),),
        )


def _is_needed(use: Member) -> bool:
    """Tell whether a member has to be there: a member of it is taken, or it is run over."""
    parent = use.parent
    if isinstance(parent, Member | Index):
        return parent.object is use and not parent.optional and not use.name.startswith(("$", "_"))
    return isinstance(parent, For) and parent.iterable is use


def _held(module: Module, holder: Name) -> Object | None:
    made = written_out(module, holder)
    return made if made is not None and not may_grow(module, holder) else None


def _whole(module: Module, use: Member) -> Object | None:
    """Return the object whose method uses a member of itself, where other methods use the data beside it."""
    around = next((one for one in ancestors(use) if isinstance(one, Function) and one.kind != "arrow"), None)
    made = around.parent if around is not None else None
    if not isinstance(made, Object) or not is_complete(made) or not _stays(module, made):
        return None
    keys = set(map(str, made.keys))
    data = {str(key) for key in keys if not isinstance(strip(made.get(key) or use), Function)}
    used = {
        one.name
        for one in module.all(Member)
        if isinstance(one.object, Name) and one.object.id == "this" and any(inner is made for inner in ancestors(one))
    }
    return made if data & used and len(used - keys) == 1 else None


def _stays(module: Module, made: Object) -> bool:
    """Tell whether an object is only given a name, returned or exported as it is."""
    holder: Node | None = made.parent
    if isinstance(holder, Assign) and isinstance(holder.target, Name):
        return holder.declare == "const" and not may_grow(module, holder.target)
    return isinstance(holder, Return | Export) or (
        isinstance(holder, ExprStatement) and isinstance(holder.parent, Export)
    )


def _asked(module: Module, use: Member) -> bool:
    """Tell whether a member is used only where it was found to be there."""
    return any(use.name in module.text_of(condition.test) for condition in conditions(use))
