"""COM620: what one read of a stream happens to give is taken for one message."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Call, Function, Literal, Name, Unary, strip
from reviewer.code.walk import find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words, path_words, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_READS: Final = frozenset({"read", "recv", "sock_recv"})
_STREAMS: Final = word_set("reader sock socket conn connection client peer pipe stdout")
_SOURCES: Final = _STREAMS | word_set("child proc process stdin subprocess stream")
_PARSES: Final = frozenset({"loads", "parse", "unpackb", "decode"})
_BY: Final = frozenset(
    {"json.loads", "JSON.parse", "orjson.loads", "ujson.loads", "msgpack.unpackb", "simplejson.loads"}
)
_DATAGRAMS: Final = (b"DGRAM", b"recvfrom", b"SEQPACKET", b"Datagram", b"WebSocket", b"websocket")


@module_check("COM620", words={"recv", "reader", "socket", "sock", "stdout", "conn", "stdin"})
def message_per_read(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what is read of a stream and parsed as it is."""
    if module.is_test or any(word in module.source for word in _DATAGRAMS):
        return
    yield from _read(module) if module.language == "python" else _heard(module)


def _read(module: Module) -> Iterator[Match]:
    for call in module.calls(_READS):
        size = call.arg(1 if call.name == "sock_recv" else 0)
        streams = set(last_words(call.args[0] if call.name == "sock_recv" and call.args else call.receiver))
        if size is None or _is_all(size) or not streams & _STREAMS:
            continue
        function = function_of(call)
        kept = next((one for one in find(function.body, Assign) if _is(one.value, call)), None) if function else None
        name = kept.target.id if kept is not None and isinstance(kept.target, Name) and kept.op == "=" else ""
        if function is None or not name or not _parsed_alone(module, function, name):
            continue
        yield _told(module, call)


def _is(value: Expr | None, call: Call) -> bool:
    return value is not None and strip(value) is call


def _is_all(size: Expr) -> bool:
    size = strip(size)
    return isinstance(size, Unary) or (isinstance(size, Literal) and size.value in (None, 1))


def _parsed_alone(module: Module, function: Function, name: str) -> bool:
    """Tell whether a name holds one read, and is parsed as a whole."""
    if sum(_holds(one, name) for one in find(function.body, Assign)) != 1:
        return False
    return any(_parses(module, call, name) for call in find(function.body, Call))


def _holds(one: Assign, name: str) -> bool:
    return isinstance(one.target, Name) and one.target.id == name


def _parses(module: Module, call: Call, name: str) -> bool:
    """Tell whether a call parses a name as it is: ``json.loads(data)``, ``JSON.parse(chunk.toString())``."""
    if call.name not in _PARSES or module.resolve(call.callee) not in _BY:
        return False
    given = strip(call.args[0]) if call.args else None
    while isinstance(given, Call) and given.name in ("decode", "toString", "String", "strip", "trim"):
        given = strip(given.receiver or given.args[0]) if given.receiver or given.args else None
    return isinstance(given, Name) and given.id == name


def _heard(module: Module) -> Iterator[Match]:
    for call in module.calls(("on", "addListener")):
        event, handler = call.arg(0), call.arg(1)
        function = strip(handler) if handler is not None else None
        if not isinstance(event, Literal) or event.value != "data" or not isinstance(function, Function):
            continue
        said = path_words(call.receiver)
        if not function.params or not said & _SOURCES or said & {"pipe", "split", "lines", "parser", "ws"}:
            continue
        for parse in find(function.body, Call):
            if _parses(module, parse, function.params[0].name):
                yield _told(module, parse)
                break


def _told(module: Module, call: Call) -> Match:
    return Match(
        call,
        f"'{short(module.text_of(call))}' takes what a stream gives at once for one message: it may be half of one or "
        "two, and then nothing can be parsed.",
    )
