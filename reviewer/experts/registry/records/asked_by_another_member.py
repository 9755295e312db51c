"""REG007: entries are kept under one member of what is stored, and asked for by another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import declared_type, named_type
from reviewer.code.syntax import Class, Member, Name, Param, strip
from reviewer.code.tables import nested_tables, tables
from reviewer.code.text.words import words
from reviewer.code.walk import class_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import word_set
from reviewer.experts.registry.vocabulary import DIGESTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.code.tables import Access, Table
    from reviewer.experts.check import Inquiry

_KINDS: Final = {
    **dict.fromkeys(DIGESTS, "digest"),
    **dict.fromkeys(word_set("version semver release"), "version"),
    **dict.fromkeys(word_set("id name slug handle key identifier coordinate"), "identity"),
    **dict.fromkeys(word_set("path file folder directory dir"), "path"),
    **dict.fromkeys(word_set("url uri href origin address"), "address"),
    **dict.fromkeys(word_set("topic event channel"), "topic"),
}
"""What a member says of a thing by its last word; a thing is never found by one where it is kept under another."""


@module_check("REG007", words={"map", "dict"})
def asked_by_another_member(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Compare the member that is the key of each table with the names by which its entries are asked for."""
    if module.is_test:
        return
    for table in (*tables(module), *nested_tables(module)):
        writes = table.of("write")
        stored = _stored_under(module, writes[0]) if table.kind == "map" and writes else None
        if stored is None or any(_stored_under(module, one) != stored for one in writes):
            continue
        name, members = stored
        for access in table.of("read", "has"):
            key = strip(access.key) if access.key is not None else None
            if not isinstance(key, Name) or not _is_given(module, key, table):
                continue
            asked, kept = _kind(key.id), _kind(name)
            if asked and kept and asked != kept and words(key.id)[-1] in members:
                yield Match(
                    access.node,
                    f"Entries are put into '{table.name}' under their '{name}', and asked for here by "
                    f"'{short(key.id)}': nothing is ever found.",
                    related=((writes[0].node, "put in here"),),
                )


def _stored_under(module: Module, access: Access) -> tuple[str, frozenset[str]] | None:
    """Return the member of a stored thing that is its key, and the last words of all members that it has."""
    key = strip(access.key) if access.key is not None else None
    value = strip(access.value) if access.value is not None else None
    if not isinstance(key, Member) or not isinstance(value, Name) or module.text_of(key.object) != value.id:
        return None
    return key.name, _members(module, value)


def _members(module: Module, value: Name) -> frozenset[str]:
    """Return the last words of the members of a thing: by its type, else those that the file reads of its name."""
    shape = named_type(module, declared_type(module, value))
    names = [field.name for field in shape.fields] if isinstance(shape, Class) else []
    if not names:
        names = [one.name for one in module.all(Member) if _is_of(one.object, value.id)]
    return frozenset(words(name)[-1] for name in names if words(name))


def _is_of(expr: Expr, name: str) -> bool:
    expr = strip(expr)
    return isinstance(expr, Name) and expr.id == name


def _is_given(module: Module, key: Name, table: Table) -> bool:
    """Tell whether a key is a parameter that nobody else may have filled with the right member."""
    bound = module.scopes.lookup(key.id, key)
    return len(bound) == 1 and isinstance(bound[0], Param) and (table.owner is None or class_of(key) is table.owner)


def _kind(name: str) -> str:
    said = words(name)
    return _KINDS.get(said[-1], "") if said else ""
