"""Tries the regular expressions, queries and JSON Schemas of rules, before a review relies on them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from reviewer.core.regex import regex

if TYPE_CHECKING:
    from reviewer.library.toml_lines import Steps

_FINDING: Final = regex(r"@finding\b")
_ROW: Final = regex(r"\s*at row (\d+), column \d+")


class SchemaProblem(NamedTuple):
    """What is wrong at which place of a schema."""

    steps: Steps
    text: str


def pattern_problem(pattern: str) -> str:
    """Say why RE2 refuses a regular expression; empty where it takes it."""
    import re2  # a review without rules to build never needs it

    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(pattern, options)
    except re2.error as error:
        reason = error.args[0] if error.args else error
        text = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
        return f"{text} (RE2 has no look-around and no back references)"
    return ""


def query_problem(language: str, query: str) -> tuple[int, str] | None:
    """Compile a tree-sitter query; return the row (from 0) and the reason where that fails."""
    if not _FINDING.search(query):
        return 0, "no capture is named @finding, so it has no place to report"
    from tree_sitter import Language, Query, QueryError

    for grammar in _grammars(language):
        try:
            Query(Language(grammar), query)
        except QueryError as error:
            text = str(error)
            row = _ROW.search(text)
            return (int(row[1]) if row else 0), _ROW.sub("", text)
    return None


def schema_problems(schema: Mapping[str, Any]) -> Iterator[SchemaProblem]:
    """Yield what is wrong with a JSON Schema: its form, addresses outside it, patterns without bound."""
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import SchemaError

    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        yield SchemaProblem(tuple(error.absolute_path), f"not a JSON Schema: {error.message[:200]}")
        return
    except RecursionError:
        yield SchemaProblem((), "the schema is nested too deeply")
        return
    open_items: list[tuple[Steps, Any]] = [((), schema)]
    while open_items:
        steps, item = open_items.pop()
        if isinstance(item, Mapping):
            yield from _keyword_problems(steps, item)
            open_items.extend(((*steps, key), value) for key, value in item.items())
        elif isinstance(item, list):
            open_items.extend(((*steps, index), value) for index, value in enumerate(item))


def _keyword_problems(steps: Steps, schema: Mapping[str, Any]) -> Iterator[SchemaProblem]:
    """Yield the problems of the keywords ``$ref`` and ``pattern`` of one level."""
    reference, pattern = schema.get("$ref"), schema.get("pattern")
    if isinstance(reference, str) and not reference.startswith("#"):
        yield SchemaProblem((*steps, "$ref"), "$ref leads out of the rule file; nothing is fetched, write the part out")
    if isinstance(pattern, str):
        problem = pattern_problem(pattern)
        if problem:
            yield SchemaProblem((*steps, "pattern"), f"pattern is no regular expression of RE2: {problem}")


def _grammars(language: str) -> tuple[object, ...]:
    """Return the grammars that a query of a language has to fit; ``.tsx`` has one of its own."""
    if language == "python":
        import tree_sitter_python

        return (tree_sitter_python.language(),)
    if language == "javascript":
        import tree_sitter_javascript

        return (tree_sitter_javascript.language(),)
    import tree_sitter_typescript

    return tree_sitter_typescript.language_typescript(), tree_sitter_typescript.language_tsx()
