"""COM003: a line that a function keeps for one reader, or as a chain of promises, and that nothing limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Array, Assign, Binary, Call, Expr, Function, If, Member, Name, Node, strip
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, function_of, names_in
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.lengths import in_comparison
from reviewer.experts.communication.vocabulary import HANDLERS, PLUGINS
from reviewer.experts.patterns.sharing import home

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_PUTS: Final = frozenset({"push", "append", "unshift", "appendleft"})
_TAKES: Final = frozenset({"shift", "popleft", "pop", "splice"})
_AT_ONCE: Final = frozenset("map forEach filter reduce sort then some every Promise flatMap".split())
_READS: Final = frozenset("next __anext__ __next__ read get take pull receive".split())
"""Functions by which a reader gets the next."""
_WAITS: Final = frozenset({"create_future", "Future", "Event", "get_future"})
_GUESTS: Final = PLUGINS | HANDLERS | frozenset("driver drivers job task work run handle".split())


@module_check("COM003", words={*_PUTS, "then"})
def line_in_closure(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each line of a closure, each chain of promises, and each list of those who wait, for a limit."""
    if module.is_test:
        return
    for put in module.calls(_PUTS):
        keeper = _keeper(module, put)
        if keeper is not None and not _is_limited(module, keeper, module.text_of(put.receiver or put)):
            yield Match(
                _made(module, put) or put,
                f"'{module.text_of(put.receiver or put)[:40]}' is emptied only as fast as its one reader takes, and "
                "nothing limits its length: a reader that is slow, or never reads, lets it grow without end.",
                confidence=Confidence.LIKELY,
            )
        elif _waits_in_line(module, put):
            yield Match(
                put,
                f"Whoever comes waits in '{module.text_of(put.receiver or put)[:40]}', and nothing says how many may: "
                "who asks faster than it is given out fills the memory.",
                confidence=Confidence.POSSIBLE,
            )
    for node, tail, work in _chained(module):
        said = {word for call in calls_in(work) for name in names_in(call.callee) for word in words(name)}
        said |= {word for call in calls_in(work) for word in words(call.name)}
        yield Match(
            node,
            f"Each call is put behind '{tail[:40]}', and nothing says how many may wait: one piece of work that is "
            "slow, or never ends, keeps all that come after it in memory.",
            confidence=Confidence.LIKELY if said & _GUESTS else Confidence.POSSIBLE,
        )


def _keeper(module: Module, put: Call) -> Function | None:
    """Return the function that keeps a line of its own, into which an inner function puts what it is told."""
    filling, line = function_of(put), strip(put.receiver) if put.receiver is not None else None
    if filling is None or not isinstance(line, Name) or len(put.args) != 1:
        return None
    lives = home(module, line.id, line)
    keeper = lives.scope if lives is not None else None
    if lives is None or keeper is None or keeper is filling:
        return None
    if not any(_is_line(module, one) for one in lives.bindings):
        return None
    told = {param.name for param in filling.params if param.name}
    if not told & names_in(put.args) or not _is_handed_out(module, filling):
        return None
    taken = [
        call
        for call in calls_in(keeper.body)
        if call.name in _TAKES and call.receiver is not None and module.text_of(call.receiver) == line.id
    ]
    apart = [call for call in taken if function_of(call) is not filling]
    reads = keeper.generator or any(_gives_one(call) for call in apart)
    return keeper if apart and len(apart) == len(taken) and reads else None


def _made(module: Module, put: Call) -> Call | None:
    """Return the call that makes a line, where its greatest length would stand: ``deque()``."""
    made = module.scopes.origin(put.receiver) if put.receiver is not None else None
    return made if isinstance(made, Call) else None


def _is_line(module: Module, bound: object) -> bool:
    value = strip(bound.value) if isinstance(bound, Assign) and bound.value is not None else None
    if isinstance(value, Array):
        return not value.items
    return isinstance(value, Call) and value.name == "deque" and not value.args and not value.keywords


def _is_handed_out(module: Module, filling: Function) -> bool:
    """Tell whether a function is given to whoever sends: put into a table, or handed to what subscribes it."""
    if isinstance(filling.parent, Call) and filling.parent.callee is not filling:
        return filling.parent.name not in (
            "map",
            "forEach",
            "filter",
            "reduce",
            "sort",
            "then",
            "some",
            "every",
            "Promise",
        )
    name = filling.name
    around = filling.outer
    if not name or around is None:
        return False
    return any(
        any(isinstance(one := strip(arg), Name) and one.id == name for arg in (*call.args, *call.keywords.values()))
        for call in calls_in(around.body)
    )


