"""Workers that go through a queue until it gives them a sign to end: ``while (job := jobs.get()) is not None: …``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Binary, Call, If, Jump, Literal, Member, Name, Param, Return, While, strip
from reviewer.code.walk import find, inside, walk
from reviewer.experts.lifecycle.targets import target_function
from reviewer.experts.paths import last_name

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr

_PUTS: Final = ("put", "put_nowait")


def waits_unended(module: Module, target: Expr | None) -> bool:
    """Tell whether a function works off a queue until a sign comes out of it, and nothing in the file puts one in."""
    function = target_function(module, target)
    for loop in find(function.body, While, into_functions=False) if function is not None else ():
        line = _line_of(loop)
        if line:
            puts = [call for call in module.calls(_PUTS) if call.args and last_name(call.receiver) == line]
            return bool(puts) and not any(_is_sign(module, call.args[0]) for call in puts)
    return False


def _line_of(loop: While) -> str:
    """Return the name of the queue that a loop works off, where nothing but what comes out of it ends the loop."""
    taken = [
        (one.target.id, one.value)
        for one in find(loop, Assign, into_functions=False)
        if isinstance(one.target, Name) and isinstance(one.value, Call) and one.value.name == "get"
    ]
    if len(taken) != 1:
        return ""
    name, made = taken[0]
    if made.args or made.keywords or made.receiver is None:
        return ""  # it looks up something, or goes on after a while
    tests = [loop.test] if inside(made, loop.test) else _left_on(loop)
    return last_name(made.receiver) if tests and all(_asks_for_sign(test, name) for test in tests) else ""


def _left_on(loop: While) -> list[Expr]:
    """Return what is asked where an endless loop is left; nothing for one that is left without a question."""
    test = strip(loop.test)
    if not (isinstance(test, Literal) and test.value):
        return []
    leaves = [
        node
        for node in walk(loop.body, into_functions=False)
        if isinstance(node, Return) or (isinstance(node, Jump) and node.kind == "break")
    ]
    asked = [node.parent.test for node in leaves if isinstance(node.parent, If)]
    return asked if len(asked) == len(leaves) else []


def _asks_for_sign(test: Expr, name: str) -> bool:
    """Tell whether a test asks whether what was taken is nothing, or one certain thing."""
    test = strip(test)
    if not isinstance(test, Binary) or test.op not in ("==", "!="):
        return False
    taken = strip(test.left)
    taken = strip(taken.target) if isinstance(taken, Assign) else taken
    return isinstance(taken, Name) and taken.id == name and isinstance(strip(test.right), Literal | Name | Member)


def _is_sign(module: Module, given: Expr) -> bool:
    """Tell whether what is put into a queue is nothing, or a thing that the file has for a sign."""
    given = strip(given)
    if isinstance(given, Name):
        return not any(isinstance(one, Param) for one in module.scopes.lookup(given.id, given))
    return isinstance(given, Literal | Member)
