"""FUN220: a member that the manifest version of an extension does not have, or has in another shape."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from reviewer.core.scale import Severity
from reviewer.experts.check import Match, subject_check
from reviewer.experts.data.messages import short
from reviewer.experts.data.patterns import found
from reviewer.experts.named_files import values_at
from reviewer.experts.profile import profile_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Document, Value

_MOST: Final = 30


@subject_check("FUN220")
def other_manifest_version(inquiry: Inquiry) -> Iterator[Match]:
    """Hold the members of the manifest against the table ``of-version`` of the profile."""
    document, profile = inquiry.manifest, profile_of(inquiry)
    version = document.get("manifest_version") if document is not None else None
    if document is None or profile is None or version is None or version.data not in (2, 3):
        return
    for row in profile.extra.get("of-version", ()):
        if row["version"] != version.data and not _right_elsewhere(document, row):
            yield from islice(_of_row(document, row, version), _MOST)


def _right_elsewhere(document: Document, row: dict[str, Any]) -> bool:
    return any(document.get(*path.split(".")) is not None for path in row.get("unless", ()))


def _of_row(document: Document, row: dict[str, Any], version: Value) -> Iterator[Match]:
    for at in row["at"]:
        for pointer, value in values_at(document.root, at):
            if row.get("kind", value.kind) != value.kind or not found(row.get("like", ""), value.text):
                continue
            if "skip" in row and found(row["skip"], value.text):
                continue
            shown = f"'{pointer}' is '{short(value.text)}': that" if "like" in row else f"'{pointer}'"
            shape = f" as {_SHAPES.get(value.kind, value.kind)}" if "kind" in row else ""
            yield Match(
                value,
                f"{shown} belongs to Manifest V{row['version']}{shape}, and this manifest is of version "
                f"{version.data}; here it is {row['instead']}.",
                related=((version, "the version"),),
                severity=Severity(row["severity"]) if "severity" in row else None,
                fix=f"Write {row['instead']}." if not row["instead"].startswith("nothing") else "Take it out.",
            )


_SHAPES: Final = {"string": "a text", "object": "an object", "array": "a list"}
