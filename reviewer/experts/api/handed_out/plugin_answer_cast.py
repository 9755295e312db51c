"""API181: the answer of a handler is declared to be of a type, and takes the place of what it was asked about."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Call, Cast, Expr, For, Function, If, Name, Return, strip
from reviewer.code.walk import ancestors, calls_in, find, function_of
from reviewer.core.scale import Confidence
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.guests import guest, runs_guest

if TYPE_CHECKING:
    from reviewer.code.module import Module

_NO_TYPES: Final = ("any", "unknown", "const", "never", "void", "Any", "object")


@module_check("API181", words={"as", "cast"})
def plugin_answer_cast(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each loop over handlers for an answer that is only called what it should be."""
    if module.is_test or module.language == "javascript":
        return
    for assign in module.all(Assign):
        cast = assign.value
        if not isinstance(cast, Cast) or not _says_a_type(cast):
            continue
        loop = next((one for one in ancestors(assign) if isinstance(one, For)), None)
        function = function_of(assign)
        if loop is None or function is None or not isinstance(assign.target, Name) or assign.declare:
            continue
        if not _checked(function, assign.target.id):
            yield from _match(module, assign, cast, assign.target.id)
    for call in module.calls(("reduce", "reduceRight")):
        step = call.arg(0)
        only = step.body[0] if isinstance(step, Function) and len(step.body) == 1 and len(step.params) > 1 else None
        cast = only.value if isinstance(only, Return) else None
        if isinstance(step, Function) and isinstance(cast, Cast) and _says_a_type(cast):
            yield from _match(module, cast, cast, step.params[0].name)


def _says_a_type(cast: Cast) -> bool:
    return cast.kind in ("as", "cast") and cast.type.strip() not in _NO_TYPES


def _match(module: Module, at: Expr, cast: Cast, value: str) -> Iterator[Match]:
    asked = _asked(module, cast, value)
    nothing = "None" if module.language == "python" else "undefined"
    if asked is not None:
        yield Match(
            at,
            f"'{value}' becomes whatever '{short(module.text_of(asked[0].callee))}' answers, and '{short(cast.type)}' "
            f"is only what it is called: a handler that gives back nothing makes it {nothing} for all that follow.",
            confidence=None if asked[1] is Confidence.LIKELY else asked[1],
        )


def _asked(module: Module, cast: Cast, value: str) -> tuple[Call, Confidence] | None:
    """Return the call that asks a guest about the very value that is replaced, and how sure that is."""
    for call in calls_in(cast):
        if value in {name.id for argument in call.args for name in find(argument, Name)}:
            sure = runs_guest(module, call)
            if sure is None:  # ``withDeadline(handler, value)``
                sure = next((made for one in call.args if (made := guest(module, one)) is not None), None)
            if sure is not None:
                return call, sure
    return None


def _checked(function: Function, name: str) -> bool:
    """Tell whether a function looks at a value before it goes on: a test, or a function that says what it is."""
    if any(node.id == name for test in find(function.body, If) for node in find(test.test, Name)):
        return True
    for call in calls_in(function.body):
        if call.name.startswith(("is", "assert", "parse", "valid", "check", "ensure")) and any(
            isinstance(strip(argument), Name) and getattr(strip(argument), "id", "") == name for argument in call.args
        ):
            return True
    return False
