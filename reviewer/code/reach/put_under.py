"""What a module puts under each name, wherever it does: into members, under texts, into records that it makes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.reach.records import given_fields
from reviewer.code.syntax import Assign, Call, Expr, Index, Literal, Member, Name, Node, Object, strip

if TYPE_CHECKING:
    from reviewer.code.module import Module


def put_under(module: Module, place: Member | Index) -> list[Expr]:
    """Return what the module puts under the name by which a place asks: ``grant.until``, ``grant["until"]``."""
    return module.once("put under names", lambda: _collected(module)).get(_name(place), [])


def _name(place: Node) -> str:
    if isinstance(place, Member):
        return place.name
    key = place.key if isinstance(place, Index) else None
    return key.value if isinstance(key, Literal) and isinstance(key.value, str) else ""


def _collected(module: Module) -> dict[str, list[Expr]]:
    found: dict[str, list[Expr]] = {}
    for assign in module.all(Assign):
        name = _name(assign.target)
        if name and assign.value is not None and assign.op == "=":
            found.setdefault(name, []).append(assign.value)
    for made in module.all(Object):
        for key, value in made.entries:
            if isinstance(key, Literal) and isinstance(key.value, str):
                found.setdefault(key.value, []).append(value)
    for call in module.all(Call):
        for name, value in given_fields(module, call) if isinstance(strip(call.callee), Name) else ():
            found.setdefault(name, []).append(value)
    return found
