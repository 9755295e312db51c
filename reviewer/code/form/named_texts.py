"""Texts that a module gives a name: ``const TOPIC = "order.paid"`` is read as the text wherever the name stands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from reviewer.code.form import build
from reviewer.code.form.tree import exchange
from reviewer.code.syntax import Assign, Binary, Call, Function, Literal, Name, Template
from reviewer.core.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node

_NAMED: Final = {
    "javascript": regex(
        rb"^(?:export\s+)?const\s+([A-Za-z_$][\w$]*)(?:\s*:\s*string)?\s*=\s*(\"[^\"\\\n]*\"|'[^'\\\n]*')"
        rb"(?:\s+as\s+const)?\s*;?[ \t]*(?://.*)?$",
        re.MULTILINE,
    ),
    "python": regex(
        rb"^([A-Za-z_]\w*)(?:\s*:\s*[\w\[\]]+)?[ \t]*=[ \t]*(\"[^\"\\\n]*\"|'[^'\\\n]*')[ \t]*(?:#.*)?$", re.MULTILINE
    ),
}
"""Statements of a module itself that give a text a name."""
_AGAIN: Final = rb"^\s*(?:global\b[^\n]*)?\b%s\b\s*(?:[-+*|:]?=[^=]|,|$)"
"""What may give a name of Python something else."""


def see_texts_of(module: Module, body: Sequence[Node]) -> None:
    """Put texts in place of their names in the statements of a module itself."""
    texts = _named_texts(module)
    if texts:
        _put_in_place(body, texts)


def see_texts(function: Function) -> None:
    """Put texts in place of their names in a function that was just lowered."""
    module, around = function.module, function
    texts = _named_texts(module)
    if not texts:
        return
    hidden = set(module.scopes.table(function))
    while around.outer is not None:
        around = around.outer
        hidden.update(module.scopes.table(around))
    _put_in_place(function.body, {name: text for name, text in texts.items() if name not in hidden})


def where_written(module: Module, text: Literal) -> Literal:
    """Return the text where it is written, for one that is read by its name; any other text itself."""
    if not text.raw.type.endswith("identifier"):
        return text
    for bound in module.scopes.table(None).get(module.text(text.raw), ()):
        if isinstance(bound, Assign) and isinstance(bound.value, Literal):
            return bound.value
    return text


def _named_texts(module: Module) -> dict[str, str]:
    """Return the names of a module that stand for one text and nothing else."""
    return module.once("code.named_texts", lambda: dict(_found(module)))


def _found(module: Module) -> Iterator[tuple[str, str]]:
    python = module.language == "python"
    for hit in _NAMED["python" if python else "javascript"].finditer(module.source):
        name, text = hit.groups()
        if not python or len(re.findall(_AGAIN % re.escape(name), module.source, re.MULTILINE)) == 1:
            yield name.decode(), text[1:-1].decode("utf-8", "replace")


def _put_in_place(body: Sequence[Node], texts: dict[str, str]) -> None:
    """Put texts where their names are read; functions inside are left for when they are lowered."""
    pending = list(body)
    while pending:
        node = pending.pop()
        if isinstance(node, Name):
            if node.id in texts and _is_read(node):
                text = texts[node.id]
                exchange(node, build.literal(node.raw, text, f'"{text}"'))
        elif isinstance(node, Function):
            pending.extend(node.decorators)
        else:
            pending.extend(node.children())


def _is_read(name: Name) -> bool:
    """Tell whether a name stands for its value where it is read, and is no piece of another text."""
    around = name.parent
    if isinstance(around, Assign | Template) or (isinstance(around, Binary) and around.op in ("+", "%")):
        return False
    return not (isinstance(around, Call) and around.callee is name)
