"""Rules of data: matches that a rule file spells out, made into checks like those in Python."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reviewer.core.rule import Rule
    from reviewer.experts.check import Registered


def data_checks(rules: Iterable[Rule]) -> Iterator[Registered]:
    """Yield a check for every rule that carries its match, in the order of the rules."""
    for rule in rules:
        if rule.match is not None:
            yield _check(rule, str(rule.match["kind"]))


def _check(rule: Rule, kind: str) -> Registered:
    # Each kind pulls in what it needs alone: a review without schemas never loads a validator.
    if kind == "call":
        from reviewer.experts.data.calls import call_check

        return call_check(rule)
    if kind == "import":
        from reviewer.experts.data.imports import import_check

        return import_check(rule)
    if kind == "query":
        from reviewer.experts.data.queries import query_check

        return query_check(rule)
    if kind == "schema":
        from reviewer.experts.data.schemas import schema_check

        return schema_check(rule)
    if kind == "manifest":
        from reviewer.experts.data.fields import manifest_check

        return manifest_check(rule)
    raise ValueError(f"{rule.id}: no match of kind {kind!r} is known")
