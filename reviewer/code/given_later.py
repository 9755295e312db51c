"""What a variable that begins empty is given by the functions inside it.

``let host; … activate(context) { host = context; }``
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Name, Param
from reviewer.code.walk import function_of
from reviewer.core.regex import regex

if TYPE_CHECKING:
    from reviewer.code.bindings import Binding
    from reviewer.code.module import Module
    from reviewer.code.syntax import Function

_OUTER: Final = regex(rb"\b(?:global|nonlocal)[ \t]([^\n#]{1,200})")
"""How a function of Python says that a name is not its own."""


def given_later(module: Module, declared: Assign, name: str) -> list[Assign]:
    """Return the assignments by which inner functions give a variable of theirs around a value."""
    home = function_of(declared)
    return [one for one in _by_name(module).get(name, ()) if _reaches(module, one, name, home)]


def declared(module: Module, name: Name) -> list[Binding]:
    """Return what binds a name where it is declared: a function that only gives it a value does not.

    In JavaScript it says nothing then, in Python ``global`` or ``nonlocal``.
    """
    found = module.scopes.lookup(name.id, name)
    while found and all(isinstance(one, Assign) and not one.declare for one in found):
        function = function_of(found[0]) if isinstance(found[0], Assign) else None
        if function is None or not _leaves_to_outer(module, function, name.id):
            break
        scopes, outer = module.scopes, function.outer
        further = scopes.lookup(name.id, outer) if outer is not None else scopes.table(None).get(name.id, [])
        if not further:
            break
        found = further
    return found


def _by_name(module: Module) -> dict[str, list[Assign]]:
    """Return the assignments inside functions that declare nothing, by the name that they give a value."""

    def work() -> dict[str, list[Assign]]:
        found: dict[str, list[Assign]] = {}
        for node in module.all(Assign):
            if isinstance(node.target, Name) and not node.declare and node.op == "=" and node.value is not None:
                found.setdefault(node.target.id, []).append(node)
        return found

    return module.once("given_later.by_name", work)


def _leaves_to_outer(module: Module, function: Function, name: str) -> bool:
    """Tell whether a name that a function gives a value, and does not declare, is that of something around it."""
    if module.language != "python":
        return True
    raw = module.source[function.raw.start_byte : function.raw.end_byte]
    return any(name.encode() in told[1].replace(b",", b" ").split() for told in _OUTER.finditer(raw))


def _reaches(module: Module, assign: Assign, name: str, home: Function | None) -> bool:
    """Tell whether the name that is given a value is the one of the function around, and none in between."""
    function = function_of(assign)
    if function is None or function is home:
        return False
    if not _leaves_to_outer(module, function, name):
        return False
    while function is not None and function is not home:
        bound = module.scopes.table(function).get(name, ())
        if any(isinstance(one, Param) or (isinstance(one, Assign) and one.declare) for one in bound):
            return False
        function = function.outer
    return function is home
