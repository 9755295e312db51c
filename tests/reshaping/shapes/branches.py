"""The same ways through a function, written with other branches."""

from __future__ import annotations

import ast
import copy
from itertools import pairwise

from .tree import FUNCTIONS, Place, Shape, has, leaves, of_each, of_expressions, of_statements, opposite, plain_if

Body = list[ast.stmt]


def _else_wrap(body: Body, place: Place) -> Body | None:
    for index, node in enumerate(body[:-1]):
        if place.function is not None and plain_if(node) and isinstance(node, ast.If) and leaves(node.body):
            return [*body[:index], ast.If(node.test, node.body, body[index + 1 :])]
    return None


def _guard_last(body: Body, place: Place) -> Body | None:
    last = body[-1]
    if not place.is_body or not isinstance(last, ast.If) or last.orelse or leaves(last.body):
        return None
    if any(isinstance(part, ast.Return) and part.value is not None for part in ast.walk(place.owner)):
        return None
    return [*body[:-1], ast.If(opposite(last.test), [ast.Return(None)], []), *last.body]


def _guard_wrap(body: Body, place: Place) -> Body | None:
    for index, node in enumerate(body[:-1]):
        if place.is_body and isinstance(node, ast.If) and not node.orelse and len(node.body) == 1:
            only = node.body[0]
            if isinstance(only, ast.Return) and only.value is None:
                return [*body[:index], ast.If(opposite(node.test), body[index + 1 :], [])]
    return None


def _loop_guard(body: Body, place: Place) -> Body | None:
    if not isinstance(place.owner, (ast.For, ast.AsyncFor)):
        return None
    for index, node in enumerate(body[:-1]):
        if isinstance(node, ast.If) and not node.orelse and len(node.body) == 1 and has(node.body[0], ast.Continue):
            return [*body[:index], ast.If(opposite(node.test), body[index + 1 :], [])]
    only = body[0]
    if len(body) == 1 and isinstance(only, ast.If) and not only.orelse and not leaves(only.body):
        return [ast.If(opposite(only.test), [ast.Continue()], []), *only.body]
    return None


def _choice_to_if(body: Body, index: int, _place: Place) -> Body | None:
    node = body[index]
    if isinstance(node, ast.Return) and isinstance(node.value, ast.IfExp):
        return [ast.If(node.value.test, [ast.Return(node.value.body)], []), ast.Return(node.value.orelse)]
    if isinstance(node, ast.Assign) and isinstance(node.value, ast.IfExp):
        then, other = (ast.Assign(node.targets, value) for value in (node.value.body, node.value.orelse))
        return [ast.If(node.value.test, [then], [other])]
    return None


def _answer_pair(body: Body) -> tuple[int, ast.expr, ast.expr, ast.expr] | None:
    """Return index, test and both answers of ``if test: return a`` before ``return b``."""
    for index, (node, after) in enumerate(pairwise(body)):
        if not isinstance(node, ast.If) or node.orelse or len(node.body) != 1 or not isinstance(after, ast.Return):
            continue
        only = node.body[0]
        if isinstance(only, ast.Return) and only.value is not None and after.value is not None:
            return index, node.test, only.value, after.value
    return None


def _if_to_choice(body: Body, _place: Place) -> Body | None:
    pair = _answer_pair(body)
    if pair is None:
        return None
    index, test, then, other = pair
    return [*body[:index], ast.Return(ast.IfExp(test, then, other)), *body[index + 2 :]]


def _logical_return(body: Body, _place: Place) -> Body | None:
    pair = _answer_pair(body)
    if pair is None or not isinstance(pair[2], ast.Constant) or not isinstance(pair[2].value, bool):
        return None
    index, test, then, other = pair
    joined = ast.BoolOp(ast.Or(), [test, other])
    if isinstance(then, ast.Constant) and then.value is False:
        joined = ast.BoolOp(ast.And(), [opposite(test), other])
    return [*body[:index], ast.Return(joined), *body[index + 2 :]]


def _split_return(body: Body, _place: Place) -> Body | None:
    last = body[-1]
    if not isinstance(last, ast.Return) or not isinstance(last.value, ast.BoolOp):
        return None
    first, *others = last.value.values
    rest = others[0] if len(others) == 1 else ast.BoolOp(last.value.op, others)
    both = isinstance(last.value.op, ast.And)
    guard = ast.If(opposite(first) if both else first, [ast.Return(ast.Constant(not both))], [])
    return [*body[:-1], guard, ast.Return(rest)]


