"""API497: what many plugins answered is called a number, and added up unseen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Assign, Binary, Call, Cast, Expr, For, Function, Member, Name, Param, strip
from reviewer.code.text.words import words
from reviewer.code.walk import function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.guests import ROLES
from reviewer.experts.patterns.vocabulary import PLUGINS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_RECKONS: Final = frozenset({"+", "-", "*", "/"})
_OPEN: Final = ("unknown", "any")
_LOOKS: Final = ("typeof ", "isFinite", "isInteger", "isNaN", "isSafeInteger", "isNumber", ".parse(", "Number(")
_GATHERS: Final = frozenset({"all", "allSettled"})
_EACH: Final = frozenset({"reduce", "reduceRight", "map", "forEach", "flatMap"})


@module_check("API497", words={"as", "number"})
def cast_and_reckoned(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each sum with a value that is only called a number, and comes from a list of answers."""
    if module.is_test or module.language != "typescript" or inquiry.subject.kind == "plugin":
        return
    if not module.words & (ROLES | PLUGINS):
        return
    for cast in module.all(Cast):
        around = cast.parent
        while isinstance(around, Cast):
            around = around.parent
        reckons = (isinstance(around, Binary) and around.op in _RECKONS) or (
            isinstance(around, Assign) and around.op in ("+=", "-=", "*=")
        )
        if cast.kind != "as" or cast.type.strip() != "number" or not reckons:
            continue
        function = function_of(cast)
        answers = _answers(module, cast.value)
        if function is None or answers is None or any(look in module.text_of(function) for look in _LOOKS):
            continue
        if _is_open(module, answers):
            yield Match(
                cast,
                f"'{short(module.text_of(cast.value))}' is only called a number: a text that a plugin answers is put "
                "behind the digits, and nothing, or no number, makes NaN of all that comes after.",
                fix="Ask typeof and Number.isFinite, and keep it within bounds.",
            )


def _answers(module: Module, value: Expr) -> Expr | None:
    """Return the list of answers that a value is one of."""
    root = strip(value)
    while isinstance(root, Member):
        root = strip(root.object)
    bound = module.scopes.lookup(root.id, root)[:1] if isinstance(root, Name) else []
    if not bound:
        return None
    if isinstance(bound[0], For):
        return bound[0].iterable
    step = bound[0].parent if isinstance(bound[0], Param) else None
    each = step.parent if isinstance(step, Function) else None
    return each.receiver if isinstance(each, Call) and each.name in _EACH else None


def _is_open(module: Module, answers: Expr) -> bool:
    """Tell whether the types say nothing of what is in a list, which many that were asked together gave."""
    made: Expr | None = strip(answers)
    if isinstance(made, Name):
        bound = module.scopes.lookup(made.id, made)
        only = bound[0] if len(bound) == 1 else None
        made = strip(only.value) if isinstance(only, Assign) and only.value is not None else None
    if not isinstance(made, Call):
        return False
    target = definition(module, made.callee)
    if isinstance(target, Function):
        return any(word in words(target.returns) for word in _OPEN)
    return made.name in _GATHERS
