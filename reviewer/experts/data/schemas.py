"""Rules of kind ``schema``: a JSON Schema of the rule's own, applied to the manifest."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from reviewer.experts.check import Inquiry, Match, Registered
from reviewer.experts.data.fields import first_line
from reviewer.experts.data.messages import fill, short
from reviewer.experts.data.violations import violations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jsonschema.exceptions import ValidationError

    from reviewer.core.location import Location
    from reviewer.core.rule import Rule
    from reviewer.subject.document import Document, Value

_MOST_ERRORS: Final = 200
_LONGEST_PROBLEM: Final = 160


def schema_check(rule: Rule) -> Registered:
    """Make the check of a rule of kind ``schema``; each violation is a finding at the exact place."""
    match = rule.match or {}
    message = str(match.get("message", "{problem}"))
    schema = match["schema"]

    def check(inquiry: Inquiry) -> Iterator[Match]:
        document = inquiry.manifest
        if document is None:
            return
        for error in islice(violations(schema, document.root.plain()), _MOST_ERRORS):
            path = list(error.absolute_path)
            values = {"pointer": _pointer(path) or "/", "problem": _problem(error)}
            yield Match(_place(document, path, error), fill(message, values))

    return Registered(rule.id, frozenset(), None, check)


def _place(document: Document, path: list[str | int], error: ValidationError) -> Value | Location:
    """Return the value that is wrong, for a missing key the key of its object, for the root the first line."""
    value = document.root.get(*path)
    if value is None or value is document.root:
        return first_line(document)
    return value.key if error.validator == "required" and value.key is not None else value


def _problem(error: ValidationError) -> str:
    """Return what is wrong, short: the validator quotes whole values, and they are a stranger's."""
    if error.validator == "enum" and isinstance(error.validator_value, list):
        choices = ", ".join(repr(choice) for choice in error.validator_value[:12])
        return f"{short(repr(error.instance))} is not one of {choices}"
    if error.validator == "type":
        kinds: Any = error.validator_value
        expected = kinds if isinstance(kinds, str) else " or ".join(kinds)
        return f"{short(repr(error.instance))} is not of type {expected}"
    if error.validator == "not":
        return f"{short(repr(error.instance))} must not stand here"
    text = error.message
    return text if len(text) <= _LONGEST_PROBLEM else text[: _LONGEST_PROBLEM - 1] + "…"


def _pointer(path: list[str | int]) -> str:
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)
