"""API448: a number from outside is refused when it lies past a bound, and what is no number lies past none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.branches import alternatives
from reviewer.code.syntax import Binary, Call, If, Literal, Name, Param, Throw, Unary, strip
from reviewer.code.walk import find, function_of
from reviewer.experts.check import Match, module_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Function
    from reviewer.experts.check import Inquiry

_WHOLE: Final = frozenset(
    "isFinite isNaN isInteger isSafeInteger isfinite isnan isinf is_integer index trunc floor ceil Decimal".split()
)
"""Functions after which a number is one, or which fail where it is none."""
_TURNED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


@module_check("API448", words={"float", "error", "range"})
def bounds_pass_nan(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at refusals that compare a parameter with a lower and an upper bound."""
    if module.is_test:
        return
    for refusal in module.all(If):
        if not any(isinstance(one, Throw) for one in refusal.body):
            continue
        function = function_of(refusal)
        name = _bounded(refusal.test)
        if function is None or not name or _is_known_whole(function, name, module):
            continue
        bound = module.scopes.lookup(name, refusal)
        param = bound[0] if len(bound) == 1 and isinstance(bound[0], Param) else None
        if param is not None and _may_be_none(module, function, param):
            yield Match(
                refusal,
                f"Every comparison with NaN is false, so NaN passes both bounds for '{name}' and goes on as a number.",
            )


def _bounded(test: Expr) -> str:
    """Return the name that is refused below one bound and above another, or an empty text."""
    sides: dict[str, set[str]] = {}
    for part in alternatives(test):
        if not isinstance(part, Binary) or part.op not in _TURNED:
            continue
        left, right = strip(part.left), strip(part.right)
        if isinstance(left, Name) and not _is_bound_of(right, left):
            sides.setdefault(left.id, set()).add(part.op[0])
        if isinstance(right, Name):
            sides.setdefault(right.id, set()).add(_TURNED[part.op][0])
    return next((name for name, ops in sides.items() if ops == {"<", ">"}), "")


def _is_bound_of(right: Expr, left: Name) -> bool:
    """Tell whether both sides of a comparison are the same."""
    return isinstance(right, Name) and right.id == left.id


def _is_known_whole(function: Function, name: str, module: Module) -> bool:
    """Tell whether a function asks whether a value is a finite number, by a function or by itself: ``x !== x``."""
    if any(call.name in _WHOLE for call in find(function.body, Call)):
        return True
    for node in find(function.body, Binary):
        left, right = strip(node.left), strip(node.right)
        if isinstance(left, Name) and isinstance(right, Name) and left.id == right.id == name:
            return True
    return any(
        call.name in _WHOLE or call.name.lower().endswith(("finite", "integer", "number"))
        for test in find(function.body, If)
        for call in find(test.test, Call)
        if name in module.text_of(call)
    )


def _may_be_none(module: Module, function: Function, param: Param) -> bool:
    """Tell whether a function takes a number of any kind: it asks for the type, and floats are not ruled out."""
    if module.language == "python":
        if param.type.strip() == "float":
            return any(call.name == "isinstance" and param.name in _first(call) for call in _calls(function))
        return any(
            call.name == "isinstance" and param.name in _first(call) and "float" in module.text_of(call)
            for call in _calls(function)
        )
    return any(
        isinstance(side, Unary)
        and side.op == "typeof"
        and isinstance(asked := strip(side.operand), Name)
        and asked.id == param.name
        and isinstance(kind, Literal)
        and kind.value == "number"
        for node in find(function.body, Binary)
        for side, kind in ((strip(node.left), strip(node.right)), (strip(node.right), strip(node.left)))
    )


def _calls(function: Function) -> Iterator[Call]:
    return find(function.body, Call)


def _first(call: Call) -> str:
    first = strip(call.args[0]) if call.args else None
    return first.id if isinstance(first, Name) else ""
