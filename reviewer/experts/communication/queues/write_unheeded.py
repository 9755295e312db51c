"""COM446: lines go to a stream one after the other, and nobody looks whether it can take more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Call,
    Expr,
    ExprStatement,
    For,
    Function,
    Literal,
    Member,
    Name,
    Param,
    Spread,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.constants import fixed_text
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_PEERS: Final = frozenset("stdin response res socket sock client conn connection sink writer stream".split())
"""Last words of what leads to somebody who reads at a pace of their own."""
_HEEDED: Final = frozenset(
    "drain pipeline pipe writablelength writableneeddrain writablehighwatermark cork highwatermark backpressure "
    "get_write_buffer_size".split()
)
"""Words of code that looks at how much a stream still holds."""
_SPEECH: Final = frozenset({"stdout", "stderr", "console"})


@module_check("COM446", words={"write"})
def write_unheeded(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each write in a loop without a foreseeable end for what becomes of its answer."""
    if module.is_test or _heeds(module):
        return
    for call in module.calls({"write"}):
        if call.receiver is None or not isinstance(call.parent, ExprStatement) or not call.args:
            continue
        peer = words(last_name(call.receiver))
        if not peer or peer[-1] not in _PEERS or _SPEECH & set(words(module.text_of(call.receiver))):
            continue
        if fixed_text(module, call.args[0]):
            continue  # a mark, and no data
        loop = next((one for one in ancestors(call) if isinstance(one, For | Function)), None)
        if isinstance(loop, For) and (loop.asynchronous or _to_each(module, loop, call.receiver)):
            yield Match(
                call,
                f"What '{short(module.text_of(call.callee))}' says of how much still waits is dropped, and nothing "
                "in this file waits until it is gone: one who reads slowly has all of it kept in the memory here.",
                related=((loop, "written in this loop"),),
            )


def _heeds(module: Module) -> bool:
    """Tell whether a file looks at how much a stream still holds: ``stdio: ["pipe", …]`` says nothing of it."""
    named = {node.name.lower() for node in module.some(Member, Call) if isinstance(node, Member | Call)}
    named |= {str(node.value).lower() for node in module.all(Literal) if isinstance(node.value, str)} - {"pipe"}
    return not named.isdisjoint(_HEEDED)


def _to_each(module: Module, loop: For, peer: Expr) -> bool:
    """Tell whether a loop writes the same to each of those who are kept: ``for (const tap of taps) tap.response…``."""
    base = strip(peer)
    while isinstance(base, Member):
        base = strip(base.object)
    if not isinstance(base, Name) or loop.iterable is None:
        return False
    if not any(bound is loop for bound in module.scopes.lookup(base.id, base)):
        return False
    return _outlives(module, loop.iterable)


def _outlives(module: Module, over: Expr) -> bool:
    """Tell whether those whom a loop goes through are kept longer than one call."""
    over = strip(over)
    if isinstance(over, Array) and len(over.items) == 1 and isinstance(over.items[0], Spread):
        over = strip(over.items[0].value)
    if isinstance(over, Call):
        over = strip(over.receiver if over.receiver is not None and not over.args else (over.args or [over])[0])
    if is_this_member(over):
        return True
    if not isinstance(over, Name):
        return False
    bound = module.scopes.lookup(over.id, over)
    home = function_of(over)
    return bool(bound) and not isinstance(bound[0], Param) and getattr(bound[0], "function", home) is not home
