"""LIF421: the start of a plugin catches whatever goes wrong in it, so that the host takes it for running."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from reviewer.code.contexts import is_stopper
from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Call, Function, Handler, Name, Return, Throw, Try
from reviewer.code.text.ideas import LISTENS, REGISTERING
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, walk
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.contract import plugin_definitions
from reviewer.experts.paths import last_words

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Node

_LOGS: Final = frozenset("log logger logging console print debug info warn warning error exception trace str".split())
_UNDOES: Final = tuple((word,) for word in ("undo", "rollback", "release", "dispose", "cleanup", "teardown", "reset"))
_SAYS: Final = frozenset("String str repr format type".split())
_REGISTERS: Final = REGISTERING | LISTENS | {"use"}


@module_check("LIF421", words={"activate", "setup", "start", "init", "enable", "load", "boot"})
def activation_failure_unsaid(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what a plugin's start does with what goes wrong while it registers."""
    if module.is_test:
        return
    for plugin in plugin_definitions(module):
        for statement in plugin.start.body:
            handler = _swallowing(module, statement) if isinstance(statement, Try) else None
            if handler is not None and isinstance(statement, Try) and _registers(module, statement.body):
                yield Match(
                    handler,
                    f"Whatever goes wrong while '{plugin.start.name or 'the plugin'}' registers ends here: the host "
                    "takes the plugin for running, although it is not.",
                )


def _swallowing(module: Module, statement: Try) -> Handler | None:
    """Return the handler that catches everything and at most writes it down."""
    for handler in statement.handlers:
        every = not handler.types or any(last_words(kind)[-1:] == ("exception",) for kind in handler.types)
        if module.language != "python" or every:
            return handler if _only_logs(handler) else None
    return None


def _only_logs(handler: Handler) -> bool:
    for node in walk(handler.body):
        if isinstance(node, Throw | Return | Assign):
            return False
        if isinstance(node, Call) and not _is_log(node) and not _takes_back(node):
            return False
    return True


def _takes_back(call: Call) -> bool:
    """Tell whether a call only undoes what the start has done: ``await this.deactivate()``, ``self._undo()``."""
    return is_this_member(call.callee) and (is_stopper(call.name) or words(call.name)[:1] in _UNDOES)


def _is_log(call: Call) -> bool:
    said = {*words(call.name), *(last_words(call.receiver) if call.receiver is not None else ())}
    return (
        bool(said & _LOGS)
        or call.name in _SAYS
        or (call.receiver is None and isinstance(call.callee, Name) and call.name == "type")
    )


def _registers(module: Module, body: Sequence[Node]) -> bool:
    """Tell whether statements register something with the host, in themselves or in a function that they call."""
    for call in calls_in(body, into_functions=False):
        if _is_registration(module, call):
            return True
        target = definition(module, call.callee)
        body = target.body if isinstance(target, Function) and target.module is module else ()
        if any(_is_registration(module, inner) for inner in calls_in(body, into_functions=False)):
            return True
    return False


def _is_registration(module: Module, call: Call) -> bool:
    return call.name in _REGISTERS and module.resolve(call.receiver).startswith("context.")
