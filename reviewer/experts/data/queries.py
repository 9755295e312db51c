"""Rules of kind ``query``: a tree-sitter query for each language."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from reviewer.code.text.languages import grammar, grammar_of
from reviewer.experts.check import Inquiry, Match, Registered
from reviewer.experts.data.messages import fill, short
from reviewer.experts.place import locate_raw

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Query

    from reviewer.code.module import Module
    from reviewer.core.rule import Rule

_MATCHES_AT_ONCE: Final = 1000
"""Unfinished matches that a query may hold; more is a file made to be slow."""


@cache
def _query(name: str, source: str) -> Query:
    from tree_sitter import Query

    return Query(grammar(name), source)


def query_check(rule: Rule) -> Registered:
    """Make the check of a rule of kind ``query``.

    A query finds nothing in a tree that is too deep and is slow in one full of errors; such
    files are named in the coverage, so they are left out here.
    """
    match = rule.match or {}
    message = str(match["message"])

    def check(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
        from tree_sitter import QueryCursor

        source = match.get(module.language)
        if not source or module.too_deep:
            return
        cursor = QueryCursor(_query(grammar_of(module.path), source), match_limit=_MATCHES_AT_ONCE)
        seen = set()
        for _, captures in cursor.matches(module.tree.root_node):
            for raw in captures.get("finding", ()):
                if raw.id not in seen:
                    seen.add(raw.id)
                    values = {"finding": short(module.text(raw))}
                    yield Match(locate_raw(module, raw), fill(message, values))

    return Registered(rule.id, frozenset(), check, None)
