"""SEC227: code for a web page that an extension pieces together from text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Binary,
    Call,
    Conditional,
    Function,
    Literal,
    Name,
    Object,
    Template,
)
from reviewer.experts.browser.api import calls_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_CALLS: Final = (
    "tabs.executeScript",
    "devtools.inspectedWindow.eval",
    "userScripts.execute",
    "contentScripts.register",
)
_ESCAPES: Final = frozenset({"stringify", "Number", "parseInt", "parseFloat", "Boolean", "toFixed"})

_CHANGES: Final = frozenset({"replace", "replaceAll", "trim"})
"""Methods that give a text with little changes."""


@module_check("SEC227", words={"execute", "eval", "register"})
def code_into_page(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each text of code that is given to a page."""
    if module.is_test:
        return
    for path, call in calls_of(module, *_CALLS):
        for code in _codes(module, call):
            part = _foreign_part(module, code)
            if part is not None:
                yield Match(
                    code,
                    f"'{short(module.text_of(part))}' is pieced into code that '{path}' runs: whatever it holds runs "
                    "with it. Give it as an argument, or as JSON.stringify makes it.",
                )


def _codes(module: Module, call: Call) -> Iterator[Expr]:
    """Yield the texts of code among the arguments of a call."""
    for argument in call.args:
        if call.name == "eval" and argument is call.args[0]:
            yield argument
        shape = module.scopes.origin(argument) if isinstance(argument, Name) else argument
        code = shape.get("code") if isinstance(shape, Object) else None
        if code is not None:
            yield code


def _foreign_part(module: Module, code: Expr) -> Expr | None:
    """Return the first part of a text of code that is neither written out nor escaped, or None."""
    origin = module.scopes.origin(code)
    if isinstance(origin, Template):
        return next((hole for hole in origin.holes if not _safe(module, hole)), None)
    if isinstance(origin, Binary) and origin.op == "+":
        return _foreign_part_of_sum(module, origin)
    return None


def _foreign_part_of_sum(module: Module, expr: Expr) -> Expr | None:
    if isinstance(expr, Binary) and expr.op == "+":
        return _foreign_part_of_sum(module, expr.left) or _foreign_part_of_sum(module, expr.right)
    return None if _safe(module, expr) else expr


def _safe(module: Module, part: Expr) -> bool:
    """Tell whether a part is constant, escaped, or the text of a function."""
    origin = module.scopes.origin(part)
    if isinstance(origin, Conditional):
        return _safe(module, origin.then) and _safe(module, origin.other)
    if isinstance(origin, Binary) and origin.op == "+":
        return _foreign_part_of_sum(module, origin) is None
    if isinstance(origin, Literal):
        return True
    if isinstance(origin, Call):
        if origin.name in _CHANGES and origin.receiver is not None:
            return _safe(module, origin.receiver)
        return origin.name in _ESCAPES or origin.name == "toString"
    if isinstance(origin, Template):
        return all(_safe(module, hole) for hole in origin.holes)
    return isinstance(origin, Function)