def _two_ifs(body: Body, index: int, _place: Place) -> Body | None:
    node = body[index]
    if not isinstance(node, ast.If) or node.orelse or not leaves(node.body) or not isinstance(node.test, ast.BoolOp):
        return None
    if isinstance(node.test.op, ast.And):
        return None
    return [ast.If(value, copy.deepcopy(node.body), []) for value in node.test.values]


def _nested_if(body: Body, index: int, _place: Place) -> Body | None:
    node = body[index]
    if not isinstance(node, ast.If) or node.orelse or not isinstance(node.test, ast.BoolOp):
        return None
    if isinstance(node.test.op, ast.Or):
        return None
    first, *others = node.test.values
    rest = others[0] if len(others) == 1 else ast.BoolOp(ast.And(), others)
    return [ast.If(first, [ast.If(rest, node.body, [])], [])]


def _invert(node: ast.AST) -> ast.AST | None:
    if isinstance(node, ast.IfExp):
        return ast.IfExp(opposite(node.test), node.orelse, node.body)
    chained = isinstance(node, ast.If) and len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If)
    if isinstance(node, ast.If) and node.orelse and not chained:
        return ast.If(opposite(node.test), node.orelse, node.body)
    return None


def _walrus(body: Body, _place: Place) -> Body | None:
    for index, (node, after) in enumerate(pairwise(body)):
        if not isinstance(node, ast.Assign) or len(node.targets) != 1 or not isinstance(after, ast.If):
            continue
        target = node.targets[0]
        if not isinstance(target, ast.Name):
            continue
        test = _asked_of(after.test, target.id, ast.NamedExpr(ast.Name(target.id, ast.Store()), node.value))
        if test is not None:
            return [*body[:index], ast.If(test, after.body, after.orelse), *body[index + 2 :]]
    return None


def _asked_of(test: ast.expr, name: str, value: ast.expr) -> ast.expr | None:
    """Return a test of a name with the value in the place of the name, or None for a test of something else."""
    if isinstance(test, ast.Name) and test.id == name:
        return value
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        inner = _asked_of(test.operand, name, value)
        return ast.UnaryOp(test.op, inner) if inner is not None else None
    if isinstance(test, ast.Compare) and isinstance(test.left, ast.Name) and test.left.id == name:
        return ast.Compare(value, test.ops, test.comparators)
    return None


def _asked_by_name(body: Body, index: int, place: Place) -> Body | None:
    node = body[index]
    if not isinstance(node, ast.If) or isinstance(node.test, ast.Name) or has(node.test, ast.NamedExpr):
        return None
    if place.function is None:  # a module that asks whether it is run
        return None
    name = place.names.fresh("holds")
    return [
        ast.Assign([ast.Name(name, ast.Store())], node.test),
        ast.If(ast.Name(name, ast.Load()), node.body, node.orelse),
    ]


def _asked_by_function(body: Body, index: int, place: Place) -> Body | None:
    node = body[index]
    if not isinstance(node, ast.If) or isinstance(node.test, ast.Name) or has(node.test, ast.NamedExpr, ast.Await):
        return None
    if not isinstance(place.function, FUNCTIONS):
        return None
    name = place.names.fresh("is_so")
    nothing = ast.arguments([], [], None, [], [], None, [])
    asked = ast.FunctionDef(name, nothing, [ast.Return(node.test)], [], None, None)
    return [asked, ast.If(ast.Call(ast.Name(name, ast.Load()), [], []), node.body, node.orelse)]


SHAPES: dict[str, Shape] = {
    "else-wrap": of_statements(_else_wrap),
    "guard-last": of_statements(_guard_last),
    "guard-wrap": of_statements(_guard_wrap),
    "loop-guard": of_statements(_loop_guard),
    "choice-to-if": of_each(_choice_to_if),
    "if-to-choice": of_statements(_if_to_choice),
    "logical-return": of_statements(_logical_return),
    "split-return": of_statements(_split_return),
    "two-ifs": of_each(_two_ifs),
    "nested-if": of_each(_nested_if),
    "invert": of_expressions(_invert),
    "walrus": of_statements(_walrus),
    "condition-by-name": of_each(_asked_by_name),
    "condition-by-function": of_each(_asked_by_function),
}
