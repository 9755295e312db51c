"""REG021: two versions are compared as texts to say which is newer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Binary, Call, Class, Field, Index, Literal, Member, strip
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words
from reviewer.experts.registry.vocabulary import VERSIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_TEXTS: Final = ("str", "string")
_PARTS: Final = frozenset("major minor patch micro fix build maintenance revision".split())
_LATEST: Final = frozenset({"latest", "newest", "versions", "installed", "available", "current", "offered"})


@module_check("REG021", words={"version", "versions"})
def version_compared_as_text(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each comparison of a field that is declared as a text with another version."""
    if module.is_test:
        return
    texts = {
        field.name for field in module.all(Field) if field.type.strip("'\" ") in _TEXTS and _is_version(field.name)
    }
    if not texts:
        return
    for node in module.all(Binary):
        if node.op not in ("<", ">", "<=", ">="):
            continue
        sides = (strip(node.left), strip(node.right))
        fields = [side for side in sides if isinstance(side, Member) and side.name in texts]
        if not fields or not all(_says_version(side) for side in sides) or _in_comparator(node):
            continue
        yield Match(
            node,
            f"'{short(module.text_of(node))}' compares texts: 1.10.0 counts as older than 1.9.0.",
        )


@module_check("REG021", words={"major", "minor", "patch", "exec", "match", "fullmatch", "split"})
def part_compared_as_text(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at comparisons of one part of a version that is kept as a text while the others are numbers."""
    if module.is_test:
        return
    texts = {
        field.name
        for field in module.all(Field)
        if field.type.strip("'\" ") in _TEXTS and set(words(field.name)) & _PARTS
    }
    texts &= {field.name for cls in module.classes if _counts_another(cls) for field in cls.fields}
    for node in module.all(Binary) if texts else ():
        sides = (strip(node.left), strip(node.right))
        if node.op in ("<", ">", "<=", ">=") and all(isinstance(one, Member) and one.name in texts for one in sides):
            yield Match(
                node,
                f"'{short(module.text_of(node))}' compares texts: 1.10 counts as older than 1.9.",
            )


def _counts_another(cls: Class) -> bool:
    """Tell whether another part of the same version is a number."""
    return any(field.type in ("number", "int") and set(words(field.name)) & _PARTS for field in cls.fields)


def _is_version(name: str) -> bool:
    said = words(name)
    return bool(said) and said[-1] in VERSIONS - {"release", "releases", "versions"}


def _says_version(side: Expr) -> bool:
    if isinstance(side, Literal):
        return False
    said = set(last_words(side))
    if isinstance(side, Call) and side.name == "get" and side.receiver is not None:
        return bool(set(last_words(side.receiver)) & (_LATEST | VERSIONS))
    if isinstance(side, Index):
        return bool(set(last_words(side.object)) & (_LATEST | VERSIONS))
    return bool(said & (VERSIONS | _LATEST)) and not isinstance(side, Call)


def _in_comparator(node: Binary) -> bool:
    """Tell whether a comparison stands in what a sort is given, of which another check speaks."""
    return any(isinstance(around, Call) and around.name in ("sort", "toSorted", "sorted") for around in ancestors(node))
