"""REG028: versions can be withdrawn, and the choice of a version doesn't look whether one is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Array, Call, Field, Function, Index, Literal, Member, Name, Node, strip
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, class_of, find, walk
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import said_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_WITHDRAWN: Final = frozenset("yanked withdrawn retracted unlisted revoked recalled quarantined".split())
_DECLARED: Final = regex(rf"\b(?:is)?(?:{'|'.join(sorted(_WITHDRAWN))})\??\s{{0,3}}:", re.IGNORECASE)
"""A member of a type that is written out where a function says what it gives."""
_OF_RIGHTS: Final = frozenset({"granted", "denied", "allowed", "pending", "refused"})
_OF_STATE: Final = regex(r"\b(?:state|status|listed|available|published)\s{0,3}(?:=|<>|!=|in\b|is\b)", re.IGNORECASE)
"""A statement that asks for one state of the versions."""
_LONGEST: Final = 4_000
"""Characters of a text that is looked at as a statement."""
_FITS: Final = frozenset(
    "satisfies maxSatisfying max_satisfying rcompare compareBuild compare rsort contains match gtr select".split()
)
_TELLS: Final = frozenset("log info debug warn warning error emit publish dispatch record audit notify report".split())
_CHOOSES: Final = frozenset(
    "choose pick resolve select best newest latest highest find fitting match candidate candidates lookup".split()
)


@module_check("REG028", words=_WITHDRAWN)
def withdrawn_chosen(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at every function that picks a version in a file that knows withdrawn ones."""
    if module.is_test or not _marks(module):
        return
    for function in module.functions:
        if not function.name or not set(words(function.name)[:1]) & _CHOOSES:
            continue
        picks = next((call for call in calls_in(function.body) if _picks(module, call)), None)
        if picks is None or _looks(function) or _asks_elsewhere(module, function):
            continue
        yield Match(
            _query(function) or picks,
            f"'{function.name}' takes the best version that fits, and never looks whether it was withdrawn: "
            f"'{short(module.text_of(picks))}' gives it to those who ask next.",
        )


def _marks(module: Module) -> bool:
    """Tell whether entries of the file carry a mark for being withdrawn, or are declared with one."""
    if any(set(words(field.name)) & _WITHDRAWN for field in module.all(Field)):
        return True
    if any(_DECLARED.search(one.returns) for one in module.functions if one.returns):
        return True
    return any(set(words(node.name)) & _WITHDRAWN for node in module.all(Member)) or any(
        (node.value in _WITHDRAWN and not _told(node)) or (_reads_rows(node) and set(words(node.value)) & _WITHDRAWN)
        for node in module.all(Literal)
        if isinstance(node.value, str)
    )


def _told(node: Literal) -> bool:
    """Tell whether a text is about something else, or only tells what was done: ``log.info("unlisted", …)``."""
    call = node.parent
    if isinstance(call, Array) and any(getattr(strip(one), "value", None) in _OF_RIGHTS for one in call.items):
        return True  # ``{"granted", "denied", "withdrawn"}`` is about rights
    return isinstance(call, Call) and call.name in _TELLS and bool(call.args) and call.args[0] is node


def _reads_rows(node: Literal) -> bool:
    """Tell whether a text is a statement that reads rows of a table."""
    text = str(node.value)[:_LONGEST].lower()
    return "select" in text and "from" in text


def _looks(function: Function) -> bool:
    """Tell whether a function names what withdrawn versions are marked by, in long statements too."""
    return bool(said_in(function.body) & _WITHDRAWN) or any(
        isinstance(node, Literal)
        and isinstance(node.value, str)
        and (set(words(node.value[:_LONGEST])) & _WITHDRAWN or _OF_STATE.search(node.value[:_LONGEST]))
        for node in walk(function.body)
    )


def _query(function: Function) -> Node | None:
    """Return the statement that reads the versions which a function picks from: there the withdrawn ones belong out."""
    return next((node for node in walk(function.body) if isinstance(node, Literal) and _reads_rows(node)), None)


def _picks(module: Module, call: Node) -> bool:
    name = getattr(call, "name", "")
    if name in _FITS:
        return True
    if name not in ("max", "sorted", "sort") or not isinstance(call, Call):
        return False
    made = [module.scopes.origin(one) for one in (*call.args[:1], call.receiver) if isinstance(one, Name)]
    told = said_in([call, *(one for one in made if isinstance(one, Node))])
    return bool(told & {"version", "versions", "semver"})


def _asks_elsewhere(module: Module, function: Function) -> bool:
    """Tell whether what it picks from was made by something that leaves withdrawn versions out."""
    for call in calls_in(function.body):
        target = definition(module, call.callee)
        if isinstance(target, Function) and target is not function and said_in(target.body) & _WITHDRAWN:
            return True
        if set(words(call.name)) & {"available", "active", "usable", "listed"}:
            return True
    if _reads_living(module, function):
        return True
    for param in function.params:
        if set(words(param.name)) & {"available", "active", "usable", "listed"}:
            return True
    return any(
        isinstance(node, Name | Member | Index)
        and set(words(getattr(node, "id", "") or getattr(node, "name", "")))
        & {"available", "active", "usable", "listed"}
        for node in walk(function.body)
    )


def _reads_living(module: Module, function: Function) -> bool:
    """Tell whether a function reads a property of its class that leaves withdrawn versions out."""
    cls = class_of(function)
    living = {
        method.name
        for method in (cls.methods if cls is not None else ())
        if method.kind == "getter" and said_in(method.body) & _WITHDRAWN
    }
    return bool(living) and any(is_this_member(node) and node.name in living for node in find(function.body, Member))
