"""REG007: an entry is read under another shape than it is stored."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import guarding_try
from reviewer.code.reach.links import class_of_value
from reviewer.code.syntax import Index, Member
from reviewer.code.tables import tables
from reviewer.experts.check import Match, module_check
from reviewer.experts.place import locate
from reviewer.experts.registry.members import optional_use
from reviewer.experts.registry.nested import inner_tables
from reviewer.experts.registry.records.record_member_unknown import is_record
from reviewer.experts.registry.records.shapes import OBJECT_MEMBERS, shape_of
from reviewer.experts.registry.records.taken import parts_of, taken_from

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.code.tables import Table
    from reviewer.experts.check import Inquiry
    from reviewer.experts.registry.records.shapes import Part, Shape
    from reviewer.experts.registry.records.taken import Taken


_GIVEN: Final = (
    r"\.{0}\b\s*(?:=(?![=>])|\?\?=|\|\|=|:\s*[^=\n]+=)|[\"']{0}[\"']\s*\]\s*(?:=(?!=)|\?\?=|\|\|=)"
    r"|\b(?:assign|update|setdefault|setattr|defineProperty|defineProperties|replace)\([^()\n]*\b{0}\b"
)
"""Spellings that give an entry a member after it was stored."""


@module_check("REG007", words={"map", "dict", "const", "let", "this", "self"})
def shape_mismatch(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Compare what readers take from a table's entries with the keys that writers put there."""
    if module.is_test:
        return
    for table in (*tables(module), *inner_tables(module)):
        if not table.of("read", "iterate"):
            continue
        shape = shape_of(module, table)
        if shape is None:
            continue
        spoken: set[str] = set()
        for taken in taken_from(module, table):
            if taken.name in shape.nested and not _given_later(inquiry, taken.name):
                yield from _below(inquiry, table, taken, shape.nested[taken.name], spoken)
            if taken.name in shape.keys | OBJECT_MEMBERS | spoken:
                yield from _by_another_way(table, taken, shape, spoken)
                continue
            if isinstance(taken.at, Member) and optional_use(taken.at) and taken.name not in shape.inner:
                continue
            if isinstance(taken.at, Member) and _is_of_a_record(taken.module, taken.at):
                continue  # its class says what it has
            if _given_later(inquiry, taken.name):
                continue
            spoken.add(taken.name)
            held = ", ".join(sorted(shape.shown or shape.keys)[:12])
            where = shape.inner.get(taken.name)
            has = f"each is {held}" if shape.what == held else f"they have {held}"
            instead = f"it stands under '{where}'" if where else has
            yield Match(
                locate(taken.module, taken.at),
                f"'{taken.name}' is read from an entry of '{table.name}', but no entry is stored with it: {instead}.",
                related=((_stored_at(table), "the entry as it is stored"),),
            )


def _stored_at(table: Table) -> Node:
    """Return where the first entry is stored, or where a table is declared that makes its entries itself."""
    writes = table.of("write")
    return writes[0].node if writes else table.declared


def _by_another_way(table: Table, taken: Taken, shape: Shape, spoken: set[str]) -> Iterator[Match]:
    """Find the key of a dict that is read as a member, and the member of an object that is read as a key."""
    if taken.name in spoken or taken.name not in shape.shown or taken.module.language != "python":
        return
    if guarding_try(taken.at) is not None:
        return
    member = isinstance(taken.at, Member) and shape.what == "a dict" and not hasattr(dict, taken.name)
    if member or (isinstance(taken.at, Index) and shape.what == "an object"):
        spoken.add(taken.name)
        yield Match(
            locate(taken.module, taken.at),
            f"'{taken.name}' is read from an entry of '{table.name}' as {'a member' if member else 'a key'}, and "
            f"what is stored is {shape.what}, which has it as {'a key' if member else 'a member'}: this fails.",
            related=((_stored_at(table), "the entry as it is stored"),),
        )


def _below(inquiry: Inquiry, table: Table, taken: Taken, part: Part, spoken: set[str]) -> Iterator[Match]:
    """Compare what readers take of one part of an entry with what that part has."""
    for deeper in parts_of(taken):
        name = f"{taken.name}.{deeper.name}"
        if deeper.name in part.members | OBJECT_MEMBERS or name in spoken:
            continue
        if isinstance(deeper.at, Member) and (optional_use(deeper.at) or _is_of_a_record(deeper.module, deeper.at)):
            continue
        if _given_later(inquiry, deeper.name):
            continue
        spoken.add(name)
        yield Match(
            locate(deeper.module, deeper.at),
            f"'{name}' is read from an entry of '{table.name}', but what is stored as '{taken.name}' has no "
            f"'{deeper.name}': it {'is' if part.is_plain else 'has'} {part.what}.",
            related=((_stored_at(table), "the entry as it is stored"),),
        )


def _is_of_a_record(module: Module, member: Member) -> bool:
    cls = class_of_value(module, member.object) if module.language == "python" else None
    return cls is not None and is_record(cls)


def _given_later(inquiry: Inquiry, name: str) -> bool:
    """Tell whether some file of the subject gives its entries a member of this name."""
    pattern = re.compile(_GIVEN.format(re.escape(name)).encode())
    naming = {name} if name.isidentifier() and name.isascii() else ()
    return any(pattern.search(text) for _path, text in inquiry.project.texts(naming))
