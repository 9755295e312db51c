"""Ranks that an enumeration names: how high each of its members stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Call, Class, Literal, Member, Name, strip
from reviewer.experts.paths import last_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tree_sitter import Node as RawNode

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Field

_RANKED: Final = ("Enum", "IntEnum")
"""Bases of enumerations whose members stand one above the other; those of flags stand side by side."""


def is_highest(module: Module, member: Expr) -> bool:
    """Tell whether an expression is the one member of an enumeration that stands above all others."""
    member = strip(member)
    if isinstance(member, Call) and member.receiver is None and member.name == "max" and len(member.args) == 1:
        return len(_ranks(module, strip(member.args[0]))) > 1  # ``max(Standing)``
    if not isinstance(member, Member) or not isinstance(strip(member.object), Name):
        return False
    ranks = _ranks(module, strip(member.object))
    own = ranks.get(member.name)
    return own is not None and len(ranks) > 1 and all(rank < own for name, rank in ranks.items() if name != member.name)


def _ranks(module: Module, named: Expr) -> Mapping[str, float]:
    if not isinstance(named, Name):
        return {}
    if module.language != "python":
        return module.once("security.ranks", lambda: dict(_declared(module))).get(named.id, {})
    found = definition(module, named)
    if not isinstance(found, Class) or not any(last_name(base) in _RANKED for base in found.bases):
        return {}
    return dict(_numbered(found.fields))


def _numbered(fields: list[Field]) -> Iterator[tuple[str, float]]:
    """Yield the members of an enumeration of Python that are numbers, or counted."""
    last = 0.0
    for field in fields:
        value = strip(field.value) if field.value is not None else None
        if isinstance(value, Call) and value.name == "auto":
            last += 1
        elif isinstance(value, Literal) and isinstance(value.value, int | float):
            last = float(value.value)
        else:
            continue
        yield field.name, last


def _declared(module: Module) -> Iterator[tuple[str, Mapping[str, float]]]:
    """Yield the enumerations at the top of a TypeScript file whose members are all numbers."""
    if b"enum" not in module.source:
        return
    for statement in module.tree.root_node.named_children:
        inner = statement.child_by_field_name("declaration") if statement.type == "export_statement" else statement
        if inner is None or inner.type != "enum_declaration":
            continue
        name, body = inner.child_by_field_name("name"), inner.child_by_field_name("body")
        ranks = dict(_members(module, body)) if body is not None else {}
        if name is not None and all(rank is not None for rank in ranks.values()):
            yield module.text(name), {member: rank for member, rank in ranks.items() if rank is not None}


def _members(module: Module, body: RawNode) -> Iterator[tuple[str, float | None]]:
    last = -1.0
    for member in body.named_children:
        if member.type == "comment":
            continue
        value = member.child_by_field_name("value")
        name = member.child_by_field_name("name") or member
        if value is None:
            last += 1
            yield module.text(name), last
        else:
            text = module.text(value)
            last = float(text) if text.isdigit() else last
            yield module.text(name), last if text.isdigit() else None
