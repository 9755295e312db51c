"""COM057: a helper tries everything again, in a subject whose errors say which of them may pass."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Call, Class, For, Function, Handler, If, Member, Name, Param, Try, While, strip
from reviewer.code.walk import ancestors, calls_in, find, function_of, names_in
from reviewer.core.regex import regex
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.paths import said_in

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr

_MAY_PASS: Final = frozenset("retryable retriable transient temporary retry".split())
"""Words by which an error says that the same may work later."""
_NAMES: Final = (
    "retryable isRetryable is_retryable retriable transient isTransient is_transient temporary isTemporary "
    "is_temporary RetryableError Retryable TransientError Transient TemporaryError".split()
)
_SAYS_SO: Final = regex(
    rb"(class|readonly)\s+((is)?[Rr]etr[iy]able|[Tt]ransient|[Tt]emporary)\w*"
    rb"|^\s*((readonly|static|get|override)\s+|self\.|this\.)*"
    rb"(is_?)?([Rr]etr[iy]able|[Tt]ransient|[Tt]emporary)\s*(\(\s*\)|[:=])",
    re.MULTILINE,
)
_ALL: Final = frozenset({"Exception", "BaseException"})


@module_check("COM057", words={"attempt", "attempts", "retry", "retries", "retrying", "retried", "tries"})
def retried_whatever_failed(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each loop around a function that is handed in, and at what it goes round again for."""
    if module.is_test:
        return
    for guard in module.all(Try):
        loop = next((one for one in ancestors(guard) if isinstance(one, For | While | Function)), None)
        function = function_of(guard)
        if not isinstance(loop, For | While) or function is None or not _runs_what_is_given(module, guard):
            continue
        handler = next((one for one in guard.handlers if _takes_all(module, one)), None)
        if handler is None or len(guard.handlers) > 1 or exits(handler.body) or asks_the_error(loop, handler):
            continue
        if said_in(loop.body) & _MAY_PASS & _told(inquiry) or not _told(inquiry):
            continue
        yield Match(
            handler,
            "This goes round again for every failure, although errors of this code say whether the same may work "
            "later: what was refused, or was wrong from the start, is asked for again and again.",
            fix="Go round again only for errors that say they may pass; throw the others at once.",
        )


def _told(inquiry: Inquiry) -> frozenset[str]:
    """Return the words by which classes of the subject tell errors that may pass from the others."""

    def work() -> frozenset[str]:
        texts = (text for _path, text in inquiry.project.texts(_NAMES))
        return _MAY_PASS if any(_SAYS_SO.search(text) for text in texts) else frozenset()

    return inquiry.project.once("errors say that they may pass", work)


def _runs_what_is_given(module: Module, guard: Try) -> bool:
    """Tell whether a ``try`` runs a function that its own was handed: ``return await call()``."""
    for call in calls_in(guard.body, into_functions=False):
        callee = strip(call.callee)
        bound = module.scopes.lookup(callee.id, callee) if isinstance(callee, Name) else []
        if len(bound) == 1 and isinstance(bound[0], Param):
            return True
    return False


def _takes_all(module: Module, handler: Handler) -> bool:
    """Tell whether a handler takes every failure, or all of a family whose members say which of them may pass."""
    return not handler.types or any(_is_family(module, one) for one in handler.types)


def _is_family(module: Module, kind: Expr) -> bool:
    if isinstance(kind, Name) and kind.id in _ALL:
        return True
    cls = definition(module, kind)
    if not isinstance(cls, Class) or said_in(kind) & _MAY_PASS:
        return False
    own = {field.name for field in cls.fields} | {method.name for method in cls.methods}
    return bool(own & set(_NAMES))


def asks_the_error(loop: For | While, handler: Handler) -> bool:
    """Tell whether what failed decides whether it is tried again: ``if (!passes(error)) throw error``."""
    tests = [branch.test for branch in find(loop.body, If, into_functions=False)]
    if handler.name and any(handler.name in names_in(test) for test in tests):
        return True
    told = (call for call in calls_in(handler.body, into_functions=False) if handler.name)
    return any(_decides(call) and handler.name in names_in(call.args) for call in told)


def _decides(call: Call) -> bool:
    """Tell whether the answer of a call may decide something: a line of a log does not."""
    callee = strip(call.callee)
    return not isinstance(callee, Member) and call.name not in ("print", "str", "String", "repr")
