"""FUN201: what people look for on the page of an extension in the store, and what the packager asks about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.experts.check import Match, subject_check
from reviewer.experts.data.fields import first_line
from reviewer.experts.editor.readme import has_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry

_SAMPLES: Final = "vscode-samples"


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
    if not has_file(inquiry, "license", "licence", "copying"):
        named = manifest.get("license")
        if named is None:
            missing.append("a licence")
        elif not named.text.upper().startswith("SEE "):  # SEE LICENSE IN …, and a file of another name
            missing.append("the text of the licence")
    if manifest.get("repository") is None:
        missing.append("'repository'")
    if missing:
        listed = ", ".join(missing[:-1]) + " and " + missing[-1] if len(missing) > 1 else missing[0]
        at = manifest.get("publisher") or first_line(manifest)
        yield Match(at, f"{listed[0].upper()}{listed[1:]} {'are' if len(missing) > 1 else 'is'} missing for the store.")
