"""Whether another function of the file refuses what this one lets into a path: the same name, or in the same folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Binary,
    Call,
    Expr,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Param,
    Template,
    Throw,
    strip,
)
from reviewer.code.walk import find, function_of, inside, walk
from reviewer.experts.paths import last_name
from reviewer.experts.security.values.given_back import refuses
from reviewer.experts.security.values.source_words import PATH_MAKERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node

_FORM_TESTS: Final = frozenset(
    "test exec match fullmatch search isalnum isidentifier isalpha isdecimal is_relative_to includes isAbsolute".split()
)
"""Calls that ask of which form a text is."""
_TEXTS: Final = frozenset({"", "str", "string", "any", "unknown", "Any"})
"""Types of a parameter that can be any text."""
_MOST: Final = 60
"""Joined paths of one file that are looked at."""


def guarded_beside(module: Module, part: Expr) -> Node | None:
    """Return where another function of the file joins a part to a path only after a test that this one leaves out.

    It is the same part by its name, or it stands where this one does, first below the same folder.
    """
    own = function_of(part)
    if own is None or any(isinstance(one, Member | Index) for one in walk(part)):
        return None  # a member of a record was tested where that was made
    in_one = _guarded_in_one_path(module, part, own)
    if in_one is not None:
        return in_one
    folder = next((base for base, below in _joined(module) if below is part or inside(part, below)), None)
    named = last_name(part)
    for base, below in _joined(module) if _is_open(own) else ():
        there = function_of(below)
        if there is None or there is own or inside(there, own) or inside(own, there):
            continue
        alike = bool(named) and named == last_name(_plain(below))
        beside = folder is not None and bool(last_name(folder)) and last_name(base) == last_name(folder)
        if (alike or beside) and _is_guarded(module, below):
            return below
    return _guarded_by_one_caller(module, part, own)


def _guarded_in_one_path(module: Module, part: Expr, own: Function) -> Node | None:
    """Return what the same function tests before it joins it to the same path as a part that it does not test."""
    joined: Node = part
    while isinstance(joined.parent, Expr) and (joined.parent is not own):
        joined = joined.parent
    handed = _handed_text(module, part)
    if handed is None or handed.parent is not own:
        return None
    for name in find(joined, Name):
        param = _handed_text(module, name)
        if param is None or param is handed or param.parent is not own:
            continue
        around = name.parent
        if _is_guarded(module, around if isinstance(around, Call) and around.args == [name] else name):
            return name
    return None


def _handed_text(module: Module, expr: Expr) -> Param | None:
    """Return the parameter that a name is, where its type leaves it to the caller which text it is."""
    names = list(find(expr, Name))
    param = module.scopes.origin(names[0]) if len(names) == 1 else None
    return param if isinstance(param, Param) and param.type.strip("'\"") in _TEXTS else None


def _guarded_by_one_caller(module: Module, part: Expr, helper: Function) -> Node | None:
    """Return where one function tests what it hands to the helper that joins it, and another does not."""
    names = {param.name: place for place, param in enumerate(helper.params) if param.name}
    joined = next((name.id for name in find(part, Name) if name.id in names), "")
    guarded: Node | None = None
    untested = False
    for number, call in enumerate(module.calls((helper.name,)) if joined and helper.name else ()):
        given = call.arg(names[joined], joined)
        around = function_of(call)
        if number > _MOST or around is None or not isinstance(given, Name):
            continue
        if _throws_unless(module, around, given):
            guarded = given
        elif isinstance(module.scopes.origin(given), Param):
            untested = True
    return guarded if untested else None


def _is_open(function: Function) -> bool:
    """Tell whether a function is one that others than its own file call."""
    return not function.private and not function.name.startswith(("_", "#")) and function.kind != "constructor"


def _joined(module: Module) -> list[tuple[Expr, Expr]]:
    """Return each folder of the file with what is joined right below it."""
    return module.once("security.joined below a folder", lambda: list(_joins(module)))


def _joins(module: Module) -> Iterator[tuple[Expr, Expr]]:
    for number, node in enumerate(_makers(module)):
        if number > _MOST:
            return
        if isinstance(node, Binary):
            yield strip(node.left), strip(node.right)
        elif isinstance(node, Call):
            base = node.receiver if node.name in ("joinpath", "with_name") else node.arg(0)
            below = node.args[0 if base is node.receiver else 1 :]
            if base is not None and below:
                yield strip(base), strip(below[0])
        elif isinstance(node, Template) and node.items[:1] == node.holes[:1]:
            yield strip(node.holes[0]), strip(node.holes[1])


def _makers(module: Module) -> Iterator[Call | Binary | Template]:
    for node in module.some(Call, Binary, Template):
        if isinstance(node, Call):
            if node.name in PATH_MAKERS and node.args:
                yield node
        elif isinstance(node, Binary):
            if node.op == "/" and module.language == "python":
                yield node
        elif isinstance(node, Template) and len(node.holes) > 1 and _has_slash(node):
            yield node


def _has_slash(text: Template) -> bool:
    second = text.items[1] if len(text.items) > 1 else None
    return isinstance(second, Literal) and str(second.value).startswith("/")


def _plain(expr: Expr) -> Expr:
    """Return what a call tests that gives back what it was given: ``checked(name)``."""
    return strip(expr.args[0]) if isinstance(expr, Call) and len(expr.args) == 1 else expr


def _is_guarded(module: Module, below: Expr) -> bool:
    if isinstance(below, Call):
        target = definition(module, below.callee)
        return len(below.args) == 1 and isinstance(target, Function) and refuses(target)
    around = function_of(below)
    return around is not None and isinstance(below, Name | Member) and _throws_unless(module, around, below)


def _throws_unless(module: Module, function: Function, given: Expr) -> bool:
    """Tell whether a function throws where a value has not the form that it asks for."""
    said = module.text_of(given)
    return any(
        call.name in _FORM_TESTS and any(module.text_of(one) == said for one in (*call.args, call.receiver) if one)
        for thrown in find(function.body, Throw, into_functions=False)
        for condition in conditions(thrown)
        for call in find(condition.test, Call)
    )
