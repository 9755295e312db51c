"""API035: a contract that others implement or call says nothing in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Class, ExprStatement, Literal
from reviewer.code.text.words import words
from reviewer.experts.check import Match, module_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node as RawNode

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_PUBLIC: Final = frozenset("plugin extension addon addin context api host sdk services".split())
_FEWEST: Final = 3


@module_check("API035", words=_PUBLIC)
def contract_undescribed(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak at an interface or protocol of the plugin API without a word about it or about any of its members."""
    if module.is_test:
        return
    for cls in module.classes:
        said = words(cls.name)
        if cls.kind != "interface" or not said or said[-1] not in _PUBLIC:
            continue
        members = [*cls.methods, *cls.fields]
        if len(members) >= _FEWEST and not _described(cls) and not any(_commented(m.raw) for m in members):
            yield Match(
                cls,
                f"'{cls.name}' is what plugins are written against, and neither it nor any of its {len(members)} "
                "members says in words what it is for.",
            )


def _described(cls: Class) -> bool:
    """Tell whether an interface has a doc comment or a docstring, of its own or of one of its methods."""
    for statements in (cls.rest, *[method.body for method in cls.methods if cls.module.language == "python"]):
        first = statements[0] if statements else None
        value = first.value if isinstance(first, ExprStatement) else None
        if isinstance(value, Literal) and isinstance(value.value, str):
            return True
    around = cls.raw.parent
    exported = around is not None and around.type in ("export_statement", "decorated_definition")
    return _commented(around if exported and around is not None else cls.raw)


def _commented(raw: RawNode) -> bool:
    """Tell whether a comment stands before a node or behind it on its line."""
    before, behind, around = raw.prev_sibling, raw.next_sibling, raw.parent
    if before is not None and before.type == "comment":
        opening = around is not None and around.parent is not None and around.start_point[0] == before.start_point[0]
        if not opening:  # what stands behind the bracket says something about the line, if anything
            return True
    for _ in range(2):
        if behind is not None and behind.type in (";", ","):
            behind = behind.next_sibling
    return behind is not None and behind.type == "comment" and behind.start_point[0] == raw.end_point[0]
