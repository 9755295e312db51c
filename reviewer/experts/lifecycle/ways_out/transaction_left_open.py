"""LIF445: a transaction is begun and committed, and where the work between fails nobody rolls it back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import siblings
from reviewer.code.syntax import Await, Call, Literal, Name, Template, Throw, Try, With, Yield, strip
from reviewer.code.walk import ancestors, calls_in, find, inside, statement_of
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.ways_out.loan_kept_on_failure import is_handed, variable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Function, Node
    from reviewer.experts.check import Inquiry

_BEGINS: Final = frozenset("begin beginTransaction begin_transaction startTransaction start_transaction".split())
_MAKES: Final = frozenset({"transaction", "beginTransaction", "startTransaction", "createTransaction"})
"""Calls that give a transaction of its own, which is committed by itself."""
_RUNS: Final = frozenset("execute exec query run prepare executescript unsafe send raw".split())
_BACK: Final = frozenset(
    "rollback rollbackTransaction rollback_transaction abort abortTransaction abort_transaction undo close destroy end "
    "release terminate aclose dispose".split()
)
"""Calls that end a transaction without keeping its work, or the connection that it runs in."""
_OPENING: Final = regex(r"(?i)^\s*(BEGIN|START\s+TRANSACTION)\b")
_CLOSING: Final = regex(r"(?i)^\s*(COMMIT|END)\b")
_UNDOING: Final = regex(r"(?i)\bROLLBACK\b")


@module_check("LIF445", words={"commit", "begin", "transaction"})
def transaction_left_open(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that begins and commits for what may fail between and rolls nothing back."""
    if module.is_test:
        return
    for function in module.functions:
        if function.signature_only:
            continue
        for begun in calls_in(function.body, into_functions=False):
            if _begins(begun):
                yield from _open(module, function, begun)


def _open(module: Module, function: Function, begun: Call) -> Iterator[Match]:
    statement = statement_of(begun)
    beside = siblings(statement, module) if statement is not None else []
    if statement is None or not any(one is statement for one in beside):
        return
    holder = begun.receiver if not _gives_one(begun) else None
    name = module.text_of(holder) if holder is not None else variable(begun)
    commit = next((c for c in calls_in(function.body) if c.start > begun.stop and _commits(module, c, name)), None)
    if commit is None or any(_undoes(module, node) for node in calls_in(function.body)) or _undone_by_block(begun):
        return
    if any(
        isinstance(around, Try) and any(inside(commit, one) for one in around.final) for around in ancestors(commit)
    ):
        return  # reached whatever fails
    risk = next((node for node in _risks(module, function) if begun.stop <= node.start < commit.start), None)
    if risk is None or inside(begun, risk) or inside(commit, risk):
        return
    yield Match(
        risk,
        f"When this fails, '{module.text_of(commit)}' is never reached and nothing rolls back what "
        f"'{module.text_of(begun)}' began: the transaction stays open with its locks, and the next one fails.",
        related=((begun, "begun here"), (commit, "ended only where all went well")),
    )


def _gives_one(call: Call) -> bool:
    """Tell whether what a call gives is the transaction, which its variable holds."""
    return call.name in _MAKES and bool(variable(call))


def _begins(call: Call) -> bool:
    if call.receiver is None or any(not isinstance(strip(arg), Literal | Name | Template) for arg in call.args):
        return False
    if call.name in _RUNS:
        return _says(call, _OPENING)
    return call.name in _BEGINS or _gives_one(call)


def _commits(module: Module, call: Call, name: str) -> bool:
    if call.receiver is None or module.text_of(call.receiver) != name:
        return False
    return call.name in ("commit", "commitTransaction", "commit_transaction") or (
        call.name in _RUNS and _says(call, _CLOSING)
    )


def _undoes(module: Module, call: Call) -> bool:
    """Tell whether a call gives the work up, or the connection, or is a helper that is named for it."""
    if call.name in _RUNS:
        return bool(call.args) and bool(_UNDOING.search(module.text_of(call.args[0])))
    return call.name in _BACK or "rollback" in call.name.lower() or "roll_back" in call.name.lower()


def _undone_by_block(begun: Call) -> bool:
    """Tell whether a block around ends what was begun: ``with closing(db):``, a ``try`` that names it in its end."""
    return any(isinstance(around, With) for around in ancestors(begun))


def _says(call: Call, pattern: re.Pattern[str]) -> bool:
    said = _text(call.args[0]) if call.args else ""
    return bool(pattern.search(said))


def _text(value: Expr) -> str:
    value = strip(value)
    if isinstance(value, Literal):
        return value.value if isinstance(value.value, str) else ""
    if isinstance(value, Template):
        first = value.items[0] if value.items else None
        return first.value if isinstance(first, Literal) and isinstance(first.value, str) else ""
    return ""


def _risks(module: Module, function: Function) -> list[Node]:
    """Return what may fail: what is waited for, the block of a manager, what was handed in, further statements."""
    found: list[Node] = [
        wait for wait in find(function.body, Await, into_functions=False) if not _caught(wait, function)
    ]
    found.extend(find(function.body, Yield, into_functions=False))
    found.extend(
        call
        for call in calls_in(function.body, into_functions=False)
        if is_handed(module, call.callee) or (call.name in _RUNS | {"executemany"} and call.receiver is not None)
    )
    return sorted((node for node in found if not _caught(node, function)), key=lambda node: node.start)


def _caught(node: Node, function: Function) -> bool:
    """Tell whether a failure of a node goes no further than a handler of the function."""
    inner = node
    for around in ancestors(node):
        if around is function:
            return False
        if isinstance(around, Try) and around.handlers and any(inner is one for one in around.body):
            return not any(isinstance(last, Throw) for handler in around.handlers for last in handler.body[-1:])
        inner = around
    return False
