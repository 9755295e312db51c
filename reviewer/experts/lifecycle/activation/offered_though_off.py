"""LIF105: a plugin that was switched off is still found by what it can do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.syntax import Assign, Binary, Call, Literal, Member, Name, strip
from reviewer.code.tables import tables
from reviewer.code.text.words import words
from reviewer.code.walk import find, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.bringing.dependencies import outermost, with_helpers
from reviewer.experts.paths import word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Function
    from reviewer.code.tables import Table
    from reviewer.experts.check import Inquiry

_SWITCHES: Final = frozenset({"enabled", "disabled", "suspended", "paused", "active"})
_ABILITIES: Final = word_set(
    "can capabilities capability provides offers commands command topics topic events supports handles kinds kind "
    "abilities verbs skills serves accepts does roles actions intents formats types"
)
"""Words of what entries are chosen by, to be asked for something."""
_TELLS: Final = word_set("list all describe status report dump snapshot state summary count names show export audit")
"""Words of functions that only say what there is."""
_CHOOSES: Final = frozenset({"has", "includes", "some", "get"})


@module_check("LIF105", words=_SWITCHES)
def offered_though_off(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each choice among entries by what they can do, where entries can be switched off."""
    if module.is_test:
        return
    switches = _switched(module)
    for table in tables(module) if switches else ():
        if table.kind != "map":
            continue
        for switch, place in switches.items():
            if not _is_of(table, place) or not _is_asked(table, switch):
                continue
            for look in table.of("iterate"):
                function = look.function
                if function is not None and _chooses(function) and not _reads(function, switch):
                    yield Match(
                        look.node,
                        f"'{function.name}' chooses by what entries can do and not by '{switch}': what was switched "
                        f"off in line {place.line} is found and asked as before.",
                        related=((place, "switched off here"),),
                    )


def _switched(module: Module) -> dict[str, Assign]:
    """Return the members by which an entry that was looked up is switched on and off."""
    found: dict[str, Assign] = {}
    for assign in module.all(Assign):
        target = strip(assign.target)
        holder = strip(target.object) if isinstance(target, Member) else None
        if isinstance(target, Member) and target.name in _SWITCHES and isinstance(holder, Name) and holder.id != "this":
            found.setdefault(target.name, assign)
    return found


def _is_of(table: Table, place: Assign) -> bool:
    """Tell whether the function that switches something off takes it from this table."""
    function = outermost(place)
    return any(one.function is not None and outermost(one.node) is function for one in table.of("read", "iterate"))


def _is_asked(table: Table, switch: str) -> bool:
    """Tell whether another function of the table asks the switch, so that it is meant to keep entries out."""
    return any(one.function is not None and _reads(one.function, switch) for one in table.accesses)


def _reads(function: Function, switch: str) -> bool:
    return any(
        member.name == switch and not (isinstance(member.parent, Assign) and member.parent.target is member)
        for one in with_helpers(function, 1)
        for member in find(one.body, Member)
    )


def _chooses(function: Function) -> bool:
    """Tell whether a function that was given something gives back the entries that can do it."""
    given = {param.name for param in function.params if param.name not in ("self", "this")}
    if not given or not _TELLS.isdisjoint(words(function.name)[:1]):
        return False
    if not any(one.value is not None and not isinstance(strip(one.value), Literal) for one in returns_of(function)):
        return False
    for test in find(function.body, Call):
        held = test.receiver
        able = isinstance(held, Member) and not _ABILITIES.isdisjoint(words(held.name))
        if test.name in _CHOOSES and able and test.args and names_in(test.args) & given:
            return True
    return any(
        one.op in ("in", "==") and names_in(one.left) & given and _is_ability(one.right)
        for one in find(function.body, Binary)
    )


def _is_ability(expr: Expr) -> bool:
    return isinstance(expr, Member) and not _ABILITIES.isdisjoint(words(expr.name))
