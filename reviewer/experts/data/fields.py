"""Rules of kind ``manifest``: conditions on the fields of the manifest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reviewer.core.location import Location
from reviewer.experts.check import Inquiry, Match, Registered
from reviewer.experts.data.messages import fill, short
from reviewer.experts.data.patterns import found

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from reviewer.core.rule import Rule
    from reviewer.subject.document import Document, Value


def manifest_check(rule: Rule) -> Registered:
    """Make the check of a rule of kind ``manifest``."""
    match = rule.match or {}
    message = str(match["message"])

    def check(inquiry: Inquiry) -> Iterator[Match]:
        document = inquiry.manifest
        if document is None or not _wanted(document, match):
            return
        name = str(match["field"])
        value = field_of(document, name)
        if _holds(match, "", value):
            place = value if value is not None else nearest(document, name)
            shown = _text(value) if value is not None else "absent"
            yield Match(place, fill(message, {"field": name, "value": shown}))

    return Registered(rule.id, frozenset(), None, check)


def field_of(document: Document, name: str) -> Value | None:
    """Return the value under keys joined by dots; a key that itself has dots is tried as a whole first."""
    whole = document.get(name)
    return whole if whole is not None else document.get(*name.split("."))


def nearest(document: Document, name: str) -> Value | Location:
    """Return where a missing field would stand: the innermost object that is there, or the first line."""
    value = document.root
    for key in name.split("."):
        deeper = value.get(key)
        if deeper is None:
            break
        value = deeper
    if value is not document.root:
        return value.key if value.key is not None else value
    return first_line(document)


def first_line(document: Document) -> Location:
    """Return the place of what is missing from a document as a whole."""
    start = document.root.location
    return Location(document.path, start.line, start.column, start.line, start.column + 1)


def _wanted(document: Document, match: Mapping[str, Any]) -> bool:
    """Tell whether the condition that the rule depends on holds, or there is none."""
    name = match.get("when-field")
    return name is None or _holds(match, "when-", field_of(document, str(name)))


def _holds(match: Mapping[str, Any], prefix: str, value: Value | None) -> bool:
    asked = match.get(f"{prefix}is")
    if asked == "absent":
        return value is None
    if value is None:
        return False
    if asked == "present":
        return True
    if asked == "empty":
        return value.data in ("", [], {}) or value.data is None
    if f"{prefix}equals" in match:
        wanted = match[f"{prefix}equals"]
        return type(value.data) is type(wanted) and value.data == wanted
    if not isinstance(value.data, str):
        return False
    if f"{prefix}matches" in match:
        return found(str(match[f"{prefix}matches"]), value.data)
    return not found(str(match[f"{prefix}not-matches"]), value.data)


def _text(value: Value) -> str:
    if isinstance(value.data, str):
        return short(value.data)
    if isinstance(value.data, bool):
        return str(value.data).lower()
    return short(str(value.data)) if isinstance(value.data, int | float) else value.kind
