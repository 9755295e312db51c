"""SEC084: all that a message holds is written into the host's record of who sent it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Call, Expr, For, Member, Name, Param, strip
from reviewer.code.text.ideas import PLAIN_GUEST
from reviewer.code.walk import ancestors, find
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words, word_set
from reviewer.experts.security.values.provenance import trace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_RECORDS: Final = PLAIN_GUEST | word_set(
    "panel integration registration entry record account user member grant grants installed installation "
    "manifest app connection session"
)


@module_check("SEC084", words=_RECORDS)
def whole_message_assigned(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what is copied member by member into records that were looked up."""
    if module.is_test:
        return
    for call in module.calls({"assign", "setattr", "update"}):
        target, given = _copied(call)
        if target is None or given is None or not _is_record(module, target):
            continue
        if isinstance(strip(given), Name | Member) and trace(module, given).kinds() & {"message", "request"}:
            yield Match(
                call,
                f"Whatever '{short(module.text_of(given))}' names is written into '{short(module.text_of(target))}', "
                "what was granted to the sender and who it is included.",
                fix="Take the members that the sender may change one by one, each with a test of its type.",
            )


def _copied(call: Call) -> tuple[Expr | None, Expr | None]:
    """Return the record and what is written into it as a whole."""
    if call.name == "assign" and isinstance(call.receiver, Name) and call.receiver.id == "Object":
        return (strip(call.args[0]), call.args[-1]) if len(call.args) == 2 else (None, None)
    if call.name == "setattr" and call.receiver is None and len(call.args) == 3:
        loop = next((one for one in ancestors(call) if isinstance(one, For)), None)
        over = strip(loop.iterable) if loop is not None and loop.iterable is not None else None
        named = loop is not None and loop.target is not None and isinstance(strip(call.args[1]), Name)
        keys = {one.id for one in find(loop.target, Name)} if loop is not None and loop.target is not None else set()
        if named and isinstance(over, Call) and over.name == "items" and getattr(strip(call.args[1]), "id", "") in keys:
            return strip(call.args[0]), over.receiver
    if call.name == "update" and isinstance(call.receiver, Member) and call.receiver.name == "__dict__":
        return strip(call.receiver.object), call.args[0] if call.args else None
    return None, None


def _is_record(module: Module, target: Expr) -> bool:
    """Tell whether a record of the host was looked up, by its name and by where it comes from."""
    if not isinstance(target, Name) or not set(last_words(target)) & _RECORDS:
        return False
    bound = module.scopes.lookup(target.id, target)
    only = bound[0] if len(bound) == 1 else None
    if isinstance(only, Param):
        return True
    made = strip(only.value) if isinstance(only, Assign) and only.value is not None else None
    return isinstance(made, Call) and not made.new
