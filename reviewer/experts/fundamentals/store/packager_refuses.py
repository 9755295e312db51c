"""FUN200: what the packager of VS Code refuses: fields of the manifest, and a README that can't be shown.

The conditions are those of @vscode/vsce 4.1.0 (`package.ts`, `validation.ts`, read 2026-11).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.core.location import Location
from reviewer.experts.check import Match, subject_check
from reviewer.experts.data.messages import short
from reviewer.experts.data.patterns import found
from reviewer.experts.editor.contributions import contributed
from reviewer.experts.editor.events import BY_ITSELF_SINCE, events, has_code, implied, oldest_editor
from reviewer.experts.editor.readme import readme

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Document


class _Field(Struct, frozen=True):
    """A member of the manifest, the pattern that its text must or must not fit, and what is then said of it."""

    at: str
    pattern: str
    fits: bool
    says: str


_NAME: Final = r"(?i)^[a-z0-9][a-z0-9-]*$"
_FIELDS: Final = (
    _Field("name", _NAME, True, "expected letters, digits and hyphens, for example 'log-view'"),
    _Field("publisher", _NAME, True, "expected the id of a publisher, for example 'acme-tools', and not the name"),
    _Field("version", r"^v?\d+\.\d+\.\d+([-+].*)?$", True, "expected three numbers, for example '1.0.0'"),
    _Field(
        "engines.vscode",
        r"^\*$|^(\^|>=)?(\d+|x)\.(\d+|x)\.(\d+|x)(-.*)?$",
        True,
        "expected one lower end, for example '^1.85.0'",
    ),
    _Field("pricing", r"^(Free|Trial)$", True, "expected 'Free' or 'Trial'"),
    _Field("icon", r"(?i)\.svg$", False, "an icon in the store can't be an SVG; expected a PNG of 128 by 128 or more"),
    _Field("extensionKind", r"^(ui|workspace|web)$", True, "expected a list of 'ui' and 'workspace'"),
    _Field("extensionKind.*", r"^(ui|workspace|web)$", True, "expected 'ui' or 'workspace'"),
    _Field("sponsor.url", r"(?i)^https?://", True, "expected an address that begins with https://"),
    _Field("badges.*.url", r"(?i)^https://", True, "expected an address that begins with https://"),
)
_ACTIVE: Final = ("commands", "authentication", "customEditors", "views")
_TEMPLATE: Final = "This is the README for your extension "
_IMAGE: Final = r"(?i)!\[[^\]]{0,300}\]\(\s*<?http://|<img\b[^>]{0,300}?\bsrc=[\"']?http://"
_DRAWN: Final = r"(?i)^[^`]{0,400}<svg\b"
_MOST_LINES: Final = 5_000


@subject_check("FUN200")
def packager_refuses(inquiry: Inquiry) -> Iterator[Match]:
    """Look at the manifest and the README as the packager does."""
    manifest = inquiry.manifest
    if manifest is None or inquiry.subject.kind != "plugin":
        return
    for field in _FIELDS:
        for value in contributed(inquiry, field.at):
            if value.kind == "string" and found(field.pattern, value.text) is not field.fits:
                yield Match(value, f"'{field.at.removesuffix('.*')}' is '{short(value.text)}'; {field.says}.")
    wrong = manifest.get("dependencies", "vscode")
    if wrong is not None:
        text = "'dependencies' has 'vscode', the old name of the types; '@types/vscode' belongs to devDependencies."
        yield Match(wrong, text)
    yield from _code(inquiry, manifest)
    yield from _readme(inquiry)


def _code(inquiry: Inquiry, manifest: Document) -> Iterator[Match]:
    """Yield activation without code to activate, and code that nothing activates."""
    if has_code(inquiry):
        yield from _never_started(inquiry, manifest)
        return
    said = manifest.get("activationEvents")
    if said is not None and events(inquiry):
        yield Match(said, "There are activationEvents and neither 'main' nor 'browser': nothing can be activated.")
        return
    oldest = oldest_editor(inquiry)
    for name in _ACTIVE if oldest is not None and oldest >= BY_ITSELF_SINCE else ():
        there = manifest.get("contributes", name)
        if there is not None and there.data and manifest.get("contributes", "languages") is None:
            yield Match(there, f"'contributes.{name}' needs code, and there is neither 'main' nor 'browser'.")
            return


def _never_started(inquiry: Inquiry, manifest: Document) -> Iterator[Match]:
    """Yield code that neither activationEvents nor a contribution activates; what only old editors miss is LIF203."""
    if manifest.get("activationEvents") is not None or oldest_editor(inquiry) is None or implied(inquiry):
        return
    if any(manifest.get("contributes", name) is not None for name in (*_ACTIVE, "languages")):
        return
    at = manifest.get("main") or manifest.get("browser")
    if at is not None:
        says = "There is code and no activationEvents, and nothing that it contributes counts as one to the packager."
        yield Match(at, says)


def _readme(inquiry: Inquiry) -> Iterator[Match]:
    path, text = readme(inquiry)
    for number, line in enumerate(text.split("\n")[:_MOST_LINES], 1):
        says = ""
        if _TEMPLATE in line:
            says = "The README still says what the template said."
        elif found(_IMAGE, line):
            says = "The README shows an image over http://, which the store does not take; expected https://."
        elif found(_DRAWN, line):
            says = "The README draws with <svg>, which the store does not take; expected an image file such as PNG."
        if says:
            yield Match(Location(path, number, 1, number, max(2, len(line) + 1)), says)
