"""LIF029: what takes back the handlers of a plugin is kept for it, and thrown away at its end without being run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import use_of
from reviewer.code.syntax import Call, Member, Name, strip
from reviewer.code.text.ideas import LISTENS
from reviewer.code.walk import calls_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.sources import sources
from reviewer.experts.lifecycle.dependencies import with_helpers
from reviewer.experts.lifecycle.hooks import HOOK_WORDS
from reviewer.experts.lifecycle.unloading import unloads
from reviewer.experts.lifecycle.vocabulary import RELEASE_WORDS, has_word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.tables import Access, Table
    from reviewer.experts.check import Inquiry
    from reviewer.experts.communication.sources import Sources
    from reviewer.experts.lifecycle.unloading import Unload

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
        if noted is None or not gone or not _only_noted(table):
            continue
        end, removal = gone[0]
        if not _releases_otherwise(end):
            yield Match(
                removal.node,
                f"'{table.name}' keeps what takes the plugin's handlers back, and is emptied here without running it: "
                "the handlers of a plugin that is gone go on being called.",
                related=((noted, "kept here"),),
            )


def _is_dropped(removal: Access) -> bool:
    return isinstance(removal.node, Call) and use_of(removal.node).how == "dropped"


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


def _only_noted(table: Table) -> bool:
    """Tell whether nothing is ever taken out of a table but to note something more in it."""
    for access in table.of("read", "iterate"):
        member = access.node.parent
        if not (isinstance(member, Member) and member.name in _KEEPS):
            return False
    return all(_is_dropped(one) for one in table.of("delete"))


def _releases_otherwise(end: Unload) -> bool:
    """Tell whether the end of a plugin asks somebody else to let go of what it has."""
    hooks = {id(use.call) for use in end.uses}
    for function in with_helpers(end.function):
        for call in calls_in(function.body):
            own = call.name in _OWN and call.receiver is not None
            if id(call) not in hooks and not own and has_word(call.name, RELEASE_WORDS) and not _is_hook(end, call):
                return True
    return False


def _is_hook(end: Unload, call: Call) -> bool:
    return any(call in (use.call, use.site) for use in end.uses)
