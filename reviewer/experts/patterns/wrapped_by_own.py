"""Functions whose results a helper of the subject keeps: ``const price = once((goods) => db.price(shop, goods))``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.flow import returns_of
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Assign, Call, Expr, Function, Member, Name, Param, Spread, strip
from reviewer.code.tables import tables
from reviewer.code.walk import find, inside, names_in
from reviewer.experts.patterns.keepers import run_by
from reviewer.experts.patterns.wrapped import Wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.tables import Access

_MOST: Final = 200
"""Calls of one file that are looked at."""


class Memoiser(Struct, frozen=True):
    """A function that gives another one, which remembers what ``work`` answered: ``told`` are the places of arguments.

    ``told`` is None where all arguments are part of the key.
    """

    work: int
    told: frozenset[int] | None
    shared: bool
    """Whether the answers of all functions that it was given are kept together, wherever it was called."""
    asked: frozenset[str] = frozenset()
    """Questions without arguments whose answers are part of the key: ``current.get()``."""


def wrapped_by_own(module: Module) -> Iterator[tuple[Wrapped, bool]]:
    """Yield the functions of a module whose results a helper of the subject keeps, and whether for all in one place."""
    for count, call in enumerate(module.all(Call)):
        if count > _MOST * 20 or not call.args or call.receiver is not None:
            continue
        given = [at for at, arg in enumerate(call.args) if isinstance(_function(module, arg), Function)]
        target = run_by(module, call) if given else None
        found = memoisers(target.module).get(target.start) if target is not None else None
        work = _function(module, call.args[found.work]) if found is not None and found.work in given else None
        if found is None or work is None:
            continue
        yield _wrapped(call, work, call.name or module.text_of(call.callee), found), found.shared


def _wrapped(node: Expr, function: Function, by: str, found: Memoiser) -> Wrapped:
    names = {param.name for at, param in enumerate(function.params) if found.told is None or at in found.told}
    return Wrapped(node, function, by, frozenset(names | found.asked), bounded=False)


def _function(module: Module, arg: Expr) -> Function | None:
    made = strip(arg)
    if isinstance(made, Name | Member):
        made = definition(module, made)  # type: ignore[assignment]  # the function that it names
    return made if isinstance(made, Function) else None


def memoisers(module: Module) -> dict[int, Memoiser]:
    """Return the functions of a module that make another one remember, by the places where they begin."""
    return module.once("patterns.memoisers", lambda: dict(_found(module)))


def _found(module: Module) -> Iterator[tuple[int, Memoiser]]:
    for table in tables(module):
        for access in table.of("write") if table.kind == "map" and table.owner is None else ():
            inner = access.function
            while inner is not None and inner.outer is not None and not _given(inner):
                inner = inner.outer
            maker = inner.outer if inner is not None else None
            if inner is None or maker is None or access.key is None or access.value is None:
                continue
            around = [maker, *_around(maker)]
            if not any(table.scope is one for one in around) or not _gives(module, maker, inner):
                continue
            work = _works(module, access, maker)
            if work is not None:
                at, call = work
                told = _told(module, access.key, inner, call)
                yield maker.start, Memoiser(at, told, table.scope is not maker, _asked(module, access.key, inner))


def _around(function: Function) -> Iterator[Function | None]:
    """Yield the functions around one, and None for the file."""
    outer = function.outer
    while outer is not None:
        yield outer
        outer = outer.outer
    yield None


def _given(function: Function) -> bool:
    """Tell whether a function is one that is handed on, and no callback of its own: the one that remembers."""
    return bool(function.params) and not isinstance(function.parent, Call)


def _gives(module: Module, maker: Function, inner: Function) -> bool:
    for answer in returns_of(maker):
        made = strip(answer.value) if answer.value is not None else None
        if made is inner or (isinstance(made, Name) and definition(module, made) is inner):
            return True
        if isinstance(made, Call) and any(strip(arg) is inner for arg in made.args):
            return True  # Object.assign((key) => …, { clear })
    return False


def _works(module: Module, access: Access, maker: Function) -> tuple[int, Call] | None:
    """Return which parameter of the maker gives what is kept, and the call that asks it."""
    parts: list[Expr] = [access.value] if access.value is not None else []
    for name in list(find(parts, Name)):
        parts += [one.value for one in module.scopes.lookup(name.id, name) if isinstance(one, Assign) and one.value]
    for call in (call for part in parts for call in find(part, Call)):
        asked = strip(call.callee)
        if call.name in ("call", "apply") and call.receiver is not None:
            asked = strip(call.receiver)
        bound = module.scopes.lookup(asked.id, asked) if isinstance(asked, Name) else []
        only = bound[0] if len(bound) == 1 else None
        if isinstance(only, Param) and only.parent is maker:
            return next(at for at, param in enumerate(maker.params) if param is only), call
    return None


def _asked(module: Module, key: Expr, inner: Function) -> frozenset[str]:
    """Return the questions without arguments that a key is made of: for whom this is."""
    parts: list[Expr] = [key]
    for name in list(find(key, Name)):
        bound = module.scopes.lookup(name.id, name)
        parts += [one.value for one in bound if isinstance(one, Assign) and one.value and inside(one, inner)]
    calls = (call for part in parts for call in find(part, Call))
    return frozenset(module.text_of(call) for call in calls if not call.args and not call.keywords)


def _told(module: Module, key: Expr, inner: Function, call: Call) -> frozenset[int] | None:
    """Return which arguments of the work are part of the key; None for all of them."""
    used = names_in(key)
    for name in list(find(key, Name)):
        for one in module.scopes.lookup(name.id, name):
            if isinstance(one, Assign) and one.value is not None and inside(one, inner):
                used |= names_in(one.value)
    args = [arg for arg in call.args if not (isinstance(arg, Name) and arg.id == "this")]
    if any(isinstance(arg, Spread) and names_in(arg) & used for arg in args):
        return None
    return frozenset(at for at, arg in enumerate(args) if names_in(arg) & used)
