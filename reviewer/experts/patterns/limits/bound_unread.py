"""PAT027: a bound is given for what is kept, and the code that adds to it never looks at the bound."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Binary, Class, Function, Literal, Member, Name, Object, strip
from reviewer.code.tables import tables
from reviewer.code.text.words import words
from reviewer.code.walk import find, inside, uses_of
from reviewer.experts.check import Match, module_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node, Param
    from reviewer.code.tables import Access
    from reviewer.experts.check import Inquiry

_BOUNDS: Final = frozenset({"max", "most", "limit", "maximum", "cap", "capacity"})
_AMOUNTS: Final = frozenset({"rows", "entries", "items", "slots", "places"})
"""Words of a number of things that may be kept."""
_OF_TIME: Final = frozenset(
    "ms seconds second minutes age ttl delay timeout time interval backoff wait retries".split()
)
"""Words of bounds that are of no number of things."""
_OF_ELSE: Final = frozenset("bytes size length depth chars kb mb zoom width height level listeners memory".split())
_GROWS: Final = ("write",)


@module_check("PAT027", words=_BOUNDS | _AMOUNTS)
def bound_unread(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each bound that only its own file can read for somebody who reads it."""
    if module.is_test:
        return
    for at, name, around in _bounds(module):
        if _is_read(module, at, name):
            continue
        added = _added(module, name, around)
        if added is not None:
            yield Match(
                added.node,
                f"This adds to what is kept, and '{name}', which is there to bound it, is read nowhere: it grows for "
                "as long as somebody adds.",
                related=((at, "the bound that nobody reads"),),
            )


def _is_bound(name: str) -> bool:
    said = set(words(name))
    return bool(said & _BOUNDS) and not said & (_OF_TIME | _OF_ELSE)


def _is_amount(param: Param) -> bool:
    """Tell whether a parameter says how many of something there are, with a constant of the file for that."""
    default = strip(param.default) if param.default is not None else None
    return set(words(param.name)[-1:]) <= _AMOUNTS and isinstance(default, Name) and default.id.isupper()


def _bounds(module: Module) -> Iterator[tuple[Node, str, Node | None]]:
    """Yield the bounds that the classes and factories of a file are given, where each is a number by default."""
    for function in module.functions:
        made = function.kind == "constructor" or function.name == "__init__" or function.outer is None
        for param in function.params if made and not function.signature_only else ():
            if (_is_bound(param.name) or _is_amount(param)) and _is_hidden(module, function, param):
                yield param, param.name, function.owner
            for local in param.fields.values():
                if _is_bound(local) and f"{local} = " in module.text_of(param):
                    yield param, local, function.owner or function


def _is_hidden(module: Module, function: Function, param: Param) -> bool:
    """Tell whether a bound is a number that only becomes a private field, or is one itself."""
    if param.access:
        return "private" in module.text_of(param) and _is_number(param.default)
    if function.owner is None or not (_is_number(param.default) or param.type in ("int", "number")):
        return False
    kept = [node for node in uses_of(param.name, function) if _only_kept(node)]
    if len(kept) != 1 or len(list(uses_of(param.name, function))) != 1:
        return False
    target = strip(kept[0].parent.target) if isinstance(kept[0].parent, Assign) else None
    return isinstance(target, Member) and (
        target.name.startswith(("_", "#")) or not _is_named_elsewhere(module, target.name)
    )


def _is_named_elsewhere(module: Module, name: str) -> bool:
    """Tell whether another file takes a member of this name from anything, or nobody can say."""
    taken = f".{name}".encode()
    project = module.project
    return project is None or any(path != module.path and taken in text for path, text in project.texts({name}))


def _is_number(value: Expr | None) -> bool:
    made = strip(value) if value is not None else None
    if isinstance(made, Binary):
        return _is_number(made.left) and _is_number(made.right)
    return isinstance(made, Literal) and isinstance(made.value, int) and not isinstance(made.value, bool)


def _is_read(module: Module, at: Node, name: str) -> bool:
    """Tell whether a bound is read anywhere in the file, by its name or as a field, or is handed on by it."""
    for node in module.some(Name, Member, Object):
        if inside(node, at):
            continue
        if isinstance(node, Name) and node.id == name and not _is_target(node) and not _only_kept(node):
            return True
        if isinstance(node, Member) and node.name.lstrip("#_") == name.lstrip("#_") and not _is_target(node):
            return True
        if isinstance(node, Object) and name in node.keys:
            return True
    return False


def _is_target(node: Name | Member) -> bool:
    return isinstance(node.parent, Assign) and node.parent.target is node


def _only_kept(node: Name) -> bool:
    """Tell whether a parameter only becomes the field of its own name."""
    around = node.parent
    target = strip(around.target) if isinstance(around, Assign) else None
    return isinstance(target, Member) and is_this_member(target) and target.name.lstrip("#_") == node.id


def _added(module: Module, name: str, around: Node | None) -> Access | None:
    """Return where something is added to the one table that a bound may be about: it is never counted elsewhere."""
    found: list[Access] = []
    maps: list[Access] = []
    for table in tables(module):
        home = table.owner if table.owner is not None else table.scope
        if isinstance(around, Class | Function) and home is not around:
            continue
        first = next((one for one in table.of(*_GROWS) if one.function is not None), None)
        if first is not None and not _is_counted(module, table.name):
            found.append(first)
            maps += [first] if table.kind == "map" and first.key is not None else []
    said = set(words(name)) - _BOUNDS
    named = [one for one in found if said & set(words(module.text_of(one.node)))]
    chosen = named or (found if len(found) == 1 else maps)
    return chosen[0] if len(chosen) == 1 else None


def _is_counted(module: Module, name: str) -> bool:
    """Tell whether somebody compares how much a table holds."""
    for test in module.all(Binary):
        if test.op in ("<", "<=", ">", ">=", "==", "!="):
            for side in (test.left, test.right):
                for member in find(side, Member):
                    held = strip(member.object)
                    named = held.name if isinstance(held, Member) and is_this_member(held) else getattr(held, "id", "")
                    if member.name in ("size", "length") and named == name:
                        return True
    return False
