"""COM034: what a process or a worker sends is used as it comes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Assign, Binary, Call, Expr, Function, Index, Member, Name, Param, strip
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.incoming import Incoming, incoming
from reviewer.experts.communication.looks import CONVERTS, looked_at
from reviewer.experts.communication.messages.tame_use import is_tamed
from reviewer.experts.communication.pending import pending_requests
from reviewer.experts.paths import path_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_PEERS: Final = frozenset(
    (
        "child worker process proc port parentport fork thread guest remote plugin extension sandbox runner panel "
        "webview frame iframe"
    ).split()
)
_FROM_ABOVE: Final = frozenset({"process", "parentPort", "threads.parentPort"})
"""What the host's own messages come by, in a process or a worker that it made."""
_REPLIES: Final = frozenset("resolve reject settle pending waiting reply delete get".split())
_LOGS: Final = frozenset("log debug info warn error trace".split())
_WRITES: Final = frozenset({"write", "print"})
_OUTPUTS: Final = frozenset("log logger console stdout stderr stream output out".split())


@module_check("COM034", words={"message", "onmessage"})
def message_fields(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak at the first field of a message that goes on to a function of the host, where none is looked at."""
    if module.is_test or module.language == "python":
        return
    told: set[int] = set()
    for found in incoming(module):
        if found.event != "message" or found.window or id(found.function) in told or not _from_peer(module, found):
            continue
        message, fields = message_names(found.function, found.via)
        looked = any(looked_at(via, set().union(*message_names(via, None))) for via in found.path)
        if not message | fields or looked or looked_at(found.function, message | fields):
            continue
        ends = {name for one in pending_requests(inquiry, module) for name in one.ends.fulfil | one.ends.reject}
        used = handed_on(found.function, message | fields, fields, ends)
        if used is not None:
            told.add(id(found.function))
            call, part = used
            yield Match(
                call,
                f"'{module.text_of(part)}' comes from the other side and goes to '{module.text_of(call.callee)}' as it "
                "is: no schema and no test of a type stands between a plugin's message and the host.",
            )


def _from_peer(module: Module, found: Incoming) -> bool:
    """Tell whether the message comes from a process or a worker, by what it is listened to."""
    place = found.place
    receiver = place.receiver if isinstance(place, Call) else None
    if isinstance(place, Assign) and isinstance(place.target, Member):
        receiver = place.target.object
    if receiver is None or module.resolve(receiver).removeprefix("worker_threads.") in _FROM_ABOVE:
        return False
    named = getattr(strip(receiver), "name", getattr(strip(receiver), "id", ""))
    return bool(set(words(named)) & _PEERS) or "fork()" in module.resolve(receiver)


def message_names(function: Function, via: Function | None) -> tuple[set[str], set[str]]:
    """Return the variables that hold the message, and those that hold a piece of it."""
    params = function.params[:1] if via is None else _given_by(function, via)
    message = {param.name for param in params} - {""}
    fields = {name for param in params for name in param.fields.values()}
    for node in find(function.body, Assign):
        if (
            isinstance(node.target, Name)
            and node.value is not None
            and _of_message(strip(node.value), message | fields)
        ):
            (message if isinstance(strip(node.value), Name) else fields).add(node.target.id)
    return message, fields


def _given_by(function: Function, via: Function) -> list[Param]:
    """Return the parameters to which the function that listens hands the message on."""
    names = set().union(*message_names(via, None))
    return [
        param
        for call in calls_in(via.body)
        if call.name == function.name
        for param, given in zip(function.params, call.args, strict=False)
        if isinstance(strip(given), Name) and _of_message(strip(given), names)
    ]


def _of_message(expr: Expr, names: set[str]) -> bool:
    """Tell whether an expression is the message, or a field of it."""
    while isinstance(expr, Member | Index | Binary):
        expr = strip(expr.left if isinstance(expr, Binary) else expr.object)
    return isinstance(expr, Name) and expr.id in names


def handed_on(function: Function, names: set[str], fields: set[str], ends: set[str]) -> tuple[Call, Expr] | None:
    """Return the first call that takes a field of the message, replies and logging left out."""
    for call in calls_in(function.body):
        named = words(call.name)
        said = set(named)
        if (
            not said
            or said & (_REPLIES | _LOGS)
            or call.name in ends
            or call.name in CONVERTS | {"structuredClone", "freeze"}
        ):
            continue
        if call.new and named[-1] == "error":
            continue  # what the other side says of its failure
        target = definition(function.module, call.callee)
        if isinstance(target, Function) and looked_at(target, {param.name for param in target.params}):
            continue
        if said & _WRITES and path_words(call.receiver) & _OUTPUTS:
            continue
        for arg in call.args:
            part = strip(arg)
            piece = isinstance(part, Member | Index) and _of_message(part, names)
            if (piece or (isinstance(part, Name) and part.id in fields)) and not is_tamed(function.module, call, arg):
                return call, part
    return None
