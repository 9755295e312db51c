"""SEC364: a guard refuses those who have the right, and lets all the others in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Binary, Call, Expr, If, Literal, Member, Name, Throw, strip
from reviewer.code.text.ideas import HELD
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words, path_words, word_set
from reviewer.experts.security.deciding.decisions import is_check
from reviewer.experts.security.vocabulary import REQUIREMENTS, TRIGGERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_HELD: Final = HELD | word_set("roles role permission granted scope claims allowed groups")
"""Last words of what somebody has been given."""
_DENIALS: Final = word_set(
    "denied permission permissiondenied permissionerror forbidden unauthorized unauthorised refused notallowed allowed "
    "privilege accessdenied missing rightmissing httpforbidden"
)
_NOT_HELD: Final = REQUIREMENTS | word_set(
    "not no without un lacks pending requested asked reserved taken public guest"
)
_HAS: Final = frozenset({"has", "includes", "contains", "get"})


@module_check("SEC364", words=TRIGGERS | _HELD)
def guard_turned_round(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each refusal for what has to hold in front of it."""
    if module.is_test:
        return
    for test in module.all(If):
        if test.orelse or not _denies(test):
            continue
        asked = strip(test.test)
        if _has_it(module, asked):
            yield Match(
                test,
                f"'{short(module.text_of(asked))}' holds for those who may, and they are refused here: everybody else "
                "gets through.",
            )


def _denies(test: If) -> bool:
    """Tell whether a branch ends in an error that says that something is not permitted."""
    last = test.body[-1] if test.body else None
    made = strip(last.value) if isinstance(last, Throw) and last.value is not None else None
    named = made.callee if isinstance(made, Call) else made
    if not isinstance(named, Name | Member):
        return False
    if set(last_words(named)) & _DENIALS and not {"already", "exists", "duplicate"} & set(last_words(named)):
        return not _says_more(made)
    return any(isinstance(arg, Literal) and arg.value == 403 for arg in (made.args if isinstance(made, Call) else ()))


def _says_more(made: Expr | None) -> bool:
    """Tell whether the text of an error says that somebody has, or is, what he should not."""
    texts = [str(node.value).lower() for node in find(made, Literal)] if made is not None else []
    return any(
        word in text for text in texts for word in ("already", "must not", "may only", "reserved", "twice", "own")
    )


def _has_it(module: Module, asked: Expr) -> bool:
    """Tell whether a condition holds where somebody has what is needed."""
    if isinstance(asked, Binary) and asked.op == "in":
        return _is_held(asked.right)
    if not isinstance(asked, Call):
        return False
    if asked.name in _HAS and asked.receiver is not None:
        return _is_held(asked.receiver)
    said = set(words(asked.name))
    positive = said & {"allows", "allowed", "may", "can", "permits", "permitted", "granted", "authorized"}
    return is_check(module, asked) and bool(positive) and not said & _NOT_HELD and not list(calls_in(asked.args))


def _is_held(expr: Expr) -> bool:
    last = set(last_words(expr)[-1:])
    return bool(last & _HELD) and not path_words(expr) & _NOT_HELD
