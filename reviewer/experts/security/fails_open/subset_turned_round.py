"""SEC364: who asks for more than was granted passes, because the smaller set was held against the larger one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.syntax import Binary, Call, Expr, If, Name, Unary, strip
from reviewer.code.walk import walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words, path_words, word_set
from reviewer.experts.security.deciding.refusals import refuses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_GRANTED: Final = word_set("granted grants allowed allows permitted permits entitled held approved consented")
_ASKED: Final = word_set(
    "requested requests requests wanted wants needed needs asked asks required requires declared card manifest request"
)
"""Words of what somebody wants, or of the record in which he says so."""


@module_check("SEC364", words=_GRANTED)
def subset_turned_round(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each answer, and each refusal, that asks whether one set lies within another."""
    if module.is_test:
        return
    tests: list[Expr] = [one.value for f in module.functions for one in returns_of(f) if one.value is not None]
    for branch in module.all(If):
        asked = strip(branch.test)
        if refuses(branch.body) and isinstance(asked, Unary) and asked.op == "not":
            tests.append(asked.operand)
    for test in tests:
        for part in walk(test, into_functions=False):
            sides = _within(part)
            if sides is not None and _is_granted(module, sides[0]) and _is_asked(module, sides[1]):
                yield Match(
                    part,
                    f"'{short(module.text_of(part))}' holds where all that was granted is asked for, and not where all "
                    "that is asked for was granted: whoever asks for more passes, and who asks for less is refused.",
                    fix="Turn it round: what is asked for has to lie within what was granted.",
                )


def _within(part: object) -> tuple[Expr, Expr] | None:
    """Return the two sides of ``a <= b``, ``a.issubset(b)``, ``b.issuperset(a)`` and ``a.isSubsetOf(b)``."""
    if isinstance(part, Binary) and part.op in ("<=", ">="):
        return (part.left, part.right) if part.op == "<=" else (part.right, part.left)
    if isinstance(part, Call) and part.receiver is not None and len(part.args) == 1:
        if part.name in ("issubset", "isSubsetOf"):
            return part.receiver, part.args[0]
        if part.name in ("issuperset", "isSupersetOf"):
            return part.args[0], part.receiver
    return None


def _is_granted(module: Module, side: Expr) -> bool:
    return bool(set(last_words(_named(module, side))) & _GRANTED)


def _is_asked(module: Module, side: Expr) -> bool:
    """Tell whether a side is what somebody says of himself; numbers have no members that are granted."""
    named = _named(module, side)
    return bool(path_words(named) & _ASKED) and not path_words(named) & _GRANTED


def _named(module: Module, side: Expr) -> Expr:
    """Return a side itself where its name says something, else what it was made of."""
    side = strip(side)
    if isinstance(side, Call) and side.name in ("set", "Set", "frozenset") and side.args:
        return strip(side.args[0])
    made = module.scopes.origin(side) if isinstance(side, Name) else None
    plain = isinstance(side, Name) and not set(last_words(side)) & (_GRANTED | _ASKED)
    return made if plain and isinstance(made, Expr) else side
