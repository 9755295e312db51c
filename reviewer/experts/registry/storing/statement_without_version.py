"""REG363: a statement is about one version of a plugin, by what it is told, and changes all of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.syntax import Call, Name, Node
from reviewer.code.walk import class_of, find, function_of, names_in
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.registry.storing.sql_tables import texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Function
    from reviewer.experts.check import Inquiry

_CHANGES: Final = regex(r"^\s*(?:update|delete\s+from)\s+[\"`\[]?(\w{1,60})[\s\S]{0,2000}?\bwhere\b", re.IGNORECASE)
_SPEAKS: Final = regex(r"\b(?:from|update|into|table(?:\s+if\s+not\s+exists)?)\s+[\"`\[]?(\w{1,60})", re.IGNORECASE)
_CREATES: Final = regex(r"\bcreate\s+table", re.IGNORECASE)
_PARTS: Final = frozenset({"version", "channel", "platform", "arch", "environment", "locale", "revision"})
"""Names of what tells the rows of one plugin from each other."""


@module_check("REG363", words={"update", "delete", "where"})
def statement_without_version(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each change of rows for a part of their key that the function is told and the statement leaves out."""
    if module.is_test:
        return
    statements = list(texts(module))
    for node, text in statements:
        hit = _CHANGES.match(text)
        function = function_of(node)
        if hit is None or function is None:
            continue
        for part in sorted(_told(function)):
            if (
                _is_asked_about(node, part)
                or _names(text, part)
                or not _is_column(statements, hit.group(1), part, node)
                or _is_given(node, part)
            ):
                continue
            yield Match(
                node,
                f"'{function.name}' is told the {part}, and this statement picks the rows of '{hit.group(1)}' without "
                f"it: every {part} is changed.",
            )


def _is_asked_about(node: Node, part: str) -> bool:
    """Tell whether the function asks for the part first, and all are meant where nobody named one."""
    return any(part in names_in(condition.test) for condition in conditions(node))


def _told(function: Function) -> set[str]:
    """Return the parts of a key that a function is handed."""
    return {param.name for param in function.params if param.name.lower() in _PARTS}


def _names(text: str, part: str) -> bool:
    return re.search(rf"\b\w*{re.escape(part)}\w*\b", text, re.IGNORECASE) is not None


def _is_column(statements: list[tuple[Expr, str]], table: str, part: str, at: Expr) -> bool:
    """Tell whether another statement of the file about the same table knows the part as one of its columns."""
    for node, text in statements:
        named = {name.lower() for name in _SPEAKS.findall(text)}
        if node is at or table.lower() not in named:
            continue
        if _CREATES.search(text):
            made = re.search(
                rf"\btable\s+(?:if\s+not\s+exists\s+)?[\"`\[]?{re.escape(table)}\b([^;]*)", text, re.IGNORECASE
            )
            if made is not None and re.search(rf"\b{re.escape(part)}\b", made.group(1), re.IGNORECASE):
                return True
        elif len(named) == 1 and re.search(rf"\b{re.escape(part)}\b", text, re.IGNORECASE):
            return class_of(node) is class_of(at) or class_of(node) is None
    return False


def _is_given(node: Expr, part: str) -> bool:
    """Tell whether the statement is run with the part all the same, under another name of a column."""
    around = node.parent
    while around is not None and not isinstance(around, Call):
        around = around.parent
    return isinstance(around, Call) and any(name.id == part for arg in around.args for name in find(arg, Name))
