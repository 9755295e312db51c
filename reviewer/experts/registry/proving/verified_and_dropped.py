"""REG046: verified bytes are thrown away, and the same thing is opened once more to be used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of, use_of
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Call, Function
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of, inside
from reviewer.experts.check import Match, module_check
from reviewer.experts.registry.entering import reached
from reviewer.experts.registry.verification import comparisons, is_fetch
from reviewer.experts.registry.vocabulary import DIGESTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_BRINGS: Final = frozenset("open fetch get read download request pull retrieve load stream create".split())
"""First words of calls that bring bytes."""


@module_check("REG046", words=DIGESTS)
def verified_and_dropped(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at calls of functions that give verified bytes, where nobody takes them."""
    if module.is_test:
        return
    for check in module.all(Call):
        function, target = function_of(check), definition(module, check.callee)
        if function is None or not isinstance(target, Function) or target is function or use_of(check).how != "dropped":
            continue
        if not any(one.value is not None for one in returns_of(target)):
            continue
        ways = reached(module, target)
        if not any(inside(one.node, way) for one in comparisons(module) for way in ways):
            continue
        brought = {_spelled(module, call) for way in ways for call in find(way.body, Call) if _brings(module, call)}
        for call in find(function.body, Call):
            later = call.raw.start_byte > check.raw.end_byte and not inside(call, check)
            if later and _brings(module, call) and _spelled(module, call) in brought:
                yield Match(
                    call,
                    f"What '{target.name}' verified is thrown away, and the same thing is brought a second time here: "
                    "what is used was never verified.",
                    related=((check, "the bytes that were verified"),),
                )
                break


def _brings(module: Module, call: Call) -> bool:
    return bool(call.args) and (is_fetch(module, call) or bool(set(words(call.name)[:1]) & _BRINGS))


def _spelled(module: Module, call: Call) -> str:
    return " ".join(module.text_of(call).split())
