"""What a module holds against patterns: in the check itself, or through a helper that checks what it is handed."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.reach.call_sites import call_sites
from reviewer.code.syntax import Assign, Call, Expr, Function, Index, Literal, Name, Param, strip
from reviewer.code.walk import function_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module

CHECKS: Final = frozenset({"test", "match", "fullmatch", "exec", "search", "matches"})
_DEEPEST: Final = 2
"""Helpers that hand on what they are handed."""
_MOST: Final = 24
"""Calls of one helper."""


class Place(Struct, frozen=True):
    """An expression and the module that it stands in."""

    module: Module
    expr: Expr


class Held(Struct, frozen=True):
    """A pattern, and the value that is held against it."""

    pattern: Place
    value: Place
    check: Call
    """The call that compares."""
    key: str = ""
    """The key under which a helper takes the value out of what it is handed."""


def tested(module: Module, call: Call) -> tuple[Expr | None, Expr | None]:
    """Return the pattern and what is held against it: ``re.match(p, v)``, ``p.test(v)``, ``v.match(p)``."""
    receiver = call.receiver
    if receiver is not None and module.resolve(receiver) == "re" and len(call.args) > 1:
        return call.args[0], call.args[1]
    if not call.args:
        return None, None
    if module.language != "python" and call.name in ("match", "search"):
        return call.args[0], receiver
    return receiver, call.args[0]


def held_patterns(module: Module) -> Iterator[Held]:
    """Yield what every check of a module compares, each also as the callers of a helper hand it over."""
    for call in module.all(Call):
        if call.name not in CHECKS or call.receiver is None:
            continue
        pattern, value = tested(module, call)
        if pattern is not None and value is not None:
            yield from _followed(Held(Place(module, pattern), Place(module, value), call), call, module, _DEEPEST)


def _followed(held: Held, inside: Expr, module: Module, depth: int) -> Iterator[Held]:
    yield held
    function = function_of(inside)
    if function is None or not depth or held.key:
        return
    pattern = _param(function, held.pattern.expr) if held.pattern.module is module else None
    value = _given(module, held.value.expr) if held.value.module is module else held.value.expr
    whole = _param(function, value)
    key = _key(value) if whole is None else None
    named = _param(function, key) if key is not None else None
    if pattern is None and whole is None and named is None:
        return
    sites = call_sites(module, function)
    for other, site in islice(sites, _MOST) if sites is not None else ():
        given = _handed(function, pattern, site)
        spelled = Place(other, given) if given is not None else held.pattern
        if pattern is not None and given is None:
            continue
        if named is not None:
            said = _handed(function, named, site)
            said = strip(said) if said is not None else None
            if isinstance(said, Literal) and isinstance(said.value, str):
                yield Held(spelled, Place(other, site), held.check, said.value)
            continue
        asked = _handed(function, whole, site)
        if asked is not None:
            yield from _followed(Held(spelled, Place(other, asked), held.check), site, other, depth - 1)
        elif whole is None:
            yield from _followed(Held(spelled, held.value, held.check), site, other, depth - 1)


def _given(module: Module, value: Expr) -> Expr:
    """Return what a name was given in its function: ``from[key]`` of ``const text = from[key]``."""
    value = strip(value)
    bound = module.scopes.lookup(value.id, value) if isinstance(value, Name) else []
    only = bound[0] if len(bound) == 1 else None
    given = only.value if isinstance(only, Assign) and only.op == "=" else None
    return strip(given) if given is not None else value


def _key(value: Expr) -> Expr | None:
    """Return the key by which a value is looked up: ``from[key]``, ``from.get(key)``."""
    if isinstance(value, Index):
        return strip(value.key)
    return strip(value.args[0]) if isinstance(value, Call) and value.name in ("get", "pop") and value.args else None


def _param(function: Function, expr: Expr | None) -> Param | None:
    expr = strip(expr) if expr is not None else None
    if not isinstance(expr, Name):
        return None
    return next((one for one in function.params if one.name == expr.id and not one.rest), None)


def _handed(function: Function, param: Param | None, site: Call) -> Expr | None:
    return site.arg(function.params.index(param), param.name) if param is not None else None
