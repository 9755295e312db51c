"""COM444: somebody enters to wait for something, and stays entered when the waiting ends before it comes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import guarding_try
from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Await, Call, Expr, Function, Literal, Name, Try, While, With, Yield, strip
from reviewer.code.walk import ancestors, calls_in, find, function_of, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.pending import executor_of
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_PUTS: Final = frozenset({"append", "add", "push"})
_TAKES: Final = frozenset({"remove", "discard", "delete", "splice", "pop"})
_LISTENS: Final = {
    "on": "off removeListener",
    "addListener": "removeListener off",
    "addEventListener": "removeEventListener",
    "subscribe": "unsubscribe",
}
_WITHIN: Final = frozenset({"timeout", "fail_after", "move_on_after", "timeout_at"})


@module_check("COM444", words={"append", "add", "push"})
def stream_left(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each endless generator that enters a queue of its own somewhere for whether it takes it out again."""
    if module.is_test:
        return
    for function in module.functions:
        if not function.generator or function.signature_only:
            continue
        loop = next((one for one in find(function.body, While, into_functions=False) if _endless(one)), None)
        if loop is None or not any(find(loop.body, Yield, into_functions=False)):
            continue
        for put in calls_in(function.body, into_functions=False):
            if put.name not in _PUTS or put.stop > loop.start or not _enters_own(module, function, put):
                continue
            if _taken_out(function, put, loop):
                continue
            yield Match(
                loop,
                f"Whoever breaks out of this stream or is cancelled leaves what '{short(module.text_of(put))}' entered "
                "where it is: it goes on being filled, and nobody reads it.",
                related=((put, "entered here"),),
            )
            break


def _endless(loop: While) -> bool:
    test = strip(loop.test)
    return isinstance(test, Literal) and bool(test.value)


def _enters_own(module: Module, function: Function, put: Call) -> bool:
    """Tell whether something that the function made is put into what outlives it."""
    given = strip(put.args[0]) if len(put.args) == 1 else None
    if not isinstance(given, Name) or put.receiver is None:
        return False
    made = module.scopes.lookup(given.id, given)
    own = len(made) == 1 and isinstance(made[0], Assign) and function_of(made[0]) is function
    holder = strip(put.receiver)
    if is_this_member(holder):
        return own
    held = module.scopes.lookup(holder.id, holder) if isinstance(holder, Name) else []
    return own and bool(held) and isinstance(held[0], Assign) and function_of(held[0]) is not function


def _taken_out(function: Function, put: Call, loop: While) -> bool:
    """Tell whether a block that runs however the stream ends takes out what was entered, or calls what does."""
    entered = names_in(put.args)
    for around in ancestors(loop):
        if isinstance(around, Try) and around.final:
            for call in calls_in(around.final):
                if call.name in _TAKES or names_in(call.args) & entered or not call.args:
                    return True
        if isinstance(around, With):
            return True
    return False


