"""Whether a data file names the code that runs for it: what makes a manifest of a file with any name."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Final

from reviewer.core.regex import regex

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from reviewer.subject.document import Value

_FILE: Final = regex(r"^(?:\./)?[\w@.-]+(?:/[\w@.-]+){0,6}\.(?:[cm]?[jt]s|[jt]sx|py)$")
_OBJECT: Final = regex(r"^([a-z_]\w*(?:\.[a-z_]\w*){0,6}):[A-Za-z_][\w.]*$")
"""A module of Python and what in it is meant: ``seed_swap.plugin:SeedSwap``."""
_BUILT: Final = frozenset({"dist", "build", "lib", "out"})
_LONGEST: Final = 200
_OUTSIDE: Final = frozenset({"test", "tests", "lint", "typecheck", "build", "dev"})
"""Members that name code for those who work on it."""
_OF_ANY_PACKAGE: Final = frozenset(
    "id name title key slug version description license licence author authors homepage repository keywords private "
    "type $schema".split()
)
_LEAST: Final = 2
"""How many other members, the path of the code among them, are too few."""


def names_its_code(held: Value, base: str, there: Container[str]) -> bool:
    """Tell whether a member of an object, or of an object in it, is the path of a source file in its folder.

    It has to say more of it than any list of packages does.
    """
    said = [key for key, value in held.members() if key.lower() not in _OF_ANY_PACKAGE and value.data]
    return len(said) > _LEAST and any(
        path in there
        for key, value in held.members()
        if key not in _OUTSIDE
        for text in (value.text, *(inner.text for inner_key, inner in value.members() if inner_key not in _OUTSIDE))
        for path in _meant(text, base)
    )


def _meant(text: str, base: str) -> Iterator[str]:
    if not text or len(text) > _LONGEST:
        return
    if _FILE.match(text):
        path = posixpath.normpath(text)
        yield base + path
        folder, _, inner = path.partition("/")
        if folder in _BUILT and inner:  # what it is built from
            yield from (f"{base}src/{posixpath.splitext(inner)[0]}{end}" for end in (".ts", ".tsx", ".js", ".mts"))
    hit = _OBJECT.match(text)
    if hit is not None:
        place = hit[1].replace(".", "/")
        yield from (f"{base}{above}{place}{end}" for above in ("", "src/") for end in (".py", "/__init__.py"))
