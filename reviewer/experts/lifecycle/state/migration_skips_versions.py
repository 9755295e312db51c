"""LIF016: a migration leads from each old version one step on, and stops there."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.flow import enclosing_loop, exits
from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Expr,
    Function,
    If,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Statement,
    Switch,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, function_of, names_in, walk
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.state.restoring import FORMAT_WORDS

if TYPE_CHECKING:
    from reviewer.code.module import Module

_MOST: Final = 50
_VERSION_WORDS: Final = FORMAT_WORDS - {"kind", "layout", "shape", "migration"}


class _Step(Struct, frozen=True):
    """A branch that is taken for one version, and the version that its body gives, None where it gives none."""

    version: float
    at: Node
    gives: float | None


@module_check("LIF016", words={"migrate", "migration", "upgrade", "version", "restore", "format", "schema"})
def migration_skips_versions(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak at a branch whose result is older than what another branch of the same chain gives."""
    if module.is_test or not module.words & {"migrate", "migration", "upgrade", "restore", "state", "load"}:
        return
    for node in module.some(If, Switch):
        steps: list[_Step] = []
        if isinstance(node, If) and not _is_elif(node) and enclosing_loop(node) is None:
            steps = _chain(node)
        elif isinstance(node, Switch) and _of_version(node.subject) and enclosing_loop(node) is None:
            steps = _cases(node)
        newest = max((step.gives for step in steps if step.gives is not None), default=None)
        for step in steps:
            if newest is not None and step.gives is not None and step.version < step.gives < newest:
                yield Match(
                    step.at,
                    f"State of version {step.version:g} is brought to {step.gives:g} here and left there, though the "
                    f"newest is {newest:g}: who skips an update keeps a state that nothing understands.",
                )
                break
        if isinstance(node, If) and not _is_elif(node) and enclosing_loop(node) is None:
            stops = _one_step_only(module, node)
            if stops is not None:
                yield Match(
                    stops,
                    "Only one of these steps is taken: what is older than the step before the last is brought one "
                    "version on, and goes on as if it were of the newest.",
                    related=((node, "the first step"),),
                )
    yield from _tables_of_steps(module)


def _one_step_only(module: Module, first: If) -> If | None:
    """Return the second branch of ``if v < 2: … elif v < 3: …``, where each makes one step of the same state.

    A branch that itself takes the steps of those behind it, ``state = to_3(to_2(state))``, leaves nothing out.
    """
    branches: list[tuple[float, set[str]]] = []
    current: Node | None = first
    targets: set[str] = set()
    while isinstance(current, If) and len(branches) < _MOST:
        below, step = _below(module, current.test), _step(current.body)
        if below is None or step is None:
            return None
        branches.append((below, step[1]))
        targets.add(step[0])
        current = current.orelse[0] if len(current.orelse) == 1 else None
    limits = [below for below, _made in branches]
    if len(branches) < 2 or limits != sorted(set(limits)) or len(targets) != 1:
        return None
    if any(later & earlier for (_, earlier), (_, later) in pairwise(branches)):
        return None
    second = first.orelse[0]
    return second if isinstance(second, If) else None


def _below(module: Module, test: Expr) -> float | None:
    """Return the version below which a test sends a state into its branch."""
    test = strip(test)
    if not isinstance(test, Binary) or test.op not in ("<", "<="):
        return None
    held = strip(test.left)
    made = module.scopes.origin(held) if isinstance(held, Name) else None
    about = _of_version(held) or (isinstance(made, Expr) and _of_version(made))
    return _number(test.right) if about else None


def _step(body: list[Statement]) -> tuple[str, set[str]] | None:
    """Return the name of the state that a branch makes anew of itself, and the functions that do it."""
    if len(body) != 1:
        return None
    assign = next((node for node in walk(body) if isinstance(node, Assign)), None)
    target = strip(assign.target) if assign is not None else None
    made = strip(assign.value) if assign is not None and assign.value is not None else None
    if not isinstance(target, Name) or not isinstance(made, Call) or target.id not in names_in(made.args):
        return None
    return target.id, {call.name for call in calls_in(made)}


