"""LIF576: what was loaded is changed, and the whole subject has nothing that saves it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Call, Function, Index, Literal, Member, strip
from reviewer.code.text.words import joined
from reviewer.code.walk import find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words
from reviewer.experts.place import locate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.core.location import Location
    from reviewer.experts.check import Inquiry

_LOADS: Final = "loaddata"
"""What a host calls the way to what it keeps for a plugin, as one word."""
_STORES: Final = frozenset("storage memento state".split())
_READS: Final = frozenset({"get", "read", "load", "getItem", "get_item"})
_SAVES: Final = frozenset("save saved persist store flush write dump set update put patch merge assign commit".split())
"""Words of what puts something away; a subject that has none in any name saves nothing."""
_OF_HOST: Final = frozenset({"saveData", "save_data"})
"""The other half of ``loadData``, which no other name stands for."""


@module_check("LIF576", words={"load", "get", "read"})
def settings_never_saved(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look for a field that is filled from the plugin's store, and changed where nobody ever saves."""
    if module.is_test or inquiry.subject.kind != "plugin":
        return
    for loaded in module.all(Assign):
        call = _loading(loaded)
        if call is None or not isinstance(loaded.target, Member) or not is_this_member(loaded.target):
            continue
        saves = _OF_HOST if joined(call.name) == _LOADS else _SAVES
        if any(inquiry.project.paths(saves, tests=False)):
            continue
        changed = next(_changes(inquiry, loaded.target.name, function_of(loaded)), None)
        if changed is not None:
            place, spelled = changed
            yield Match(
                place,
                f"'{spelled}' is changed, and nothing in the whole plugin saves what "
                f"'{short(module.text_of(call))}' loaded: the change is gone after the next start.",
                related=((call, "loaded here"),),
            )
            return


def _loading(loaded: Assign) -> Call | None:
    """Return the call that loads what fills a field: ``Object.assign({}, DEFAULTS, await this.loadData())``."""
    return next((call for call in find(loaded.value, Call) if _is_loading(call)), None) if loaded.value else None


def _is_loading(call: Call) -> bool:
    if joined(call.name) == _LOADS:
        return call.receiver is not None and not call.args
    fixed = bool(call.args) and isinstance(strip(call.args[0]), Literal)
    return fixed and call.name in _READS and not _STORES.isdisjoint(last_words(call.receiver)[-1:])


def _changes(inquiry: Inquiry, name: str, loads: Function | None) -> Iterator[tuple[Location, str]]:
    """Yield where a member of a field is changed, outside of the function that loads it."""
    for module in inquiry.project.modules((name,), tests=False):
        for change in module.all(Assign):
            target = strip(change.target)
            held = strip(target.object) if isinstance(target, Member | Index) else None
            if isinstance(held, Member) and held.name == name and function_of(change) is not loads:
                yield locate(module, change), short(module.text_of(target))
