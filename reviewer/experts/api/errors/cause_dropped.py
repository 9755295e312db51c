"""API475: what a plugin threw is caught under a name, and what is told of it goes without."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, ExprStatement, Name, Throw, Try, strip
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.guests import runs_guest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Handler
    from reviewer.experts.check import Inquiry

_TELLS: Final = frozenset(
    (
        "emit notify report warn error log info debug warning publish send dispatch print alert complain record note"
    ).split()
)
_FAILURES: Final = frozenset("error errors failure failed fail fault trouble crash crashed problem broken".split())
_WITH_IT: Final = frozenset({"exception", "print_exc", "format_exc", "exc_info", "captureException"})
"""Calls of Python that take the error from where it is kept."""


@module_check("API475", words={"catch", "except"})
def cause_dropped(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at handlers around the work of a plugin that name the error, never use it, and tell that it failed."""
    if inquiry.subject.kind != "host" or module.is_test:
        return
    for tried in module.all(Try):
        ran = None
        for handler in tried.handlers:
            if handler.name.startswith("_") or not _of_any_kind(module, handler):
                continue
            if not handler.name and module.language != "python":
                continue  # ``catch {`` says that the error is left out on purpose
            if handler.name and _speaks_of(handler):
                continue
            told = _told(module, handler)
            ran = ran or next((one for one in calls_in(tried.body) if runs_guest(module, one) is not None), None)
            if told is None or ran is None:
                continue
            yield Match(
                told,
                f"Here it is told that '{short(module.text_of(ran.callee))}' failed, and {_cause(handler)}, which says "
                "why, is dropped: nobody can find out what is wrong with the plugin.",
                related=((handler, "caught here"),),
            )


def _cause(handler: Handler) -> str:
    return f"'{handler.name}'" if handler.name else "the error"


def _of_any_kind(module: Module, handler: Handler) -> bool:
    """Tell whether a handler takes every error; the kind of a single one says by itself what went wrong."""
    return all(module.text_of(kind) in ("Exception", "BaseException") for kind in handler.types)


def _speaks_of(handler: Handler) -> bool:
    return any(one.id == handler.name for one in find(handler.body, Name))


def _told(module: Module, handler: Handler) -> Call | Throw | None:
    """Return what a handler tells, where that is all that remains of the error."""
    if any(one.name in _WITH_IT or "exc_info" in one.keywords for one in find(handler.body, Call)):
        return None
    if any(isinstance(one, Throw) and one.value is None for one in handler.body):
        return None  # whoever called is given it as it is
    for statement in handler.body:
        if isinstance(statement, Throw):
            return statement if statement.value is not None and module.language != "python" else None
        call = strip(statement.value) if isinstance(statement, ExprStatement) else None
        said = words(call.name)[:1] if isinstance(call, Call) else ()
        heard = isinstance(call, Call) and said == ("on",) and not _FAILURES.isdisjoint(words(call.name))
        if isinstance(call, Call) and (heard or not _TELLS.isdisjoint(said)):
            return call
    return None
