"""FUN201: what people look for on the page of an extension in the store, and what the packager asks about."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Final

from reviewer.experts.check import Match, subject_check
from reviewer.experts.data.fields import first_line
from reviewer.experts.data.patterns import found
from reviewer.experts.editor.readme import has_file
from reviewer.experts.profile import profile_of
from reviewer.subject.shipping import Shipping, shipping_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Document

_SAMPLES: Final = "vscode-samples"
_ELSEWHERE: Final = "SEE LICENSE IN "
_LICENCE: Final = r"(?i)^licen[cs]e(\.(md|txt))?$"
"""What the packager takes for the licence where the manifest names no file: vsce 4.1.0, `LicenseProcessor`."""


@subject_check("FUN201")
def store_page_incomplete(inquiry: Inquiry) -> Iterator[Match]:
    """Look for what is missing, and say it at once."""
    manifest = inquiry.manifest
    if manifest is None or inquiry.subject.kind != "plugin" or manifest.get("private") is not None:
        return
    publisher = manifest.get("publisher")
    if publisher is None or publisher.text == _SAMPLES:
        return  # a package that nobody means to publish
    missing = []
    if not has_file(inquiry, "readme"):
        missing.append("a README")
    if not _has_licence(inquiry, manifest):
        missing.append("a licence" if manifest.get("license") is None else "the text of the licence")
    if manifest.get("repository") is None:
        missing.append("'repository'")
    if missing:
        listed = ", ".join(missing[:-1]) + " and " + missing[-1] if len(missing) > 1 else missing[0]
        at = manifest.get("publisher") or first_line(manifest)
        yield Match(at, f"{listed[0].upper()}{listed[1:]} {'are' if len(missing) > 1 else 'is'} missing for the store.")


def _has_licence(inquiry: Inquiry, manifest: Document) -> bool:
    """Tell whether a file that ships is the text of the licence to the packager, by its name or by the manifest."""
    folder = inquiry.subject.manifest_path.rpartition("/")[0]
    base = f"{folder}/" if folder else ""
    said = manifest.get("license")
    elsewhere = said.text.removeprefix(_ELSEWHERE) if said is not None and said.text.startswith(_ELSEWHERE) else ""
    named = posixpath.normpath(elsewhere) if elsewhere else ""
    profile = profile_of(inquiry)
    shipping = shipping_of(profile, inquiry.subject) if profile is not None else Shipping()
    files = (path for path in inquiry.subject.files if path.startswith(base) and shipping.ships(path))
    return any(path == base + named if named else found(_LICENCE, path.removeprefix(base)) for path in files)
