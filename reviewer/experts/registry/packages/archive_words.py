"""The words by which code speaks of archives, without the ``zip`` of Python that pairs two lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Function, Literal, Member, Name, strip
from reviewer.code.text.words import words
from reviewer.code.walk import function_of, walk
from reviewer.experts.paths import said_in

if TYPE_CHECKING:
    from reviewer.code.syntax import Node

ARCHIVES: Final = frozenset(
    "zip unzip zipfile tar tarfile tgz targz untar archive archives unpack extract unarchive extractor unpacker "
    "unpacked unzipped extracted jszip adm yauzl gunzip decompress inflate tarball member members infolist namelist "
    "getmembers".split()
)
"""Words of code that takes archives apart."""
_WEBLOG: Final = frozenset({"article", "articles", "post", "posts", "blog"})
FOLDERS: Final = frozenset("iterdir listdir walk glob rglob readdir scandir".split())
"""Words of code that goes over a folder: what it finds there is no entry of an archive."""


def archive_words(node: Node) -> set[str]:
    """Return the words below a node; Python's own ``zip(names, paths)`` pairs, and takes no archive apart."""
    said = set(said_in(node))
    if "zip" in said:
        named = [one for one in walk(node) if isinstance(one, Name) and one.id == "zip"]
        pairs = [one for one in named if isinstance(one.parent, Call) and one.parent.callee is one]
        others = (one for one in walk(node) if not (isinstance(one, Name) and one.id == "zip"))
        if len(pairs) == len(named) and not any("zip" in _own_words(one) for one in others):
            said.discard("zip")
    return said


def of_archives(said: set[str]) -> set[str]:
    """Return the words that speak of archives; those of a weblog are lists of what it has said."""
    found = said & ARCHIVES
    return found - {"archive", "archives"} if said & _WEBLOG else found


def _own_words(node: Node) -> tuple[str, ...]:
    if isinstance(node, Literal):
        return words(node.value[:200]) if isinstance(node.value, str) else ()
    return words(node.id if isinstance(node, Name) else node.name if isinstance(node, Member) else "")


def goes_over_folder(step: Function) -> bool:
    """Tell whether a function is called with each name that a folder lists: ``readdirSync(dir).forEach(name => …)``."""
    over = step.parent
    while isinstance(over, Call | Member):
        if isinstance(over, Call) and FOLDERS & set(words(over.name.removesuffix("Sync"))):
            return True
        over = over.callee if isinstance(over, Call) else strip(over.object)
    return False


def outermost(node: Node) -> Function | None:
    """Return the outermost function around a node."""
    outer = function_of(node)
    while outer is not None and outer.outer is not None:
        outer = outer.outer
    return outer
