"""PAT003: what a caching decorator gives to everybody is started with the context of one tenant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Assign, Call, Function, Member, Name, Param, strip
from reviewer.code.walk import find, function_of, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import last_name
from reviewer.experts.patterns.served import serves
from reviewer.experts.patterns.vocabulary import INSTANCES, PLUGINS, STARTING, spelled

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_CACHES: Final = frozenset({"cache", "lru_cache", "cached", "memoize", "alru_cache"})
_HANDING: Final = STARTING | {"configure", "attach", "bind", "enter", "begin", "move", "join", "install"}
_MOST: Final = 20
"""Calls of one function that are looked at."""


@module_check("PAT003", words=_CACHES)
def cached_instance_shared(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what is done with the answer of each function that a decorator keeps by its arguments."""
    if module.is_test or module.language != "python":
        return
    for function in module.functions:
        if not any(_caches(decorator) for decorator in function.decorators) or not _gives_instances(function):
            continue
        calls = [c for c in module.calls((function.name,)) if definition(module, c.callee) is function]
        said = f"'{function.name}' keeps its answer by the arguments alone, and what it gives is then started"
        yield from _shared(inquiry, module, function, calls, said)
    yield from _kept_makers(inquiry, module)


def _kept_makers(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at functions that are wrapped so without a decorator: ``self._make = functools.cache(shop.make)``."""
    for kept in module.calls(_CACHES):
        put, made = kept.parent, strip(kept.args[0]) if len(kept.args) == 1 else None
        if not isinstance(put, Assign) or not isinstance(made, Name | Member) or kept.receiver is made:
            continue
        name = last_name(put.target)
        if not name or not set(spelled(last_name(made))[:1]) & STARTING:
            continue
        calls = [call for call in module.calls((name,)) if function_of(call) is not function_of(put)]
        said = f"'{name}' keeps what '{module.text_of(made)}' gives by the arguments alone, and that is then started"
        yield from _shared(inquiry, module, kept, calls, said)


def _shared(inquiry: Inquiry, module: Module, at: Function | Call, calls: list[Call], said: str) -> Iterator[Match]:
    """Speak where the answer of a call is handed what belongs to one tenant."""
    who = next((told for call in calls[:_MOST] if (told := _handed(inquiry, module, call))), "")
    if who:
        yield Match(
            at, f"{said} for one '{who}': the next one gets the same object, with the first one's context and data."
        )


def _caches(decorator: Expr) -> bool:
    made = strip(decorator)
    return last_name(made.callee if isinstance(made, Call) else made) in _CACHES


def _gives_instances(function: Function) -> bool:
    """Tell whether a function gives something that runs, by its name or by what it is told."""
    told = {word for name in (function.name, *(p.name for p in function.params)) for word in spelled(name)}
    return bool(told & (INSTANCES | PLUGINS))


def _told_by(module: Module, given: Sequence[Expr]) -> set[str]:
    """Return the names in what is handed over, and in what was made for it before: ``Counter(branch, name)``."""
    found = names_in(given)
    for one in given:
        made = module.scopes.origin(one) if isinstance(one, Name) else None
        found |= names_in(made.args) if isinstance(made, Call) else set()
    return found


def _handed(inquiry: Inquiry, module: Module, call: Call) -> str:
    """Return whom what a call gives is started for, where the call itself is not told of that one."""
    caller = function_of(call)
    if caller is None:
        return ""
    for use in find(caller.body, Call):
        if use.receiver is None or module.scopes.origin(strip(use.receiver)) is not call:
            continue
        given = [strip(one) for one in use.args]
        made = [one for one in given if isinstance(one, Call) and (one.new or one.name[:1].isupper())]
        told = given if _HANDING & set(spelled(use.name)) else made
        for name in sorted(_told_by(module, told) - names_in(call.args)):
            bound = next((param for param in caller.params if param.name == name), None)
            if isinstance(bound, Param) and serves(inquiry, module, name):
                return name
    return ""
