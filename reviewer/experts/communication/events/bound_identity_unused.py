"""COM006: a face that was made for one guest knows whose it is, and takes who speaks from the message all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.syntax import Function, Literal, Member, Name, Object, Param, strip
from reviewer.code.walk import find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.events.stamps import SENDERS
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry


@module_check("COM006")
def bound_identity_unused(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each record that is made of a message for who is said to have sent it, where that is known beside."""
    if module.is_test or inquiry.subject.kind == "plugin":
        return
    for record in module.all(Object):
        function = function_of(record)
        maker = function.outer if function is not None else None
        if function is None or maker is None or not function.params:
            continue
        known = {param.name for param in maker.params if param.name}
        for key, held in record.entries if known else ():
            told = strip(held)
            if not isinstance(key, Literal) or not isinstance(told, Member) or told.name != key.value:
                continue
            bound = _known_beside(module, function, told, known)
            if bound:
                yield Match(
                    told,
                    f"'{bound}' says for whom this was made, and who sends is taken from "
                    f"'{short(module.text_of(told))}', which the sender fills in: whoever sends speaks as anybody.",
                )


def _known_beside(module: Module, function: Function, told: Member, known: set[str]) -> str:
    """Return what the function around knows of the sender, where a member of the message is taken in its place."""
    message = strip(told.object)
    bound = module.scopes.lookup(message.id, message) if isinstance(message, Name) else []
    if len(bound) != 1 or not isinstance(bound[0], Param) or bound[0].parent is not function:
        return ""
    if told.name in known and told.name not in {param.name for param in function.params}:
        return told.name
    if told.name not in SENDERS:
        return ""
    asked = {name.id for name in find(function.body, Name)} & known
    return next(iter(sorted(asked)), "") if len(known) == 1 else ""
