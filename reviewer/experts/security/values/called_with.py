"""What the calls of a function pass to it, and whether calls that nobody here reads may run it, too."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.call_sites import MOST_CALLERS, is_same, users
from reviewer.code.reach.elsewhere import handed_to
from reviewer.code.reach.handed import made_member
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Call, Class, Function
from reviewer.code.text.calling import calls
from reviewer.code.walk import inside

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node, Param

_MOST_SITES: Final = 6
"""Calls of one function in one file that are looked at."""


def called_elsewhere(module: Module, function: Function) -> bool:
    """Tell whether another file calls a public method of this name, with who knows what."""
    project = module.project
    if function.owner is None or function.kind == "constructor" or function.name.startswith(("_", "#")):
        return False
    if function.private or project is None:
        return False
    name, own = function.name, (module.path, function.raw.start_byte)
    found = project.answers(
        f"methods called {name}", lambda other: _called_on(other, name), {name}, tests=False, showing=calls(name)
    )
    return any(path != own[0] and (None in met or own in met) for path, met in found)


def _called_on(module: Module, name: str) -> tuple[str, frozenset[tuple[str, int] | None]]:
    """Return the path of a file, and where the methods of a name that it calls are; None for one that is unknown."""
    met: set[tuple[str, int] | None] = set()
    for call in module.calls((name,)):
        found = definition(module, call.callee) if call.receiver is not None else call
        if found is None:
            met.add(None)
        elif isinstance(found, Function | Class):
            met.add((found.module.path, found.raw.start_byte))
    return module.path, frozenset(met)


def handed(module: Module, function: Function, param: Param) -> Iterator[tuple[Module, Call, Expr]]:
    """Yield what is passed for a parameter in the file of its function and in others, each with its module and call."""
    position = function.params.index(param)
    made = function.owner if function.kind == "constructor" else None
    name = (made or function).name
    for call in islice(module.calls((name,)), _MOST_SITES):
        if len(call.args) + len(call.keywords) > len(function.params) and not function.params[-1].rest:
            continue
        argument = call.arg(position, param.name)
        if argument is not None and not inside(call, function) and _may_reach(module, call, function):
            yield module, call, argument
    yield from ((module, call, argument) for call, argument in handed_to(module, function, position))
    maker = function.outer
    if function.private or (maker is not None and (maker.outer is not None or not maker.name)):
        return
    for other in islice(users(module, name), MOST_CALLERS):
        yield from ((other, call, argument) for call, argument in handed_to(other, function, position))
        for call in islice(other.calls((name,)), _MOST_SITES):
            given = call.arg(position, param.name)
            if given is not None and is_same(_runs(other, call, maker), made or function):
                yield other, call, given


def _runs(module: Module, call: Call, maker: Function | None) -> Node | None:
    """Return what a call in another file runs; where a function makes it, a member of what that function gives."""
    found = definition(module, call.callee)
    if found is not None or maker is None or call.receiver is None:
        return found
    return made_member(
        module, made if isinstance(made := module.scopes.origin(call.receiver), Call) else None, call.name
    )


def _may_reach(module: Module, call: Call, function: Function) -> bool:
    """Tell whether a call of this name can be one of this function."""
    target = definition(module, call.callee)
    unknown = call.receiver is not None or call.new
    return unknown if target is None else target is function or target is function.owner
