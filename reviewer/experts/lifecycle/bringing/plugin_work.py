"""Whether what is called is the work of a plugin: what was loaded, fills in an interface, or is kept in a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.reach.links import class_of_value
from reviewer.code.reach.made import values_of
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Call, Expr, Member, Object, strip
from reviewer.code.walk import calls_in
from reviewer.core.scale import Confidence
from reviewer.experts.guests import element_of, guest, table_of
from reviewer.experts.lifecycle.bringing.brought import is_brought
from reviewer.experts.lifecycle.bringing.loading import brings_in

if TYPE_CHECKING:
    from reviewer.code.module import Module


def plugin_work(module: Module, callee: Expr) -> Confidence | None:
    """Tell how sure it is that a function, or the object whose member it is, is that of a plugin."""
    callee = strip(callee)
    held = strip(callee.object if isinstance(callee, Member) else callee)
    cls = class_of_value(module, held) if isinstance(callee, Member) else None
    if guest(module, held) is Confidence.LIKELY or is_brought(module, held):
        return Confidence.LIKELY
    if cls is not None:
        return Confidence.LIKELY if cls.kind == "interface" else None
    part = ""
    while isinstance(held, Member) and not is_this_member(held):
        part, held = held.name, strip(held.object)
    kept = element_of(module, held)
    table = table_of(module, kept) if kept is not None else None
    if table is None:
        return Confidence.LIKELY if kept is not None and _holds_brought(module, kept) else None
    made = [module.scopes.origin(value) for one in table.of("write") for value in _parts(one.value, part)]
    own = any(isinstance(one, Call) and one.new and module.resolve(one.callee) for one in made)
    return Confidence.POSSIBLE if own else Confidence.LIKELY


def _holds_brought(module: Module, kept: Expr) -> bool:
    """Tell whether a collection is made of what was loaded: ``{point.name: point.load()() for point in points}``."""
    return any(brings_in(where, call) for where, value in values_of(module, kept) for call in calls_in(value))


def _parts(value: Expr | None, part: str) -> list[Expr]:
    """Return a value that is put into a table, or the member of a record that is."""
    value = strip(value) if value is not None else None
    if isinstance(value, Object) and part:
        held = value.get(part)
        return [held] if held is not None else []
    return [value] if value is not None else []
