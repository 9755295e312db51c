"""The texts that a declared type knows: ``"allow" | "refuse"``, ``Literal["allow", "refuse"]``, names of such types."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Class, Imported
from reviewer.core.regex import regex

if TYPE_CHECKING:
    from reviewer.code.module import Module

_WRAPPED: Final = regex(r"(?:Promise|Readonly|Awaitable|Optional|Awaited|Final)[<\[](.{0,300})[>\]]", re.DOTALL)
_LITERAL: Final = regex(r"(?:\w{1,40}\.){0,3}Literal\[([^\[\]]*)\]", re.DOTALL)
_TEXT: Final = regex(r"""["']([^"'\n]{0,80})["']""")
_NOTHING: Final = frozenset({"undefined", "null", "None"})
_LONGEST: Final = 2_000
_DEEPEST: Final = 4


def texts_of_type(module: Module, annotation: str) -> frozenset[str]:
    """Return the texts that a value of a type may be; empty where it may be anything else, or isn't known."""
    return _texts(module, annotation, 0)


def _texts(module: Module, annotation: str, depth: int) -> frozenset[str]:
    text = annotation.strip()
    if depth > _DEEPEST or not text or len(text) > _LONGEST:
        return frozenset()
    wrapped = _WRAPPED.fullmatch(text)
    if wrapped is not None:
        return _texts(module, wrapped[1], depth + 1)
    listed = _LITERAL.fullmatch(text)
    if listed is not None:
        parts = listed[1].split(",")
    else:
        parts = [part for part in text.split("|") if part.strip() not in _NOTHING]
    found: set[str] = set()
    for part in (one.strip() for one in parts):
        if not part:
            continue
        spelled = _TEXT.fullmatch(part)
        if spelled is not None:
            known = frozenset({spelled[1]})
        elif listed is None and _LITERAL.fullmatch(part):
            known = _texts(module, part, depth + 1)
        else:
            known = _named(module, part, depth)
        if not known:
            return frozenset()
        found |= known
    return frozenset(found)


def _named(module: Module, name: str, depth: int) -> frozenset[str]:
    """Return the texts of a type of the subject by its name."""
    bound = module.scopes.table(None).get(name.rsplit(".", 1)[-1], ()) if name.replace(".", "").isidentifier() else ()
    for binding in bound:
        node: object = binding
        if isinstance(binding, Imported) and module.project is not None:
            if binding.name != "default" and module.project.classes.may_be(binding.name):
                continue
            node = module.project.definition(module, binding)
        if isinstance(node, Class) and node.kind == "type":
            value = node.raw.child_by_field_name("value")
            return _texts(node.module, node.module.text(value), depth + 1) if value is not None else frozenset()
        if isinstance(node, Assign) and node.value is not None:
            return _texts(module, module.text_of(node.value), depth + 1)
    return frozenset()
