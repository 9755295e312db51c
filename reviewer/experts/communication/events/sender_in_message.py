"""COM006: a bus only looks whether the message names a sender, and hands on what its sender wrote there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Expr,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Object,
    Param,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, walk
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.emissions import caller_params, is_public, speaks_beside_hearing
from reviewer.experts.communication.events.emitter_from_sender import stamped_by_callers
from reviewer.experts.communication.events.stamps import SENDERS, is_stamp
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_OF_PAGES: Final = frozenset({"source", "origin"})
"""What the events of a browser say themselves of where they come from."""


@module_check("COM006", words={word for sender in SENDERS for word in words(sender)})
def sender_in_message(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that hands a message to all who listen for a sender that it reads from the message."""
    if module.is_test or inquiry.subject.kind == "plugin":
        return
    for function in module.functions:
        if not is_public(function) or not speaks_beside_hearing(function) or caller_params(function):
            continue
        for param in function.params:
            told = _told(function, param)
            if told is None or not _goes_whole(function, param) or stamped_by_callers(inquiry, function):
                continue
            name = _field(told)[0]
            yield Match(
                told,
                f"'{function.name}' takes who sends from '{short(module.text_of(told))}', which the sender itself "
                "fills in, and hands the message on with it: whoever sends speaks as anybody.",
                confidence=Confidence.POSSIBLE if name in _OF_PAGES else None,
            )
            break


def _told(function: Function, param: Param) -> Expr | None:
    """Return where the sender is read from a message, if nothing writes it there or holds it against anything."""
    read: Expr | None = None
    for node in walk(function.body):
        if isinstance(node, Assign) and isinstance(node.target, Name) and node.target.id == param.name:
            return None
        if not isinstance(node, Expr) or _field(node)[1] != param.name:
            continue
        around = node.parent
        asked = isinstance(around, Binary) and not isinstance(strip(around.right), Literal)
        if (isinstance(around, Assign) and around.target is node) or asked or _is_looked_up(node):
            return None
        read = read or node
    made = any(is_stamp(key) for node in walk(function.body) for key in _keys(node))
    return None if made else read


def _keys(node: object) -> list[Expr]:
    return [key for key, _value in getattr(node, "entries", ()) if isinstance(key, Expr)]


def _field(expr: Expr) -> tuple[str, str]:
    """Return which field that says who sends is read, and of what: ``message.sender``, ``message["sender"]``."""
    name, holder = "", None
    if isinstance(expr, Member):
        name, holder = expr.name, strip(expr.object)
    elif isinstance(expr, Index) and isinstance(expr.key, Literal):
        name, holder = str(expr.key.value), strip(expr.object)
    elif isinstance(expr, Call) and expr.name == "get" and expr.args and isinstance(strip(expr.args[0]), Literal):
        name, holder = str(getattr(strip(expr.args[0]), "value", "")), expr.receiver
    if "".join(words(name)) not in SENDERS or not isinstance(holder, Name):
        return "", ""
    return name, holder.id


def _is_looked_up(told: Expr) -> bool:
    """Tell whether a sender that is read is asked about: handed to a check or looked up in what the host knows."""
    for around in ancestors(told):
        if isinstance(around, Call) and any(told is given or told in walk(given) for given in around.args):
            receiver = around.receiver
            asks = around.name in ("has", "get", "includes") or (receiver is None and around.name not in _FORM)
            return asks and not _only_said(around)
        if isinstance(around, Binary) and around.op in ("in", "not in"):
            return True
        if isinstance(around, Function):
            return False
    return False


_FORM: Final = frozenset({"isinstance", "str", "String", "len", "bool", "Boolean"})


def _only_said(call: Call) -> bool:
    return call.name in ("Error", "TypeError", "ValueError", "RangeError")


def _goes_whole(function: Function, param: Param) -> bool:
    """Tell whether the message itself is what handlers are called with, as it is or copied."""
    for name in find(function.body, Name):
        around = name.parent
        if isinstance(around, Object) and any(strip(part) is name for part in around.spreads):
            around = around.parent  # hear({ ...message })
        if name.id == param.name and isinstance(around, Call) and around.callee is not name:
            return True
    return False
