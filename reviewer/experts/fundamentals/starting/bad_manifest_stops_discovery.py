"""FUN022: one manifest that can't be read ends the search for all plugins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import guarding_try
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Call, Expr, Function, Handler, Node, Throw, Try
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find
from reviewer.experts.check import Match, module_check
from reviewer.experts.fundamentals.discovery import PARSERS, Reading, readings
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_SETTLES: Final = frozenset({"settled", "settle", "safely", "tolerant", "attempt", "quietly"})
_WORDS: Final = frozenset(word.lower() for name in PARSERS for word in words(name)) | {"require", "manifest"}


@module_check("FUN022", words=_WORDS)
def bad_manifest_stops_discovery(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak once for each search in which no turn catches the error of its own manifest."""
    if module.is_test or is_tooling(module.path) or inquiry.subject.kind != "host":
        return
    spoken: set[int] = set()
    for reading in readings(module):
        if spoken & {id(reading.whole), id(reading.call)} or _caught(reading) or _settled(reading.whole):
            continue
        spoken |= {id(reading.whole), id(reading.call)}
        yield Match(
            reading.call,
            f"One manifest that can't be read makes '{_shown(module, reading.call)}' throw and ends the search: the "
            "plugins behind it are never found.",
        )


def _shown(module: Module, call: Call) -> str:
    text = " ".join(module.text_of(call.callee).split())
    return text if len(text) <= 40 else text[:39] + "…"


def _caught(reading: Reading) -> bool:
    """Tell whether the error is caught inside the turn, or by the function that reads."""
    inner: Node = reading.call
    for around in ancestors(reading.call):
        inside = isinstance(around, Try) and any(inner is one for one in around.body)
        if inside and isinstance(around, Try) and any(not _rethrows(handler) for handler in around.handlers):
            return True
        if isinstance(around, Call) and around.name == "catch":
            return True
        if isinstance(around, Call) and around is not reading.call and _SETTLES & set(words(around.name)):
            return True
        if around is reading.turn:
            break
        inner = around
    target = definition_of(reading.call)
    return target is not None and any(not _rethrows(one) for one in find(target.body, Handler) if _wide(one, target))


def definition_of(call: Call) -> Function | None:
    """Return the function of the subject that a call runs, where it can be told from the call alone."""
    for around in ancestors(call):
        if isinstance(around, Function):
            found = definition(around.module, call.callee)
            return found if isinstance(found, Function) else None
    return None


def _wide(handler: Handler, function: Function) -> bool:
    """Tell whether a handler stands at the top of a function, around most of it."""
    return guarding_try(handler) is None and handler.raw.start_byte >= function.raw.start_byte


def _rethrows(handler: Handler) -> bool:
    return any(True for _ in find(handler.body, Throw, into_functions=False))


def _settled(whole: Node) -> bool:
    """Tell whether all turns are awaited in a way that keeps what the others gave."""
    if not isinstance(whole, Expr):
        return False
    for around in ancestors(whole):
        if isinstance(around, Call):
            if "return_exceptions" in around.keywords or _SETTLES & set(words(around.name)):
                return True
        elif isinstance(around, Function):
            return False
    return False
