"""Classes whose objects reach guests: what the methods of a contract are handed, and what that holds in its turn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.standing import Standing
from reviewer.core.regex import regex

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Class
    from reviewer.experts.check import Inquiry

_NAME: Final = regex(r"\b[A-Z]\w{1,60}")
_CONTRACTS: Final = regex(rb"\bProtocol\b|\bABC\b|\binterface\b|\babstract\b|\btype\b")
_DEEPEST: Final = 3
"""Steps from what a contract is handed to what that holds."""


def is_given(inquiry: Inquiry, cls: Class) -> bool:
    """Tell whether guests get objects of a class: ``async def enter(self, wings: Wings)`` of a protocol."""
    return cls.name in _given(inquiry)


def _given(inquiry: Inquiry) -> frozenset[str]:
    """Return the names of the types that the contracts of a subject hand over; worked out once."""
    kept = inquiry.memory.get("experts.given_classes")
    if isinstance(kept, frozenset):
        return kept
    found: set[str] = set()
    held: dict[str, frozenset[str]] = {}
    for taken, fields in _TOLD.of(inquiry.project):
        found |= taken
        held.update(fields)
    for _ in range(_DEEPEST):
        found |= {name for holder in found for name in held.get(holder, ())}
    inquiry.memory["experts.given_classes"] = given = frozenset(found)
    return given


def _told(module: Module) -> tuple[frozenset[str], dict[str, frozenset[str]]]:
    """Return the types that the contracts of a file are handed, and those that each of its types holds."""
    taken: set[str] = set()
    held: dict[str, frozenset[str]] = {}
    for cls in module.classes:
        if cls.name:
            held[cls.name] = frozenset(name for field in cls.fields for name in _NAME.findall(field.type))
        if not is_contract(cls):
            continue
        for method in cls.methods:
            taken.update(name for param in method.params for name in _NAME.findall(param.type))
    return frozenset(taken), held


_TOLD: Final = Standing("experts.given_classes", _told, showing=_CONTRACTS.search)


def is_contract(cls: Class) -> bool:
    """Tell whether a class only says what others have to fill: an interface, a protocol, an abstract class."""
    if cls.kind != "class":
        return True
    bases = {cls.module.text_of(base).split("[")[0].rsplit(".", 1)[-1] for base in cls.bases}
    return bool(bases & {"Protocol", "ABC"})