def _gives_one(taken: Call) -> bool:
    """Tell whether what is taken out is given to a reader: returned, or yielded, by what reads one after the other."""
    reads = function_of(taken)
    named = reads.name.lstrip("_#") if reads is not None else ""
    return (reads is not None and reads.generator) or named in (
        "next",
        "__anext__",
        "read",
        "get",
        "take",
        "pull",
        "receive",
    )


def _is_limited(module: Module, keeper: Function, line: str) -> bool:
    """Tell whether the length of a line is held against a limit, or cut, anywhere in the function that keeps it."""
    for node in find(keeper.body, Node):
        sized = isinstance(node, Member) and node.name in ("length", "size") and module.text_of(node.object) == line
        measured = (
            isinstance(node, Call) and node.name == "len" and any(module.text_of(one) == line for one in node.args)
        )
        if not sized and not measured:
            continue
        if in_comparison(node):
            other = node.parent
            side = other.right if isinstance(other, Binary) and other.left is node else None
            if not (side is not None and module.text_of(side) in ("0", "1")):
                return True
        if isinstance(node.parent, Assign) and node.parent.target is node:
            return True
    return False


def _waits_in_line(module: Module, put: Call) -> bool:
    """Tell whether somebody who waits is put into a list of the object, and nobody asks how many are in it."""
    function, line = function_of(put), strip(put.receiver) if put.receiver is not None else None
    if function is None or not is_this_member(line) or len(put.args) != 1 or function.owner is None:
        return False
    made = module.scopes.origin(strip(put.args[0]))
    waits = (isinstance(made, Call) and made.name in _WAITS) or _is_resolver(module, put.args[0])
    if not waits:
        return False
    text = module.text_of(line)
    return not any(_is_limited(module, method, text) for method in function.owner.methods)


def _is_resolver(module: Module, given: Expr) -> bool:
    """Tell whether what is put in line settles a promise: ``new Promise((resolve) => this.waiting.push(resolve))``."""
    value = strip(given)
    executor = next((one for one in ancestors(given) if isinstance(one, Function)), None)
    promise = executor.parent if executor is not None else None
    if not isinstance(value, Name) or executor is None or not isinstance(promise, Call) or promise.name != "Promise":
        return False
    return value.id in {param.name for param in executor.params}


def _chained(module: Module) -> Iterator[tuple[Node, str, Function]]:
    """Yield where work is put behind all before it: ``tail = tail.then(() => plugin.work(job))``, or by a table."""
    for node in module.all(Assign):
        function = function_of(node)
        if function is None or node.declare or node.value is None:
            continue
        work, base = _step(node.value)
        outlives = is_this_member(strip(node.target)) or _is_outer(module, node.target, function)
        target = module.text_of(node.target)
        if work is not None and outlives and module.text_of(base) == target and _takes_any(function, work, node.value):
            yield node, target, work
    for call in module.calls(("set",)):
        function = function_of(call)
        if function is None or call.receiver is None or len(call.args) != 2:
            continue
        work, base = _step(call.args[1])
        made = module.scopes.origin(base) if work is not None else None
        held = module.text_of(call.receiver)
        before = find(made, Call) if isinstance(made, Expr) else ()
        kept = any(
            one.name == "get" and one.receiver is not None and module.text_of(one.receiver) == held for one in before
        )
        if work is not None and kept and _takes_any(function, work, call.args[1]):
            yield call, held, work


def _step(value: Expr) -> tuple[Function | None, Expr]:
    """Return the function of the ``then`` of a chain of promises, and what the chain begins with."""
    work, base = None, strip(value)
    while isinstance(base, Call) and base.receiver is not None and base.name in ("then", "catch", "finally"):
        if base.name == "then" and base.args:
            first = strip(base.args[0])
            work = first if isinstance(first, Function) else work
        base = strip(base.receiver)
    return work, base


def _takes_any(function: Function, work: Function, value: Expr) -> bool:
    """Tell whether a function does what it is told in its turn, however many are in front of that."""
    told = {param.name for param in function.params if param.name}
    asked = any(
        exits(test.body) and any(one.op in ("<", ">", "<=", ">=") for one in find(test.test, Binary))
        for test in find(function.body, If, into_functions=False)
    )
    return bool(told & (names_in(work.body) | names_in(value))) and not asked


def _is_outer(module: Module, target: Expr, function: Function) -> bool:
    name = strip(target)
    lives = home(module, name.id, name) if isinstance(name, Name) else None
    return lives is not None and lives.scope is not function
