"""API362: permission is asked for one thing, and what is handed out works on any."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.syntax import Assign, Call, Function, Name, Object, Return, strip
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, names_in, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.security.deciding.decisions import is_check
from reviewer.experts.security.deciding.operations import guards
from reviewer.experts.security.vocabulary import IDENTITIES, TRIGGERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry


@module_check("API362", words=TRIGGERS | {"require", "guard", "check", "ensure", "demand"})
def grant_not_bound(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at functions that ask about something, and then give an object which takes that something anew."""
    if module.is_test:
        return
    for function in module.functions:
        if function.signature_only or not function.params:
            continue
        for answer in find(function.body, Return, into_functions=False):
            given = _object(answer.value)
            asked = _asked(module, function) if given is not None else None
            if given is None or asked is None:
                continue
            param, call = asked
            loose = _loose(function, given, param)
            if loose is not None:
                yield Match(
                    loose,
                    f"'{short(module.text_of(call))}' asks about '{param}', and '{loose.name}' works on whatever it is "
                    f"given: nothing that is handed out is held to '{param}'.",
                    related=((call, "asked here"),),
                )


def _object(value: Expr | None) -> Object | None:
    """Return the object that a function gives, frozen or not."""
    made = strip(value) if value is not None else None
    if isinstance(made, Call) and made.name in ("freeze", "seal") and made.args:
        made = strip(made.args[0])
    return made if isinstance(made, Object) else None


def _asked(module: Module, function: Function) -> tuple[str, Call] | None:
    """Return the one parameter, other than who asks, that a function asks permission about."""
    names = {param.name for param in function.params if param.name and not set(words(param.name)) & IDENTITIES}
    for call in calls_in(function.body, into_functions=False):
        about = names & {name for arg in call.args for name in names_in(arg)}
        if len(about) == 1 and (is_check(module, call) or guards(module, function, call)):
            return next(iter(about)), call
    return None


def _loose(function: Function, given: Object, param: str) -> Function | None:
    """Return a member of an object that works on what it is given, where none of them knows the parameter."""
    bound = {param}
    for assign in find(function.body, Assign, into_functions=False):
        if isinstance(assign.target, Name) and assign.value is not None and names_in(assign.value) & bound:
            bound.add(assign.target.id)
    members = [value for _key, value in given.entries if isinstance(value, Function)]
    inside = [node for member in members for node in walk(member.body)]
    if any(isinstance(node, Name) and node.id in bound for node in inside):
        return None
    if any(isinstance(node, Call) and guards(function.module, function, node) for node in inside):
        return None
    for member in members:
        own = {one.name for one in member.params if one.name}
        if any(names_in(list(call.args)) & own and call.receiver is not None for call in calls_in(member.body)):
            return member
    return None
