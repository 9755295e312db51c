"""API367: versions are read with what stands behind the numbers, and compared without it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Call, Function, Index, Literal, Member, Name, Return, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import said_in
from reviewer.experts.registry.version_parts import PRERELEASE, fields_behind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_COMPARES: Final = frozenset(
    "compare cmp newer older order sort less greater gt lt gte lte precedes later earlier".split()
)
_NUMBERS: Final = frozenset({"major", "minor", "patch"})
_KEYS: Final = frozenset({"key", "tuple", "parts"})
_CORE: Final = frozenset({"core", "numbers", "base", "release", "stable", "same", "major", "minor"})
"""Words of functions that compare the numbers alone, and say so."""


@module_check("API367", words={"major", "version", "versions"})
def prerelease_not_compared(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at functions that compare the three numbers, where versions have more."""
    if module.is_test:
        return
    behind: list[str] | None = None
    for function in module.functions:
        compares = not set(words(function.name)).isdisjoint(_COMPARES) or _is_compared(module, function)
        if not compares or set(words(function.name)) & _CORE:
            continue
        said = said_in(function.body)
        if said & PRERELEASE or _asked_by_callers(inquiry, module, function):
            continue
        if said >= _NUMBERS:
            behind = sorted(set(fields_behind(inquiry.project))) if behind is None else behind
            place = _last(function) if behind else None
            if place is not None:
                yield Match(
                    place,
                    f"'{function.name}' compares the three numbers and leaves out '{behind[0]}': a beta counts as "
                    "equal to its release, and which of them is the newest is chance.",
                )
        else:
            cut = next((one for one in find(function.body, Index) if _cut_off(one)), None)
            if cut is not None:
                yield Match(
                    cut,
                    f"'{short(module.text_of(cut))}' cuts off what makes a version a prerelease before they are "
                    "compared: a beta counts as equal to its release.",
                    confidence=Confidence.POSSIBLE,
                )


def _is_compared(module: Module, function: Function) -> bool:
    """Tell whether things are put in order by what a function gives: ``_key`` in ``__lt__``, ``key=sort_key``."""
    if not _KEYS & set(words(function.name)):
        return False
    asked = (function_of(call) for call in module.calls((function.name,)))
    if any(around is not None and _COMPARES & set(words(around.name)) for around in asked):
        return True
    return any(
        isinstance(key, Name | Member) and definition(module, key) is function
        for call in module.calls(("sorted", "sort", "max", "min"))
        for key in [call.keywords.get("key")]
    )


def _asked_by_callers(inquiry: Inquiry, module: Module, function: Function) -> bool:
    """Tell whether all callers look at prereleases by themselves."""
    others = inquiry.project.modules(naming={function.name}, tests=False, using=module.path)
    callers = [
        caller
        for other in (module, *others)
        for call in other.calls((function.name,))
        if (caller := function_of(call)) is not None and caller is not function
    ]
    return bool(callers) and all(said_in(one.body) & PRERELEASE for one in callers)


def _last(function: Function) -> Node | None:
    """Return the answer that is made of the numbers."""
    answers = [one for one in find(function.body, Return) if one.value is not None and said_in(one.value) & _NUMBERS]
    return answers[-1] if answers else None


def _cut_off(index: Index) -> bool:
    """Tell whether a text loses what stands behind its first hyphen: ``version.split("-")[0]``."""
    call = strip(index.object)
    if not isinstance(call, Call) or call.name != "split" or not call.args:
        return False
    mark, first = strip(call.args[0]), strip(index.key)
    return isinstance(mark, Literal) and mark.value == "-" and isinstance(first, Literal) and first.value == 0
