"""What counts and refuses: a budget that is used up, a number of calls that is allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Class,
    Expr,
    Function,
    If,
    Literal,
    Member,
    Name,
    Throw,
    Unary,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import find, walk
from reviewer.experts.paths import last_name

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Node, Object

LIMITS: Final = frozenset(
    "limit limits limiter limited max maximum most quota budget allowance ration rationed rate burst throttle "
    "throttled bucket capacity allowed times attempts retries window".split()
)
"""Words of what may be used only so much."""
_COMPARES: Final = frozenset({"<", ">", "<=", ">="})


def refuses_by(counted: Function, memory: str) -> bool:
    """Tell whether a function throws where what it counts says so."""
    return any(
        any(is_named(part, memory) for part in walk(test.test)) and any(isinstance(one, Throw) for one in test.body)
        for test in find(counted.body, If)
    )


def is_named(part: Node, memory: str) -> bool:
    """Tell whether a node is a variable or a member of a name."""
    return (isinstance(part, Name) and part.id == memory) or (isinstance(part, Member) and part.name == memory)


def is_quota(module: Module, made: Call | Object | Function, memory: str) -> bool:
    """Tell whether what is made refuses by what it counts in one direction only, held against a number or a limit."""
    target = definition(module, made.callee) if isinstance(made, Call) else made
    parts: list[Node] = list(target.methods) if isinstance(target, Class) else [target] if target is not None else []
    ways = {way for part in parts for node in walk(part) if (way := _way(node, memory))}
    if len(ways) != 1:
        return False
    down = ways == {"-"}  # what only goes down, and refuses by that, is a budget
    return any(_at_its_end(test, memory, down=down) for part in parts for test in find(part, If))


def _way(node: Node, memory: str) -> str:
    """Return in which direction a node counts."""
    if isinstance(node, Assign) and node.op in ("+=", "-=") and is_named(strip(node.target), memory):
        return node.op[0]
    if isinstance(node, Unary) and node.op in ("++", "--") and is_named(strip(node.operand), memory):
        return node.op[0]
    return ""


def _at_its_end(test: If, memory: str, *, down: bool) -> bool:
    if not any(isinstance(one, Throw) for one in test.body):
        return False
    for held in find(test.test, Binary):
        sides = (held.left, held.right)
        if held.op in _COMPARES and any(any(is_named(part, memory) for part in walk(side)) for side in sides):
            return down or any(_is_limit(side) for side in sides) or not LIMITS.isdisjoint(words(memory))
    return False


def _is_limit(side: Expr) -> bool:
    """Tell whether something is a number, a constant, or says that it is a limit."""
    side, name = strip(side), last_name(side)
    return isinstance(side, Literal) or (name.isupper() and bool(name)) or not LIMITS.isdisjoint(words(name))
