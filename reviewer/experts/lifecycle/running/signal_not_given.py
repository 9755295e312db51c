"""LIF447: a signal is raised when time is up or the end comes, and the work that it is meant for was not given it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits
from reviewer.code.reach.links import class_of_value, declared_member, definition
from reviewer.code.syntax import Assign, Await, Call, Function, If, Member, Name, Param, strip
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, function_of, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.holding.fate import home_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_MAKERS: Final = {
    "AbortController": "abort",
    "asyncio.Event": "set",
    "threading.Event": "set",
    "multiprocessing.Event": "set",
}
"""What makes a signal, with the member that raises it."""
_ASKED: Final = "is_set"


@module_check("LIF447", words={"controller", "event", "signal"})
def signal_not_given(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each signal of a function that is raised for somebody who can hear it."""
    if module.is_test:
        return
    told: set[int] = set()
    for call in module.calls({name.rsplit(".", 1)[-1] for name in _MAKERS}):
        raises = _MAKERS.get(module.resolve(call.callee), "")
        made, home = call.parent, function_of(call)
        if raises and home is not None and isinstance(made, Assign) and isinstance(made.target, Name):
            uses = _uses(module, home, made, made.target.id)
            if uses and all(_raises(use, raises) for use in uses) and not any(map(_marks_once, uses)):
                raised = next((use.parent for use in uses if _named(use) == raises), None)
                if raised is not None:
                    work = _work(module, home) or made
                    told.add(id(work))
                    yield Match(
                        work,
                        f"'{made.target.id}' is raised below or above, and nobody is given it: what it is meant to "
                        "stop goes on although its time is up.",
                        related=((raised, "raised here, for nobody"),),
                    )
    for function in module.functions if "AbortSignal" in module.identifiers else ():
        if not function.signature_only:
            yield from _left_out(module, function, told)


def _uses(module: Module, home: Function, made: Assign, name: str) -> list[Name]:
    return [
        use
        for use in find(home.body, Name)
        if use.id == name and use is not made.target and home_of(module, name, use) is home
    ]


def _named(use: Name) -> str:
    around = use.parent
    return around.name if isinstance(around, Member) and around.object is use else ""


def _raises(use: Name, raises: str) -> bool:
    """Tell whether a use of a signal only raises or lowers it; ``return stopped.is_set`` gives it to somebody.

    Who asks whether it is raised, other than before it is raised again, hears it.
    """
    member = use.parent
    calls = member is not None and isinstance(member.parent, Call) and member.parent.callee is member
    if _named(use) != _ASKED or not calls:
        return _named(use) == raises or (_named(use) == "clear" and calls)
    return any(isinstance(around, If) and any(part is use for part in walk(around.test)) for around in ancestors(use))


def _marks_once(use: Name) -> bool:
    """Tell whether a signal only keeps something from being done twice: ``if ending.is_set(): return``."""
    if _named(use) != _ASKED:
        return False
    around = next((one for one in ancestors(use) if isinstance(one, If)), None)
    return around is not None and exits(around.body)


def _work(module: Module, home: Function) -> Call | None:
    """Return the call of what a function was handed, or what it waits for, which should have been given the signal."""
    handed = [
        call
        for call in calls_in(home.body)
        if isinstance(call.callee, Name)
        and any(isinstance(one, Param) and one.parent is home for one in module.scopes.lookup(call.callee.id, call))
    ]
    asked = [call for call in calls_in(home.body) if words(call.name)[:1] in (("fetch",), ("request",))]
    if handed or asked:
        return (handed or asked)[0]
    waits = [strip(wait.value) for wait in find(home.body, Await, into_functions=False)]
    return next((call for call in waits if isinstance(call, Call)), None)


def _left_out(module: Module, function: Function, told: set[int]) -> Iterator[Match]:
    """Yield the calls that could be given a signal, by their declaration, in a function that has one at hand."""
    held = _signals(function)
    if not held:
        return
    for call in calls_in(function.body, into_functions=False):
        if id(call) in told or not isinstance(strip(call.callee), Member | Name) or _gives(call, held):
            continue
        declared = _declared(module, call)
        place = _taken_at(declared) if declared is not None else -1
        before = [name for name, at in held.items() if at < call.start]
        if declared is None or place < 0 or len(call.args) != place or not before:
            continue
        yield Match(
            call,
            f"'{declared.name}' takes a signal, '{before[-1]}' is at hand, and this call leaves it out: what it starts "
            "is not told when its time is up.",
        )


def _signals(function: Function) -> dict[str, int]:
    """Return the variables of a function that hold a signal, with the place from which on they do."""
    found = {param.name: param.start for param in function.params if "AbortSignal" in param.type and not param.optional}
    for assign in find(function.body, Assign, into_functions=False):
        value = strip(assign.value) if assign.value is not None else None
        maker = value.receiver if isinstance(value, Call) and value.name in ("timeout", "any") else None
        of_controller = isinstance(value, Member) and value.name == "signal"
        of_clock = isinstance(maker, Name) and maker.id == "AbortSignal"
        if isinstance(assign.target, Name) and assign.declare and (of_clock or of_controller):
            found[assign.target.id] = assign.start
    return found


def _gives(call: Call, held: dict[str, int]) -> bool:
    """Tell whether a call is given a signal, or a function around it is."""
    for arg in (*call.args, *call.keywords.values()):
        for name in find(arg, Name):
            if name.id in held or "signal" in words(name.id):
                return True
        if any(member.name == "signal" for member in find(arg, Member)):
            return True
    return False


def _declared(module: Module, call: Call) -> Function | None:
    """Return the function or the member of an interface that a call goes to, as far as the subject says it."""
    callee = strip(call.callee)
    if isinstance(callee, Member):
        cls = class_of_value(module, callee.object)
        return declared_member(cls, callee.name) if cls is not None else None
    found = definition(module, callee)
    return found if isinstance(found, Function) else None


def _taken_at(function: Function) -> int:
    """Return the position of the signal that a function takes if it is given one, as its last parameter."""
    last: Param | None = function.params[-1] if function.params else None
    if last is None or not (last.optional or last.default is not None) or "AbortSignal" not in last.type:
        return -1
    return len(function.params) - 1
