"""COM034: a part of a message from another window or worker is only called what it should be, and goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition, named_type
from reviewer.code.syntax import Call, Cast, Function, Member, Name, strip
from reviewer.code.walk import find
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.incoming import incoming
from reviewer.experts.communication.looks import looked_at
from reviewer.experts.communication.messages.message_fields import message_names
from reviewer.experts.communication.messages.tame_use import is_tamed
from reviewer.experts.data.messages import short
from reviewer.experts.lifecycle.values import element_type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_EVENTS: Final = ("MessageEvent", "MessageEvent<")


@module_check("COM034", words={"message", "onmessage"})
def field_cast(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each part of a message that is cast to a shape and handed on, for a test of its own."""
    if module.is_test or module.language != "typescript":
        return
    for function in _receiving(module):
        message, fields = message_names(function, None)
        for cast in find(function.body, Cast):
            given, call = strip(cast.value), cast.parent
            if cast.kind != "as" or not isinstance(call, Call) or cast not in call.args or not _is_shape(module, cast):
                continue
            part = isinstance(given, Name) and given.id in fields
            if not part and not (isinstance(given, Member) and _root(given) in message and given.name != "data"):
                continue
            name = given.id if isinstance(given, Name) else given.name if isinstance(given, Member) else ""
            if looked_at(function, {name}) or _looked_at_by_called(module, call, cast) or is_tamed(module, call, cast):
                continue
            yield Match(
                cast,
                f"'{name}' is whatever the other side sent, and '{short(cast.type)}' only what it is called: it goes "
                f"to '{short(module.text_of(call.callee))}' with no test of its shape, its number or its values.",
            )
            break


def _receiving(module: Module) -> Iterator[Function]:
    seen: set[int] = set()
    told = [found.function for found in incoming(module) if found.event == "message"]
    typed = [one for one in module.functions if one.params and one.params[0].type.strip().startswith(_EVENTS)]
    for function in (*told, *typed):
        if id(function) not in seen and not function.signature_only:
            seen.add(id(function))
            yield function


def _is_shape(module: Module, cast: Cast) -> bool:
    """Tell whether something is cast to a shape of the subject, or a list of such."""
    said = cast.type.strip().removeprefix("readonly ")
    inner = said.removesuffix("[]") if said.endswith("[]") else element_type(said) or said
    return named_type(module, inner) is not None


def _root(member: Member) -> str:
    base = strip(member.object)
    while isinstance(base, Member):
        base = strip(base.object)
    return base.id if isinstance(base, Name) else ""


def _looked_at_by_called(module: Module, call: Call, cast: Cast) -> bool:
    """Tell whether the function that gets it tests it."""
    target = definition(module, call.callee)
    return isinstance(target, Function) and looked_at(target, {param.name for param in target.params})
