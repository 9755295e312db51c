"""The record that a host keeps of a plugin that it takes in, with what it found out and what it allows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Call, Class, Literal, Node, Object
from reviewer.code.text.words import words
from reviewer.experts.paths import word_set

if TYPE_CHECKING:
    from reviewer.code.module import Module

_FOUND: Final = word_set("digest sha256 sha512 checksum integrity signature rights grants granted approved fingerprint")
"""Words of fields that only a host fills in: what it measured, and what it was told to allow."""
_KEEPS: Final = word_set("put save insert set add record store register upsert write append push enter")
"""First words of calls that keep a record."""


def kept_as_found_out(record: Object, value: Node, trust: frozenset[str]) -> bool:
    """Tell whether a value stands for how far a plugin is trusted in a record beside what the host found out of it."""
    named = [(str(key.value), held) for key, held in record.entries if isinstance(key, Literal)]
    about = any(held is value and set(words(name)) & trust for name, held in named)
    found = any(held is not value and set(words(name)) & _FOUND for name, held in named)
    return about and found and _is_kept(record)


def taken_in_place(module: Module, made: Call, value: Node, trust: frozenset[str]) -> bool:
    """Tell the same of a record made by its class, with the fields in their places: ``Row(id, tier, digest)``."""
    place = next((number for number, one in enumerate(made.args) if one is value), None)
    cls = definition(module, made.callee) if place is not None else None
    fields = [field.name for field in cls.fields] if isinstance(cls, Class) else []
    if place is None or place >= len(fields):
        return False
    found = any(set(words(name)) & _FOUND for name in fields)
    return bool(set(words(fields[place])) & trust) and found


def _is_kept(record: Object) -> bool:
    """Tell whether a record is handed to what keeps it, frozen or not."""
    around = record.parent
    while isinstance(around, Call) and around.name in ("freeze", "seal"):
        around = around.parent
    return isinstance(around, Call) and bool(set(words(around.name)[:1]) & _KEEPS)
