"""COM203: code reads or writes a setting of its own that the manifest does not contribute."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call
from reviewer.code.text.words import words
from reviewer.code.walk import function_of
from reviewer.core.location import Location
from reviewer.core.scale import Severity
from reviewer.experts.check import Match, subject_check
from reviewer.experts.communication.constants import fixed_text, nearest
from reviewer.experts.drawn import Drawn, Fact
from reviewer.experts.editor.contributions import prefix, settings
from reviewer.experts.editor.settings_read import USES, setting_of
from reviewer.experts.place import locate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_MOVES: Final = frozenset("migrate migration migrations upgrade legacy obsolete deprecated old convert rename".split())
_MOST: Final = 200


class _Use(Fact, frozen=True):
    key: str
    how: str
    at: Location


@subject_check("COM203")
def setting_not_contributed(inquiry: Inquiry) -> Iterator[Match]:
    """Hold the settings that code names against those of the manifest."""
    known = settings(inquiry)
    own = {prefix(key) for key in known} - {""}
    told: set[str] = set()
    for use in [one for part in _READ.of(inquiry) for one in part][:_MOST]:
        if use.key in known or prefix(use.key) not in own or use.key in told:
            continue
        if any(key.startswith(f"{use.key}.") or use.key.startswith(f"{key}.") for key in known):
            continue  # a group of settings, or a part of one that holds an object
        told.add(use.key)
        meant = nearest(use.key, known)
        hint = f" Did you mean '{meant}'?" if meant else ""
        if use.how == "update":
            yield Match(
                use.at,
                f"The setting '{use.key}' is written, and the manifest does not contribute it: the editor refuses to "
                f"write it.{hint}",
                severity=Severity.HIGH,
            )
        else:
            yield Match(
                use.at,
                f"The setting '{use.key}' is read, and the manifest does not contribute it: nobody can find it, and "
                f"it has no default.{hint}",
            )


def _collect(inquiry: Inquiry, module: Module) -> list[_Use]:
    found = []
    for call in module.all(Call):
        if call.name == "affectsConfiguration" or call.name in USES:
            key = "" if _moves(call) else _key(inquiry, module, call)
            if key:
                found.append(_Use(key, call.name, locate(module, call.args[0])))
    return found


def _key(inquiry: Inquiry, module: Module, call: Call) -> str:
    """Return the setting that a call reads, writes or waits for: ``event.affectsConfiguration("acme.path")``."""
    if call.name == "affectsConfiguration":
        return fixed_text(module, call.args[0]) if call.args else ""
    return setting_of(inquiry, module, call)


def _moves(call: Call) -> bool:
    """Tell whether a function takes over settings of old: those are not contributed any more."""
    function = function_of(call)
    while function is not None:
        if not _MOVES.isdisjoint(words(function.name)):
            return True
        function = function.outer
    return False


_READ: Final = Drawn("editor.settings", _collect, list[_Use], {"configuration"}, tests=False)
