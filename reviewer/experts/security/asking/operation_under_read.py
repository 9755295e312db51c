"""SEC015: an operation that by its name changes things is entered under the right to read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Array, Call, Literal, Object, strip
from reviewer.code.text.words import words
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import word_set
from reviewer.experts.security.reaching.changing import WRITES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_RIGHT: Final = regex(r"([A-Za-z][\w-]{0,40})([.:/])(?:read|view|get|list)")
_OPERATION: Final = regex(r"([A-Za-z][\w-]{0,40})[.:/]([A-Za-z][\w-]{0,40})")
_CHANGES: Final = WRITES | word_set("add push post send publish cancel revoke grant drop import upload restore")
_VERBS: Final = ("write", "edit", "change", "manage", "update", "delete", "modify")
_NAMES: Final = frozenset({"name", "id", "method", "operation", "command", "op", "action"})
_LOOKED_UP: Final = frozenset({"get", "has", "includes", "index", "join", "replace", "startswith", "startsWith"})


@module_check("SEC015", words={"read", "view"})
def operation_under_read(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each pair of an operation and its right for one that changes things by the right to look at them."""
    if module.is_test:
        return
    for operation, right in _pairs(module):
        asked, named = _RIGHT.fullmatch(_text(right)), _OPERATION.fullmatch(_text(operation))
        if asked is None or named is None or named[1].lower() != asked[1].lower():
            continue
        said = words(named[2])
        if not said or said[0] not in _CHANGES or said[-1] in ("read", "view"):
            continue
        write = _known_right(inquiry, asked[1] + asked[2])
        if write:
            yield Match(
                right,
                f"'{_text(operation)}' changes things, and is entered under '{_text(right)}': who may only look may do "
                f"it, and '{write}' is there for that.",
            )


def _pairs(module: Module) -> Iterator[tuple[Expr, Expr]]:
    """Yield (operation, right) where the one is entered under the other: as arguments, a row or members of a record."""
    for call in module.all(Call):
        if len(call.args) > 2 and call.name not in _LOOKED_UP:
            yield call.args[0], call.args[1]
    for row in module.all(Array):
        if len(row.items) > 2:
            yield row.items[0], row.items[1]
    for record in module.all(Object):
        for key, value in record.entries:
            inner = strip(value)
            if key is not None and isinstance(inner, Object):
                yield from ((key, held) for _name, held in inner.entries)
            elif key is not None:
                yield key, value
        own = next((value for key, value in record.entries if isinstance(key, Literal) and key.value in _NAMES), None)
        if own is not None:
            yield from ((own, value) for _key, value in record.entries)


def _text(expr: Expr) -> str:
    made = strip(expr)
    return made.value[:90] if isinstance(made, Literal) and isinstance(made.value, str) else ""


def _known_right(inquiry: Inquiry, resource: str) -> str:
    """Return the right to change the same thing that the subject spells out; else nothing."""
    for verb in _VERBS:
        right = f"{resource}{verb}"
        for _path, source in inquiry.project.texts(naming=set(words(right))):
            if f'"{right}"'.encode() in source or f"'{right}'".encode() in source:
                return right
    return ""
