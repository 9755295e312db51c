"""API181: the answer of a handler is declared to be of a type, and takes the place of what it was asked about."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Call, Cast, For, Function, If, Name, strip
from reviewer.code.walk import ancestors, calls_in, find, function_of
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.communication.vocabulary import HANDLERS
from reviewer.experts.data.messages import short
from reviewer.experts.paths import path_words

if TYPE_CHECKING:
    from reviewer.code.module import Module

_ASKED: Final = HANDLERS | {"plugin", "plugins", "extension", "extensions", "decorator", "decorators", "step", "steps"}
_NO_TYPES: Final = ("any", "unknown", "const", "never", "void")


@module_check("API181", words=_ASKED)
def plugin_answer_cast(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each loop over handlers for an answer that is only called what it should be."""
    if module.is_test or module.language != "typescript":
        return
    for assign in module.all(Assign):
        cast = assign.value
        if not isinstance(cast, Cast) or cast.kind != "as" or cast.type.strip() in _NO_TYPES:
            continue
        loop = next((one for one in ancestors(assign) if isinstance(one, For)), None)
        function = function_of(assign)
        if loop is None or function is None or not isinstance(assign.target, Name) or assign.declare:
            continue
        asked = _asked(loop, cast, assign.target.id)
        if asked is not None and not _checked(function, assign.target.id):
            yield Match(
                assign,
                f"'{assign.target.id}' becomes whatever '{short(module.text_of(asked.callee))}' answers, and "
                f"'{short(cast.type)}' is only what it is called: a handler that gives back nothing makes it undefined "
                "for all that follow.",
            )


def _asked(loop: For, cast: Cast, value: str) -> Call | None:
    """Return the call that asks a handler of the loop about the very value that is replaced."""
    if loop.target is None or not (path_words(loop.iterable) | path_words(loop.target)) & _ASKED:
        return None
    items = {name.id for name in find(loop.target, Name)}
    for call in calls_in(cast):
        given = {name.id for argument in call.args for name in find(argument, Name)}
        on_item = {name.id for name in find(call.callee, Name)}
        if value in given and items & (given | on_item):
            return call
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
