"""COM045: all steps of a chain are handed one and the same way on, which counts for all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.flow import exits
from reviewer.code.syntax import Assign, Call, Expr, Function, If, Index, Name, Node, Throw, Unary, strip
from reviewer.code.walk import calls_in, find, function_of, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.chains.chain_reentry import CHAIN_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry


@module_check("COM045", words=CHAIN_WORDS | {"advance", "layers", "layer", "handlers", "hooks"})
def shared_next(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that goes on by a place which it shares with all the steps that it is handed to."""
    if module.is_test:
        return
    for function in module.functions:
        name = _name_of(function)
        if not name or function.outer is None or function.signature_only:
            continue
        counted = _counted(function)
        step = next((call for call in calls_in(function.body) if _is_handed(call, name)), None)
        if step is None or not counted or not _is_at(module, function, step, counted) or _turns_back(function):
            continue
        yield Match(
            function,
            f"Every step is handed the same '{name}', and '{min(counted)}' counts for all of them: a step that calls "
            "it twice runs the one after next, and skips what stands between.",
        )


def _name_of(function: Function) -> str:
    around = function.parent
    if isinstance(around, Assign) and isinstance(around.target, Name):
        return around.target.id
    return function.name


def _counted(function: Function) -> set[str]:
    """Return the variables of the code around that a function counts up."""
    found = {
        one.target.id
        for one in find(function.body, Assign, into_functions=False)
        if one.op == "+=" and isinstance(one.target, Name)
    }
    found |= {
        one.operand.id
        for one in find(function.body, Unary, into_functions=False)
        if one.op.startswith("++") and isinstance(one.operand, Name)
    }
    own = {
        one.target.id
        for one in find(function.body, Assign, into_functions=False)
        if one.declare and isinstance(one.target, Name)
    }
    return found - own - {param.name for param in function.params}


def _is_handed(call: Call, name: str) -> bool:
    """Tell whether a call hands a function of this name on, and does not call it."""
    return any(isinstance(strip(arg), Name) and getattr(strip(arg), "id", "") == name for arg in call.args)


def _is_at(module: Module, function: Function, step: Call, counted: set[str]) -> bool:
    """Tell whether the step that is called stands at the place that is counted."""
    callee: Expr = strip(step.callee)
    made: Node | object = module.scopes.origin(callee) if isinstance(callee, Name) else callee
    return isinstance(made, Index) and function_of(made) is function and bool(names_in(made.key) & counted)


def _turns_back(function: Function) -> bool:
    """Tell whether a function refuses to go on a second time."""
    return any(
        exits(test.body) and any(isinstance(one, Throw) for one in test.body) for test in find(function.body, If)
    )
