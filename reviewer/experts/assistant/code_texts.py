"""The texts in the code of an assistant plugin, as far as one of some words stands in its file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from reviewer.code.syntax import Array, Call, Literal, Template

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Node


def texts_of(module: Module, *words: bytes) -> Iterator[tuple[str, Node]]:
    """Yield the texts of a module, a list of words as one, where its file has one of the words."""
    if module.is_test or not any(word in module.source for word in words):
        return
    for literal in module.all(Literal):
        if isinstance(literal.value, str) and not isinstance(literal.parent, Template | Array):
            yield literal.value, literal
    for template in module.all(Template):
        pieces = [item.value if isinstance(item, Literal) else "${x}" for item in template.items]
        yield "".join(str(piece) for piece in pieces), template
    for array in module.all(Array):
        items = [item.value for item in array.items if isinstance(item, Literal) and isinstance(item.value, str)]
        if items and isinstance(array.parent, Call):
            yield " ".join(items), array
