"""SEC500: the pattern of a manifest's path is open at one end, so that the rest of the path may be anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.form.named_texts import where_written
from reviewer.code.syntax import Call, Literal, Object, Regex, strip
from reviewer.code.text.words import words
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.fundamentals.pattern_texts import text_of
from reviewer.experts.paths import word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_PATHS: Final = word_set("main entry entrypoint path file filename module script worker bin icon asset dir folder")
"""Last words of a member of a manifest that names a file of the package."""
_BEGINS: Final = ("^", "(?i)^", "(?:^", "\\A")
_ENDS: Final = ("$", "$)", "\\Z", "\\z")
_LOOSE: Final = frozenset({"regex", "matches", "pattern"})
"""Calls of schema libraries by which a text has to match a pattern anywhere."""
_SIGNS: Final = ("\\w", "[a-z", "[A-Z", "[\\w", "[0-9", "[^/", "\\.")
"""What a pattern has that says of which signs a path is made."""


@module_check("SEC500", words={"pattern", "regex", "matches"})
def path_pattern_open(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the pattern of each member of a schema that names a file."""
    if module.is_test:
        return
    for members in module.all(Object):
        for key, value in members.entries:
            name = str(key.value) if isinstance(key, Literal) else ""
            if not name or not set(words(name)[-1:]) & _PATHS:
                continue
            pattern = _pattern_of(value)
            text = text_of(module, pattern) if pattern is not None else ""
            gap = _gap(text)
            if pattern is not None and gap:
                written = strip(pattern)
                yield Match(
                    where_written(module, written) if isinstance(written, Literal) else pattern,
                    f"The pattern of '{name}' is open at its {gap} ('{short(text)}'), and is sought anywhere in the "
                    "text: '../../other/x' fits with whatever stands there.",
                )


def _pattern_of(value: Expr) -> Expr | None:
    """Return the pattern of a member: ``{ type: "string", pattern }`` of JSON Schema, ``z.string().regex(…)``."""
    made = strip(value)
    if isinstance(made, Object):
        kind = made.get("type")
        stated = kind is None or (isinstance(strip(kind), Literal) and getattr(strip(kind), "value", "") == "string")
        return made.get("pattern") if stated else None
    while isinstance(made, Call) and made.receiver is not None:
        if made.name in _LOOSE and made.args and isinstance(strip(made.args[0]), Regex):
            return made.args[0]
        made = strip(made.receiver)
    return None


def _gap(text: str) -> str:
    """Return at which end a pattern that spells a path is open; nothing where it is whole, or only asks for a part."""
    if not text or "|" in text or not any(sign in text for sign in _SIGNS):
        return ""
    begins, ends = text.startswith(_BEGINS), text.endswith(_ENDS) and not text.endswith("\\$")
    if begins == ends:
        return ""
    return "end" if begins else "beginning"
