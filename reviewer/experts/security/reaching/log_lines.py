"""Calls and statements that only write a line to a log or an audit trail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Await, Call, ExprStatement, strip
from reviewer.code.text.words import words
from reviewer.experts.paths import path_words, word_set
from reviewer.experts.security.vocabulary import AUDITS

if TYPE_CHECKING:
    from reviewer.code.syntax import Statement

LOGS: Final = word_set(
    "log info warn warning error debug trace note append record write push add print audit emit event exception "
    "notify inc increment track enter"
)
"""First words of calls that write something down."""


def is_log(call: Call) -> bool:
    """Tell whether a call writes a line to a log or an audit trail."""
    last = words(call.name)
    receiver = path_words(call.receiver) if call.receiver is not None else set()
    return (
        bool(last)
        and last[0] in LOGS
        and bool(
            receiver & (AUDITS | {"log", "logger", "logging", "console", "metrics", "report", "log4js"})
            or set(last) & {"log", "warn", "audit", "print", "warning"}
        )
    )


def is_log_line(statement: Statement) -> bool:
    """Tell whether a statement does nothing but write a line to a log."""
    value = strip(statement.value) if isinstance(statement, ExprStatement) else None
    value = strip(value.value) if isinstance(value, Await) else value
    return isinstance(value, Call) and is_log(value)
