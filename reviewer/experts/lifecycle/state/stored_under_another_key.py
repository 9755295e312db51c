"""LIF160: what is stored under one key is looked for under another, spelt almost alike."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Literal
from reviewer.core.location import Location
from reviewer.experts.check import Match, subject_check
from reviewer.experts.drawn import Drawn, Fact
from reviewer.experts.paths import path_words, word_set
from reviewer.experts.place import locate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_STORES: Final = word_set("storage store memento localstorage globalstate workspacestate globals persistence kv")
_STATES: Final = frozenset({"globalState", "workspaceState", "localStorage", "sessionStorage"})
_READS: Final = frozenset({"get", "getItem", "load", "read", "get_item"})
_WRITES: Final = frozenset({"set", "setItem", "put", "save", "write", "update", "set_item"})
_OTHERS: Final = frozenset({"delete", "remove", "removeItem", "has", "pop", "clear", "remove_item"})
_ALIKE: Final = 0.85
"""How much of two keys is the same, from 0 to 1, before the one is taken for a slip of the other."""
_MOST: Final = 400


class _Use(Fact, frozen=True):
    key: str
    how: str
    at: Location


@subject_check("LIF160")
def stored_under_another_key(inquiry: Inquiry) -> Iterator[Match]:
    """Hold the keys that are read from the storage against those that are written."""
    uses = [one for part in _USES.of(inquiry) for one in part][:_MOST]
    if any(not use.key for use in uses):
        return  # a key that is worked out may be any of them
    read = {use.key for use in uses if use.how != "write"}
    written = {use.key for use in uses if use.how != "read"}
    never_read = [use for use in uses if use.how == "write" and use.key not in read]
    told: set[str] = set()
    for use in uses:
        if use.how != "read" or use.key in written or use.key in told:
            continue
        told.add(use.key)
        meant = next((other for other in never_read if _alike(use.key, other.key)), None)
        if meant is not None:
            yield Match(
                use.at,
                f"'{use.key}' is read here and never written; what is written is '{meant.key}', which nobody reads: "
                "what was saved is never found again.",
                related=((meant.at, "written here"),),
            )


def _alike(one: str, other: str) -> bool:
    return len(one) > 3 and SequenceMatcher(None, one[:100].lower(), other[:100].lower()).ratio() >= _ALIKE


def _collect(_inquiry: Inquiry, module: Module) -> list[_Use]:
    found = []
    for call in module.calls(_READS | _WRITES | _OTHERS):
        if not call.args or call.receiver is None or not _is_store(module, call):
            continue
        key = module.scopes.origin(call.args[0])
        text = key.value if isinstance(key, Literal) and isinstance(key.value, str) else ""
        how = "read" if call.name in _READS else "write" if call.name in _WRITES else "both"
        found.append(_Use(text, how, locate(module, call)))
    return found


def _is_store(module: Module, call: Call) -> bool:
    """Tell whether a call goes to the storage of the plugin, or of the page."""
    name = module.resolve(call.receiver)
    last = name.rsplit(".", 1)[-1]
    if last in _STATES or (name.startswith("context.") and set(path_words(call.receiver)) & _STORES):
        return True
    return bool(set(path_words(call.receiver)) & {"storage", "memento"})


_USES: Final = Drawn("lifecycle.stored-keys", _collect, list[_Use], _STORES | _STATES, tests=False)
