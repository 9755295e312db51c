"""LIF445: a transaction is rolled back where its work fails, and committed by nobody."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Call, Name, Param, Try, With, Yield, strip
from reviewer.code.walk import calls_in, find, function_of
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_RUNS: Final = frozenset({"execute", "exec", "query", "run"})
_UNDOING: Final = regex(r"(?i)[\"'`]\s*ROLLBACK\s*[\"'`;]")
_WRITES: Final = regex(r"(?i)[\"'`]\s{0,80}(?:INSERT\s|UPDATE\s|DELETE\s|REPLACE\s)")


@module_check("LIF445", words={"commit", "rollback", "transaction"})
def transaction_never_committed(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each ``try`` that gives up the work of a transaction for who keeps it where it succeeds."""
    if module.is_test:
        return
    for guard in module.all(Try):
        undo = _undone(module, guard)
        if undo is not None and _runs_work_of_others(module, guard) and _nobody_commits(module):
            yield Match(
                undo,
                f"'{short(module.text_of(undo))}' is for work that fails, and nothing commits what succeeds: it is "
                "dropped when the connection is closed, and holds its locks until then.",
                fix="Commit where the work has come to its end.",
            )


def _says(module: Module, call: Call, pattern: re.Pattern[str]) -> bool:
    return call.name in _RUNS and bool(call.args) and bool(pattern.search(module.text_of(call.args[0])))


def _undone(module: Module, guard: Try) -> Call | None:
    """Return the call by which a handler gives the work up."""
    for handler in guard.handlers:
        for call in calls_in(handler.body, into_functions=False):
            if "rollback" in call.name.lower().replace("_", "") or _says(module, call, _UNDOING):
                return call
    return None


def _runs_work_of_others(module: Module, guard: Try) -> bool:
    """Tell whether a ``try`` is there for any work: the block of a manager, or a function that was handed in."""
    function = function_of(guard)
    if function is None:
        return False
    if any(True for _ in find(guard.body, Yield, into_functions=False)):
        return any("contextmanager" in module.text_of(one) for one in function.decorators)
    for call in calls_in(guard.body, into_functions=False):
        callee = strip(call.callee)
        bound = module.scopes.lookup(callee.id, callee) if isinstance(callee, Name) else []
        if len(bound) == 1 and isinstance(bound[0], Param):
            return True
    return False


def _nobody_commits(module: Module) -> bool:
    """Tell whether a file that writes by statements of its own never says that anything is to stay."""
    text = module.source.lower()
    if any(word in text for word in (b"commit", b".begin(", b"isolation_level", b"atomic")):
        return False
    if any(definition(module, call.callee) is None for call in module.calls(("transaction", "begin"))):
        return False
    managed = (value for block in module.all(With) for value, _target in block.items)
    writes = _WRITES.search(module.source.decode("utf-8", "replace"))
    return writes is not None and not any(_is_connection(one) for one in managed)


def _is_connection(value: Node) -> bool:
    """Tell whether a block is that of a connection, which commits at its end."""
    value = strip(value) if isinstance(value, Name) else value
    named = getattr(value, "id", getattr(value, "name", ""))
    return not isinstance(value, Call) and any(word in named.lower() for word in ("conn", "db", "database", "session"))
