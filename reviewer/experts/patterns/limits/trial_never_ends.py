"""PAT444: a state that lets nobody through is set for a trial, and a trial that succeeds leaves it set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.flow import exits
from reviewer.code.reach.links import callee
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Await, Binary, Call, Expr, Handler, If, Literal, Member, Name, Try, strip
from reviewer.code.walk import ancestors, behind, find, function_of, inside
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Function, Node
    from reviewer.experts.check import Inquiry


@module_check("PAT444", words={"async", "await"})
def trial_never_ends(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that refuses in a state which it sets itself, and at who ends that state."""
    if module.is_test:
        return
    for function in module.functions:
        tries = list(find(function.body, Try, into_functions=False))
        for guard in find(function.body, If, into_functions=False) if tries else ():
            asked = _asked(module, guard)
            if asked is None:
                continue
            found = _left(module, function, guard, asked, tries)
            if found is None:
                continue
            begun, place = found
            yield Match(
                place,
                f"Where this succeeds, '{asked[0]}' stays {asked[1]}, and all that come after are turned away: only "
                "a failure ends it.",
                related=((begun, "set here"), (guard, f"'{short(module.text_of(guard.test))}' refuses")),
            )
            break


def _asked(module: Module, guard: If) -> tuple[str, str] | None:
    """Return the state and its value in which a function turns everybody away; None for any other test."""
    test = strip(guard.test)
    if not isinstance(test, Binary) or test.op not in ("==", "is") or not exits(guard.body):
        return None
    state, value = strip(test.left), strip(test.right)
    return (_spelled(state), module.text_of(value)) if _spelled(state) and _is_value(value) else None


def _spelled(state: Expr) -> str:
    state = strip(state)
    if isinstance(state, Member) and is_this_member(state):
        return f"this.{state.name}"
    return state.id if isinstance(state, Name) else ""


def _is_value(value: Expr | None) -> bool:
    """Tell whether this is one of several states: a text, or a member of an enumeration."""
    value = strip(value) if value is not None else None
    if isinstance(value, Literal):
        return isinstance(value.value, str)
    return isinstance(value, Member) and isinstance(value.object, Name) and value.object.id[:1].isupper()


def _left(
    module: Module, function: Function, guard: If, asked: tuple[str, str], tries: list[Try]
) -> tuple[Assign, Node] | None:
    """Return where the state is set, and what succeeds without a change of it."""
    state, refusing = asked
    given, whole = _given(module, function, state)
    if not whole or any(not _is_value(one.value) for one in given):
        return None
    own = [one for one in given if function_of(one) is function]
    begun = next((one for one in own if _text(module, one) == refusing and behind(one, guard)), None)
    if begun is None or whole == refusing or any(_text(module, one) == whole for one in given):
        return None
    for tried in tries:
        if not behind(tried, begun) or not tried.handlers or tried.final:
            continue
        failed = [one for one in own if any(inside(one, handler) for handler in tried.handlers)]
        if not any(_text(module, one) not in (refusing, whole) for one in failed):
            continue
        others = [one for one in own if one is not begun and behind(one, begun) and one not in failed]
        waited = next((one for one in find(tried.body, Await) if function_of(one) is function), None)
        if others or waited is None or _helped(module, tried, state):
            continue
        after = [one for one in tried.body if not inside(waited, one) and behind(one, waited)]
        return begun, (after[0] if after else tried.body[-1])
    return None


def _given(module: Module, function: Function, state: str) -> tuple[list[Assign], str]:
    """Return where a state is given a value after its beginning, and the value that it has first."""
    outer: Function | None = function
    while outer is not None and outer.owner is None and outer.outer is not None:
        outer = outer.outer
    owner = outer.owner if outer is not None else None
    whole = ""
    for field in owner.fields if owner is not None else ():
        if f"this.{field.name}" == state and _is_value(field.value) and field.value is not None:
            whole = module.text_of(field.value)
    given: list[Assign] = []
    for one in module.all(Assign):
        if _spelled(one.target) != state or (owner is not None and not inside(one, owner)):
            continue
        where = function_of(one)
        begins = where is None or where is function.outer or where.name in ("constructor", "__init__")
        if begins and _is_value(one.value):
            whole = whole or _text(module, one)
        else:
            given.append(one)
    return given, whole


def _text(module: Module, one: Assign) -> str:
    return module.text_of(one.value) if one.value is not None else ""


def _helped(module: Module, tried: Try, state: str) -> bool:
    """Tell whether what is called where nothing failed may end the state."""
    for call in find(tried.body, Call):
        target = callee(module, call)
        if target is not None and any(_spelled(one.target) == state for one in find(target.body, Assign)):
            return True
    return any(isinstance(one, Handler) for one in ancestors(tried))
