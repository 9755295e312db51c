"""The language of ``when`` in decision rules: comparisons of facts, joined by ``and``, ``or`` and ``not``.

It is a small part of Python's expressions, read with the standard parser, and nothing of it is run: a
condition can compare, calculate with ``*`` and ``/`` and look into lists, and nothing else. Facts
with an order (``boundary``, ``data``, …) compare by their place in it, sets by inclusion.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from msgspec import Struct

Fact: TypeAlias = bool | int | float | str | frozenset[str] | None
"""What is known of one thing."""
Facts: TypeAlias = Mapping[str, Fact]
_Evaluate: TypeAlias = Callable[[Facts], Any]

_LONGEST: Final = 600
_COMPARISONS: Final[dict[type[ast.cmpop], Callable[[Any, Any], bool]]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda left, right: left in right,
    ast.NotIn: lambda left, right: left not in right,
}
_ORDERING: Final = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)


class ConditionError(ValueError):
    """A condition that can't be understood; the message says what and what is expected."""


class Vocabulary(Struct, frozen=True):
    """The names that conditions may use, with their values and their order."""

    values: Mapping[str, frozenset[str]]
    """Every known name, with its possible texts; empty where it holds something else."""
    scales: Mapping[str, Sequence[str]]
    """Names whose values have an order, from the least."""


class Condition(Struct, frozen=True):
    """A condition that was understood."""

    text: str
    names: tuple[str, ...]
    """The facts that it looks at, in order of appearance."""
    _evaluate: _Evaluate

    def holds(self, facts: Facts) -> bool:
        """Tell whether it holds; raises KeyError for a fact that is missing."""
        return bool(self._evaluate(facts))


def read_condition(text: str, vocabulary: Vocabulary) -> Condition:
    """Read a condition; raises `ConditionError` for unknown names, impossible values and other syntax."""
    if len(text) > _LONGEST:
        raise ConditionError(f"the condition has {len(text)} characters; at most {_LONGEST}")
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ConditionError(f"the condition {text!r} can't be read; write for example trust == 1") from error
    names: list[str] = []
    _check(tree, vocabulary, names)
    return Condition(text, tuple(dict.fromkeys(names)), _compiled(tree, vocabulary.scales))


def _check(node: ast.expr, vocabulary: Vocabulary, names: list[str]) -> None:
    """Refuse everything that is not part of the language, and collect the names."""
    match node:
        case ast.BoolOp(values=parts):
            for part in parts:
                _check(part, vocabulary, names)
        case ast.UnaryOp(op=ast.Not(), operand=part):
            _check(part, vocabulary, names)
        case ast.BinOp(left=left, op=ast.Mult() | ast.Div(), right=right):
            _check(left, vocabulary, names)
            _check(right, vocabulary, names)
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _COMPARISONS:
            _check(left, vocabulary, names)
            _check(right, vocabulary, names)
            _check_values(left, right, vocabulary)
            _check_values(right, left, vocabulary)
        case ast.List(elts=parts):
            for part in parts:
                if not isinstance(part, ast.Constant):
                    raise ConditionError("a list holds texts and numbers; write for example ['B2', 'B4']")
        case ast.Constant(value=bool() | int() | float() | str()):
            pass
        case ast.Name() | ast.Attribute():
            names.append(_known(_name(node), vocabulary))
        case _:
            raise ConditionError(
                f"{ast.unparse(node)!r} is not part of a condition; write for example boundary < 'B3' and trust == 1"
            )


def _check_values(named: ast.expr, other: ast.expr, vocabulary: Vocabulary) -> None:
    """Refuse a comparison of a name with a text that it can't have."""
    if not isinstance(named, ast.Name | ast.Attribute):
        return
    name = _name(named)
    possible = vocabulary.values[name]
    texts = [part.value for part in ast.walk(other) if isinstance(part, ast.Constant) and isinstance(part.value, str)]
    for text in texts:
        if text not in possible:
            from reviewer.core.nearest import did_you_mean

            raise ConditionError(
                f"{name} is never {text!r}{did_you_mean(text, possible)}; it is one of {', '.join(sorted(possible))}"
            )


def _known(name: str, vocabulary: Vocabulary) -> str:
    if name not in vocabulary.values:
        from reviewer.core.nearest import did_you_mean

        raise ConditionError(f"nothing is called {name!r}{did_you_mean(name, vocabulary.values)}")
    return name


def _name(node: ast.expr) -> str:
    """Return the name of a fact: one word, or the kind of an item, a dot and one of its fields."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return f"{node.value.id}.{node.attr}"
    raise ConditionError(f"{ast.unparse(node)!r} is no name; write for example interaction.pattern")


def _compiled(node: ast.expr, scales: Mapping[str, Sequence[str]]) -> _Evaluate:
    """Return a function from facts to what an expression of the language comes to."""
    match node:
        case ast.BoolOp(op=op, values=values):
            parts = [_compiled(value, scales) for value in values]
            joined = all if isinstance(op, ast.And) else any
            return lambda facts: joined(part(facts) for part in parts)
        case ast.UnaryOp(operand=operand):
            inner = _compiled(operand, scales)
            return lambda facts: not inner(facts)
        case ast.BinOp(left=left, op=calculation, right=right):
            first, second = _compiled(left, scales), _compiled(right, scales)
            apply = operator.mul if isinstance(calculation, ast.Mult) else operator.truediv
            return lambda facts: apply(first(facts), second(facts))
        case ast.Compare(left=left, ops=[comparison], comparators=[right]):
            return _comparison(left, comparison, right, scales)
        case ast.List(elts=items):
            constants = [item.value for item in items if isinstance(item, ast.Constant)]
            return lambda _facts: constants
        case ast.Constant(value=value):
            return lambda _facts: value
        case _:
            return operator.itemgetter(_name(node))


def _comparison(left: ast.expr, op: ast.cmpop, right: ast.expr, scales: Mapping[str, Sequence[str]]) -> _Evaluate:
    first, second, compare = _compiled(left, scales), _compiled(right, scales), _COMPARISONS[type(op)]
    named = left if isinstance(left, ast.Name | ast.Attribute) else right
    name = _name(named) if isinstance(named, ast.Name | ast.Attribute) else ""
    scale = scales.get(name)
    if scale is None or not isinstance(op, _ORDERING):
        return lambda facts: compare(first(facts), second(facts))
    rank = {text: at for at, text in enumerate(scale)}

    def ordered(facts: Facts) -> bool:
        return compare(rank[first(facts)], rank[second(facts)])

    return ordered
