"""Limits that a file writes down as constants, and whether anybody reads them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Binary, Class, Field, Literal, Name, strip
from reviewer.code.text.words import words
from reviewer.code.walk import function_of
from reviewer.experts.paths import said_in

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node
    from reviewer.experts.check import Inquiry

_SPANS: Final = frozenset({"second", "minute", "hour", "day"})
"""What follows ``per`` in the name of a rate: ``MAIL_PER_HOUR``."""
_UNITS: Final = frozenset("ms millis seconds minutes hours day week bytes kb mb gb".split())
"""Words of constants that only say how many of one unit are in another: ``MS_PER_DAY``."""
_OF_LANGUAGE: Final = frozenset({"int", "int32", "uint32", "int64", "safe", "integer", "float", "number", "u32", "i32"})
"""Words of the greatest number of a kind, which limits nothing."""


def unread_limits(inquiry: Inquiry, module: Module, bounds: AbstractSet[str]) -> Iterator[tuple[str, Node]]:
    """Yield the constants with one of these words in their names that nothing in the subject ever reads."""
    return ((name, made) for name, made in _limits(module, bounds) if _is_alone(inquiry, module, name))


def _limits(module: Module, bounds: AbstractSet[str]) -> Iterator[tuple[str, Node]]:
    """Yield the numbers that have the name of a constant and of a limit: of a file, and of a class."""
    if _copies_foreign(module):
        return
    for made in module.all(Assign):
        if not isinstance(made.target, Name) or function_of(made) is not None or made.op != "=":
            continue
        if _is_limit(made.target.id, bounds) and _is_number(made.value) and not isinstance(made.parent, Class):
            yield made.target.id, made
    for field in module.all(Field):
        numbered = isinstance(field.parent, Class) and "enum" in said_in(field.parent.bases)
        if _is_limit(field.name, bounds) and _is_number(field.value) and not numbered:
            yield field.name, field


def _copies_foreign(module: Module) -> bool:
    """Tell whether a file writes down the constants of something else, of which a program needs few: of Windows."""
    return not {"ctypes", "cffi", "wintypes", "windll"}.isdisjoint(module.identifiers)


def _is_limit(name: str, bounds: AbstractSet[str]) -> bool:
    said = words(name)
    if name.upper() != name or len(said) < 2 or set(said) & _OF_LANGUAGE:
        return False
    if "per" in said:
        return said[-1] in _SPANS and said[0] not in _UNITS and said[0].rstrip("s") not in _SPANS
    return bool(set(said) & bounds)


def _is_number(value: Expr | None) -> bool:
    """Tell whether a value is a number above zero, or is reckoned of numbers: ``20 * 1024 * 1024``."""
    made = strip(value) if value is not None else None
    if isinstance(made, Binary):
        return made.op in ("*", "**", "+", "-", "<<") and _is_number(made.left) and _is_number(made.right)
    return (
        isinstance(made, Literal) and isinstance(made.value, int | float) and made.value is not True and made.value > 0
    )


def _is_alone(inquiry: Inquiry, module: Module, name: str) -> bool:
    """Tell whether a name stands nowhere but where it is given to a value, and is offered to nobody."""
    said = list(re.finditer(rb"(?<![\w$])" + re.escape(name.encode()) + rb"(?![\w$])", module.source))
    if len(said) != 1:
        return False
    line = module.source[module.source.rfind(b"\n", 0, said[0].start()) + 1 : said[0].start()]
    if line.lstrip().startswith((b"export ", b"exports.", b"module.exports")) or _gives_all(module):
        return False
    return all(path == module.path for path in inquiry.project.paths({name.removeprefix("#")}))


def _gives_all(module: Module) -> bool:
    """Tell whether a file is there for others to take its constants: settings, limits, defaults."""
    stem = module.path.rpartition("/")[2].partition(".")[0]
    return bool({"constants", "const", "consts", "settings", "config", "defaults", "limits"} & set(words(stem)))
