"""SEC003: a hook that is asked before something is done says yes where it failed to look."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Literal, Return, Try, uncast
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.security.deciding.decisions import gives_boolean, is_decision
from reviewer.experts.silent_handlers import catches_all

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Function
    from reviewer.experts.check import Inquiry

_BEFORE: Final = frozenset({"before", "pre", "will"})
"""Words of a hook that is asked while what it is about can still be stopped."""


@module_check("SEC003", words=_BEFORE)
def hook_error_passes(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the handlers of hooks whose yes or no decides whether something is done."""
    if module.is_test:
        return
    for node in module.all(Try):
        function = function_of(node)
        if function is None or not _is_asked_before(module, function) or not _answers(node):
            continue
        for handler in node.handlers:
            said = next((one for one in find(handler.body, Return, into_functions=False) if _is_yes(one)), None)
            if said is not None and catches_all(module, handler):
                yield Match(
                    said,
                    f"'{function.name}' is asked before the deed and answers yes where it could not look: whatever "
                    "makes it fail gets past it.",
                )


def _is_asked_before(module: Module, function: Function) -> bool:
    """Tell whether a function is a hook that comes first and says yes or no; decisions by name are found elsewhere."""
    said = set(words(function.name))
    return bool(said & _BEFORE) and not is_decision(function) and gives_boolean(module, function)


def _answers(node: Try) -> bool:
    """Tell whether a ``try`` finds out what is answered, or says no itself."""
    given = [uncast(one.value) for one in find(node.body, Return, into_functions=False) if one.value is not None]
    return any(not isinstance(one, Literal) or one.value is False for one in given)


def _is_yes(answer: Return) -> bool:
    said = uncast(answer.value) if answer.value is not None else None
    return isinstance(said, Literal) and said.value is True