@module_check("COM444", words={"timeout"})
def listener_left(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each promise with a time limit for whether the limit, too, takes its listener off."""
    if module.is_test or module.language == "python":
        return
    for timer in module.calls({"setTimeout"}):
        executor = executor_of(timer)
        given = strip(timer.args[0]) if timer.args else None
        late = definition(module, given) if isinstance(given, Name) else given
        if executor is None or function_of(timer) is not executor or not isinstance(late, Function):
            continue
        ends = {param.name for param in executor.params}
        if not names_in(late.body) & ends or _has_other_ends(module, late, ends):
            continue
        for listens in calls_in(executor.body, into_functions=False):
            if listens.name in _LISTENS and _only_takes_itself_off(module, executor, listens):
                yield Match(
                    timer,
                    f"When the time is up, what '{short(module.text_of(listens))}' entered stays: it is taken off only "
                    "by the answer, so that each one that does not come leaves a listener behind.",
                    related=((listens, "entered here"),),
                )
                break
        else:
            left = _left_by_late(module, executor, late)
            if left is not None:
                yield Match(
                    timer,
                    f"When the time is up, what '{short(module.text_of(left))}' entered stays: it is taken off only by "
                    "the answer, so that each one that does not come leaves a listener behind.",
                    related=((left, "entered here"),),
                )


def _left_by_late(module: Module, executor: Function, late: Function) -> Call | None:
    """Return what entered a listener of a promise, where its way back is called by that listener alone.

    ``const leave = board.hear("high", (level) => { leave(); resolve(level); })``
    """
    for assign in find(executor.body, Assign, into_functions=False):
        entered = strip(assign.value) if assign.value is not None else None
        if not isinstance(assign.target, Name) or not isinstance(entered, Call) or entered.receiver is None:
            continue
        heard = [given for one in entered.args if isinstance(given := definition(module, one), Function)]
        uses = [use for use in find(executor.body, Name) if use.id == assign.target.id and use is not assign.target]
        called = [use for use in uses if isinstance(use.parent, Call) and use.parent.callee is use]
        own = len(heard) == 1 and heard[0] is not late
        if (
            own
            and called
            and all(function_of(use) is heard[0] for use in uses)
            and "finally" not in _after(module, executor)
        ):
            return entered
    return None


def _has_other_ends(module: Module, late: Function, ends: set[str]) -> bool:
    """Tell whether a function does more than ending the promise: it may call what takes the listener off."""
    return any(call.name not in ends and not call.new for call in calls_in(late.body))


def _only_takes_itself_off(module: Module, executor: Function, listens: Call) -> bool:
    """Tell whether a listener, made for this promise, is taken off in its own body and nowhere else."""
    given = strip(listens.args[1]) if len(listens.args) > 1 else None
    own = definition(module, given) if isinstance(given, Name) else None
    if not isinstance(given, Name) or not isinstance(own, Function) or own.outer is not executor:
        return False
    if len(listens.args) > 2 and "signal" in module.text_of(listens.args[2]):
        return False
    offs = [
        call
        for call in calls_in(executor.body)
        if call.name in _LISTENS[listens.name].split() and given.id in names_in(call.args)
    ]
    return bool(offs) and all(function_of(call) is own for call in offs) and "finally" not in _after(module, executor)


def _after(module: Module, executor: Function) -> str:
    """Return what is done with the promise at the place where it is made."""
    made = executor.parent
    return module.text_of(made.parent.parent) if made is not None and made.parent and made.parent.parent else ""


@module_check("COM444", words={"timeout", "wait_for", "wait"})
def callback_left(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each wait with a limit for a callback that takes itself off, and that the limit leaves entered."""
    if module.is_test or module.language != "python":
        return
    for assign in module.all(Assign):
        function, entered = function_of(assign), strip(assign.value) if assign.value is not None else None
        if function is None or not isinstance(assign.target, Name) or not isinstance(entered, Call):
            continue
        leave = assign.target.id
        if not any(_leaves_itself(module, function, given, leave) for given in entered.args):
            continue
        waits = next((one for one in find(function.body, Await) if one.start > assign.stop and _limited(one)), None)
        if waits is None or function_of(waits) is not function or _left_anyway(waits, leave):
            continue
        yield Match(
            waits,
            f"When the time is up, nobody calls '{leave}': the callback that was entered stays, and what it fulfils "
            "has been given up when the event comes at last.",
            related=((assign, "entered here"),),
        )


def _leaves_itself(module: Module, function: Function, given: Expr, leave: str) -> bool:
    """Tell whether what is entered is a function of this one that calls what takes it off."""
    own = definition(module, given) if isinstance(strip(given), Name) else None
    return isinstance(own, Function) and own.outer is function and any(c.name == leave for c in calls_in(own.body))


def _limited(waits: Await) -> bool:
    """Tell whether something is waited for that may be given up."""
    if any(call.name == "wait_for" for call in find(waits, Call)):
        return True
    return any(
        isinstance(around, With) and any(isinstance(item, Call) and item.name in _WITHIN for item, _as in around.items)
        for around in ancestors(waits)
    )


def _left_anyway(waits: Await, leave: str) -> bool:
    """Tell whether the end of the waiting takes the callback off, however it comes."""
    if guarding_try(waits) is not None and any(
        leave in names_in(handler.body) for handler in getattr(guarding_try(waits), "handlers", [])
    ):
        return True
    return any(isinstance(around, Try) and leave in names_in(around.final) for around in ancestors(waits))
