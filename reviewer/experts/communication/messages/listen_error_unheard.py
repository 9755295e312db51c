"""COM052: a promise waits until a server listens, and nobody hears that it can't."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Call, Function, Name, strip
from reviewer.code.walk import calls_in, function_of, inside, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.constants import fixed_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_HEARS: Final = frozenset({"on", "once", "addListener", "prependListener", "onError"})
_MAKERS: Final = frozenset(
    {
        "net.createServer",
        "http.createServer",
        "https.createServer",
        "tls.createServer",
        "http2.createServer",
        "http2.createSecureServer",
        "net.Server",
        "http.Server",
        "express",
        "express.default",
    }
)


@module_check("COM052", words={"listen"})
def listen_error_unheard(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each wait for a server of Node that listens for a listener of its errors."""
    if module.is_test or module.language == "python":
        return
    heard = [call for call in module.calls(_HEARS) if call.args and fixed_text(module, call.args[0]) == "error"]
    for call in module.calls(("listen",)):
        work = function_of(call)
        around = work.parent if work is not None else None
        if work is None or not isinstance(around, Call) or around.name != "Promise" or not work.params:
            continue
        settled = work.params[0].name
        server = strip(call.receiver) if call.receiver is not None else None
        if not isinstance(server, Name) or not _is_server(module, server) or not _is_told(call, settled):
            continue
        if any(_is_heard(module, one, server) for one in heard) or _is_handed(module, server, call):
            continue
        yield Match(
            call,
            f"This promise is kept when '{server.id}' listens, and nobody hears its 'error': an address that is taken "
            "ends the whole process, and where something catches that it waits for ever.",
        )


def _is_server(module: Module, server: Name) -> bool:
    made = module.scopes.origin(server)
    return isinstance(made, Call) and module.resolve(made.callee) in _MAKERS


def _is_told(call: Call, settled: str) -> bool:
    """Tell whether a listening server settles a promise: ``server.listen(port, resolve)``."""
    last = strip(call.args[-1]) if call.args else None
    if isinstance(last, Function):
        return any(isinstance(one.callee, Name) and one.callee.id == settled for one in calls_in(last.body))
    return isinstance(last, Name) and last.id == settled


def _is_heard(module: Module, listening: Call, server: Name) -> bool:
    held: Expr | None = listening.receiver
    while isinstance(held, Call):
        held = held.receiver
    held = strip(held) if held is not None else None
    if not isinstance(held, Name):
        return True  # a field may hold it
    return held.id == server.id or held.id in _given_names(module, server)


def _given_names(module: Module, server: Name) -> set[str]:
    """Return the names that are given what a call of the server answers: ``const running = app.listen(port)``."""
    return {
        one.target.id
        for one in module.all(Assign)
        if isinstance(one.target, Name) and one.value is not None and server.id in names_in(one.value)
    }


def _is_handed(module: Module, server: Name, listens: Call) -> bool:
    """Tell whether somebody else is handed the server before it listens, and may hear its errors."""
    return any(
        isinstance(arg := strip(given), Name) and arg.id == server.id
        for call in module.all(Call)
        if not inside(call, listens)
        for given in (*call.args, *call.keywords.values())
    )
