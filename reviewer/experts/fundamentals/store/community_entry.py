"""FUN250: the manifest of an Obsidian plugin as its community directory reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.core.scale import Severity
from reviewer.experts.check import Match, subject_check
from reviewer.experts.data.fields import first_line
from reviewer.experts.data.messages import short
from reviewer.experts.data.patterns import found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry

_REQUIRED: Final = {
    "name": "string",
    "version": "string",
    "description": "string",
    "author": "string",
    "isDesktopOnly": "boolean",
}
_LONGEST: Final = 250


class _Wish(Struct, frozen=True):
    """A member, a pattern that its text must or must not fit, and what is said where it is otherwise."""

    field: str
    pattern: str
    fits: bool
    says: str
    severity: Severity


_WISHES: Final = (
    _Wish("id", r"^[a-z0-9_-]+$", True, "expected lower-case letters and hyphens", Severity.MEDIUM),
    _Wish("id", r"(?i)obsidian", False, "the directory takes no id with 'obsidian' in it", Severity.LOW),
    _Wish("id", r"(?i)plugin$", False, "the directory takes no id that ends with 'plugin'", Severity.LOW),
    _Wish("name", r"(?i)\bobsidian\b", False, "the directory takes no name with 'Obsidian' in it", Severity.LOW),
    _Wish("name", r"(?i)\bplugin\b", False, "the directory takes no name with 'Plugin' in it", Severity.LOW),
    _Wish("version", r"^\d+\.\d+\.\d+$", True, "expected three numbers, for example '1.0.0'", Severity.MEDIUM),
    _Wish("minAppVersion", r"^\d+\.\d+\.\d+$", True, "expected three numbers, for example '1.5.0'", Severity.MEDIUM),
    _Wish(
        "description",
        r"(?i)^this (is )?(an? )?(obsidian )?plugin\b",
        False,
        "people know that it is a plugin; begin with what it does",
        Severity.LOW,
    ),
    _Wish("description", r"[.!?)\"”。]\s*$", True, "it is to end with a full stop", Severity.LOW),
)


@subject_check("FUN250")
def community_entry(inquiry: Inquiry) -> Iterator[Match]:
    """Look at what the directory asks of a manifest."""
    manifest = inquiry.manifest
    if manifest is None or inquiry.subject.kind != "plugin":
        return
    for name, kind in _REQUIRED.items():
        value = manifest.get(name)
        if value is None:
            yield Match(first_line(manifest), f"'{name}' is missing, which every plugin has to have.")
        elif value.kind != kind:
            expected = "true or false" if kind == "boolean" else "a text"
            yield Match(value, f"'{name}' is {short(str(value.data))}; expected {expected}.")
    told: set[str] = set()
    for wish in _WISHES:
        value = manifest.get(wish.field)
        text = value.text if value is not None else ""
        if value is None or not text or wish.field in told or found(wish.pattern, text) is wish.fits:
            continue
        told.add(wish.field)
        yield Match(value, f"'{wish.field}' is '{short(text)}'; {wish.says}.", severity=wish.severity)
    about = manifest.get("description")
    if about is not None and len(about.text) > _LONGEST:
        yield Match(about, f"'description' has {len(about.text)} characters; the directory takes {_LONGEST}.")
