"""The parts of versions in code that compares them by itself: majors, and what stands behind the numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Class, Expr, Index, Literal, Member, Name, Object, strip
from reviewer.code.text.words import words
from reviewer.experts.paths import last_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.project import Project

PRERELEASE: Final = frozenset(
    "pre prerelease prereleases preview suffix qualifier rc beta alpha canary stage tail label identifiers".split()
)
"""Words for what stands behind the numbers of a version."""
_NUMBERS: Final = (frozenset({"major", "maj"}), frozenset({"minor", "min"}), frozenset({"patch", "micro", "fix"}))


def is_major(expr: Expr) -> bool:
    """Tell whether an expression is the first number of a version: ``want.major``, ``wantMajor``, ``parts[0]``."""
    expr = strip(expr)
    if isinstance(expr, Call) and expr.name in ("Number", "parseInt", "int") and expr.args:
        expr = strip(expr.args[0])
    if isinstance(expr, Index):
        first = isinstance(expr.key, Literal) and expr.key.value == 0
        return first and bool(
            {"version", "parts", "have", "want", "base", "wanted", "a", "b"} & set(last_words(expr.object))
        )
    return isinstance(expr, Member | Name) and bool(_NUMBERS[0] & set(last_words(expr)))


def fields_behind(project: Project) -> Iterator[str]:
    """Yield the names under which the versions of a subject keep what stands behind their three numbers."""
    for module in project.modules(naming={"major"}, tests=False):
        for shape in module.some(Class, Object):
            names = _names(shape)
            said = [set(words(name)) for name in names]
            if all(any(one & number for one in said) for number in _NUMBERS):
                yield from (name for name, one in zip(names, said, strict=True) if one & PRERELEASE)


def _names(shape: object) -> list[str]:
    if isinstance(shape, Class):
        return [field.name for field in shape.fields]
    return [str(key.value) for key, _ in shape.entries if isinstance(key, Literal)] if isinstance(shape, Object) else []
