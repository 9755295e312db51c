"""What is given by a function of which only the type is known: ``make: (slug: string) => Promise<Stall>``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Class, Imported
from reviewer.core.regex import regex

if TYPE_CHECKING:
    from reviewer.code.bindings import Binding
    from reviewer.code.module import Module

_CALLABLE: Final = regex(
    r"(?:typing\.|collections\.abc\.)?Callable\[\s*(?:\[.*\]|\.\.\.)\s*,\s*([^,\[\]]+(?:\[.*\])?)\s*\]"
)
_NAME: Final = regex(r"[\w.]+")
_LONGEST: Final = 400
"""Characters of a type that is read; a person would give a longer one a name."""


def result_of(module: Module, annotation: str) -> str:
    """Return what a call gives of something of this type; empty where the type is none of a function.

    Seen through are names of such types, of this file or of one that it imports them from:
    ``type Make = (slug: string) => Promise<Stall>``, ``interface Make { (slug: string): Promise<Stall> }``,
    ``Make = Callable[[str], Awaitable[Stall]]``.
    """
    text = annotation.strip().strip("'\"")
    written = _written(text)
    if written or not _NAME.fullmatch(text.partition("<")[0]):
        return written
    for binding in module.scopes.table(None).get(text.partition("<")[0].rpartition(".")[2], ()):
        result = _named(module, binding)
        if result:
            return result
    return ""


def _written(text: str) -> str:
    """Return the result of a type that is written out: what follows the arrow after its parameters."""
    if len(text) > _LONGEST:
        return ""
    python = _CALLABLE.fullmatch(text)
    if python is not None:
        return python.group(1).strip()
    while text.startswith("("):  # (() => Stall) | undefined
        end = _closed_at(text)
        rest = text[end + 1 :].lstrip()
        if rest.startswith("=>"):
            return rest[2:].strip()
        text = text[1:end].strip() if end else ""
    return ""


def _closed_at(text: str) -> int:
    """Return the place where what a text opens first is closed; 0 where it never is."""
    depth = 0
    for place, char in enumerate(text):
        depth += (char in "([{") - (char in ")]}")
        if depth == 0:
            return place
    return 0


def _named(module: Module, binding: Binding) -> str:
    found: object = binding
    if isinstance(binding, Imported):
        found = module.project.definition(module, binding) if module.project is not None else None
    if isinstance(found, Class) and found.kind in ("type", "interface"):
        return _called(found)
    if found is binding and isinstance(found, Assign) and found.value is not None and module.language == "python":
        return _written(module.text_of(found.value))
    return ""


def _called(declared: Class) -> str:
    """Return the result of a type that is a function, or of an interface that can be called."""
    body = declared.raw.child_by_field_name("value") or declared.raw.child_by_field_name("body")
    if body is None:
        return ""
    if body.type == "function_type":
        return declared.module.text(body.child_by_field_name("return_type") or body).strip()
    for part in body.named_children:
        if part.type == "call_signature":
            given = part.child_by_field_name("return_type")
            return declared.module.text(given).lstrip(": ").strip() if given is not None else ""
    return ""
