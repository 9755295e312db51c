"""FUN366: a manifest that can't be read is passed over, and nobody is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import guarding_try
from reviewer.code.syntax import Call, For, Handler, Jump, Return
from reviewer.code.text.words import words
from reviewer.code.walk import find, inside
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.fundamentals.discovery import PARSERS, Reading, readings
from reviewer.experts.silent_handlers import goes_on, says_why
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Statement, Try
    from reviewer.experts.check import Inquiry

_WORDS: Final = frozenset(word.lower() for name in PARSERS for word in words(name)) | {"require", "manifest"}
_ABSENT: Final = frozenset({"FileNotFoundError", "NotADirectoryError", "IsADirectoryError"})
"""Errors of a folder that holds no plugin."""
_OPENS: Final = frozenset({"readFile", "readFileSync", "read_text", "open", "read_bytes", "access", "stat"})


@module_check("FUN366", words=_WORDS)
def bad_manifest_unsaid(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what catches the error of one manifest inside a search for plugins."""
    if module.is_test or is_tooling(module.path) or inquiry.subject.kind != "host":
        return
    spoken: set[int] = set()
    for reading in readings(module):
        around = guarding_try(reading.call)
        handler = _silent(module, around, reading) if around is not None else None
        if around is None or handler is None or id(handler) in spoken:
            continue
        spoken.add(id(handler))
        yield Match(
            handler,
            f"A manifest with which '{short(module.text_of(reading.call.callee))}' fails is passed over without a "
            "word: the plugin is not there, and nobody can say why.",
            related=((reading.call, "what may fail"),),
            confidence=Confidence.POSSIBLE if _looks_for_file(around) else None,
        )


def _silent(module: Module, around: Try, reading: Reading) -> Handler | None:
    """Return the handler inside the search that takes any error and does nothing with it."""
    if not isinstance(reading.whole, For) or not inside(around, reading.whole):
        return None
    for handler in around.handlers:
        if any(module.text_of(kind) in _ABSENT for kind in handler.types):
            continue
        if all(goes_on(one) or _leaves(one) for one in handler.body) and not says_why(module, handler):
            return handler
    return None


def _leaves(statement: Statement) -> bool:
    return isinstance(statement, Jump | Return) and getattr(statement, "value", None) is None


def _looks_for_file(around: Try) -> bool:
    """Tell whether what is tried also finds out whether there is a manifest: most folders have none."""
    names = {call.name for statement in around.body for call in find(statement, Call, into_functions=False)}
    return bool(names & _OPENS)
