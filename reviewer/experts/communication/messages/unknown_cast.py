"""COM034: what somebody sent is only called what it should be, and goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Cast, Function, Name, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.looks import looked_at
from reviewer.experts.communication.messages.message_fields import handed_on
from reviewer.experts.data.messages import short
from reviewer.experts.paths import word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_SENT: Final = word_set("data message msg payload request req raw body input event packet envelope frame")
_TAKES: Final = word_set("handle receive on dispatch process serve accept execute invoke call route deliver")
"""First words of a function that takes what others send."""
_UNTOLD: Final = frozenset({"unknown", "any"})
_NO_SHAPE: Final = ("unknown", "any", "const", "never", "Record<", "string", "object", "{ [", "Partial<")


@module_check("COM034", words=_TAKES)
def unknown_cast(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that takes something of which nothing is known, and calls it something."""
    if module.is_test or module.language != "typescript":
        return
    for function in module.functions:
        if not set(words(function.name)[:1]) & _TAKES or function.signature_only:
            continue
        unknown = {p.name for p in function.params if p.type.strip() in _UNTOLD and set(words(p.name)) & _SENT}
        for assign in find(function.body, Assign) if unknown else ():
            yield from _judged(module, function, assign, unknown)


def _judged(module: Module, function: Function, assign: Assign, unknown: set[str]) -> Iterator[Match]:
    cast, target = assign.value, assign.target
    given = strip(cast) if isinstance(cast, Cast) else None
    if not isinstance(cast, Cast) or cast.kind != "as" or not isinstance(given, Name) or given.id not in unknown:
        return
    if cast.type.strip().startswith(_NO_SHAPE) or not isinstance(target, Name):
        return
    names = {given.id, target.id}
    used = handed_on(function, names, set(), set())
    if used is None or looked_at(function, names):
        return
    yield Match(
        assign,
        f"'{given.id}' is anything that somebody sent, and '{short(cast.type)}' is only what it is called: "
        f"'{short(module.text_of(used[1]))}' goes on to '{short(module.text_of(used[0].callee))}' with no test of its "
        "type.",
        related=((used[0], "used here"),),
    )
