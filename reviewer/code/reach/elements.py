"""What a declared collection holds: the type of its elements, read from the text of its type."""

from __future__ import annotations

from typing import Final

from reviewer.code.syntax import Array, Name

_LISTS: Final = frozenset(
    "list List Array ReadonlyArray Set ReadonlySet set frozenset FrozenSet Iterable Iterator Sequence Collection "
    "deque AsyncIterable Generator".split()
)
_TUPLES: Final = frozenset({"tuple", "Tuple"})
_MAPS: Final = frozenset(
    "Map ReadonlyMap WeakMap Record dict Dict Mapping MutableMapping OrderedDict defaultdict".split()
)
KEEPS: Final = frozenset(
    "filter slice sort toSorted reverse toReversed concat list sorted reversed tuple set frozenset".split()
)
"""Calls that give a list of the same elements: methods of it, or functions that take it."""
GIVES: Final = {
    "forEach": 1, "map": 1, "filter": 1, "find": 1, "findIndex": 1, "findLast": 1, "some": 1, "every": 1, "flatMap": 1,
    "sort": 2, "toSorted": 2,
}  # fmt: skip
"""Calls that hand the elements of a list to a function, with how many of its parameters are elements."""


def element_type(annotation: str) -> str:
    """Return the type of what a loop over a list or a set gives: ``Offer`` of ``readonly Offer[]``; else nothing."""
    text = _bare(annotation)
    if text.endswith("[]"):
        inner = text.removesuffix("[]").strip()
        return inner[1:-1].strip() if inner.startswith("(") and inner.endswith(")") else inner
    name, given = _parts(text)
    if name in _LISTS and given:
        return given[0]
    if name in _TUPLES and len(given) == 2 and given[1] == "...":
        return given[0]
    return ""


def value_type(annotation: str) -> str:
    """Return the type of the values of a map; an empty string for anything else."""
    name, given = _parts(_bare(annotation))
    return given[1] if name in _MAPS and len(given) == 2 else ""


def part_type(annotation: str, position: int) -> str:
    """Return the type of one part of a pair or another tuple: ``Unit`` of ``tuple[str, Unit]`` at 1; else nothing."""
    name, given = _parts(_bare(annotation))
    return given[position] if name in _TUPLES and position < len(given) and "..." not in given else ""


def pairs_of(annotation: str) -> str:
    """Return what the entries of a map are, as a type: ``Iterable[tuple[str, Unit]]`` of ``dict[str, Unit]``."""
    name, given = _parts(_bare(annotation))
    return f"Iterable[tuple[{given[0]}, {given[1]}]]" if name in _MAPS and len(given) == 2 else ""


def literal_member(annotation: str, name: str) -> str:
    """Return the type of a member of an object type that is written out: ``Addon`` of ``{ default: Addon }``."""
    text = annotation.strip()
    if text.startswith(("Promise<", "Awaitable[")):
        text = text.partition("<" if "<" in text else "[")[2][:-1].strip()
    if not text.startswith("{") or not text.endswith("}"):
        return ""
    for part in (piece for line in _split(text[1:-1], ";") for piece in _split(line, ",")):
        key, colon, kind = part.removeprefix("readonly ").partition(":")
        if colon and key.strip().rstrip("?") == name:
            return kind.strip()
    return ""


def _bare(annotation: str) -> str:
    """Return a type without quotes, ``readonly``, and the possibility that there is nothing."""
    text = annotation.strip().strip("'\"").removeprefix("readonly ").strip()
    some = [part for part in _split(text, "|") if part not in ("undefined", "null", "None")]
    text = some[0] if len(some) == 1 else text
    name, given = _parts(text)
    return _bare(given[0]) if name in ("Optional", "Readonly", "Promise", "Awaitable") and len(given) == 1 else text


def _parts(text: str) -> tuple[str, list[str]]:
    """Return the last name of a type and its arguments."""
    for opening, closing in (("<", ">"), ("[", "]")):
        name, found, rest = text.partition(opening)
        if found and rest.endswith(closing) and name.replace(".", "").isidentifier():
            return name.rsplit(".", 1)[-1], _split(rest[:-1], ",")
    return text, []


def _split(text: str, by: str) -> list[str]:
    """Split a text where no bracket is open."""
    found, depth, start = [], 0, 0
    for at, sign in enumerate(text):
        depth += (sign in "<[({") - (sign in ">])}" and text[at - 1 : at] != "=")
        if sign == by and depth == 0:
            found.append(text[start:at].strip())
            start = at + 1
    return [*found, text[start:].strip()]


def part_called(name: str, target: Array, held: str) -> str:
    """Return the type of the part of a tuple that a name takes: ``unit`` of ``for key, unit in units.items()``."""
    for position, item in enumerate(target.items):
        if isinstance(item, Name) and item.id == name:
            return part_type(held, max(position, _commas_before(target, item)))
    return ""


def _commas_before(target: Array, item: Name) -> int:
    """Return how many places of a pattern come before a name, holes among them: 1 in ``[, unit]``."""
    return sum(sign.type == "," and sign.end_byte <= item.raw.start_byte for sign in target.raw.children)
