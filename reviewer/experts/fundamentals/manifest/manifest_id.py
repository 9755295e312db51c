"""FUN005: the id of a plugin that can't serve as an identity everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.core.scale import Confidence, Severity
from reviewer.experts.check import Match, subject_check
from reviewer.experts.data.messages import short
from reviewer.experts.data.patterns import found
from reviewer.experts.fundamentals.manifests import plugin_manifest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry

_REVERSE_DNS: Final = r"^[a-z][a-z0-9-]*(\.[a-z0-9][a-z0-9_-]*)+$"
_PLAIN: Final = r"^[a-z0-9][a-z0-9_-]*$"
_SCOPED: Final = r"^@[a-z0-9][a-z0-9._-]*/[a-z0-9][a-z0-9._-]*$"
_GUID: Final = r"(?i)^\{?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\}?$"
_OTHERS: Final = (
    (r"^\s|\s$|\s", "has a space in it", Severity.MEDIUM),
    (r"(^|[/\\])\.\.([/\\]|$)|^[/\\]|\\", "is a path, and hosts make file names of ids", Severity.HIGH),
    (r"[^\x21-\x7e]", "has letters that look like others", Severity.MEDIUM),
    (r"\.\.|^\.|\.$|^-|-$", "has an empty part", Severity.MEDIUM),
    (r"[^A-Za-z0-9._/@:-]", "has signs that neither a file name nor a URL takes as they are", Severity.MEDIUM),
)
_LONGEST: Final = 128


@subject_check("FUN005")
def manifest_id(inquiry: Inquiry) -> Iterator[Match]:
    """Read the id of the manifest in the grammar of the reference model."""
    document = plugin_manifest(inquiry)
    value = document.get("id") if document is not None else None
    if value is None or not value.text.strip():
        return
    text = value.text
    shown = short(text)
    for pattern, problem, severity in _OTHERS:
        if found(pattern, text) and not found(_GUID, text):
            yield Match(
                value, f"The id '{shown}' {problem}; expected one like 'com.acme.word-count'.", severity=severity
            )
            return
    if len(text) > _LONGEST:
        yield Match(value, f"The id has {len(text)} characters; expected one like 'com.acme.word-count'.")
    elif found(_REVERSE_DNS, text) or found(_SCOPED, text) or found(_GUID, text):
        return
    elif text != text.lower():
        yield Match(
            value,
            f"The id '{shown}' has capital letters: file systems and hosts differ in whether '{shown.lower()}' is the "
            "same.",
            confidence=Confidence.POSSIBLE,
        )
    elif found(_PLAIN, text):
        yield Match(
            value,
            f"The id '{shown}' names no owner: the next plugin of that name is the same to the host; expected one like "
            f"'com.acme.{shown}'.",
            confidence=Confidence.POSSIBLE,
        )
