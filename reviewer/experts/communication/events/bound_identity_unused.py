"""COM006: a face that was made for one guest knows whose it is, and takes who speaks from the message all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.syntax import Call, Expr, Function, Index, Literal, Member, Name, Object, Param, strip
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
        if function is None or maker is None or not function.params or _is_step(function):
            continue
        known = {param.name for param in maker.params if param.name}
        for key, held in record.entries if known else ():
            told = strip(held)
            name = key.value if isinstance(key, Literal) else None
            if not isinstance(name, str) or not _is_told(module, function, told, name):
                continue
            bound = _known_beside(function, name, known)
            if bound:
                yield Match(
                    told,
                    f"'{bound}' says for whom this was made, and who sends is taken from "
                    f"'{short(module.text_of(told))}', which the sender fills in: whoever sends speaks as anybody.",
                )


def _is_step(function: Function) -> bool:
    """Tell whether a function is handed to what runs it, as the step of a loop is: it is no face for somebody else."""
    around = function.parent
    return isinstance(around, Call) and around.callee is not function


def _is_told(module: Module, function: Function, told: Expr, name: str) -> bool:
    """Tell whether a value is the member of that name of the message: ``event.gang``, by a pattern as well."""
    if isinstance(told, Name):
        bound = module.scopes.lookup(told.id, told)
        only = bound[0] if len(bound) == 1 else None
        return isinstance(only, Param) and only.parent is function and only.fields.get(name) == told.id
    if isinstance(told, Index):
        key = strip(told.key)
        same = isinstance(key, Literal) and key.value == name
    else:
        same = isinstance(told, Member) and told.name == name
    message = strip(told.object) if isinstance(told, Member | Index) else None
    bound = module.scopes.lookup(message.id, message) if isinstance(message, Name) else []
    return same and len(bound) == 1 and isinstance(bound[0], Param) and bound[0].parent is function


def _known_beside(function: Function, name: str, known: set[str]) -> str:
    """Return what the function around knows of the sender, where a member of the message is taken in its place."""
    if name in known and name not in {param.name for param in function.params}:
        return name
    if name not in SENDERS:
        return ""
    run = {made.id for call in find(function.body, Call) if isinstance(made := strip(call.callee), Name)}
    asked = {one.id for one in find(function.body, Name)} & known - run
    return next(iter(sorted(asked)), "") if len(known) == 1 else ""
