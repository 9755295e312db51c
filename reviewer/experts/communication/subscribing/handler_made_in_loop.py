"""COM160: a handler that a loop makes reads a variable which the loop goes on changing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import enclosing_loop, exits, siblings
from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Array,
    Assign,
    Await,
    Call,
    Comprehension,
    ExprStatement,
    For,
    Function,
    Index,
    Jump,
    Literal,
    Member,
    Name,
    Node,
    Object,
    While,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, function_of, inside, is_assigned, statement_of
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_KEEPERS: Final = frozenset(
    "register on once add append push subscribe listen connect bind hook attach set setdefault put use command route "
    "schedule later after every setattr define provide handle watch observe install enqueue insert unshift tap".split()
)
"""First or last words of a call that keeps the function it is given."""
_USED_AT_ONCE: Final = frozenset({"map", "filter", "some", "every", "find", "sort", "reduce", "forEach", "replace"})
_VAR_LOOP: Final = regex(r"for\s*\(\s*(?:var\b|(?!let\b|const\b|using\b)[\w$]+\s+(?:of|in)\b)|for\s*await\s*\(\s*var\b")
"""Loops of JavaScript whose turns all set the same variable: declared with ``var``, or before the loop."""


@module_check("COM160")
def handler_made_in_loop(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that a loop makes and keeps for what it reads of the loop."""
    if module.is_test:
        return
    for function in module.functions:
        loop = _loop_around(function)
        if loop is None or not _kept(module, function, loop):
            continue
        name = _changing(module, function, loop)
        if name:
            yield Match(
                function,
                f"This reads '{name}' when it is called, and by then the loop has gone on: all the functions that the "
                "loop makes see its last value.",
            )


def _loop_around(function: Function) -> For | While | Comprehension | None:
    for around in ancestors(function):
        if isinstance(around, Comprehension | For | While):
            return around
        if isinstance(around, Function):
            return None
    return None


def _kept(module: Module, function: Function, loop: Node) -> bool:
    """Tell whether a function outlives its turn of the loop: it is stored, or given to what keeps it."""
    if _is_stored(function, loop):
        return True
    if not function.name or isinstance(loop, Comprehension):
        return False
    if any(isinstance(one, Call) and _keeps(one) for one in function.decorators):
        return True
    return any(
        use.id == function.name and _is_stored(use, loop)
        for use in find(loop, Name)
        if function_of(use) is function.outer and not inside(use, function)
    )


def _is_stored(value: Node, loop: Node) -> bool:
    around = value.parent
    while isinstance(around, Array | Object):
        value, around = around, around.parent
    if isinstance(loop, Comprehension) and around is loop:
        return value is loop.element
    if isinstance(around, Assign) and around.value is value:
        stored = isinstance(around.target, Index | Member)
    else:
        stored = isinstance(around, Call) and value is not around.callee and _keeps(around)
        stored = stored and not (isinstance(value, Function) and _runs_at_once(value.module, around, value))
    return stored and not _leaves_after(value)


def _runs_at_once(module: Module, call: Node | None, value: Function) -> bool:
    """Tell whether a function of the subject only runs what it is given, and keeps it nowhere."""
    target = definition(module, call.callee) if isinstance(call, Call) else None
    if not isinstance(call, Call) or not isinstance(target, Function):
        return False
    place = next((number for number, given in enumerate(call.args) if given is value), len(target.params))
    if place >= len(target.params):
        return False
    uses = [one for one in find(target.body, Name) if one.id == target.params[place].name]
    return bool(uses) and all(
        isinstance(one.parent, Call) and one.parent.callee is one and function_of(one) is target for one in uses
    )


def _keeps(call: Call) -> bool:
    made = strip(call.callee)
    said = words(made.name if isinstance(made, Call) else call.name)  # app.command("name")(lambda: …)
    return bool(said) and call.name not in _USED_AT_ONCE and bool({said[0], said[-1]} & _KEEPERS)


def _leaves_after(node: Node) -> bool:
    """Tell whether the loop ends in the very turn in which the function is kept."""
    statement = statement_of(node)
    while statement is not None and enclosing_loop(statement) is not None:
        rest = siblings(statement)
        if exits(rest) and not isinstance(rest[-1], Jump):
            return True
        if rest and getattr(rest[-1], "kind", "") == "break":
            return True
        around = statement.parent
        statement = statement_of(around) if around is not None and not isinstance(around, For | While) else None
    return False


def _changing(module: Module, function: Function, loop: For | While | Comprehension) -> str:
    """Return a name that the function reads from outside and that each turn of the loop sets anew."""
    for name in find(function.body, Name):
        if name.id == "this" or is_assigned(name):
            continue
        for binding in module.scopes.lookup(name.id, name):
            if binding is loop and (module.language == "python" or _is_var(module, loop)):
                return name.id
            if not isinstance(binding, Assign) or isinstance(loop, Comprehension):
                continue
            of_loop = inside(binding, loop) and function_of(binding) is function.outer
            if of_loop and (module.language == "python" or binding.declare == "var" or _is_shared(binding, loop)):
                return name.id
    return ""


def _is_shared(binding: Assign, loop: For | While) -> bool:
    """Tell whether each turn gives a new value to a variable that was declared before the loop.

    In a loop that waits, what is kept may well be meant to see the newest.
    """
    if binding.declare or binding.op != "=" or next(find(loop.body, Await, into_functions=False), None) is not None:
        return False
    around = binding.parent
    own = around is loop or (isinstance(around, ExprStatement) and around.parent is loop)
    return own and not isinstance(binding.value, Literal)


def _is_var(module: Module, loop: Node) -> bool:
    return _VAR_LOOP.match(module.text_of(loop)[:40]) is not None
