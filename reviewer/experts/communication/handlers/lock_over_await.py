"""COM028: a lock of threads is kept while a coroutine waits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Await, Call, Name, With, strip
from reviewer.code.walk import class_of, find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_LOCKS: Final = frozenset(
    "threading.Lock threading.RLock threading.Semaphore threading.BoundedSemaphore threading.Condition "
    "multiprocessing.Lock multiprocessing.RLock".split()
)


@module_check("COM028", words={"lock", "rlock", "semaphore", "condition"})
def lock_over_await(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each plain ``with`` of a coroutine that holds such a lock and waits for something inside."""
    if module.is_test or module.language != "python":
        return
    for block in module.all(With):
        function = function_of(block)
        if block.asynchronous or function is None or not function.asynchronous:
            continue
        held = next((value for value, _target in block.items if _is_thread_lock(module, value)), None)
        wait = next(find(block.body, Await, into_functions=False), None)
        if held is not None and wait is not None:
            yield Match(
                held,
                f"'{short(module.text_of(held))}' is a lock of threads, and it is kept while '{function.name}' waits: "
                "the next coroutine that wants it stops the whole event loop, and this one never gets to let it go.",
                related=((wait, "waits here"),),
                fix="Use `asyncio.Lock` with `async with`, or let the lock go before the `await`.",
            )


def _is_thread_lock(module: Module, value: Expr) -> bool:
    held = strip(value)
    if is_this_member(held):
        cls = class_of(held)
        made = [strip(one) for one in module.scopes.field_values(cls, held.name)] if cls is not None else []
    elif isinstance(held, Name):
        origin = module.scopes.origin(held)
        made = [origin] if isinstance(origin, Call) else []
    else:
        return False
    return any(isinstance(one, Call) and module.resolve(one.callee) in _LOCKS for one in made)
