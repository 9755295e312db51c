"""REG070: a table of who has which plugin, in which a plugin can stand only once for all of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check, subject_check
from reviewer.experts.registry.sql_text import CREATE, UNIQUE, body, column, columns, parts, place, sql_files
from reviewer.experts.registry.storing.sql_tables import texts
from reviewer.experts.registry.vocabulary import PLUGINS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_HELD: Final = frozenset(
    "installation installations installed install installs enabled enablement activation activations grant grants "
    "consent consents setting settings config configuration subscription subscriptions license licenses choice pin "
    "pins".split()
)
"""Words of a table that says what somebody has of a plugin."""
_ONCE: Final = frozenset(
    "installation installations installed install installs enabled enablement activation activations pin pins".split()
)
"""Words of a table in which somebody has a plugin once or not at all."""
_PASSING: Final = frozenset(
    "log logs audit event events history attempt attempts job jobs queue metric metrics".split()
)
_INDEX: Final = regex(r"\bcreate\s+unique\s+index\b", re.IGNORECASE)
_OF_PLUGIN: Final = PLUGINS | {"version", "versions", "publisher", "author", "developer", "vendor"}
_REFERS: Final = regex(r"\breferences\s+[\"`\[]?(?:\w+[\"`\]]?\.[\"`\[]?)?(\w+)", re.IGNORECASE)
_KEY: Final = regex(r"\bprimary\s+key\b|\bunique\b", re.IGNORECASE)
_WHO: Final = regex(
    r"^(?:tenant|organi[sz]ation|org|workspace|account|customer|team|user|studio|shop|site|project|company|school|server)"
    r"(?:_?id)?$"
)


@subject_check("REG070")
def plugin_once_for_all(inquiry: Inquiry) -> Iterator[Match]:
    """Look at the keys of the tables that say who has which plugin."""
    for path, text in sql_files(inquiry.subject):
        for start, end, message in (*_narrow_keys(text), *_without_key(text, text)):
            yield Match(place(path, text, start, end), message)


@module_check("REG070", words={"create", "table"})
def plugin_once_for_all_in_code(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the keys of such tables that statements in code create."""
    if module.is_test:
        return
    for node, text in texts(module):
        if CREATE.search(text):
            beside = module.source.decode("utf-8", "replace")
            for _start, _end, message in (*_narrow_keys(text), *_without_key(text, beside)):
                yield Match(node, message)


def _narrow_keys(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, message) of the keys that name the plugin and not who has it."""
    for hit in CREATE.finditer(text):
        table = hit.group(1)
        if not set(_split(table)) & _HELD:
            continue
        inner = body(text, hit.end())
        owners = _owners(inner)
        if not owners:
            continue
        for start, end, key in _keys(inner):
            if key & owners or not any(_split(name)[0] in PLUGINS for name in key) or not _about_plugin(key):
                continue
            message = (
                f"The key of '{table}' is {', '.join(sorted(key))} without {', '.join(sorted(owners))}: a plugin "
                "can stand in it once for all of them, and one that installs it takes another's place."
            )
            yield hit.end() + start, hit.end() + end, message


def _without_key(text: str, beside: str) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, message) of the tables of installations that have no key but a number of their own.

    ``beside`` is where an index may be made that is such a key.
    """
    if _INDEX.search(beside):
        return
    for hit in CREATE.finditer(text):
        table, inner = hit.group(1), body(text, hit.end())
        said = set(_split(table))
        owners = _owners(inner)
        if not said & _ONCE or said & _PASSING or not owners:
            continue
        made = [one for one in map(column, parts(inner)) if one is not None]
        plugin = next((name for name, _rest in made if _split(name)[0] in PLUGINS), "")
        keys = [key for _start, _end, key in _keys(inner)]
        if plugin and all(key <= {"id", "uuid", "rowid"} for key in keys):
            message = (
                f"Nothing in '{table}' keeps {' and '.join(sorted(owners))} from having '{plugin}' twice: two installs "
                "at the same time leave two rows, and an update or a removal finds one of them."
            )
            yield (*hit.span(), message)


def _split(name: str) -> list[str]:
    return re.split(r"_|\d+", name.lower())


def _owners(inner: str) -> set[str]:
    """Return the columns that say who has the plugin: they always stand there and lead to a table of something else."""
    found: set[str] = set()
    for part in parts(inner):
        made = column(part)
        if made is None or not re.search(r"\bnot\s+null\b", made[1], re.IGNORECASE):
            continue
        target = _REFERS.search(made[1])
        referred = target is not None and not set(_split(target.group(1))) & _OF_PLUGIN
        if (referred or _WHO.match(made[0])) and not set(_split(made[0])) & (_OF_PLUGIN | {"by"}):
            found.add(made[0])
    return found


def _keys(inner: str) -> Iterator[tuple[int, int, set[str]]]:
    """Yield (start, end, columns) of the unique keys of a table."""
    for found in UNIQUE.finditer(inner):
        yield found.start(), found.end(), columns(found.group(1))
    position = 0
    for part in parts(inner):
        made = column(part)
        if made is not None and _KEY.search(made[1]):
            lead = len(part) - len(part.lstrip())
            yield position + lead, position + len(part.rstrip()), {made[0]}
        position += len(part) + 1


def _about_plugin(key: set[str]) -> bool:
    """Tell whether a key says nothing but which plugin, and perhaps which version, is meant."""
    return all(set(_split(name)) & (PLUGINS | {"version"}) for name in key)
