"""FUN004: the version of a plugin is no semantic version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.core.location import Edit
from reviewer.core.regex import regex
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, subject_check
from reviewer.experts.data.messages import short
from reviewer.experts.fundamentals.manifests import entry_fields, plugin_manifest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry

_SEMVER: Final = regex(
    r"(?:0|[1-9]\d{0,9})\.(?:0|[1-9]\d{0,9})\.(?:0|[1-9]\d{0,9})(?:-[0-9A-Za-z.-]{1,80})?(?:\+[0-9A-Za-z.-]{1,80})?"
)
_PYTHON: Final = regex(r"\d{1,9}(?:\.\d{1,9}){0,3}(?:(?:a|b|rc|\.dev|\.post)\d{1,9})+")
_NUMBERS: Final = regex(r"[vV=]?\s?(\d{1,9})(?:\.(\d{1,9}))?(?:\.(\d{1,9}))?((?:-|\+)[0-9A-Za-z.-]{1,80})?")
_PLACEHOLDERS: Final = frozenset(
    {"0.0.0-development", "{{version}}", "${version}", "@version@", "%VERSION%", "__VERSION__"}
)


@subject_check("FUN004")
def manifest_version(inquiry: Inquiry) -> Iterator[Match]:
    """Read the version of the manifest as a semantic one."""
    document = plugin_manifest(inquiry)
    value = document.get("version") if document is not None else None
    if document is None or value is None or not value.text.strip() or value.text in _PLACEHOLDERS:
        return
    text = value.text
    if _SEMVER.fullmatch(text[:300]):
        return
    right = _right(text)
    python = _PYTHON.fullmatch(text[:300]) and any(":" in one.text for _name, one in entry_fields(document.root))
    edits = (Edit(value.location, f'"{right}"'),) if right and document.format in ("json", "jsonc") else ()
    yield Match(
        value,
        f"'version' is '{short(text)}'; expected MAJOR.MINOR.PATCH, for example '{right or '1.0.0'}'.",
        edits=edits,
        fix=f"Write '{right}'." if right else "",
        confidence=Confidence.POSSIBLE if python else None,
    )


def _right(text: str) -> str:
    """Return the semantic version that a text nearly is, or an empty string."""
    hit = _NUMBERS.fullmatch(text.strip()[:300])
    if hit is None:
        return ""
    numbers = [str(int(part or 0)) for part in hit.group(1, 2, 3)]
    made = ".".join(numbers) + (hit.group(4) or "")
    return made if _SEMVER.fullmatch(made) else ""
