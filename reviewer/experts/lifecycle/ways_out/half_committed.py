"""LIF445: a ``finally`` commits, so that what was written before a failure stays although the rest of it is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Await, Call, ExprStatement, Param, Try, Yield
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import last_words, text_of, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_COMMITS: Final = frozenset({"commit", "commitTransaction", "commit_transaction"})
_RUNS: Final = frozenset("execute executemany exec query run prepare add delete merge flush".split())
_HOLDERS: Final = word_set(
    "db database conn connection session tx trx txn transaction client cursor pool sql sqlite store engine handle"
)
_SEVERAL: Final = 2


@module_check("LIF445", words={"commit", "transaction"})
def half_committed(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each commit that runs however the work before it has ended."""
    if module.is_test:
        return
    for guard in module.all(Try):
        if not guard.final:
            continue
        commit = next((call for call in calls_in(guard.final, into_functions=False) if _commits(module, call)), None)
        if commit is None or not _does_several_things(guard) or _rolled_back(guard):
            continue
        yield Match(
            commit,
            f"'{module.text_of(commit)}' runs as well where the work before it has failed: what was written by then "
            "is kept, and the rest of it is missing.",
        )


def _commits(module: Module, call: Call) -> bool:
    """Tell whether a call commits to a database, and not where a flag that was set at the end says so."""
    holder = call.receiver
    says = call.name in _RUNS and bool(call.args) and text_of(call.args[0]).strip(" ;").upper() == "COMMIT"
    if holder is None or not (call.name in _COMMITS or says) or not set(last_words(holder)) & _HOLDERS:
        return False
    return isinstance(call.parent, ExprStatement | Await) and isinstance(_around(call), Try)


def _around(call: Call) -> Node | None:
    """Return what the statement stands in that a call is all of."""
    node = call.parent
    while isinstance(node, ExprStatement | Await):
        node = node.parent
    return node


def _does_several_things(guard: Try) -> bool:
    """Tell whether more than one statement is run, or somebody else's work that may be any number of them."""
    if any(True for _ in find(guard.body, Yield, into_functions=False)):
        return True
    function = function_of(guard)
    handed = {param.name for param in function.params if isinstance(param, Param)} if function is not None else set()
    calls = list(calls_in(guard.body))
    runs = [call for call in calls if call.name in _RUNS and _changes(call)]
    return len(runs) >= _SEVERAL or any(call.receiver is None and call.name in handed for call in calls)


def _changes(call: Call) -> bool:
    said = text_of(call.args[0]).lstrip().lower() if call.args else ""
    return not said.startswith(("select", "pragma", "begin", "with"))


def _rolled_back(guard: Try) -> bool:
    """Tell whether what catches a failure takes back what was written."""
    return any(
        "rollback" in "".join(words(call.name)) or call.name == "abort"
        for part in (*guard.handlers, *guard.final)
        for call in calls_in(part)
    )
