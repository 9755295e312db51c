"""REG368: a digest is taken while the bytes are still on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Await, Call, Function, Name, strip
from reviewer.code.walk import ancestors, find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node
    from reviewer.experts.check import Inquiry

_LISTENS: Final = frozenset({"on", "once", "addListener", "addEventListener"})
_TAKES: Final = ("digest", "hexdigest")


@module_check("REG368", words={"digest", "hexdigest"})
def digest_before_end(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at digests of what a listener or a pipe feeds, in the function that sets the listener up."""
    if module.is_test or module.language == "python":
        return
    for call in module.calls(_TAKES):
        hasher = strip(call.receiver) if call.receiver is not None else None
        function = function_of(call)
        if not isinstance(hasher, Name) or function is None:
            continue
        fed = next((one for one in _fed(function, hasher.id) if function_of(one) is function), None)
        if fed is None or fed.raw.start_byte > call.raw.start_byte or _waits(function, fed, call):
            continue
        yield Match(
            call,
            f"'{hasher.id}' is fed by what '{short(module.text_of(fed.callee))}' sets up on line {fed.line}, and its "
            "digest is taken before any of that has arrived: it is the digest of nothing, or of a part.",
            related=((fed, "fed from here, later"),),
        )


def _fed(function: Function, hasher: str) -> Iterator[Call]:
    """Yield the calls that let a stream feed a hash: ``stream.on("data", c => hash.update(c))``, ``pipe(hash)``."""
    for call in find(function.body, Call):
        listens = call.name in _LISTENS and any(_updates(arg, hasher) for arg in call.args[1:])
        if listens or (call.name == "pipe" and any(_is(arg, hasher) for arg in call.args[:1])):
            yield call


def _is(expr: Expr, name: str) -> bool:
    expr = strip(expr)
    return isinstance(expr, Name) and expr.id == name


def _updates(listener: Node, hasher: str) -> bool:
    """Tell whether a listener feeds a hash: one that does so, or the method itself."""
    return any(
        call.name in ("update", "write") and isinstance(call.receiver, Name) and call.receiver.id == hasher
        for call in find(listener, Call)
    )


def _waits(function: Function, fed: Call, digest: Call) -> bool:
    """Tell whether a function waits between the two, or the digest is that of a listener for the end."""
    start, end = fed.raw.start_byte, digest.raw.start_byte
    if any(start <= wait.raw.end_byte and wait.raw.start_byte < end for wait in find(function.body, Await)):
        return True
    return any(isinstance(around, Await) for around in ancestors(fed))
