"""SEC201, SEC202 and SEC206: pages inside an editor that name commands or files, or that nothing holds back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import callee, definition
from reviewer.code.syntax import Assign, Call, Function, Index, Literal, Member, Name, Param, Return, Template, strip
from reviewer.code.walk import find
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words
from reviewer.experts.security.reaching.file_calls import appended
from reviewer.experts.security.reaching.sinks import unlimited
from reviewer.experts.security.values.provenance import trace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_LISTENS: Final = frozenset({"onDidReceiveMessage", "onMessage", "addEventListener"})
_OPEN: Final = frozenset({"message", "parameter", "unknown", "plugin", "request"})
_CHANGES: Final = frozenset(
    "delete writeFile writeFileSync rename renameSync copy copyFile copyFileSync rm rmSync unlink unlinkSync".split()
)
_OF_TWO: Final = frozenset({"rename", "renameSync", "copy", "copyFile", "copyFileSync"})
_FILES: Final = (("fs",), ("promises",), ("fsp",), ("fse",))
"""Last words of what such calls are made on: ``workspace.fs``, ``fs.promises``."""
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


@module_check("SEC206", words={"receive"})
def webview_names_file(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the file that is written, moved or deleted, in files that get messages of a page."""
    if module.is_test or "onDidReceiveMessage" not in module.identifiers:
        return
    for call in module.calls(_CHANGES):
        if call.receiver is not None and last_words(call.receiver)[-1:] not in _FILES:
            continue
        for given in call.args[: 2 if call.name in _OF_TWO else 1]:
            path = _bare(given)
            found = unlimited(module, path, call)
            if found is None or not found.kinds() & _OPEN or appended(module, path):
                continue
            if "message" in found.kinds() or _is_heard(module, path):
                text = short(module.text_of(path))
                yield Match(
                    call, f"'{text}' comes with a message of the page, and '{call.name}' reaches any file by it."
                )
                break


def _is_heard(module: Module, path: Expr) -> bool:
    """Tell whether a value is what a listener was given, or a part of it."""
    while isinstance(path, Member | Index):
        path = strip(path.object)
    handlers = [definition(module, given) for listens in module.calls(_LISTENS) for given in listens.args]
    bindings = module.scopes.lookup(path.id, path) if isinstance(path, Name) else []
    return any(isinstance(one, Param) and any(one.parent is handler for handler in handlers) for one in bindings)


def _bare(path: Expr) -> Expr:
    """Return what ``Uri.file(…)`` is made of."""
    path = strip(path)
    made = path.name in ("file", "parse") if isinstance(path, Call) else False
    return strip(path.args[0]) if isinstance(path, Call) and made and path.args else path
