"""PAT621: the key of a table leaves out the owner that the keys of the tables beside it have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.experts.check import Match, module_check
from reviewer.experts.patterns.vocabulary import names_tenant
from reviewer.experts.registry.sql_text import CREATE, UNIQUE, body, column, columns, parts, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_LARGEST: Final = 200_000
_MOST: Final = 60


class _Table(Struct, frozen=True):
    name: str
    columns: frozenset[str]
    keys: tuple[tuple[frozenset[str], int, int], ...]
    """The columns of each key, and where it stands in the text."""


@module_check("PAT621", words={"create"})
def key_without_owner(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Hold the keys of the tables that a file creates against each other."""
    if module.is_test or inquiry.subject.kind == "plugin":
        return
    text = module.source[:_LARGEST].decode("utf-8", "replace")
    found = list(_tables(text))[:_MOST]
    for table in found:
        for key, start, end in table.keys:
            owner = _owner_beside(table, key, found)
            if owner:
                yield Match(
                    place(module.path, text, start, end),
                    f"The key of '{table.name}' is {', '.join(sorted(key))} without '{owner}', which is in the keys of "
                    "the tables beside it: there is one row for all owners, and the next one takes it over.",
                )
                break


def _owner_beside(table: _Table, key: frozenset[str], found: list[_Table]) -> str:
    """Return a column that stands in this table and, with the same key, in the keys of the others; else nothing."""
    others = [one for table_keys in found if table_keys is not table for one, _start, _end in table_keys.keys]
    whole = [one for one, _start, _end in table.keys]
    for owner in sorted(table.columns - key):
        if any(owner in one for one in whole):
            continue  # another key of the table has it
        beside = [one for one in others if key | {owner} <= one]
        if beside and (names_tenant(owner) or len(beside) > 1):
            return owner
    return ""


def _tables(text: str) -> Iterator[_Table]:
    for hit in CREATE.finditer(text):
        inside = body(text, hit.end())
        named = [one for part in parts(inside) if (one := column(part)) is not None]
        keys = [
            (frozenset(columns(one.group(1))), hit.end() + one.start(), hit.end() + one.end())
            for one in UNIQUE.finditer(inside)
        ]
        yield _Table(hit.group(1), frozenset(name for name, _rest in named), tuple(keys))
