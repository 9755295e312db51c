"""API012: a server, a socket or a worker of Node calls an asynchronous function, and drops its promise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Await, Call, Expr, Function, Literal, strip
from reviewer.code.walk import find
from reviewer.experts.api.awaiting import is_caught
from reviewer.experts.check import Match, module_check
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_SERVERS: Final = frozenset(
    "http.createServer https.createServer http2.createServer http2.createSecureServer net.createServer "
    "tls.createServer".split()
)
"""What takes a function that is called for each request, or each connection."""
_EMITTERS: Final = _SERVERS | frozenset(
    "ws.WebSocketServer ws.Server worker_threads.Worker child_process.fork child_process.spawn net.connect "
    "net.createConnection worker_threads.parentPort dgram.createSocket".split()
)
_LISTENS: Final = frozenset({"on", "once", "addListener"})
_ENDS: Final = frozenset({"unhandledRejection", "uncaughtException"})


@module_check("API012", words={"server", "socket", "worker", "fork", "port"})
def async_listener(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the asynchronous functions that Node itself calls for something that somebody sends."""
    if module.is_test or module.language == "python" or is_tooling(module.path):
        return
    for call in module.all(Call):
        given = _listener(module, call)
        function = definition(module, given) if given is not None else None
        if given is None or not isinstance(function, Function) or not function.asynchronous or function.generator:
            continue
        wait = next((one for one in find(function.body, Await, into_functions=False) if not is_caught(one)), None)
        if wait is None or _hears_of_lost(inquiry):
            continue
        yield Match(
            given,
            f"'{call.name}' drops the promise of this function: when what it waits for fails nobody answers, and Node "
            "ends the whole process for a rejection that nobody handles.",
            related=((wait, "may fail here"),),
        )


def _listener(module: Module, call: Call) -> Expr | None:
    """Return the function that a call makes Node call later."""
    if module.resolve(call.callee) in _SERVERS:
        return call.args[-1] if call.args else None
    if call.name not in _LISTENS or call.receiver is None or len(call.args) != 2:
        return None
    event = strip(call.args[0])
    if not isinstance(event, Literal) or event.value in _ENDS:
        return None
    made = module.scopes.origin(call.receiver)
    known = module.resolve(made.callee) if isinstance(made, Call) else module.resolve(call.receiver)
    return call.args[1] if known in _EMITTERS else None


def _hears_of_lost(inquiry: Inquiry) -> bool:
    """Tell whether the program hears of rejections that nobody handles."""
    return any(True for _ in inquiry.project.modules(naming=_ENDS, tests=False)) or any(
        isinstance(arg := strip(call.args[0]), Literal) and arg.value in _ENDS
        for module in inquiry.project.modules(naming={"process"}, tests=False)
        for call in module.calls(("on", "once"))
        if call.args
    )
