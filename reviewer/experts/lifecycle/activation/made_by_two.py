"""LIF530: two callers at the same time both find nothing there, and each makes one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions, returns_of
from reviewer.code.given_later import declared
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Assign,
    Await,
    Binary,
    Call,
    Expr,
    Function,
    If,
    Index,
    Member,
    Name,
    Node,
    Unary,
    is_nothing,
    strip,
    uncast,
)
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of, inside
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.bringing.dependencies import callers
from reviewer.experts.lifecycle.turns.taking_turns import called_guarded, locked
from reviewer.experts.paths import last_words, word_set
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.flow import Condition
    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_MAKES: Final = frozenset(
    "connect open create spawn launch start fork instantiate acquire dial listen subscribe build make".split()
)
"""First words of calls that make something which holds on to what is outside."""
_THINGS: Final = word_set(
    "connection conn client pool socket session browser process child worker channel server instance plugin driver "
    "engine consumer producer subscription container kernel db database"
)
"""Last words of what is worth having once alone: two of it hold two of something else."""
_UNLESS_THERE: Final = frozenset({"??=", "||=", "or="})
"""Assignments that look first whether anything is there."""
_BEGINS: Final = frozenset({"init", "initialize", "initialise", "setup", "start", "boot", "prepare"})
"""First words of functions that somebody calls once, whatever they give back."""


@module_check("LIF530", words={"await"})
def made_by_two(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what is made behind an ``await`` because it is not there, and kept only then."""
    if module.is_test or is_tooling(module.path):
        return
    for wait in module.all(Await):
        made = strip(wait.value)
        function = function_of(wait)
        if function is None or not isinstance(made, Call) or not _gives_it(function):
            continue
        kept = _kept(module, function, wait)
        if kept is None or not _is_held(made, wait, kept[1]):
            continue
        place, named = kept
        look = _look(module, place, wait, named)
        if look is None or _asked_again(module, function, wait, named) or _noted(function, look, wait):
            continue
        if locked(wait, function) or _called_by_one(function) or called_guarded(function):
            continue
        yield Match(
            wait,
            f"'{module.text_of(named)}' is looked at, '{made.name}' is awaited, and only then it is kept: two callers "
            "at the same time both find nothing and make one each, of which only the last is ever ended.",
            related=(
                *(((look, "nothing is there yet"),) if look.line != wait.line else ()),
                *(((place, "kept here"),) if place.line != wait.line else ()),
            ),
        )


def _gives_it(function: Function) -> bool:
    """Tell whether whoever calls a function wants what is kept, and does not start anything once."""
    if not function.asynchronous or function.kind == "constructor" or set(words(function.name)[:1]) & _BEGINS:
        return False
    gives = any(one.value is not None and not is_nothing(one.value) for one in returns_of(function))
    return gives or bool(set(words(function.name)[:1]) & {"ensure", "get"})


def _kept(module: Module, function: Function, wait: Await) -> tuple[Node, Expr] | None:
    """Return where what was awaited is kept, and in what: a field, a variable around the function, a table."""
    around = wait.parent
    if isinstance(around, Call) and around.name == "set" and around.args[1:2] == [wait] and around.receiver is not None:
        return around, around.receiver
    if not isinstance(around, Assign) or around.value is None or uncast(around.value) is not wait:
        return None
    target = strip(around.target)
    if isinstance(target, Index):
        return around, target.object
    if is_this_member(target):
        return around, target
    if not isinstance(target, Name):
        return None
    return (around, target) if _is_outer(module, function, target) else _put_later(module, function, around, target.id)


def _is_outer(module: Module, function: Function, name: Name) -> bool:
    """Tell whether a variable outlives the call of a function that gives it a value: ``let client`` around it."""
    return all(isinstance(one, Assign) and function_of(one) is not function for one in declared(module, name))


