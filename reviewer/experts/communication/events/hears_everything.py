"""COM008: a plugin listens to every event of everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.text.ideas import FACES, LISTEN_WORDS
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.subscriptions import subscriptions
from reviewer.experts.communication.vocabulary import EVENTS
from reviewer.experts.paths import name_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Call
    from reviewer.experts.check import Inquiry

_ALL: Final = frozenset({"*", "**", "#", "*.*", "*:*", ">"})
_LISTENS_TO_ALL: Final = frozenset(
    {"onAny", "on_any", "prependAny", "subscribeAll", "subscribe_all", "onAll", "on_all"}
)
_BUSES: Final = EVENTS | FACES | {"host", "app"}


@module_check("COM008", words=EVENTS | LISTEN_WORDS | {"all"})
def hears_everything(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each subscription of a plugin for one that names no event."""
    if module.is_test:
        return
    for found in subscriptions(module):
        everything = next((name for name in found.names if name in _ALL), "")
        if everything and set(name_words(found.receiver)) & _BUSES:
            yield _match(found.call, f"'{everything}'")
    for call in module.calls(_LISTENS_TO_ALL):
        if call.receiver is not None and call.args and set(name_words(call.receiver)) & _BUSES:
            yield _match(call, f"'{call.name}'")


def _match(at: Call, how: str) -> Match:
    return Match(
        at,
        f"{how} brings every event of every plugin, those with other people's data and those that don't exist yet "
        "included.",
    )
