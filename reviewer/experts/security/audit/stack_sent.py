"""SEC089: the other side is told where in the host's code an error happened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import in_handler
from reviewer.code.reach.onward import onward
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Conditional,
    Expr,
    Function,
    Handler,
    Index,
    Literal,
    Member,
    Name,
    Object,
    Return,
    Template,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_SENDS: Final = frozenset(
    "postMessage send json end reply respond json_response JSONResponse HTTPException "
    "Response send_json send_text jsonify "
    "HttpResponse PlainTextResponse respond_json sendMessage".split()
)
_THROUGH: Final = frozenset("join String str split trim slice replace strip".split())
_OF_ANSWERS: Final = frozenset({"status", "statusCode", "code", "ok", "success"})
"""Keys of a record that is an answer to somebody."""
_LOGS: Final = frozenset("log logs logger console logging audit".split())
_ERRORS: Final = frozenset("error err e exc exception ex cause reason failure problem".split())


@module_check("SEC089", words={"stack", "traceback"})
def stack_sent(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at every stack of an error for whom it is given to."""
    if module.is_test:
        return
    for member in module.all(Member):
        if member.name == "stack" and set(last_words(member.object)) & _ERRORS:
            yield from _sent(module, member)
    for call in module.calls(("format_exc", "format_exception")):
        if in_handler(call) is not None or _handles(function_of(call)):
            yield from _sent(module, call)


def _sent(module: Module, stack: Expr) -> Iterator[Match]:
    """Yield where a stack, or what holds it, is sent."""
    place = next((one for one in onward(module, stack, _THROUGH) if _is_sent(one)), None) or _in_reply(stack)
    if _replies_with(stack) or (
        _answers_with(stack) and (place is not None or any(True for _ in module.calls(_SENDS)))
    ):
        yield _match(module, stack, stack)
    elif place is not None:
        yield _match(module, place, stack)


def _in_reply(stack: Expr) -> Expr | None:
    """Return the record that is sent with a stack put into it: ``reply["error"] = format_exc()``, ``_send(reply)``."""
    whole: Node = stack
    while isinstance(whole.parent, Template | Conditional | Binary) or (
        isinstance(whole.parent, Call) and whole.parent.name in _THROUGH
    ):
        whole = whole.parent
    put = whole.parent
    target = strip(put.target) if isinstance(put, Assign) and put.value is whole else None
    holder = strip(target.object) if isinstance(target, Index | Member) else None
    function = function_of(stack)
    if not isinstance(holder, Name) or holder.id == "this" or function is None:
        return None
    for call in calls_in(function.body):
        sends = call.name.lstrip("_#") in _SENDS and not set(last_words(call.receiver)) & _LOGS
        for arg in call.args if sends and call.start > stack.stop else ():
            if isinstance(arg, Name) and arg.id == holder.id:
                return arg
    return None


def _answers_with(stack: Expr) -> bool:
    """Tell whether a function that catches an error answers with a record of it in which the stack stands."""
    around = stack.parent
    while isinstance(around, Call) and around.name in _THROUGH:
        around = around.parent
    return isinstance(around, Object) and isinstance(around.parent, Return) and in_handler(stack) is not None


def _replies_with(stack: Expr) -> bool:
    """Tell whether a stack is a part of the body of an answer: ``return { status, body: { error: err.stack } }``."""
    for around in ancestors(stack):
        if isinstance(around, Object) and isinstance(around.parent, Return):
            return bool(_OF_ANSWERS & set(around.keys)) and in_handler(stack) is not None
        if not isinstance(around, Object | Conditional | Binary | Call | Template):
            return False
    return False


def _handles(function: Function | None) -> bool:
    """Tell whether a framework hands a function what went wrong."""
    return function is not None and any(set(words(param.name)) & _ERRORS for param in function.params)


def _match(module: Module, node: Expr, stack: Expr) -> Match:
    return Match(
        node,
        f"'{short(module.text_of(stack))}' goes to the other side: it names the host's files, versions and often "
        "values, which help whoever looks for a way in.",
        related=() if node is stack else ((stack, "taken here"),),
    )


def _is_sent(node: Expr) -> bool:
    """Tell whether a value is part of what is sent as an answer."""
    inner: Node = node
    for around in ancestors(node):
        if isinstance(around, Object) and any(
            value is inner and isinstance(key, Literal) and not _LOGS.isdisjoint(words(str(key.value)))
            for key, value in around.entries
        ):
            return False  # { event: "workerError", logs: { stack } }: a line for the log of the program itself
        inner = around
        if isinstance(around, Call):
            receiver = around.receiver
            if receiver is not None and set(last_words(receiver)) & _LOGS:
                return False
            if around.name in _SENDS:
                return not (isinstance(receiver, Name) and receiver.id == "JSON")
        if isinstance(around, Function | Handler):
            return False
    return False
