"""PAT022 and PAT023: what the tests of a subject never try: a refusal, and an end."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING, Final

from reviewer.code.contexts import STARTERS
from reviewer.code.syntax import Call, Function, Literal, Member, Return, Throw
from reviewer.code.text.ideas import GRANTS, HELD, RIGHTS
from reviewer.code.walk import walk
from reviewer.core.location import Location
from reviewer.experts.check import Match, subject_check
from reviewer.experts.contract import plugin_definitions
from reviewer.experts.drawn import Drawn, Fact
from reviewer.experts.paths import word_set
from reviewer.experts.patterns.vocabulary import spelled
from reviewer.experts.place import locate

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_CHECKS: Final = GRANTS | word_set("permission permissions allowed permitted authorize authorise granted entitled acl")
_VERBS: Final = word_set(
    "check has is may can assert require ensure allows authorize authorise verify allowed permitted"
)
_REFUSALS: Final = (
    b"throw", b"reject", b"raises", b"den", b"refus", b"forbid", b"not allow", b"unauthor", b"false", b"False", b"403",
    b"PermissionError", b"without", b"no permission", b"block",
)  # fmt: skip
_MOST_TESTS: Final = 200


@subject_check("PAT022")
def refusal_never_tested(inquiry: Inquiry) -> Iterator[Match]:
    """Speak where a subject decides about permissions and its tests never meet a no."""
    tests = _tests(inquiry)
    if not tests or any(any(sign in test.source for sign in _REFUSALS) for test in tests):
        return
    for module in inquiry.project.modules(naming=_CHECKS | RIGHTS, tests=False):
        for function in module.functions:
            words = set(spelled(function.name))
            asked = {word for param in function.params for word in spelled(param.name)}
            about = words & _CHECKS or (words & RIGHTS and asked & HELD)
            if about and words & _VERBS and not function.signature_only and _refuses(function):
                yield Match(
                    locate(module, function),
                    f"'{function.name}' can say no, and no test of this project ever meets that answer: a check that "
                    "allows everything would pass them all.",
                )
                return


@subject_check("PAT023")
def end_never_tested(inquiry: Inquiry) -> Iterator[Match]:
    """Speak where the tests start a plugin and never end it."""
    tests = _tests(inquiry)
    if not tests:
        return
    called = frozenset().union(*(test.identifiers for test in tests))
    for pair in chain.from_iterable(_PAIRS.of(inquiry)):
        if pair.start in called and pair.stop not in called:
            yield Match(
                pair.at,
                f"The tests call '{pair.start}' and never '{pair.stop}': what stays behind after it, nobody would see.",
            )
            return


class _Pair(Fact, frozen=True):
    """The members that start a plugin and end it, and where the end stands."""

    start: str
    stop: str
    at: Location


def _pairs(_inquiry: Inquiry, module: Module) -> list[_Pair]:
    return [
        _Pair(plugin.start.name, plugin.stop.name, locate(module, plugin.stop))
        for plugin in plugin_definitions(module)
        if plugin.stop is not None
    ]


_PAIRS: Final = Drawn("patterns.ends", _pairs, list[_Pair], STARTERS, tests=False)


def _tests(inquiry: Inquiry) -> list[Module]:
    found: list[Module] = []
    for module in inquiry.project.modules(tests=True):
        if b"assert" in module.source or b"expect" in module.source or b"test(" in module.source:
            found.append(module)
        if len(found) > _MOST_TESTS:
            return []
    return found


def _refuses(function: Function) -> bool:
    for node in walk(function.body):
        if isinstance(node, Throw):
            return True
        if isinstance(node, Return) and node.value is not None:
            value = node.value
            if not (isinstance(value, Literal) and value.value is True) and not isinstance(value, Member):
                return True
        if isinstance(node, Call) and node.name in ("has", "includes"):
            return True
    return False
