"""SEC441 and SEC442: a guard asks for a right that no list has, and a list has a right for which no guard asks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    Cast,
    Class,
    Function,
    If,
    Index,
    Literal,
    Name,
    Node,
    Object,
    Throw,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import find, names_in
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.place import locate

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.core.location import Location
    from reviewer.experts.check import Inquiry

_OF_FORM: Final = frozenset(
    {"Error", "TypeError", "RangeError", "ValueError", "KeyError", "SyntaxError", "RuntimeError", "LookupError"}
)
_FEWEST: Final = 3
_MOST_TEXTS: Final = 2
"""Texts by which a guard is told of a right: ``need("boats", "moor")``."""
_MOST: Final = 60
_AFTER_KEY: Final = regex(rb"^[\"'`]?\s*:\s*([\"'`])[^\"'`\n]*\1")
"""The sentence that a table puts a right into."""
_TEXT: Final = regex(r"[A-Za-z][\w.:/-]{2,60}")


class _Asked(Struct, frozen=True):
    """A right that a guard is asked about, and where."""

    right: str
    at: Location


class _Listed(Struct, frozen=True):
    """What is written down in one place: names of rights, each with its place."""

    name: str
    rights: tuple[str, ...]
    places: tuple[Location, ...]


@module_check("SEC441", words={"error", "exception", "denied", "forbidden", "refused"})
def right_outside_catalogue(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Compare what guards are asked about with the list in which the rest of it stands."""
    found = module.once("security.rights and their list", lambda: _compare(inquiry, module))
    if found is None:
        return
    asked, listed = found
    for one, instead in _unknown(asked, listed):
        yield Match(
            one.at,
            f"'{one.right}' is asked for, and '{listed.name}' has no such right, only '{instead}', for which nobody "
            "asks: nobody can ever be given it.",
        )


