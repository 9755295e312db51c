"""LIF023: an order is worked out by counting down what each waits for, and those in a circle never come to zero."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import after, conditions
from reviewer.code.reach.call_sites import call_sites
from reviewer.code.syntax import Binary, Call, For, Function, If, Literal, Member, Name, Return, Unary, While, strip
from reviewer.code.walk import ancestors, calls_in, find, function_of, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.bringing.dependencies import speaks_of_dependencies
from reviewer.experts.lifecycle.vocabulary import DEPENDENCY_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.flow import Condition
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node
    from reviewer.experts.check import Inquiry

_TAKES: Final = frozenset({"shift", "popleft", "pop", "heappop", "get_nowait"})
_PUTS: Final = frozenset({"push", "append", "add", "appendleft", "unshift", "heappush", "put_nowait"})
_EMPTY: Final = ("size", "length")
_ASKS: Final = frozenset({"has", "includes", "get", "is_set"})


@module_check("LIF023", words=DEPENDENCY_WORDS)
def counted_down(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak where what was placed is given away, and nobody compares how many it are with how many there were."""
    if module.is_test:
        return
    for loop in module.some(While, For):
        function = function_of(loop)
        if function is None or not isinstance(loop, While | For):
            continue
        line = _line(loop)
        order = _placed_in(loop, line) if line else ""
        if not order or not speaks_of_dependencies(function.body) or _compared(loop, function):
            continue
        given = next((one for one in after(loop) if isinstance(one, Return) and _gives(one, order)), None)
        if given is None or _compared_by_callers(module, function):
            continue
        yield Match(
            given,
            f"'{order}' lacks those that need each other: they never come to zero, and nobody looks whether as many "
            "were placed as there are, so they are left out without an error.",
            related=((loop, "what each waits for is counted down here"),),
        )


def _line(loop: While | For) -> str:
    """Return the queue that a loop works off and fills with what waits for nothing any more."""
    filled = {
        _name(call)
        for call in calls_in(loop.body, into_functions=False)
        if call.name in _PUTS and _deeper(call, loop) and any(_is_zero(one) for one in conditions(call))
    }
    header = loop.header if isinstance(loop, For) else [loop.test]
    taken = {_name(call) for call in calls_in([*header, *loop.body]) if call.name in _TAKES}
    if isinstance(loop, For) and loop.iterable is not None:
        taken |= names_in(loop.iterable)  # for id of ready: what is put behind comes in turn
    return next(iter(sorted((filled & taken) - {""})), "")


def _is_zero(asked: Condition) -> bool:
    """Tell whether something runs only where a count is nought, or what is waited for is empty."""
    test, holds = strip(asked.test), asked.holds
    if isinstance(test, Binary) and test.op in ("==", "!=", "<=", ">"):
        nought = any(isinstance(side, Literal) and side.value == 0 for side in (strip(test.left), strip(test.right)))
        return nought and holds is (test.op in ("==", "<="))
    if isinstance(test, Unary) and test.op in ("not", "!"):
        test, holds = strip(test.operand), not holds
    if isinstance(test, Binary) or (isinstance(test, Call) and test.name in _ASKS):
        return False
    return not holds


def _placed_in(loop: While | For, line: str) -> str:
    """Return the list on which a loop puts what it took out of its queue; the queue itself where it grows on."""
    puts = [call for call in calls_in(loop.body, into_functions=False) if call.name in ("push", "append")]
    own = [_name(call) for call in puts if _name(call) != line and not _deeper(call, loop)]
    if own:
        return own[0]
    return line if isinstance(loop, For) and loop.iterable is not None else ""


def _deeper(call: Call, loop: Node) -> bool:
    """Tell whether a call stands in another loop inside a loop."""
    for around in ancestors(call):
        if around is loop:
            return False
        if isinstance(around, For | While):
            return True
    return False


def _name(call: Call) -> str:
    held: Expr | None
    if call.name.startswith("heap") and call.args:
        held = strip(call.args[0])
    else:
        held = strip(call.receiver) if call.receiver is not None else None
    return held.id if isinstance(held, Name) else ""


def _gives(given: Return, order: str) -> bool:
    return given.value is not None and order in names_in(given.value)


def _compared(loop: Node, function: Function) -> bool:
    """Tell whether anything is compared or counted behind the loop, or asked of what never came to zero."""
    behind = [one for one in after(loop) if function_of(one) is function]
    return any(isinstance(one, If) or _counts(one) for one in behind)


def _counts(node: Node) -> bool:
    if isinstance(node, Member):
        return node.name in _EMPTY
    return isinstance(node, Call) and node.name in ("len", "filter", "any", "some", "difference")


def _compared_by_callers(module: Module, function: Function) -> bool:
    """Tell whether somebody who is given the order counts it."""
    for _other, site in call_sites(module, function) or ():
        around = function_of(site)
        for test in find(around.body, Binary) if around is not None else ():
            if test.op not in ("in", "not in") and any(_counts(part) for part in find(test, Call) or ()):
                return True
            if any(_counts(strip(side)) for side in (test.left, test.right)):
                return True
    return False
