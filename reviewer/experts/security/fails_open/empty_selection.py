"""SEC008: where nothing is selected for somebody, the whole is handed over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import siblings
from reviewer.code.syntax import Conditional, Expr, If, Member, Name, Return, Statement, strip
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, function_of, walk
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import path_words, surroundings, word_set
from reviewer.experts.security.deciding.decisions import is_check
from reviewer.experts.security.fails_open.open_lists import TRIGGERS, empty_test, filled_test
from reviewer.experts.security.vocabulary import PERMISSION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_SELECTED: Final = word_set("fields columns tables collections folders keys attributes properties paths") | TRIGGERS
_GUESTS: Final = word_set("plugin extension addon panel widget skill bot integration connector grant consent caller")
"""Words of somebody for whom a host selects."""


@module_check("SEC008", words=_SELECTED)
def empty_selection(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each choice between some of a thing and the whole of it."""
    if module.is_test:
        return
    for choice in module.all(Conditional):
        emptied, whole, part = empty_test(choice.test), choice.then, choice.other
        if emptied is None:
            emptied, whole, part = filled_test(choice.test), choice.other, choice.then
        if emptied is not None:
            yield from _judged(module, choice, emptied, whole, part)
    for test in module.all(If):
        emptied = empty_test(test.test)
        answer, other = _only_answer(test.body), _next_answer(test)
        if answer is None or other is None:
            continue
        if emptied is not None:
            yield from _judged(module, answer, emptied, answer, other)
            continue
        filled = filled_test(test.test)
        if filled is not None:
            yield from _judged(module, other, filled, other, answer)


def _judged(module: Module, at: Node, emptied: Expr, whole: Expr, part: Expr) -> Iterator[Match]:
    whole, function = strip(whole), function_of(at)
    if function is None or not isinstance(whole, Name | Member) or not path_words(emptied) & _SELECTED:
        return
    texts = {module.text_of(node) for node in walk(part) if isinstance(node, Name | Member)}
    given, listed = module.text_of(whole), module.text_of(emptied)
    if given == listed or isinstance(strip(part), Name | Member) or not {given, listed} <= texts:
        return
    said = surroundings(function) | path_words(emptied) | {word for p in function.params for word in words(p.name)}
    asked = any(is_check(module, call) for call in calls_in(function.body))
    if not asked and not said & (PERMISSION | _GUESTS):
        return
    yield Match(
        at,
        f"Where '{short(listed)}' is empty, all of '{short(given)}' is given: nothing selected means nothing left out.",
        confidence=None if asked or path_words(emptied) & PERMISSION else Confidence.POSSIBLE,
    )


def _only_answer(body: list[Statement]) -> Expr | None:
    last = body[-1] if len(body) == 1 else None
    return last.value if isinstance(last, Return) else None


def _next_answer(test: If) -> Expr | None:
    beside = siblings(test)
    later = beside[beside.index(test) + 1 :] if test in beside and not test.orelse else test.orelse
    return later[0].value if len(later) == 1 and isinstance(later[0], Return) else None
