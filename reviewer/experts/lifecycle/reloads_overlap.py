"""LIF416: each event of a file watcher starts a reload, also while one of the same plugin is under way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.links import definition
from reviewer.code.syntax import Await, Call, Function, Literal, strip
from reviewer.code.walk import calls_in, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.dependencies import outermost
from reviewer.experts.lifecycle.reload_unloads_first import exchanges
from reviewer.experts.paths import said_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
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


@module_check("LIF416", words={"watch", "watcher", "chokidar", "modified", "created", "event"})
def reloads_overlap(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what a watcher's callback starts, and whether anything keeps two of them apart."""
    if module.is_test:
        return
    for call, heard in _callbacks(module):
        for started in calls_in(heard.body):
            reload = _reload(inquiry, module, started)
            if reload is None or isinstance(started.parent, Await):
                continue
            around = outermost(call) if isinstance(call, Call) else None
            said = said_in(heard.body) | said_in(reload.body) | (said_in(around.body) if around is not None else set())
            if said.isdisjoint(_IN_TURN):
                yield Match(
                    call,
                    f"Each change of a file starts '{reload.name}', also while it is under way for the same plugin: "
                    "editors write a file twice, and two reloads end and begin it at the same time.",
                    related=((started, "started here"),),
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
    made = module.scopes.origin(call.receiver)
    while isinstance(made, Call) and module.resolve(made.callee) not in _WATCHES and made.receiver is not None:
        made = module.scopes.origin(made.receiver)  # chokidar.watch(folder).on("add", …).on("change", …)
    return isinstance(made, Call) and module.resolve(made.callee) in _WATCHES


def _reload(inquiry: Inquiry, module: Module, call: Call) -> Function | None:
    """Return the asynchronous function that a call runs, if it puts new code in the place of old."""
    target = definition(module, call.callee)
    if not isinstance(target, Function) or not target.asynchronous or function_of(call) is target:
        return None
    return target if any(one is target for one in exchanges(inquiry, target.module)) else None
