"""SEC004: a guard that asks nothing but whether somebody was denied something: whatever nobody ruled on passes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Expr, Function, If, Name, Throw, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import path_words, word_set
from reviewer.experts.security.deciding.decisions import is_check, throws_refusal
from reviewer.experts.security.deciding.entries import membership
from reviewer.experts.security.vocabulary import PERMISSION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_DENIED: Final = word_set("deny denied denies denials forbidden refused prohibited disallowed withheld")
"""Words of what says which rights somebody was denied; whoever is blocked as a whole is another matter."""
_GIVEN: Final = PERMISSION - {"forbidden", "access"} | {"scope", "scopes", "right"}
_WHO_AND_WHAT: Final = 2


@module_check("SEC004", words=_DENIED)
def deny_list_only(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each guard about somebody and a right for what it asks."""
    if module.is_test:
        return
    for function in module.functions:
        if len(function.params) < _WHO_AND_WHAT or not throws_refusal(function):
            continue
        refusing = [test for test in find(function.body, If) if any(isinstance(one, Throw) for one in test.body)]
        held = _denied_to(function, refusing[0].test) if len(refusing) == 1 else None
        if held is None or any(is_check(module, call) for call in find(function.body, Call)) or _grants_too(function):
            continue
        yield Match(
            refusing[0].test,
            f"'{function.name}' asks '{short(module.text_of(held))}' alone: whoever was never ruled on may do "
            "everything.",
        )


def _denied_to(function: Function, test: Expr) -> Expr | None:
    """Return the list of what was denied to one parameter, in which a test seeks another and nothing else is asked."""
    whole, part = membership(strip(test))
    given = {param.name for param in function.params}
    if whole is None or part is None or not isinstance(strip(part), Name) or not names_in(part) & given:
        return None
    by_whom = names_in(whole) & given
    return whole if by_whom and path_words(whole) & _DENIED and not path_words(whole) & (_GIVEN - _DENIED) else None


def _grants_too(function: Function) -> bool:
    """Tell whether the class speaks of what is granted, too, which may be asked elsewhere."""
    owner = function.owner
    named = {word for one in (owner.fields if owner is not None else ()) for word in words(one.name)}
    named |= {
        word for one in (owner.methods if owner is not None else ()) if one is not function for word in words(one.name)
    }
    return bool(named & (_GIVEN | {"grant", "grants", "allow", "permit"}))
