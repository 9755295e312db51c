"""REG250: the versions.json of an Obsidian plugin says something else than its manifest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.experts.check import Match, subject_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Document


@subject_check("REG250")
def versions_disagree(inquiry: Inquiry) -> Iterator[Match]:
    """Hold versions.json against the manifest."""
    manifest, versions = inquiry.manifest, _versions(inquiry)
    if manifest is None or versions is None:
        return
    version, oldest = manifest.get("version"), manifest.get("minAppVersion")
    if version is None or oldest is None or not version.text or not oldest.text:
        return
    said = versions.get(version.text)
    if said is not None and said.text and said.text != oldest.text:
        yield Match(
            said,
            f"versions.json says that {short(version.text)} needs Obsidian {short(said.text)}, the manifest says "
            f"{short(oldest.text)}: older apps get a release that is not for them.",
            related=((oldest, "what the manifest says"),),
        )
    elif said is None and all(value.text != oldest.text for _key, value in versions.root.members()):
        yield Match(
            oldest,
            f"'minAppVersion' is {short(oldest.text)}, which versions.json does not know: older apps are not told "
            "which release is the last for them.",
        )


def _versions(inquiry: Inquiry) -> Document | None:
    document = inquiry.subject.other_documents.get("versions.json")
    return document if document is not None and document.root.kind == "object" else None
