"""SEC201 and SEC202: pages inside an editor that name commands, or that nothing holds back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.links import callee
from reviewer.code.syntax import Assign, Call, Function, Literal, Member, Return, Template, strip
from reviewer.code.walk import find
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.security.provenance import trace
from reviewer.experts.security.sinks import unlimited

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_LISTENS: Final = frozenset({"onDidReceiveMessage", "onMessage", "addEventListener"})
_OPEN: Final = frozenset({"message", "parameter", "unknown", "plugin", "request"})
_DEEPEST: Final = 3


@module_check("SEC201", words={"execute"})
def webview_names_command(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the command that each ``executeCommand`` runs, in files that get messages."""
    if module.is_test or _LISTENS.isdisjoint(module.identifiers):
        return
    for call in module.calls({"executeCommand"}):
        command = call.arg(0)
        if command is None or isinstance(strip(command), Literal):
            continue
        found = unlimited(module, command, call)
        if found is None or not found.kinds() & _OPEN:
            continue
        if "message" not in found.kinds() and not trace(module, command).outside and not _in_listener(module, call):
            continue
        text = short(module.text_of(command))
        yield Match(call, f"'{text}' comes with a message, and any command of the editor is run by it.")


def _in_listener(module: Module, call: Call) -> bool:
    """Tell whether a call stands in a function that messages are handed to, straight or by one more call."""
    around = call.function
    for listens in module.calls(_LISTENS):
        for given in listens.args:
            handler = strip(given)
            if not isinstance(handler, Function):
                continue
            reached = {id(handler)} | {id(callee(module, inner)) for inner in find(handler.body, Call)}
            holder = around
            while holder is not None:
                if id(holder) in reached:
                    return True
                holder = holder.outer if isinstance(holder, Function) else None
    return False


@module_check("SEC202", words={"webview"})
def webview_without_policy(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the pages that are written out, in files that switch scripts on."""
    if module.is_test or "enableScripts" not in module.identifiers or b"Content-Security-Policy" in module.source:
        return
    for assign in module.all(Assign):
        target = strip(assign.target)
        if not isinstance(target, Member) or target.name != "html" or "ebview" not in module.text_of(target.object):
            continue
        if assign.value is not None and _is_page(module, assign.value, 0):
            text = "The page may run scripts and has no content security policy: any markup in it runs, too."
            yield Match(assign, text)


def _is_page(module: Module, value: Expr, depth: int) -> bool:
    """Tell whether a value is a whole page that this file writes out."""
    value = strip(value)
    origin = module.scopes.origin(value)
    text = origin if isinstance(origin, Template | Literal) else value
    if isinstance(text, Template | Literal):
        return "<html" in module.text_of(text).lower()
    if isinstance(value, Call) and depth < _DEEPEST:
        made = callee(module, value)
        if made is not None and made.module is module:
            given = [one.value for one in find(made.body, Return, into_functions=False) if one.value is not None]
            return any(_is_page(module, one, depth + 1) for one in given)
    return False
