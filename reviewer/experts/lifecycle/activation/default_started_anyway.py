"""LIF043: what is to stand in a table where nothing stands yet is started each time that the table is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Await, Binary, Call, strip, uncast
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_STARTS: Final = word_set("start spawn launch activate boot connect mount run popen")
_MAKES: Final = _STARTS | word_set("open create make build load new init initialize instantiate enter bring")
_TASKS: Final = frozenset({"create_task", "ensure_future", "run_coroutine_threadsafe", "start_soon", "Popen", "submit"})


@module_check("LIF043", words={"setdefault"})
def default_started_anyway(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each default that ``setdefault`` is handed for work that begins before the table is asked."""
    if module.is_test or module.language != "python":
        return
    for call in module.calls(("setdefault",)):
        default = call.args[1] if len(call.args) == len(("key", "default")) else None
        if default is None or not _begins(default) or _looked_before(module, call):
            continue
        yield Match(
            call,
            f"'{short(module.text_of(default))}' runs before 'setdefault' looks: it is started at every call, and "
            "thrown away where something stands there, running and never ended.",
            fix="Look first, and start only where nothing stands; let one call at a time through, or keep the task.",
        )


def _begins(default: Expr) -> bool:
    """Tell whether a default is something that runs: what is waited for, a task, or what a call by its name starts."""
    made = strip(default)
    if not isinstance(made, Call):
        return False
    names = _MAKES if isinstance(uncast(default), Await) else _STARTS
    return made.name in _TASKS or not names.isdisjoint(words(made.name)[:1])


def _looked_before(module: Module, call: Call) -> bool:
    """Tell whether the function asks the table before, so that it comes here only where nothing stands."""
    function = function_of(call)
    table = module.text_of(call.receiver) if call.receiver is not None else ""
    return function is not None and any(
        asked.op in ("in", "not in") and module.text_of(asked.right) == table for asked in find(function.body, Binary)
    )
