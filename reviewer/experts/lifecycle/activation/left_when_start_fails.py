"""LIF184: a worker, process or server that does not come up as it should is given up and left running."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import guarding_try, in_handler
from reviewer.code.reach.links import class_of_value, definition
from reviewer.code.syntax import (
    Assign,
    Await,
    Call,
    Class,
    Function,
    Index,
    Member,
    Name,
    Node,
    Object,
    Return,
    Throw,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, function_of, inside
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.holding.acquired import RESOURCES

if TYPE_CHECKING:
    from reviewer.code.module import Module

LASTING: Final = frozenset(
    name for name, what in RESOURCES.items() if what.split()[-1] in ("worker", "process", "server", "pool", "browser")
)
ENDS: Final = frozenset("terminate kill close stop destroy disconnect end shutdown abort exit dispose cleanup".split())
_LIMITED: Final = frozenset({"wait_for", "race", "within", "withTimeout", "timeout"})


@module_check("LIF184", words={"worker", "spawn", "fork", "popen", "process", "subprocess", "server", "pool", "launch"})
def left_when_start_fails(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that starts something lasting for a way out that leaves it behind."""
    if module.is_test:
        return
    for call in module.calls({name.rsplit(".", 1)[-1] for name in LASTING}):
        made = call.parent
        while made is not None and not isinstance(made, Assign | Function):
            made = made.parent
        if (
            not isinstance(made, Assign)
            or not isinstance(made.target, Name)
            or module.resolve(call.callee) not in LASTING
        ):
            continue
        function = function_of(made)
        if function is None:
            continue
        left = _way_out(module, function, made, made.target.id)
        if left is not None:
            yield Match(
                left,
                f"When this fails, '{made.target.id}' runs on: it was started above, nobody holds it yet, and nothing "
                "here ends it.",
                related=((call, "started here"),),
            )


def _way_out(module: Module, function: Function, made: Assign, name: str) -> Node | None:
    """Return what may fail between the start of a thing and the first place where somebody gets hold of it."""
    wrapped = _wrapped(module, function, name)
    names = {name, *(one.target.id for one in wrapped if isinstance(one.target, Name))}
    uses = [
        use
        for use in find(function.body, Name)
        if use.id in names and use is not made.target and not any(inside(use, one) for one in wrapped)
    ]
    if any(ends(call) and names & _roots(call) for call in calls_in(function.body)):
        return None
    handed = [use for use in uses if _handed_on(use) and not _only_works_with(module, use)]
    last = min((use.raw.start_byte for use in handed), default=0)
    if not handed or not all(isinstance(_statement(use), Return) or _is_stored(use) for use in handed):
        return None
    for risk in risks(module, function):
        takes = any(inside(use, risk) for use in handed)  # what it is handed to sees to its end
        if made.raw.end_byte < risk.raw.start_byte < last and in_handler(risk) is None and not takes:
            return risk
    return None


def _wrapped(module: Module, function: Function, name: str) -> list[Assign]:
    """Return where a variable is given a record that is made of a thing: ``child = Child(name, process)``."""
    return [
        one
        for one in find(function.body, Assign, into_functions=False)
        if isinstance(one.target, Name)
        and isinstance(made := strip(one.value) if one.value is not None else None, Call)
        and any(isinstance(arg, Name) and arg.id == name for arg in (*made.args, *made.keywords.values()))
        and isinstance(definition(module, made.callee), Class)
    ]


def ends(call: Call) -> bool:
    """Tell whether a call ends something by its name: ``child.kill()``, ``self._end(process)``."""
    return not ENDS.isdisjoint(words(call.name))


def risks(module: Module, function: Function) -> list[Node]:
    """Return what gives a start up, in source order: what is thrown, and waits that have a limit."""
    found: list[Node] = list(find(function.body, Throw, into_functions=False))
    for wait in find(function.body, Await, into_functions=False):
        call = strip(wait.value)
        if isinstance(call, Call) and (call.name in _LIMITED or "timeout" in module.text_of(call).lower()):
            found.append(wait)
        elif isinstance(call, Call) and _has_limit(_called(module, call)):
            found.append(wait)  # a greeting that is waited for so long and no longer
    return sorted((one for one in found if not _caught(one)), key=lambda node: node.raw.start_byte)


def _called(module: Module, call: Call) -> object:
    """Return the function of the subject that a call runs, that of an object which was just made too."""
    own = definition(module, call.callee)
    made = class_of_value(module, call.receiver) if own is None and call.receiver is not None else None
    return made.method(call.name) if made is not None else own


def _has_limit(own: object) -> bool:
    """Tell whether a function of the subject waits for something no longer than a limit."""
    if not isinstance(own, Function):
        return False
    made = list(calls_in(own.body))
    if any(one.name in _LIMITED for one in made):
        return True
    timers = [one for one in made if one.name == "setTimeout" and one.args]
    promised = any(one.new and one.name == "Promise" for one in made)
    return promised and any("reject" in words(inner.name) for timer in timers for inner in calls_in(timer.args))


def _caught(node: Node) -> bool:
    """Tell whether a failure is caught in its function by somebody who doesn't throw on."""
    attempt = guarding_try(node)
    return attempt is not None and not any(isinstance(last, Throw) for h in attempt.handlers for last in h.body[-1:])


def _is_stored(use: Name) -> bool:
    """Tell whether a thing is put into a field or a table, where an end may find it."""
    around = use.parent
    if isinstance(around, Assign) and around.value is use:
        return isinstance(strip(around.target), Member | Index)
    if isinstance(around, Object):
        return isinstance(around.parent, Assign | Call)  # const entry = { child, since }
    return isinstance(around, Call) and around.callee is not use and around.name in ("set", "push", "append", "add")


def _roots(call: Call) -> set[str]:
    return {node.id for one in (call.callee, *call.args) for node in find(one, Name)}


def _handed_on(use: Name) -> bool:
    """Tell whether a use gives the thing to somebody who may end it: not one that asks, listens or waits."""
    around = use.parent
    if isinstance(around, Member) and around.object is use:
        return False
    if isinstance(around, Call) and around.callee is not use:
        return around.name not in ("once", "wait_for", "waitFor", "race")
    return True


def _only_works_with(module: Module, use: Name) -> bool:
    """Tell whether a thing is handed to a function of the subject that neither ends it nor keeps it."""
    call = use.parent
    own = definition(module, call.callee) if isinstance(call, Call) and use in call.args else None
    if not isinstance(call, Call) or not isinstance(own, Function) or call.args.index(use) >= len(own.params):
        return False
    name = own.params[call.args.index(use)].name
    kept = (one for one in find(own.body, Name) if one.id == name and _is_stored(one))
    return not any(ends(one) for one in calls_in(own.body)) and not any(True for _ in kept)


def _statement(use: Name) -> Node | None:
    return next((one for one in ancestors(use) if isinstance(one, Return | Function)), None)
