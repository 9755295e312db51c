"""PAT442: an OR beside the condition that says whose rows are meant lets everybody's through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Binary, Expr, Literal, Node, Template
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.patterns.vocabulary import PLUGINS, names_principal, names_tenant, spelled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_WORDS: Final = frozenset("execute executemany query sql prepare db database cursor fetch rows".split())
"""Words that code has which asks a database."""
_LONGEST: Final = 4_000
"""Signs of a statement that are looked at."""
_STATEMENT: Final = regex(r"(?i)^\s*(?:select|update|delete|with)\b")
_WHERE: Final = regex(r"(?i)\bwhere\b")
_BEHIND: Final = regex(r"(?i)\b(?:order\s+by|group\s+by|limit|having|returning|union|intersect|except|offset|window)\b")
_WORD: Final = regex(r"(?i)\b(?:and|or|between)\b|[()]|'[^']*'")
_OWNED: Final = regex(r"(?i)^\s*(?:\w+\.)?[\"`]?(\w+)[\"`]?\s*=\s*(?:[?]\d*|[:@$]\w+|%s|%\(\w+\)s|\x00)\s*$")
"""A column that is held against what is handed in."""


@module_check("PAT442", words=_WORDS)
def or_beside_owner(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the condition of each statement of SQL for an OR that stands beside what all else is bound to."""
    if module.is_test:
        return
    for node in module.some(Literal, Template, Binary):
        if isinstance(node.parent, Template | Binary):
            continue
        text = _text(node)
        if len(text) > _LONGEST or not _STATEMENT.search(text):
            continue
        column = _let_through(text)
        if column:
            yield Match(
                node,
                f"AND binds closer than OR: what fits the part behind OR is reached whatever its '{column}' is.",
            )


def _text(node: Node) -> str:
    """Return a text with a mark in the place of each part that is put in; empty where it is none."""
    if isinstance(node, Literal):
        return node.value if isinstance(node.value, str) else ""
    if isinstance(node, Template):
        return "".join(_part(item) for item in node.items)
    if isinstance(node, Binary) and node.op == "+":
        return _part(node.left) + _part(node.right)
    return ""


def _part(item: Expr) -> str:
    return _text(item) or "\0"


def _let_through(statement: str) -> str:
    """Return the column that the first alternative is bound to and a later one is not; empty where there is none."""
    where = _WHERE.search(statement)
    if where is None or len(_WHERE.findall(statement)) > 1:
        return ""
    alternatives = _alternatives(_condition(statement[where.end() :]))
    if len(alternatives) < 2 or len(alternatives[0]) < 2:
        return ""
    bound = [[found[1].lower() for part in one if (found := _OWNED.search(part))] for one in alternatives]
    elsewhere = {column for one in bound[1:] for column in one}
    if not elsewhere.isdisjoint(bound[0]):
        return ""
    owners = [column for column in bound[0] if _says_whose(column)]
    return next(iter(owners or bound[0]), "") if owners or len(bound[0]) > 1 else ""


def _says_whose(column: str) -> bool:
    words = set(spelled(column))
    return names_tenant(column) or names_principal(column) or bool(words & (PLUGINS | {"owner", "ownerid"}))


def _condition(rest: str) -> str:
    end = _BEHIND.search(rest)
    return rest[: end.start()] if end is not None else rest


def _alternatives(condition: str) -> list[list[str]]:
    """Return the parts of a condition that AND joins, for each part that OR joins, as the database reads them."""
    found: list[list[str]] = [[]]
    depth = begun = 0
    ranged = False
    for sign in _WORD.finditer(condition):
        word = sign[0].lower()
        depth += (word == "(") - (word == ")")
        if depth < 0:
            return []
        if depth or word not in ("and", "or", "between"):
            continue
        if word == "between" or ranged:
            ranged = word == "between"
            continue
        found[-1].append(condition[begun : sign.start()])
        begun = sign.end()
        if word == "or":
            found.append([])
    found[-1].append(condition[begun:])
    return found
