"""LIF029: what takes back the handlers of a plugin is kept for it, and thrown away at its end without being run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of, use_of
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Array, Await, Call, Expr, Function, Member, Name, strip
from reviewer.code.text.ideas import LISTENS
from reviewer.code.walk import calls_in, inside
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.sources import sources
from reviewer.experts.communication.subscriptions import OFFS
from reviewer.experts.lifecycle.bringing.dependencies import with_helpers
from reviewer.experts.lifecycle.bringing.unloading import unloads
from reviewer.experts.lifecycle.holding.fate import callbacks
from reviewer.experts.lifecycle.hooks.hooks import HOOK_WORDS
from reviewer.experts.lifecycle.vocabulary import RELEASE_WORDS, has_word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.tables import Access, Table
    from reviewer.experts.check import Inquiry
    from reviewer.experts.communication.sources import Sources
    from reviewer.experts.lifecycle.bringing.unloading import Unload

_KEEPS: Final = frozenset({"push", "append", "add"})
_OWN: Final = frozenset({"delete", "pop", "discard", "remove", "clear"})


@module_check("LIF029", words=HOOK_WORDS)
def undo_records_dropped(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look, where a plugin ends, at the tables that it is taken out of for undo functions that nobody ever calls."""
    if module.is_test:
        return
    ends = unloads(inquiry, module)
    known = sources(inquiry, module) if ends else None
    for table in known.tables if known is not None else ():
        gone = [(end, one) for end in ends for one in table.of("delete") if one in end.removals and _is_dropped(one)]
        noted = _noted(module, known, table) if gone and known is not None else None
        if noted is None and gone:
            noted = next((at for one in table.of("write") if (at := _subscribed(module, one.value)) is not None), None)
        if noted is None or not gone:
            continue
        end, removal = gone[0]
        if not _reads(end, table) and not _releases_otherwise(end):
            yield Match(
                removal.node,
                f"'{table.name}' keeps what takes the plugin's handlers back, and is emptied here without running it: "
                "the handlers of a plugin that is gone go on being called.",
                related=((noted, "kept here"),),
            )


def _is_dropped(removal: Access) -> bool:
    return not isinstance(removal.node, Call) or use_of(removal.node).how == "dropped"


def _subscribed(module: Module, kept: Expr | None, depth: int = 3) -> Call | None:
    """Return a subscription among what a value holds: itself, a list of them, or what a function answers with."""
    value = strip(kept) if kept is not None else None
    while isinstance(value, Await):
        value = strip(value.value)
    if isinstance(value, Name):
        filled = (call.args[0] for call in module.calls(_KEEPS) if call.args and _is_on(call, value.id))
        made = module.scopes.origin(value)
        given = [made] if isinstance(made, Expr) and made is not value else []
        return next((at for one in (*given, *filled) if depth and (at := _subscribed(module, one, depth - 1))), None)
    if isinstance(value, Array):
        return next((at for one in value.items if (at := _subscribed(module, one, depth))), None)
    if isinstance(value, Function):  # () => wire.off("order", onOrder)
        return next((call for call in calls_in(value.body) if call.name in OFFS and call.receiver is not None), None)
    if not isinstance(value, Call):
        return None
    if value.name in LISTENS and value.receiver is not None and any(True for _ in callbacks(value)):
        return value
    maker = definition(module, value.callee) if depth and not value.new else None
    if not isinstance(maker, Function):
        return None
    answers = [one.value for one in returns_of(maker)]
    return next((at for one in answers if (at := _subscribed(maker.module, one, depth - 1))), None)


def _is_on(call: Call, name: str) -> bool:
    return isinstance(call.receiver, Name) and call.receiver.id == name


def _noted(module: Module, known: Sources, table: Table) -> Call | None:
    """Return where what a subscription answers is put into a list that the table holds for one plugin."""
    for call in module.calls(_KEEPS):
        kept = strip(call.args[0]) if len(call.args) == 1 else None
        if isinstance(kept, Name):
            kept = module.scopes.origin(kept)  # type: ignore[assignment]  # an expression, or nothing that is asked
        if not isinstance(kept, Call) or kept.name not in LISTENS or call.receiver is None:
            continue
        found = known.of(call.receiver)
        if found is not None and found.table is table and (found.looked_up or isinstance(strip(call.receiver), Name)):
            return call
    return None


def _reads(end: Unload, table: Table) -> bool:
    """Tell whether the end of a plugin takes something out of a table by another way than to note more in it."""
    reached = with_helpers(end.function)
    for access in table.of("read", "iterate"):
        member = access.node.parent
        notes = isinstance(member, Member) and member.name in _KEEPS
        if not notes and any(inside(access.node, function) for function in reached):
            return True
    return not all(_is_dropped(one) for one in table.of("delete"))


def _releases_otherwise(end: Unload) -> bool:
    """Tell whether the end of a plugin asks somebody else to let go of what it has."""
    hooks = {id(use.call) for use in end.uses}
    for function in with_helpers(end.function):
        for call in calls_in(function.body):
            own = (call.name in _OWN and call.receiver is not None) or call.name == "clearTimeout"  # of a deadline
            if id(call) not in hooks and not own and has_word(call.name, RELEASE_WORDS) and not _is_hook(end, call):
                return True
    return False


def _is_hook(end: Unload, call: Call) -> bool:
    return any(call in (use.call, use.site) for use in end.uses)