@module_check("SEC442", words={"error", "exception", "denied", "forbidden", "refused"})
def right_without_service(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look in a list of rights, all others of which guards ask for, for one that nothing else names."""
    found = module.once("security.rights and their list", lambda: _compare(inquiry, module))
    if found is None:
        return
    asked, listed = found
    known = {one.right for one in asked} | {instead for _one, instead in _unknown(asked, listed)}
    rest = [place for place in zip(listed.rights, listed.places, strict=True) if place[0] not in known]
    guarded = len(listed.rights) - len(rest)
    if not rest or guarded < _FEWEST or len(rest) >= guarded:
        return
    if not any(_is_named_elsewhere(inquiry, right, at) for right, at in rest):
        shown = " and ".join(f"'{right}'" for right, _at in rest)
        them = "it" if len(rest) == 1 else "them"
        yield Match(
            rest[0][1],
            f"{shown} of '{listed.name}' can be asked for and given, and no guard asks for {them}: there is nothing "
            f"that {'it allows' if len(rest) == 1 else 'they allow'}.",
        )


def _compare(inquiry: Inquiry, module: Module) -> tuple[list[_Asked], _Listed] | None:
    """Return what the guards of a module are asked about, and the list in which most of it stands."""
    if module.is_test:
        return None
    guards = sorted({one.name for one in module.functions if _is_callable(one) and _is_guard(one) and not _adds(one)})
    asked: list[_Asked] = []
    for told in _all_told(inquiry, guards) if guards else ():
        asked.extend(one for name in guards for one in told.get(name, ()))
    rights = {one.right for one in asked}
    if len(rights) < _FEWEST - 1:
        return None
    fewest = max(_FEWEST - 1, len(rights) * 0.6)

    def names_most(text: bytes) -> bool:
        return sum(right.encode() in text for right in rights) >= fewest

    naming = {word for right in rights for word in words(right)}
    lists = inquiry.project.answers("security.listed_rights", _lists_in, naming, tests=False, showing=names_most)
    best = max((one for found in lists for one in found), key=lambda one: len(rights & set(one.rights)), default=None)
    return (asked, best) if best is not None and len(rights & set(best.rights)) >= fewest else None


def _adds(function: Function) -> bool:
    """Tell whether a function takes in what others give it under a name, and asks for no right: ``addHook(…)``."""
    said = words(function.name)
    return bool(said) and (said[0] in ("add", "register", "on") or not {"hook", "hooks", "listener"}.isdisjoint(said))


def _is_callable(function: Function) -> bool:
    return bool(function.name) and function.kind != "constructor" and not function.name.startswith("__")


def _all_told(inquiry: Inquiry, guards: list[str]) -> Iterator[dict[str, tuple[_Asked, ...]]]:
    """Yield what `_told` finds in the files that seem to give a text, or a constant, to one of some functions."""
    named = b"|".join(re.escape(name.encode()) for name in guards)
    told = rb"[\"'`][A-Za-z][\w.:/-]{2,60}[\"'`]|[A-Z][A-Z\d_]{2,60}\b|[A-Z]\w{1,60}\.\w"
    given = re.compile(
        rb"(?<![\w$])(?:" + named + rb")(?:\s{1,9}as\s|\s{0,9}\((?:[^()\"'`]{0,200},)?\s{0,80}(?:" + told + rb"))"
    )
    return inquiry.project.answers("security.told", _told, guards, tests=False, showing=given.search)


def _is_guard(function: Function) -> bool:
    """Tell whether a function throws an error of its own kind where what it looks up by its argument says no."""
    given = {param.name for param in function.params if param.name}
    thrown = [one for one in find(function.body, Throw) if not isinstance(one.parent, Function)]
    if not given or not any(_is_refusal(one) for one in thrown):
        return False
    looks = any(names_in(call.args) & given for call in find(function.body, Call) if not _is_error(call))
    sought = (one for one in find(function.body, Binary) if one.op in ("in", "not in"))
    return (
        looks
        or any(names_in(one.key) & given for one in find(function.body, Index))
        or any(names_in(one.left) & given for one in sought)
    )


def _is_refusal(thrown: Throw) -> bool:
    made = strip(thrown.value) if thrown.value is not None else None
    return isinstance(made, Call) and bool(made.name) and made.name not in _OF_FORM and isinstance(thrown.parent, If)


def _is_error(call: Call) -> bool:
    return isinstance(call.parent, Throw)


def _told(module: Module) -> dict[str, tuple[_Asked, ...]]:
    """Return by name of what is called the text that each call is given, or the two, where it may be a right."""
    found: dict[str, tuple[_Asked, ...]] = {}
    for call in module.all(Call):
        said = [one for one in map(strip, call.args) if isinstance(one, Literal) and isinstance(one.value, str)]
        for one in said if call.name and len(said) <= _MOST_TEXTS else ():
            if isinstance(one.value, str) and _TEXT.fullmatch(one.value):
                found[call.name] = (*found.get(call.name, ()), _Asked(one.value, locate(module, one)))
    return found


def _lists_in(module: Module) -> tuple[_Listed, ...]:
    return tuple(one for one in _lists(module) if _FEWEST <= len(one.rights) <= _MOST)


def _lists(module: Module) -> Iterator[_Listed]:
    for node in module.some(Object, Array, Class):
        if isinstance(node, Class):
            fields = [one for one in node.fields if one.value is not None or one.type]
            yield _listed(module, node.name, [(one.name, one) for one in fields])
            continue
        keys: list[tuple[str, Node]] = []
        if isinstance(node, Object):
            keys = [(str(key.value), key) for key, _value in node.entries if isinstance(key, Literal)]
        elif isinstance(node, Array):
            keys = [(str(one.value), one) for one in node.items if isinstance(one, Literal)]
            pairs = [one for one in map(strip, node.items) if isinstance(one, Array) and len(one.items) == 2]
            firsts = [first for one in pairs if isinstance(first := strip(one.items[0]), Literal)]
            keys = keys or [(str(one.value), one) for one in firsts]
            if len(keys) < len(node.items):
                continue
        kept = _kept_as(node)
        if kept:
            yield _listed(module, kept, keys)


def _listed(module: Module, name: str, keys: list[tuple[str, Node]]) -> _Listed:
    good = [(key, at) for key, at in keys if _TEXT.fullmatch(key)]
    return _Listed(name, tuple(key for key, _at in good), tuple(locate(module, at) for _key, at in good))


def _kept_as(node: Node) -> str:
    """Return the name of the constant that a list is, frozen or made a set or not."""
    around = node.parent
    while isinstance(around, Call | Cast):
        around = around.parent if around is not None else None
    target = around.target if isinstance(around, Assign) else None
    return target.id if isinstance(target, Name) else ""


def _unknown(asked: list[_Asked], listed: _Listed) -> Iterator[tuple[_Asked, str]]:
    """Yield the rights that a list lacks, each with one that it has, that is called alike and for which nobody asks."""
    rights = {one.right for one in asked}
    free = [right for right in listed.rights if right not in rights]
    for one in asked:
        if one.right in listed.rights:
            continue
        said = set(words(one.right))
        instead = next((right for right in free if said & set(words(right))), None)
        if instead is not None:
            yield one, instead


def _is_named_elsewhere(inquiry: Inquiry, right: str, at: Location) -> bool:
    """Tell whether the subject's code names a right anywhere but in the line that lists it, in words or not."""
    spelled = re.compile(rb"(?<![\w.:/-])" + re.escape(right.encode()) + rb"(?![\w:/-])")
    dotted = re.compile(rb"\." + re.escape(right.encode()) + rb"\b")
    for path, text in inquiry.project.texts(set(words(right))):
        lines = text.split(b"\n")
        if path == at.path and 0 < at.line <= len(lines):
            own = lines[at.line - 1]
            first = spelled.search(own)
            lines[at.line - 1] = own[: first.start()] + _AFTER_KEY.sub(b"", own[first.end() :]) if first else own
        if any(spelled.search(line) or dotted.search(line) for line in lines if right.encode() in line):
            return True
    return False
