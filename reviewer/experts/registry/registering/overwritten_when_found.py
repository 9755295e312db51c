"""REG001: what a search found is laid under its own ids at once, and of two with one id the last silently wins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.reach.call_sites import call_sites
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Assign, Binary, Call, Comprehension, Expr, Function, Member, Name, Param, Throw, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.fundamentals.discovery import is_listing
from reviewer.experts.paths import said_in, word_set
from reviewer.experts.registry.folding import entered, looked_before
from reviewer.experts.registry.vocabulary import PLUGINS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_NAMES: Final = frozenset({"id", "name", "key", "slug"})
_SAME: Final = frozenset({"list", "tuple", "sorted", "iter", "filter", "values", "slice", "toSorted", "flat"})
"""Calls that give what they are handed, in another order or not all of it."""
_SEARCHES: Final = frozenset("discover scan find search collect walk glob crawl".split())
_FOLDERS: Final = word_set("folder folders dir dirs directory directories path paths root roots")
_ASKS: Final = frozenset({"has", "includes", "some", "any", "hasOwn", "get", "setdefault", "find"})
_DEEPEST: Final = 3


@module_check("REG001", words=_NAMES)
def overwritten_when_found(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each table that is made at once of what a search for plugins gave."""
    if module.is_test or inquiry.subject.kind == "plugin":
        return
    for node in module.some(Call, Comprehension):
        source, each = _made_of(node)
        table, key = entered(node) if source is not None else (None, None)
        function = function_of(node)
        if source is None or function is None or not isinstance(key, Member) or not _of_each(key, each):
            continue
        named = said_in(key) | (said_in(table) if table is not None else set())
        if not (named | _said_of(module, function, source)) & PLUGINS or not _found(module, source, _DEEPEST):
            continue
        if looked_before(module, function, table, node) or _counted(function, source):
            continue
        yield Match(
            node,
            f"Of two with the same '{short(module.text_of(key))}' the one that was found last replaces the other "
            "silently: whoever lays a second one beside it takes its place.",
        )


def _made_of(node: Node) -> tuple[Expr | None, str]:
    """Return what a table is made of at once, and the name of each of its things."""
    made: Node | None = node
    if isinstance(node, Call):
        made = strip(node.args[0]) if node.name in ("Map", "fromEntries", "dict") and len(node.args) == 1 else None
    if isinstance(made, Comprehension):
        first = made.clauses[0] if len(made.clauses) == 1 else None
        return (first[1], first[0].id) if first is not None and isinstance(first[0], Name) else (None, "")
    callback = strip(made.args[0]) if isinstance(made, Call) and made.name == "map" and made.args else None
    if isinstance(made, Call) and isinstance(callback, Function) and callback.params:
        return made.receiver, callback.params[0].name
    return None, ""


def _of_each(key: Member, each: str) -> bool:
    holder = strip(key.object)
    while isinstance(holder, Member):
        holder = strip(holder.object)
    return key.name in _NAMES and isinstance(holder, Name) and holder.id == each != ""


def _said_of(module: Module, function: Function, source: Expr) -> set[str]:
    """Return what is said of a list: its words, those of where it comes from, and those of who goes through it."""
    said = said_in(source) | set(words(function.name))
    root = strip(source)
    bound = module.scopes.lookup(root.id, root) if isinstance(root, Name) else []
    for one in bound:
        said |= set(words(one.type)) if isinstance(one, Param) else said_in(one) if isinstance(one, Assign) else set()
    return said


def _found(module: Module, source: Expr, depth: int) -> bool:
    """Tell whether a list is what a search of folders gave, as far as the code shows, and nobody has sorted it out."""
    held: object = strip(source)
    while isinstance(held, Call) and held.name in _SAME and (held.receiver is not None or held.args):
        held = strip(held.receiver if held.receiver is not None else held.args[0])
    if not isinstance(held, Expr) or depth == 0:
        return False
    if isinstance(held, Name):
        origin = module.scopes.origin(held)
        if isinstance(origin, Param):
            return _handed_found(module, origin, depth)
        return isinstance(origin, Expr) and origin is not held and _found(module, origin, depth - 1)
    if not isinstance(held, Call):
        return False
    target = definition(module, held.callee)
    if isinstance(target, Function) and not target.signature_only and target.body:
        return _searches(target) and not _refuses(target)
    named = words(held.name)
    return named[:1] != () and named[0] in _SEARCHES and any(said_in(arg) & _FOLDERS for arg in held.args)


def _handed_found(module: Module, param: Param, depth: int) -> bool:
    """Tell whether somebody hands in what was found."""
    function = param.parent
    if not isinstance(function, Function) or param not in function.params:
        return False
    place = function.params.index(param)
    return any(
        (given := site.arg(place, param.name)) is not None and _found(other, given, depth - 1)
        for other, site in call_sites(module, function) or ()
    )


def _searches(function: Function) -> bool:
    """Tell whether a function goes through what a folder holds."""
    return any(is_listing(function.module, call) for call in find(function.body, Call))


def _refuses(function: Function) -> bool:
    """Tell whether a search throws where it asked whether it has such a one, or takes no second one."""
    asked = [call for call in find(function.body, Call) if call.name in _ASKS]
    asked_in = [test for test in find(function.body, Binary) if test.op in ("in", "not in")]
    return bool(asked_in) or any(
        call in list(find(one.test, Call))
        for call in asked
        for node in find(function.body, Throw)
        for one in conditions(node)
    )


def _counted(function: Function, source: Expr) -> bool:
    """Tell whether how many there are is compared with anything."""
    name = getattr(strip(source), "id", "")
    return any(
        any(
            isinstance(side, Member) and side.name in ("size", "length")
            for side in (strip(test.left), strip(test.right))
        )
        or (bool(name) and any(isinstance(call, Call) and call.name == "len" for call in find(test, Call)))
        for test in find(function.body, Binary)
    )
