"""Hooks that only their use tells: one member of what was brought in is lent the host, and one is asked nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import use_of
from reviewer.code.reach.elsewhere import RUNNERS
from reviewer.code.syntax import Call, Function, Member, strip
from reviewer.code.text.words import words
from reviewer.code.walk import function_of
from reviewer.experts.lifecycle.bringing.brought import brought_names
from reviewer.experts.lifecycle.guests.kept_as import is_kept_as
from reviewer.experts.lifecycle.hooks.handed_in import NO_HOOKS, is_face
from reviewer.experts.lifecycle.hooks.opposites import STEPS
from reviewer.experts.lifecycle.values import part_name
from reviewer.experts.lifecycle.vocabulary import NOT_PLUGINS, restores, saves, starts, stops

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr

_MOST: Final = 12
"""Names for what one module brings in."""


def used_hooks(module: Module) -> tuple[frozenset[str], str, str] | None:
    """Return (nouns, start, stop) where a host calls two members of its plugins alone that no answer is wanted of.

    The one is handed an object of the host to work with, ``program.pour(rope)``, the other nothing: ``program.cool()``.
    """
    nouns = frozenset(one for one in brought_names(module) if NOT_PLUGINS.isdisjoint(words(one)))
    if not nouns or len(nouns) > _MOST:
        return None
    lent: dict[str, bool] = {}
    bare: dict[str, bool] = {}
    for call, member in _calls(module):
        name = member.name
        if name in NO_HOOKS or name[:1].isupper() or saves(name) or restores(name) or set(words(name)[:1]) & STEPS:
            continue
        if not _is_of(module, member.object, nouns):
            continue
        given = _given(call, member)
        dropped = _is_dropped(call)
        if given:
            lent[name] = lent.get(name, False) or (dropped and any(is_face(module, arg) for arg in given))
        else:
            bare[name] = bare.get(name, True) and dropped
    begins = [name for name, face in lent.items() if face and name not in bare]
    ends = [name for name, dropped in bare.items() if dropped and name not in lent]
    begins = [name for name in begins if starts(name)] or begins
    ends = [name for name in ends if stops(name)] or ends
    return (nouns, begins[0], ends[0]) if len(begins) == len(ends) == 1 else None


def _calls(module: Module) -> Iterator[tuple[Call, Member]]:
    """Yield the calls of members, and those that a thread or a pool makes."""
    for call in module.all(Call):
        callee = strip(call.callee)
        if isinstance(callee, Member):
            yield call, callee
        handed = [strip(arg) for arg in call.args] + [strip(arg) for arg in call.keywords.values()]
        if call.name in RUNNERS or call.name == "Thread":
            yield from ((call, one) for one in handed if isinstance(one, Member))


def _given(call: Call, member: Member) -> list[Expr]:
    """Return what a member is handed, by the call or by what makes it."""
    if strip(call.callee) is member:
        return [*call.args, *call.keywords.values()]
    return list(call.args[call.args.index(member) + 1 :]) if member in call.args else []


def _is_dropped(call: Call) -> bool:
    """Tell whether nobody wants the answer of a call: it stands alone, or is all that is handed to a helper."""
    use = use_of(call)
    if use.how == "dropped":
        return True
    if use.how == "argument" and isinstance(use.by, Call):
        return use.by.name not in ("dumps", "stringify", "print") and use_of(use.by).how in (
            "dropped",
            "other",
            "receiver",
        )
    around = function_of(call)
    return use.how == "returned" and isinstance(around, Function) and isinstance(around.parent, Call)


def _is_of(module: Module, held: Expr, nouns: frozenset[str]) -> bool:
    """Tell whether something is a plugin of the module, by what it is called or where it is kept."""
    return part_name(held) in nouns or any(is_kept_as(module, held, noun) for noun in sorted(nouns))
