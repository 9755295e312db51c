"""SEC009: one common bit of a mask is enough where all of them are required."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Binary, Cast, Expr, Function, If, Literal, Name, Param, Unary, strip
from reviewer.code.walk import function_of
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import path_words, surroundings, word_set
from reviewer.experts.security.vocabulary import ACTIONS, PERMISSION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_ASKED: Final = word_set("required requires needed needs requested wanted demanded mask flags flag bits") | ACTIONS
_HELD: Final = PERMISSION | {"rights", "scopes", "roles", "caps", "capabilities", "flags", "mask", "bits", "held"}
_MOST: Final = 12
"""Calls of one function that are looked at."""


@module_check("SEC009", words=_ASKED)
def any_bit_for_all(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each comparison of two masks' common bits with zero."""
    if module.is_test:
        return
    for test, common in _tests(module):
        for needed, held in ((strip(common.right), common.left), (strip(common.left), common.right)):
            several = _several(module, needed)
            if several is not None and path_words(held) & _HELD and not _means_any(test):
                yield Match(
                    test,
                    f"One bit of '{short(module.text_of(needed))}' that '{short(module.text_of(held))}' has is enough "
                    "here; all of them are required.",
                    fix="Compare with what is required: (held & needed) === needed.",
                    confidence=None if several else Confidence.POSSIBLE,
                )
                break


def _tests(module: Module) -> Iterator[tuple[Expr, Binary]]:
    """Yield (test, common bits): ``(held & needed) !== 0``, ``not held & needed``, ``if (held & needed)``."""
    for common in module.all(Binary):
        around = common.parent
        while isinstance(around, Cast):
            around = around.parent
        if common.op != "&" or around is None:
            continue
        if isinstance(around, Binary):
            zero = strip(around.right)
            compares = around.op in ("==", "!=", ">") and strip(around.left) is common
            if compares and isinstance(zero, Literal) and zero.value == 0:
                yield around, common
        elif isinstance(around, Unary) and around.op == "not":
            yield around, common
        elif isinstance(around, If) and strip(around.test) is common:
            yield common, common


def _several(module: Module, needed: Expr) -> bool | None:
    """Tell whether callers ask for several bits at once (True), or may (False); None for what asks for none."""
    if not isinstance(needed, Name) or not path_words(needed) & _ASKED:
        return None
    bound = module.scopes.lookup(needed.id, needed)
    param = bound[0] if len(bound) == 1 else None
    function = param.parent if isinstance(param, Param) else None
    if not isinstance(param, Param) or not isinstance(function, Function):
        return None
    place = function.params.index(param)
    others = module.project.modules(naming={function.name}, tests=False, using=module.path) if module.project else ()
    for other in (module, *(one for one in others if one is not module)):
        for call in islice(other.calls((function.name,)), _MOST):
            given = call.arg(place, param.name)
            if given is not None and _joined(given) and definition(other, call.callee) in (function, None):
                return True
    return False


def _joined(given: Expr) -> bool:
    made = strip(given)
    return isinstance(made, Binary) and made.op in ("|", "+")


def _means_any(test: Expr) -> bool:
    """Tell whether the function says that one is enough."""
    return bool(surroundings(function_of(test)) & {"any", "some", "either", "one", "overlaps", "intersects"})