def _tables_of_steps(module: Module) -> Iterator[Match]:
    """Find ``steps[state.version](state)`` that is called once, where each step leads one version on."""
    for use in module.all(Index):
        table = module.scopes.origin(use.object)
        if not isinstance(table, Object) or not _of_version(use.key) or enclosing_loop(use) is not None:
            continue
        steps = [
            _Step(version, value, _given(step.body))
            for key, value in table.entries
            if (version := _number(key)) is not None and isinstance(step := definition(module, value), Function)
        ]
        newest = max((step.gives for step in steps if step.gives is not None), default=None)
        function = function_of(use)
        again = function is None or any(definition(module, call.callee) is function for call in calls_in(function.body))
        first = next((s for s in steps if s.gives is not None and newest is not None and s.gives < newest), None)
        if first is not None and first.gives is not None and newest is not None and not again:
            yield Match(
                use,
                f"One step is taken here, and no more: state of version {first.version:g} is brought to "
                f"{first.gives:g} and left there, though the newest is {newest:g}.",
                related=((first.at, "this step leads one version on"),),
            )


def _is_elif(node: If) -> bool:
    return isinstance(node.parent, If) and any(node is other for other in node.parent.orelse)


def _chain(first: If) -> list[_Step]:
    """Return the steps of ``if (v === 1) … else if (v === 2) …``, or of such tests that each return."""
    steps: list[_Step] = []
    current: Node | None = first
    for _ in range(_MOST):
        if not isinstance(current, If):
            break
        version = _tested(current.test)
        if version is None:
            return []
        if not current.orelse and not exits(current.body) and steps == []:
            return []  # the next test sees the new version: a ladder
        steps.append(_Step(version, current, _given(current.body)))
        current = current.orelse[0] if len(current.orelse) == 1 else _next(current) if not current.orelse else None
    return steps if len(steps) > 1 else []


def _next(node: If) -> Node | None:
    """Return the statement behind a test that leaves."""
    function = function_of(node)
    if function is None or not exits(node.body):
        return None
    for position, statement in enumerate(function.body[:-1]):
        if statement is node:
            return function.body[position + 1]
    return None


def _cases(switch: Switch) -> list[_Step]:
    steps = []
    for case in switch.cases:
        values = [value for test in case.tests if (value := _number(test)) is not None]
        if not exits(case.body) and not (function_of(switch) and _python(switch)):
            return []  # falls through to the next version: a ladder
        if len(values) == 1:
            steps.append(_Step(values[0], case, _given(case.body)))
    return steps


def _python(node: Node) -> bool:
    function = function_of(node)
    return function is not None and function.module.language == "python"


def _tested(test: Expr) -> float | None:
    test = strip(test)
    if isinstance(test, Binary) and test.op == "==":
        for side, other in ((test.left, test.right), (test.right, test.left)):
            if _of_version(side):
                return _number(other)
    return None


def _of_version(expr: Expr) -> bool:
    expr = strip(expr)
    said = ""
    if isinstance(expr, Member):
        said = expr.name
    elif isinstance(expr, Name):
        said = expr.id
    elif isinstance(expr, Index) and isinstance(expr.key, Literal):
        said = str(expr.key.value)
    elif isinstance(expr, Call) and expr.name == "get" and expr.args and isinstance(expr.args[0], Literal):
        said = str(expr.args[0].value)
    return not _VERSION_WORDS.isdisjoint(words(said))


def _number(expr: Expr | None) -> float | None:
    expr = strip(expr) if expr is not None else None
    if isinstance(expr, Literal) and isinstance(expr.value, str) and expr.value.isdecimal() and len(expr.value) < 6:
        return float(expr.value)  # the key of an object
    if isinstance(expr, Literal) and isinstance(expr.value, int | float) and not isinstance(expr.value, bool):
        return float(expr.value)
    return None


def _given(body: list[Statement]) -> float | None:
    """Return the version that a branch writes."""
    for node in walk(body):
        if isinstance(node, Assign) and _of_version(node.target):
            value = _number(node.value)
            if value is not None:
                return value
        if isinstance(node, Object):
            for key, value_node in node.entries:
                if isinstance(key, Literal) and not _VERSION_WORDS.isdisjoint(words(str(key.value))):
                    value = _number(value_node)
                    if value is not None:
                        return value
    return None
