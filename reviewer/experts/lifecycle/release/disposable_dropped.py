"""LIF204: what the editor gives back to be disposed of is dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Call, Member, Name
from reviewer.code.walk import ancestors, find, function_of
from reviewer.core.scale import Severity
from reviewer.experts.check import Match, module_check
from reviewer.experts.host.promised import promises
from reviewer.experts.host.symbols import symbol_of
from reviewer.experts.lifecycle.holding.fate import DROPPED, fates
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
_MOST: Final = 20
"""Places of one file that are told."""
_ONCE: Final = frozenset({"activate", "constructor", ""})


@module_check("LIF204", words={"register", "create", "on"})
def disposable_dropped(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what becomes of registrations, listeners and things on the screen.

    What is dropped once for the whole life of the extension is told once a file; what each run of a
    command adds to is told at its place.
    """
    if module.is_test or is_tooling(module.path):
        return
    once = []
    for call, name in _dropped(inquiry, module):
        if _runs_often(call):
            text = f"{_what(name)} is dropped: nothing can dispose of it, and each run of this adds another."
            yield Match(call, text, severity=Severity.MEDIUM)
        else:
            once.append((call, name))
    if once:
        first, name = once[0]
        more = f" ({len(once) - 1} more in this file)" if once[1:] else ""
        related = tuple((call, f"'{other}' is dropped, too") for call, other in once[1:_MOST])
        yield Match(first, f"{_what(name)} is dropped: nothing can dispose of it{more}.", related=related)


def _dropped(inquiry: Inquiry, module: Module) -> Iterator[tuple[Call, str]]:
    """Yield the calls whose disposable goes nowhere, with the symbol of the host."""
    for promise in promises(inquiry):
        if module.identifiers.isdisjoint(promise.table.roots):
            continue
        for call in module.all(Call):
            if not _acquires(call.name):
                continue
            symbol = symbol_of(module, promise.table, call.callee)
            if symbol is None or "#" in symbol.name or "." not in symbol.name or symbol.name in _KEPT_BY_HOST:
                continue
            told = symbol.last.startswith("on") and len(call.args) >= _LISTENS_ARGS
            if not told and (fates(module, call) == [DROPPED] or _only_used(call)):
                yield call, symbol.name


def _only_used(call: Call) -> bool:
    """Tell whether a thing is kept in a local variable of which nothing but members are taken, ``dispose`` never."""
    kept, function = call.parent, function_of(call)
    if not isinstance(kept, Assign) or not kept.declare or function is None or not isinstance(kept.target, Name):
        return False
    name = kept.target.id
    uses = [node for node in find(function.body, Name) if node.id == name and node is not kept.target]
    return all(
        isinstance(node.parent, Member) and node.parent.object is node and node.parent.name != "dispose"
        for node in uses
    )


def _what(name: str) -> str:
    listens = name.rsplit(".", 1)[-1].startswith("on")
    return f"The listener of '{name}'" if listens else f"What '{name}' gives back"


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
