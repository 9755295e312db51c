"""Whether code looks where the paths lead that it makes of names from an archive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Call, Expr, Function, Literal, Member, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of, walk
from reviewer.experts.paths import last_words, said_in
from reviewer.experts.registry.entering import reached

if TYPE_CHECKING:
    from reviewer.code.module import Module

_CONTAINED: Final = frozenset(
    "startswith commonpath commonprefix inside contained contains within safe sanitize sanitise "
    "sanitized isabsolute escape escapes outside traversal confine confined jail clean is_relative_to "
    "isrelative below climbs contain".split()
)
"""Words of code that looks whether a path stays inside."""
_STARTS: Final = frozenset({"startswith", "startsWith"})
_PARTED: Final = frozenset({"is_relative_to", "isAbsolute", "relative", "relative_to", "basename"})
"""Names of functions that say how a path lies to a folder, which code asks for other reasons, too."""
_PARENT: Final = frozenset({"..", "../"})


def held_inside(module: Module, function: Function, near: Function | None = None) -> bool:
    """Tell whether a function, or what it calls, looks where a path leads.

    ``near`` is the function in which the path is made, where that is known: what lies to a folder how is asked for
    other reasons elsewhere, as for the names in a digest of a tree.
    """
    if near is None or near is function:
        return any(_refuses(one) or _parts(one) for one in reached(module, function, 2))
    return any(_refuses(one) or _parts(one) for one in reached(module, near, 2)) or any(
        _refuses(one) for one in reached(module, function, 2)
    )


def named_anew(module: Module, part: Expr) -> bool:
    """Tell whether an entry was given a name of the program's own before: ``member.name = f"scan-{number}"``."""
    text, function = module.text_of(part), function_of(part)
    made = find(function.body, Assign) if function is not None and isinstance(part, Member) else ()
    return any(
        one.start < part.start
        and module.text_of(one.target) == text
        and one.value is not None
        and all(module.text_of(inner) != text for inner in find(one.value, Member))
        for one in made
    )


def _refuses(function: Function) -> bool:
    """Tell whether a function speaks of what stays inside, or of what climbs."""
    if (said_in(function) - _STARTS | set(words(function.name))) & _CONTAINED:
        return True
    return any(
        node.value in _PARENT if isinstance(node, Literal) else node.name in _STARTS and not _asks_absolute(node)
        for node in walk(function.body)
        if isinstance(node, Literal | Call)
    )


def _parts(function: Function) -> bool:
    """Tell whether a function takes a path apart, or asks how it lies to a folder."""
    return any(
        node.name in _PARTED if isinstance(node, Call) else node.name in ("parents", "name") and _is_path_name(node)
        for node in walk(function.body)
        if isinstance(node, Call | Member)
    )


def _asks_absolute(call: Call) -> bool:
    """Tell whether a call only asks whether a path is absolute: one that climbs begins with two dots."""
    first = strip(call.args[0]) if call.args else None
    return call.name in _STARTS and isinstance(first, Literal) and first.value in ("/", "\\")


def _is_path_name(node: Member) -> bool:
    """Tell whether only the last part of a path is taken: ``Path(member).name``, ``target.parents``."""
    return node.name == "parents" or (isinstance(strip(node.object), Call) and "path" in last_words(node.object))
