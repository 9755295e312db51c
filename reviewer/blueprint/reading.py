"""Reads a design file; every mistake is told with its place, what is expected and the nearest name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct
from pydantic import ValidationError

from reviewer.blueprint.explaining import explain
from reviewer.blueprint.model import Design
from reviewer.blueprint.naming import wrong_names
from reviewer.core.errors import UsageError
from reviewer.subject.document import Document, DocumentError
from reviewer.subject.documents.read import read_document

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from reviewer.core.location import Location

_MOST: Final = 50
"""Mistakes of one file that are told."""


class Mistake(Struct, frozen=True):
    """One thing that is wrong in a design file."""

    place: Location
    text: str

    def __str__(self) -> str:
        """Spell it ``path:line:column: text``, the form that editors make clickable."""
        return f"{self.place.path}:{self.place.line}:{self.place.column}: {self.text}"


class DesignError(UsageError):
    """A design file that can't be used; the message lists every mistake with its place."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        """Take the mistakes; they are listed by place."""
        self.mistakes = tuple(sorted(mistakes, key=lambda one: (one.place, one.text)))
        count = len(self.mistakes)
        head = "one mistake in the design:" if count == 1 else f"{count} mistakes in the design:"
        lines = [f"  {mistake}" for mistake in self.mistakes[:_MOST]]
        if count > _MOST:
            lines.append(f"  and {count - _MOST} more")
        super().__init__("\n".join([head, *lines]))


def load_design(path: Path) -> tuple[Design, Document]:
    """Return the design of a file, and the file with its places; raises `UsageError` and `DesignError`."""
    from reviewer.library.plain_file import open_plain
    from reviewer.subject.limits import MAX_DOCUMENT_BYTES

    try:
        with open_plain(path, follow=True) as stream:
            data = stream.read(MAX_DOCUMENT_BYTES + 1)
    except OSError as error:
        raise UsageError(f"{path}: the design can't be read: {error.strerror}") from error
    return read_design(str(path), data)


def read_design(path: str, data: bytes) -> tuple[Design, Document]:
    """Return the design in these bytes; YAML, JSON or TOML by the name. Raises `DesignError`."""
    try:
        document = read_document(path, data)
    except DocumentError as error:
        raise DesignError([Mistake(error.location, error.message)]) from error
    design, mistakes = check_design(document)
    if design is None:
        raise DesignError(mistakes)
    return design, document


def check_design(document: Document) -> tuple[Design | None, tuple[Mistake, ...]]:
    """Return the design in a document, or None and what is wrong with it."""
    repeated = [
        Mistake(one.again, f"the key {one.pointer.rsplit('/', 1)[-1]!r} stands twice") for one in document.repeated
    ]
    plain: Any = document.root.plain()
    if not isinstance(plain, dict):
        place = document.root.location
        return None, (Mistake(place, "expected a table of keys, for example inputs: {authors: partner}"),)
    try:
        design = Design.model_validate(plain)
    except ValidationError as error:
        found = [Mistake(place, text) for place, text in explain(document, error)]
        return None, tuple(sorted((*repeated, *found), key=lambda one: one.place))
    found = [Mistake(place, text) for place, text in wrong_names(document, design)]
    if found or repeated:
        return None, tuple(sorted((*repeated, *found), key=lambda one: one.place))
    return design, ()
