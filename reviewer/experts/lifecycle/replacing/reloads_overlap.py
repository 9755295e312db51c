"""LIF416: each event of a file watcher starts a reload, also while one of the same plugin is under way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Assign, Await, Call, Function, If, Index, Literal, Member, Name, strip
from reviewer.code.walk import ancestors, calls_in, find, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.bringing.dependencies import outermost
from reviewer.experts.lifecycle.replacing.reload_unloads_first import exchanges
from reviewer.experts.paths import said_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node
    from reviewer.experts.check import Inquiry

_WATCHES: Final = frozenset({"fs.watch", "fs.watchFile", "fs/promises.watch", "chokidar.watch"})
_CHANGES: Final = frozenset({"change", "add", "all", "unlink", "rename", "changed"})
_HEARS: Final = frozenset({"on_modified", "on_created", "on_any_event", "on_moved"})
"""Methods by which a handler of watchdog hears of changes."""
_IN_TURN: Final = frozenset(
    "lock locks locked mutex queue queued chain turn turns serial serialize serialised busy pending inflight reloading "
    "running debounce debounced throttle throttled timer timers settimeout timeout later settled semaphore again dirty "
    "delay sleep coalesce batch updating swapping scheduled".split()
)
"""Words of code that lets one reload in at a time, or waits until the changes are over."""

_NOTES: Final = frozenset({"add", "set", "setdefault"})
_DEEPEST: Final = 3


@module_check("LIF416", words={"watch", "watcher", "chokidar", "modified", "created", "event"})
def reloads_overlap(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what a watcher's callback starts, and whether anything keeps two of them apart."""
    if module.is_test:
        return
    for call, heard in _callbacks(module):
        for started, reload, way in _reloads(inquiry, module, heard):
            around = outermost(call) if isinstance(call, Call) else None
            said = {word for one in (*way, reload) for word in said_in(one.body)}
            said |= said_in(around.body) if around is not None else set()
            if said.isdisjoint(_IN_TURN) and not any(_turns_away(one) for one in (*way, reload)):
                # through functions of its own the host comes to where the turn has to be taken
                yield Match(
                    call if len(way) == 1 else started,
                    f"Each change of a file starts '{reload.name}', also while it is under way for the same plugin: "
                    "editors write a file twice, and two reloads end and begin it at the same time.",
                    related=((started, "started here") if len(way) == 1 else (call, "changes are heard of here"),),
                )
                break


def _callbacks(module: Module) -> Iterator[tuple[Call | Function, Function]]:
    """Yield where somebody listens to changes of files, with the function that hears of them."""
    for call in module.calls(("watch", "watchFile", "on")):
        heard = next((one for given in call.args if isinstance(one := definition(module, given), Function)), None)
        if heard is not None and (module.resolve(call.callee) in _WATCHES or _of_watcher(module, call)):
            yield call, heard
    for function in module.functions:
        if function.name in _HEARS and function.owner is not None and len(function.params) == 1:
            yield function, function


def _of_watcher(module: Module, call: Call) -> bool:
    """Tell whether ``watcher.on("change", …)`` is asked of what watches files."""
    topic = strip(call.args[0]) if call.args else None
    if not isinstance(topic, Literal) or topic.value not in _CHANGES or call.receiver is None:
        return False

    def before(made: Expr) -> Expr | None:  # chokidar.watch(folder).on("add", …).on("change", …)
        chained = isinstance(made, Call) and module.resolve(made.callee) not in _WATCHES
        return made.receiver if isinstance(made, Call) and chained else None

    made = module.scopes.origin_by(call.receiver, before)
    return isinstance(made, Call) and module.resolve(made.callee) in _WATCHES


def _reloads(
    inquiry: Inquiry, module: Module, heard: Function
) -> Iterator[tuple[Call, Function, tuple[Function, ...]]]:
    """Yield the calls that start a reload and wait for none, with the functions on the way to it from a callback."""
    edge: list[tuple[Function, tuple[Function, ...]]] = [(heard, (heard,))]
    seen = {id(heard)}
    for _ in range(_DEEPEST):
        further: list[tuple[Function, tuple[Function, ...]]] = []
        for function, way in edge:
            for call in calls_in(function.body):
                target = definition(function.module, call.callee)
                if not isinstance(target, Function) or target is function or _waits(call, function):
                    continue
                if _is_reload(inquiry, target):
                    yield call, target, way
                elif target.module is module and not target.asynchronous and id(target) not in seen:
                    seen.add(id(target))
                    further.append((target, (*way, target)))
        edge = further


def _is_reload(inquiry: Inquiry, target: Function) -> bool:
    """Tell whether an asynchronous function puts new code in the place of old."""
    return target.asynchronous and any(one is target for one in exchanges(inquiry, target.module))


def _waits(call: Call, limit: Function) -> bool:
    """Tell whether a call waits: for its own end, or as what is to be done ``then``, behind the one of before."""
    if isinstance(call.parent, Await):
        return True
    inner: Node = call
    for around in ancestors(call):
        if around is limit:
            return False
        if isinstance(around, Call) and around.name in ("then", "finally") and any(inner is one for one in around.args):
            return True
        inner = around
    return False


def _turns_away(function: Function) -> bool:
    """Tell whether a function leaves, or waits, for what it has noted itself before its first wait."""
    module = function.module
    tests = [test for test in find(function.body, If, into_functions=False) if exits(test.body)]
    asked = {module.text_of(one) for test in tests for one in find(test.test, Member)}
    asked |= {module.text_of(one) for test in tests for one in find(test.test, Name)}
    for node in walk(function.body, into_functions=False):
        if isinstance(node, Await):
            return False
        if isinstance(node, Call) and node.name in _NOTES and node.receiver is not None:
            noted: Expr = node.receiver
        elif isinstance(node, Assign) and isinstance(node.target, Index):
            noted = node.target.object
        elif isinstance(node, Assign) and isinstance(node.target, Member):
            noted = node.target
        else:
            continue
        if module.text_of(noted) in asked:
            return True
    return False
