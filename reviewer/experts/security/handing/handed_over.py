"""Which objects and classes a host hands to what it loaded: followed from the call, through functions and files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.contexts import is_starter
from reviewer.code.flow import returns_of
from reviewer.code.reach.links import definition
from reviewer.code.reach.made import values_of
from reviewer.code.standing import Standing
from reviewer.code.syntax import Call, Class, Expr, Function, Member, Name, Object, strip
from reviewer.code.walk import function_of
from reviewer.core.regex import regex
from reviewer.experts.lifecycle.bringing.brought import is_brought, may_load
from reviewer.experts.paths import last_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module

FREEZERS: Final = frozenset(
    {
        "freeze",
        "seal",
        "deepFreeze",
        "MappingProxyType",
        "frozenset",
        "tuple",
        "readonly",
        "immutable",
        "Immutable",
        "Map_",
    }
)
"""Calls that give what they are given, and keep others from changing it."""
_RECORDS: Final = ("SimpleNamespace", "Namespace")
"""Calls of Python that make an object of the members that they are told."""
_MOST: Final = 200
"""Calls of guests of one file that are followed."""
_LOADING: Final = regex(rb"(?i)load|import\(|import_module|require\(|entry_points|__import__|run_path")
"""What stands in each file that loads something, or asks another file to."""


def handed_over(module: Module) -> tuple[Object | Class | Call, ...]:
    """Return the objects and classes of a module of which a guest gets one, wherever the subject calls it."""
    return module.once("security.handed_over_here", lambda: tuple(_here(module)))


def _here(module: Module) -> Iterator[Object | Class | Call]:
    project = module.project

    def of_all() -> frozenset[tuple[str, int]]:
        return frozenset().union(*_HANDED.of(project)) if project is not None else _handed(module)

    known = project.once("security.handed_over", of_all) if project is not None else of_all()
    places = {start for path, start in known if path == module.path}
    if places:
        yield from (one for one in module.all(Object) if one.raw.start_byte in places)
        yield from (one for one in module.classes if one.raw.start_byte in places)
        yield from (one for one in module.calls(_RECORDS) if one.raw.start_byte in places)


def given_to_starters(module: Module) -> set[int]:
    """Return the ids of objects and classes whose instances a plugin's starting hook gets."""
    found: set[int] = set()
    for node in module.all(Call):
        given: list[Expr] = []
        if node.args and node.receiver is not None and is_starter(node.name):
            given = node.args[:2]
        for position, argument in enumerate(node.args[:-1]):
            if isinstance(argument, Member) and is_starter(argument.name):
                given = [node.args[position + 1]]
        for value in given:
            made = module.scopes.origin(strip(value)) if isinstance(strip(value), Name | Member) else strip(value)
            made = unfrozen(made) if isinstance(made, Expr) else made
            if isinstance(made, Object):
                found.add(id(made))
            elif isinstance(made, Call):
                target = definition(module, made.callee)
                if isinstance(target, Class):
                    found.add(id(target))
                for answer in returns_of(target) if isinstance(target, Function) and target.module is module else ():
                    given_back = unfrozen(answer.value) if answer.value is not None else None
                    if isinstance(given_back, Object):
                        found.add(id(given_back))
    return found


def unfrozen(expr: Expr) -> Expr:
    """See through ``Object.freeze(…)`` to the object."""
    expr = strip(expr)
    while isinstance(expr, Call) and expr.name in FREEZERS and len(expr.args) == 1:
        expr = strip(expr.args[0])
    return expr


def _handed(module: Module) -> frozenset[tuple[str, int]]:
    return frozenset(_found(module))


def _found(module: Module) -> Iterator[tuple[str, int]]:
    count = 0
    if not may_load(module):
        return
    for call in module.all(Call):
        given = _given(module, call)
        if not given or (count := count + 1) > _MOST:
            continue
        for value in given:
            yield from _made_of(module, value, 0)


def _given(module: Module, call: Call) -> list[Expr]:
    """Return what a call hands to a guest: to one that was loaded, or to whatever is woken by a member so named."""
    if call.new or not (call.args or call.keywords):
        return []
    handed = [*call.args, *call.keywords.values()]
    for position, argument in enumerate(call.args[:-1]):  # limited(plugin.activate, context)
        one = strip(argument)
        if isinstance(one, Member) and is_starter(one.name) and is_brought(module, one.object):
            return call.args[position + 1 :]
    callee = strip(call.callee)
    if isinstance(callee, Name):
        return handed if is_brought(module, callee) and not _is_own(module, callee) else []
    if isinstance(callee, Member) and is_brought(module, callee.object):
        return handed
    return []


def _is_own(module: Module, callee: Name) -> bool:
    """Tell whether a name is a function or a class of the subject."""
    return isinstance(definition(module, callee), Function | Class)


def _made_of(module: Module, value: Expr, depth: int) -> Iterator[tuple[str, int]]:
    """Yield the objects and classes that a value may be: what functions answer with, frozen or not."""
    for where, made in values_of(module, value):
        if isinstance(made, Object):
            yield where.path, made.raw.start_byte
        elif isinstance(made, Call) and made.name in FREEZERS and made.args and depth < 2:
            yield from _made_of(where, made.args[0], depth + 1)
        elif isinstance(made, Call) and made.name in _RECORDS:
            yield where.path, made.raw.start_byte
        elif isinstance(made, Call):
            target = definition(where, made.callee) or _around(where, made)
            if isinstance(target, Class) and target.kind == "class":
                yield target.module.path, target.raw.start_byte


def _around(module: Module, made: Call) -> Class | None:
    """Return the class that the function around declares itself: ``class Scope { … } return new Scope();``."""
    maker, name = function_of(made), last_name(made.callee)
    around = [one for one in module.classes if one.name == name and function_of(one) is maker]
    return around[0] if len(around) == 1 else None


_HANDED: Final = Standing("security.handed_over", _handed, showing=_LOADING.search)
