"""Comments in data files that silence rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.core.errors import UnreadableError
from reviewer.engine.judging.comments import MARKER, Mark, find_marks
from reviewer.engine.looking.data_files import documents_of
from reviewer.subject.documents.front_matter import split_page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.core.location import Location
    from reviewer.subject.document import Document
    from reviewer.subject.model import Subject

_COMMENTED_FORMATS: Final = frozenset({"jsonc", "yaml", "toml"})


def document_marks(subject: Subject) -> tuple[Mark, ...]:
    """Return the comments of the subject's data files, of those formats that have any."""
    of_documents = (
        mark
        for document in documents_of(subject)
        if document.format in _COMMENTED_FORMATS
        for mark in _marks(subject, document)
    )
    return (*of_documents, *(mark for path in subject.pages for mark in _page_marks(subject, path)))


def _marks(subject: Subject, document: Document) -> tuple[Mark, ...]:
    try:
        data = subject.read(document.path)
    except UnreadableError:
        return ()
    if MARKER not in data:
        return ()
    texts = list(_text_places(document))

    def is_comment(line: int, column: int) -> bool:
        here = (line, column)
        return not any((place.line, place.column) <= here < (place.end_line, place.end_column) for place in texts)

    return find_marks(document.path, data.decode("utf-8-sig", "replace"), is_comment)


def _page_marks(subject: Subject, path: str) -> tuple[Mark, ...]:
    """Return the comments of a page: those of its front matter, and HTML comments outside of fenced code."""
    try:
        data = subject.read(path)
    except UnreadableError:
        return ()
    if MARKER not in data:
        return ()
    text = data.decode("utf-8-sig", "replace")
    lines, length = split_page(text)
    fenced, inside = set(), False
    for number, line in enumerate(lines[length:], start=length + 1):
        fence = line.lstrip().startswith(("```", "~~~"))
        inside = inside != fence
        if inside or fence:
            fenced.add(number)

    def is_comment(line: int, column: int) -> bool:
        before = lines[line - 1][: column - 1].rstrip()
        return before.endswith("#") if line <= length else line not in fenced and before.endswith("<!--")

    return find_marks(path, text, is_comment)


def _text_places(document: Document) -> Iterator[Location]:
    """Yield the places of all text values of a document: nothing inside one is a comment."""
    pending = [document.root]
    while pending:
        value = pending.pop()
        if isinstance(value.data, str):
            yield value.location
        pending.extend(member for _name, member in value.members())
        pending.extend(value.items())
