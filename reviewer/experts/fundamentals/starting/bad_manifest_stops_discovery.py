"""FUN022: one manifest that can't be read ends the search for all plugins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import guarding_try
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Await, Call, Expr, Function, Handler, Literal, Member, Name, Node, Throw, Try, strip
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, function_of
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.fundamentals.discovery import PARSERS, Reading, readings
from reviewer.experts.lifecycle.vocabulary import PLAIN_PLUGIN_WORDS
from reviewer.experts.paths import surroundings
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
            confidence=None if _of_plugins(module, reading.call) else Confidence.POSSIBLE,
        )


def _of_plugins(module: Module, call: Call) -> bool:
    """Tell whether it is plugins that a search is for, by its words, its names or the files that it reads."""
    function = function_of(call)
    said = surroundings(function) | set(words(module.path)) | set(words(module.text_of(call)))
    if function is not None:
        said |= {word for one in find(function.body, Name) for word in words(one.id)}
        said |= {word for one in find(function.body, Member) for word in words(one.name)}
        said |= {
            word for one in find(function.body, Literal) if isinstance(one.value, str) for word in words(one.value)
        }
    said |= _handed_as(call)
    return bool(said & (PLAIN_PLUGIN_WORDS | {"manifest", "manifests", "package", "packages", "module", "modules"}))


def _handed_as(call: Call) -> set[str]:
    """Return the words of how a function of the subject calls what it is handed: ``check(name, JSON.parse(text))``."""
    around = call.parent.parent if isinstance(call.parent, Await) else call.parent
    target = definition_of(around) if isinstance(around, Call) else None
    if target is None or not isinstance(around, Call):
        return set()
    place = next((at for at, arg in enumerate(around.args) if strip(arg) is call), len(target.params))
    return {word for param in target.params[place : place + 1] for word in words(f"{param.name} {param.type}")}


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
