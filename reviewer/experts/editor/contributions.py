"""What the manifest of an extension contributes: commands, views, settings and the like, with their places."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Value

MOST: Final = 2_000
"""Contributions of one kind that are looked at."""


def contributed(inquiry: Inquiry, path: str) -> Iterator[Value]:
    """Yield the values at a dotted path of the manifest; ``*`` is every item of a list or member of an object."""
    if inquiry.manifest is not None:
        yield from islice(_along(inquiry.manifest.root, path.split(".")), MOST)


def commands(inquiry: Inquiry) -> dict[str, Value]:
    """Return the contributed commands by id; one entry alone stands without its list."""
    found: dict[str, Value] = {}
    for path in ("contributes.commands.*.command", "contributes.commands.command"):
        for value in contributed(inquiry, path):
            if value.text:
                found.setdefault(value.text, value)
    return found


def settings(inquiry: Inquiry) -> dict[str, Value]:
    """Return the contributed settings by their whole key."""
    found: dict[str, Value] = {}
    for path in ("contributes.configuration", "contributes.configuration.*"):
        for section in contributed(inquiry, path):
            properties = section.get("properties")
            for key, value in properties.members() if properties is not None else ():
                found.setdefault(key, value)
    return found


def prefix(name: str) -> str:
    """Return the first part of a dotted id, or an empty string for an id of one part."""
    return name.split(".", 1)[0] if "." in name else ""


def _along(value: Value, steps: list[str]) -> Iterator[Value]:
    if not steps:
        yield value
    elif steps[0] == "*":
        for inner in (*value.items(), *(member for _key, member in value.members())):
            yield from _along(inner, steps[1:])
    else:
        found = value.get(steps[0])
        if found is not None:
            yield from _along(found, steps[1:])
