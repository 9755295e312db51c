"""PAT441: a quota is asked what is left, others are waited for, and only after that is it told of the use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits, in_handler
from reviewer.code.reach.links import callee
from reviewer.code.syntax import Await, Call, Function, If, Member, Throw
from reviewer.code.text.words import words
from reviewer.code.walk import behind, calls_in, find, inside, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words, word_set
from reviewer.experts.patterns.alone import alone
from reviewer.experts.patterns.changes import CHANGES, changed_root
from reviewer.experts.patterns.limits.limit_shared import QUOTAS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_KEEPERS: Final = (QUOTAS | word_set("meter meters ration rations limits ledger wallet")) - {
    "requests",
    "calls",
    "token",
}
"""What something is called that knows how much of a right is used up."""
_ASKS: Final = word_set(
    "left remaining remains allows allow allowed can may has have exhausted spent exceeded exceeds over empty full "
    "within available fits enough room free blocked permits"
)
"""Words of a method that says how much is left."""
_SPENDS: Final = word_set(
    "take consume spend use used count record charge debit deduct add increment increase book hit note draw bump tick"
)
"""Words of a method that lets a use count."""
_RESERVES: Final = word_set("try take acquire consume reserve spend charge claim book enter")
"""Words of a question that takes at once what it grants."""


@module_check("PAT441", words=_KEEPERS)
def spent_after_wait(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each question to a quota for an await between it and the call that counts the use."""
    if module.is_test:
        return
    for function in module.functions:
        if not function.asynchronous or function.generator:
            continue
        for test in find(function.body, If, into_functions=False):
            asked = _question(module, test)
            late = _spent_late(module, function, test, asked) if asked is not None else None
            if asked is not None and late is not None and not alone(module, function):
                yield Match(
                    late,
                    f"'{short(module.text_of(asked))}' was asked before an await, and the use is counted only here: "
                    "all that come in meanwhile are told the same, and what fails is never counted.",
                    related=((asked, "asked here"),),
                )
                break


def _question(module: Module, test: If) -> Call | None:
    """Return the call by which a test asks a quota whether one more use fits, where it refuses."""
    if not exits(test.body) or not any(isinstance(one, Throw) for one in walk(test.body, into_functions=False)):
        return None
    for call in calls_in([test.test]):
        said = set(words(call.name))
        if call.receiver is None or not said & _ASKS or said & _RESERVES:
            continue
        if set(last_words(call.receiver)) & _KEEPERS and not _changes(module, call):
            return call
    return None


def _changes(module: Module, call: Call) -> bool:
    """Tell whether what is asked also changes what it knows: then it reserves."""
    asked = callee(module, call)
    return asked is not None and any(
        isinstance(root := changed_root(node), Member) and root.name
        for node in walk(asked.body, into_functions=False)
        if isinstance(node, CHANGES)
    )


def _spent_late(module: Module, function: Function, test: If, asked: Call) -> Call | None:
    """Return the call that counts the use, where it stands behind an await that stands behind the question."""
    keeper = module.text_of(asked.receiver) if asked.receiver is not None else ""
    later = [
        call
        for call in calls_in(function.body)
        if call.receiver is not None and behind(call, test) and module.text_of(call.receiver) == keeper
    ]
    spends = next((call for call in later if set(words(call.name)) & _SPENDS), None)
    if spends is None or in_handler(spends) is not None:
        return None  # failures are counted where they are known, once the wait is over
    if any(call.name == asked.name and behind(spends, call) for call in later):
        return None  # it is asked again
    waits = find(function.body, Await, into_functions=False)
    return (
        spends if any(behind(one, test) and behind(spends, one) and not inside(spends, one) for one in waits) else None
    )
