"""Reads the YAML between two lines of ``---`` at the head of a page, with places that count in the page."""

from __future__ import annotations

from typing import Final

from reviewer.core.location import Location
from reviewer.core.regex import regex
from reviewer.subject.document import Document, DocumentError
from reviewer.subject.documents.places import decode_document

_FENCE: Final = regex(r"---[ \t]*")
_MOST_LINES: Final = 2000
"""Lines in which the second fence is sought."""


def split_page(text: str) -> tuple[list[str], int]:
    """Return the lines of a page, and how many belong to its front matter with both fences; 0 where it has none."""
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    if not _FENCE.fullmatch(lines[0][:100]):
        return lines, 0
    for number, line in enumerate(lines[1:_MOST_LINES], start=1):
        if _FENCE.fullmatch(line[:100]):
            return lines, number + 1
    return lines, 0


def parse_front_matter(path: str, data: bytes) -> Document:
    """Read the front matter of a page; raises `DocumentError` with the place, also where there is none."""
    from reviewer.subject.documents.yaml import parse_yaml

    lines, length = split_page(decode_document(path, data))
    if not length:
        opened = _FENCE.fullmatch(lines[0][:100])
        what = "is not closed by a second line of ---" if opened else "is missing: expected YAML between lines of ---"
        raise DocumentError(f"the front matter {what}", Location(path, 1, 1, 1, 1))
    # The fences become empty lines, so that every line keeps its number.
    document = parse_yaml(path, "\n".join(["", *lines[1 : length - 1], ""]).encode())
    if document.root.kind not in ("object", "null"):
        what = f"the front matter is {document.root.kind}; expected keys with values, for example name: word-count"
        raise DocumentError(what, document.root.location)
    return Document(path, "front-matter", document.root, document.repeated)
