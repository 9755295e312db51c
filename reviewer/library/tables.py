"""Checks a table of a TOML or YAML file against a list of the keys that it may have."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from reviewer.core.nearest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from reviewer.library.frontmatter import Page
    from reviewer.library.mistakes import Mistakes
    from reviewer.library.toml_lines import Steps

_SHOWN: Final = 60
"""Characters of a wrong value that a message repeats."""

_KINDS: Final = {
    "text": "a text",
    "texts": "a list of texts",
    "flag": "true or false",
    "number": "a whole number",
    "numbers": "a list of whole numbers",
    "scalar": "a text, a number, true or false",
    "table": "a table",
    "tables": "a list of tables",
}


class Key(Struct, frozen=True):
    """What one key may hold, with the smallest right example of it."""

    name: str
    kind: str
    """One of the words of ``_KINDS``."""
    example: str
    required: bool = False
    choices: tuple[str | int, ...] = ()
    pattern: str = ""
    """Regular expression that the text, or each text of the list, has to match as a whole."""
    means: str = ""
    """The pattern in words, after "expected"."""


def check_table(
    table: Mapping[str, Any], keys: Iterable[Key], page: Page, mistakes: Mistakes, steps: Steps = ()
) -> bool:
    """Check every key of the table that stands at ``steps`` of the page; tell whether all is well."""
    before = len(mistakes)
    known = {key.name: key for key in keys}
    for name, value in table.items():
        if name not in known:
            hint = did_you_mean(name, known) or f"; known keys: {', '.join(known)}"
            mistakes.add(page.path, page.lines.line(*steps, name), f"unknown key {shown(name)}{hint}")
            continue
        for text in _problems(known[name], value):
            mistakes.add(page.path, page.lines.line(*steps, name), text)
    for key in known.values():
        if key.required and key.name not in table:
            mistakes.add(
                page.path,
                page.lines.line(*steps),
                f"{shown(key.name)} is missing; write for example {key.example}",
            )
    return len(mistakes) == before


def shown(value: object) -> str:
    """Spell a value as a person would write it in the file, shortened."""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = f'"{value}"' if isinstance(value, str) else str(value)
    text = "".join(letter if letter.isprintable() else "?" for letter in text)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def described(value: object) -> str:
    """Say what a value is, for a message about a wrong type."""
    match value:
        case bool():
            return shown(value)
        case str():
            return f"the text {shown(value)}"
        case int() | float():
            return f"the number {shown(value)}"
        case list():
            return "a list" if value else "an empty list"
        case dict():
            return "a table"
        case None:
            return "nothing"
        case _:
            return f"the date or time {shown(value)}"


def _problems(key: Key, value: object) -> Iterable[str]:
    """Yield what is wrong with the value of a key, most basic first."""
    if not _fits(key.kind, value):
        yield f"{key.name} is {described(value)}; expected {_KINDS[key.kind]}, for example {key.example}"
        return
    items = value if isinstance(value, list) else [value]
    if key.kind == "texts" and key.required and not items:
        yield f"{key.name} is an empty list; write for example {key.example}"
    if key.kind in {"table", "tables"}:
        return
    for item in items:
        yield from _value_problems(key, item)
    seen = [item for index, item in enumerate(items) if item in items[:index]]
    if seen:
        yield f"{key.name} names {shown(seen[0])} twice"


def _value_problems(key: Key, item: object) -> Iterable[str]:
    """Yield what is wrong with one scalar of a key."""
    if key.choices and item not in key.choices:
        choices = ", ".join(str(choice) for choice in key.choices)
        hint = did_you_mean(str(item), map(str, key.choices))
        yield f"{key.name} is {shown(item)}; expected one of {choices}{hint}"
    elif key.pattern and isinstance(item, str) and not re.fullmatch(key.pattern, item):
        yield f"{key.name} is {shown(item)}; expected {key.means}, for example {key.example}"
    elif isinstance(item, str) and not item.strip() and key.kind != "scalar":
        yield f"{key.name} is an empty text; write for example {key.example}"


def _fits(kind: str, value: object) -> bool:
    """Tell whether a value is of a kind; true and false are no numbers here."""
    match kind:
        case "text":
            return isinstance(value, str)
        case "flag":
            return isinstance(value, bool)
        case "number":
            return isinstance(value, int) and not isinstance(value, bool)
        case "scalar":
            return isinstance(value, str | bool | int | float)
        case "table":
            return isinstance(value, dict)
        case _:
            one = {"texts": "text", "numbers": "number", "tables": "table"}[kind]
            return isinstance(value, list) and all(_fits(one, item) for item in value)
