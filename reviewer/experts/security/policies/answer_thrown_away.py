"""SEC019: somebody is asked what a guest may have, the answer is dropped, and what the guest asked for is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import use_of
from reviewer.code.reach.links import callee, declared_type
from reviewer.code.syntax import Await, Call, Expr, Throw, strip
from reviewer.code.text.ideas import RIGHTS
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.aliases import alias_text
from reviewer.experts.data.messages import short
from reviewer.experts.paths import word_set
from reviewer.experts.security.asked import asked
from reviewer.experts.security.values.access import step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_ASKS: Final = word_set("confirm consent approve prompt ask agree review decide")
"""First words of what asks a person or a policy, and answers with what is allowed."""
_WISHES: Final = RIGHTS | word_set("wants wanted wishes asks requested requests demands")
_ANSWERS: Final = regex(r"(?i)(?:list|set|sequence|iterable|bool|boolean|array|\[\]|mapping|dict|record)")


@module_check("SEC019", words=_ASKS)
def answer_thrown_away(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each question that is told what a guest asks for, and of which nobody reads the answer."""
    if module.is_test:
        return
    for call in module.all(Call):
        if not set(words(call.name)) & _ASKS or not _is_dropped(call) or not _gives_answer(module, call):
            continue
        wish = next((one for one in map(strip, (*call.args, *call.keywords.values())) if _is_wish(module, one)), None)
        if wish is not None and _goes_on(module, call, wish):
            yield Match(
                call,
                f"What '{short(module.text_of(call.callee))}' answers is dropped, and '{short(module.text_of(wish))}' "
                "is kept as it was asked for: whatever is agreed to, the guest has all of it.",
            )


def _is_dropped(call: Call) -> bool:
    return use_of(call).how == "dropped" and (
        not isinstance(call.parent, Await) or use_of(call.parent).how == "dropped"
    )


def _gives_answer(module: Module, call: Call) -> bool:
    """Tell whether a question has an answer, and does not refuse by an error instead."""
    target = callee(module, call)
    if target is not None:
        return bool(_ANSWERS.search(target.returns)) and not any(True for _ in find(target.body, Throw))
    declared = declared_type(module, call.callee)
    declared = alias_text(module, declared.strip()) or declared
    return bool(_ANSWERS.search(declared.rpartition(",")[2] or declared))


def _is_wish(module: Module, given: Expr) -> bool:
    found = step(given)
    return asked(module, given) is not None or (found is not None and bool(set(words(found[1])) & _WISHES))


def _goes_on(module: Module, call: Call, wish: Expr) -> bool:
    """Tell whether what was asked for is used behind the question, in the same words."""
    function, text = function_of(call), module.text_of(wish)
    later = find(function.body, type(wish)) if function is not None else ()
    return any(one.start > call.stop and module.text_of(one) == text for one in later)
