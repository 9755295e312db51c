"""SEC031: somebody is asked, and a guard stops only the one answer that says no."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Binary, Call, Function, If, Literal, Member, Name, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import word_set
from reviewer.experts.security.deciding.refusals import refuses
from reviewer.experts.security.deciding.verdicts import GRANTING
from reviewer.experts.security.vocabulary import says

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_ASKS: Final = word_set("ask asks prompt confirm dialog consult")
"""First words of a call that puts a question to a person."""
_NO: Final = word_set("deny denied forbid forbidden refuse refused reject rejected no")
_YES: Final = GRANTING | word_set("yes ok accept accepted approve approved")


@module_check("SEC031", words=_ASKS)
def only_no_refuses(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at guards that leave for one answer, and at what the answer comes from."""
    if module.is_test or inquiry.subject.kind == "plugin":
        return
    for guard in module.all(If):
        test, function = strip(guard.test), function_of(guard)
        if not isinstance(test, Binary) or test.op != "==" or function is None or guard.orelse:
            continue
        asked = strip(test.left)
        if not isinstance(asked, Name) or not says(strip(test.right), _NO) or not refuses(guard.body):
            continue
        if _is_answer(function, asked.id) and not _asks_for_yes(function, asked.id):
            yield Match(
                guard.test,
                f"'{short(module.text_of(guard.test))}' stops one answer alone: a closed dialog, no answer at all and "
                "a misspelt one pass as consent.",
            )


def _is_answer(function: Function, name: str) -> bool:
    """Tell whether a variable of a function is given what a person answers."""
    for kept in find(function.body, Assign, into_functions=False):
        made = strip(kept.value) if kept.value is not None else None
        given = isinstance(kept.target, Name) and kept.target.id == name
        if given and isinstance(made, Call) and set(words(made.name)[:1]) & _ASKS:
            return True
    return False


def _asks_for_yes(function: Function, name: str) -> bool:
    """Tell whether a function compares the same answer with one that grants, or looks it up in a list."""
    for test in find(function.body, Binary, into_functions=False):
        sides = [strip(test.left), strip(test.right)]
        about = any(isinstance(one, Name) and one.id == name for one in sides)
        if about and (test.op in ("in", "not in") or any(_says_yes(one) for one in sides)):
            return True
    return False


def _says_yes(side: object) -> bool:
    return isinstance(side, Literal | Member | Name) and says(side, _YES)
