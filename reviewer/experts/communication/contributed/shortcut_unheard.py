"""COM221: the keyboard commands of an extension's manifest and of its code are not the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Function
from reviewer.core.location import Location
from reviewer.core.nearest import nearest
from reviewer.experts.browser.api import calls_of, has_api
from reviewer.experts.browser.permissions import counted
from reviewer.experts.check import Match, subject_check
from reviewer.experts.communication.compared import compared_texts
from reviewer.experts.drawn import Drawn
from reviewer.experts.place import locate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_OWN: Final = "_execute_"
"""How commands begin that the browser carries out by itself."""
_MOST: Final = 60


def _draw(_inquiry: Inquiry, module: Module) -> tuple[tuple[Location, frozenset[str] | None], ...] | None:
    if module.language == "python" or not has_api(module):
        return None
    found = []
    for _, call in calls_of(module, "commands.onCommand.addListener"):
        handler = definition(module, call.args[0]) if call.args else None
        found.append((locate(module, call), compared_texts(module, handler) if isinstance(handler, Function) else None))
    return tuple(found) or None


_LISTENERS: Final = Drawn(
    "browser.commands",
    _draw,
    tuple[tuple[Location, frozenset[str] | None], ...],
    naming=("command",),
    tests=False,
)


@subject_check("COM221")
def shortcut_unheard(inquiry: Inquiry) -> Iterator[Match]:
    """Hold the commands of the manifest against what listeners look for, both ways."""
    said = inquiry.manifest.get("commands") if inquiry.manifest is not None else None
    declared = dict(said.members()) if said is not None else {}
    listeners = [one for part in _LISTENERS.of(inquiry) for one in part]
    if not declared or not inquiry.project.sources:
        return
    heard = {name for _, texts in listeners for name in texts or ()}
    takes_any = any(texts is None for _, texts in listeners)
    for name, value in list(declared.items())[:_MOST]:
        if name.startswith(_OWN) or name in heard or takes_any or counted(inquiry, name):
            continue
        near = nearest(name, heard - declared.keys()) or ""
        said_near = f"; a listener looks for '{near}'" if near else ""
        yield Match(value, f"The command '{name}' has a place in the manifest, and no code listens for it{said_near}.")
    for at, texts in listeners:
        for name in sorted(texts or ()):
            if name not in declared and not nearest(name, declared.keys() - heard):
                yield Match(at, f"The listener looks for the command '{name[:60]}', which the manifest does not have.")