def _put_later(module: Module, function: Function, made: Assign, name: str) -> tuple[Node, Expr] | None:
    """Return where a variable is put behind the place where it was given what was awaited, and what keeps it."""
    for node in find(function.body, Call, into_functions=False):
        given = node.args[1:2] if node.name == "set" and node.receiver is not None else []
        if _is_name(given, name) and node.receiver is not None and node.raw.start_byte > made.raw.end_byte:
            return node, node.receiver
    for kept in find(function.body, Assign, into_functions=False):
        target = strip(kept.target)
        if kept.raw.start_byte > made.raw.end_byte and kept.value is not None and _is_name([kept.value], name):
            if isinstance(target, Index):
                return kept, target.object
            if is_this_member(target) or (isinstance(target, Name) and _is_outer(module, function, target)):
                return kept, target
    return None


def _is_name(given: list[Expr], name: str) -> bool:
    value = strip(given[0]) if given else None
    return isinstance(value, Name) and value.id == name


def _is_held(made: Call, wait: Await, named: Expr) -> bool:
    """Tell whether what is made holds something outside, by how it is made or what it is called."""
    called = wait.parent.target if isinstance(wait.parent, Assign) else named
    said = {*last_words(named)[-1:], *last_words(called)[-1:]}
    return bool(set(words(made.name)[:1]) & _MAKES or said & _THINGS)


def _look(module: Module, place: Node, wait: Await, named: Expr) -> Node | None:
    """Return the look that finds nothing there, before it is made: a condition, or the left side of ``??=``."""
    if isinstance(place, Assign) and place.op in _UNLESS_THERE and inside(wait, place):
        return place.target
    return next((one.test for one in conditions(wait) if _says_absent(module, one, named)), None)


def _says_absent(module: Module, condition: Condition, named: Expr) -> bool:
    """Tell whether a condition says that nothing is kept yet in a field or a table."""
    test, holds = strip(condition.test), condition.holds
    while isinstance(test, Unary) and test.op == "not":
        test, holds = strip(test.operand), not holds
    if isinstance(test, Binary) and test.op in ("==", "!=", "is", "is not") and is_nothing(test.right):
        holds = holds is (test.op in ("!=", "is not"))
        test = strip(test.left)
    elif isinstance(test, Binary) and test.op in ("in", "not in"):
        holds = holds is (test.op == "in")
        test = strip(test.right)
    if holds:
        return False
    asked = _table_of(module, test)
    return module.text_of(asked) == module.text_of(named)


def _table_of(module: Module, test: Expr) -> Expr:
    """Return the table that is looked into, ``this.open`` of ``this.open.has(id)``, or what is asked itself."""
    made = module.scopes.origin(test) if isinstance(test, Name) else test
    if isinstance(made, Call) and made.name in ("has", "get") and made.receiver is not None:
        return strip(made.receiver)
    if isinstance(made, Index):
        return strip(made.object)
    return strip(made) if isinstance(made, Member) else test


def _asked_again(module: Module, function: Function, wait: Await, named: Expr) -> bool:
    """Tell whether somebody looks once more behind the wait, and throws the second away."""
    said = module.text_of(named)
    return any(
        one.test.raw.start_byte > wait.raw.end_byte
        and any(module.text_of(part) == said for part in find(one.test, Expr))
        for one in find(function.body, If, into_functions=False)
    )


def _noted(function: Function, look: Node, wait: Await) -> bool:
    """Tell whether anything is written down between the look and the wait, so that the next caller may see it."""
    for node in find(function.body, Node, into_functions=False):
        if not look.raw.end_byte <= node.raw.start_byte < wait.raw.start_byte or inside(wait, node):
            continue
        if isinstance(node, Assign) and not isinstance(strip(node.target), Name):
            return True
        if isinstance(node, Call) and node.name in ("add", "set", "setdefault") and node.receiver is not None:
            return True
    return False


def _called_by_one(function: Function) -> bool:
    """Tell whether only one place of the subject calls a function that is private to its class."""
    private = function.private or function.name.startswith(("_", "#"))
    return private and len(list(callers(function))) < 2
