"""Which files of a subject import which others, told from their text: no file is parsed for it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from reviewer.core.regex import regex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

# The spaces are counted, so that no text makes a search slow.
_SCRIPT: Final = regex(rb"""\b(?:from|import|require)\s{0,9}\(?\s{0,9}['"`](\.[^'"`\n]{0,200})['"`]""")
_FROM: Final = regex(
    rb"^[ \t]*from[ \t]{1,9}([.\w]{1,200})[ \t]{1,9}import[ \t]{0,9}(?:\(([^)]{0,4000})|([^#\n]{0,1000}))", re.MULTILINE
)
_PLAIN: Final = regex(rb"^[ \t]*import[ \t]{1,9}([.\w, \t]{1,1000})", re.MULTILINE)
_NAME: Final = regex(rb"\w+")


def importers(
    paths: Iterable[str], read: Callable[[str], bytes], target: Callable[[str, str], str]
) -> Mapping[str, frozenset[str]]:
    """Return for each path the files that import it.

    ``read`` gives the text of a file and raises `LookupError`, ``target`` the path that an import
    in a file means, or an empty string.
    """
    found: dict[str, set[str]] = {}
    for path in paths:
        try:
            text = read(path)
        except LookupError:
            continue
        named = _python(text) if path.endswith(".py") else _scripts(text)
        for source in set(named):
            meant = target(path, source)
            if meant and meant != path:
                found.setdefault(meant, set()).add(path)
    return {path: frozenset(them) for path, them in found.items()}


def _scripts(text: bytes) -> Iterator[str]:
    for source in _SCRIPT.findall(text):
        yield source.decode("utf-8", "replace")


def _python(text: bytes) -> Iterator[str]:
    """Yield what is imported, and each name as a module of it, for it may be one."""
    for source, several, one in _FROM.findall(text):
        base = source.decode("utf-8", "replace")
        yield base
        for name in _NAME.findall(several or one):
            yield f"{base}{'' if base.endswith('.') else '.'}{name.decode('utf-8', 'replace')}"
    for sources in _PLAIN.findall(text):
        for source in sources.split(b","):
            name = source.strip().split()
            if name:
                yield name[0].decode("utf-8", "replace")
