"""LIF204: what the editor gives back to be disposed of is dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call
from reviewer.code.walk import ancestors, function_of
from reviewer.core.scale import Severity
from reviewer.experts.check import Match, module_check
from reviewer.experts.host.promised import promises
from reviewer.experts.host.symbols import symbol_of
from reviewer.experts.lifecycle.fate import DROPPED, fates
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_KEPT_BY_HOST: Final = frozenset(
    {
        "window.createTerminal",
        "window.createWebviewPanel",
        "window.createOutputChannel",
        "window.createQuickPick",
        "window.createInputBox",
        "window.createTextEditorDecorationType",
        "notebooks.createRendererMessaging",
        "env.createTelemetryLogger",
    }
)
"""What lives as long as the person keeps it open, or holds nothing that goes on by itself."""
_LISTENS_ARGS: Final = 3
"""Arguments of an event that is told which list to put its disposable into."""
_ONCE: Final = frozenset({"activate", "constructor", ""})


@module_check("LIF204", words={"register", "create", "on"})
def disposable_dropped(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what becomes of registrations, listeners and things on the screen."""
    if module.is_test or is_tooling(module.path):
        return
    for promise in promises(inquiry):
        if module.identifiers.isdisjoint(promise.table.roots):
            continue
        for call in module.all(Call):
            if not _acquires(call.name):
                continue
            symbol = symbol_of(module, promise.table, call.callee)
            if symbol is None or "#" in symbol.name or "." not in symbol.name or symbol.name in _KEPT_BY_HOST:
                continue
            listens = symbol.last.startswith("on")
            if (listens and len(call.args) >= _LISTENS_ARGS) or fates(module, call) != [DROPPED]:
                continue
            what = f"The listener of '{symbol.name}'" if listens else f"What '{symbol.name}' gives back"
            again = _runs_often(call)
            more = ", and each run of this adds another" if again else ""
            yield Match(
                call,
                f"{what} is dropped: nothing can dispose of it{more}.",
                severity=Severity.MEDIUM if again else None,
            )


def _acquires(name: str) -> bool:
    return name.startswith(("register", "create")) or (name.startswith("on") and name[2:3].isupper())


def _runs_often(call: Call) -> bool:
    """Tell whether a call stands in what runs more than once: a command, a handler, a method that others call."""
    function = function_of(call)
    if function is None or function.name in _ONCE or function.kind == "constructor":
        return False
    return isinstance(function.parent, Call) or any(
        isinstance(around, Call) and around.name.startswith(("register", "on")) for around in ancestors(call)
    )
