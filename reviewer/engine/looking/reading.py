"""Reads the files of a subject for a review: decoded once, within bounds, with what was odd kept."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.kept_modules import KEPT_BYTES
from reviewer.code.project import Project
from reviewer.code.text.languages import analysable, language_of
from reviewer.core.errors import UnreadableError
from reviewer.engine.telling.identity import identity
from reviewer.engine.workers.shares import LARGE
from reviewer.subject.bare_data import bare_data
from reviewer.subject.libraries import library_copy
from reviewer.subject.limits import amount
from reviewer.subject.minified import is_minified, other_format
from reviewer.subject.text import Decoded, decode_source

if TYPE_CHECKING:
    from collections.abc import Callable

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.subject.model import Root, Subject

LARGEST_SOURCE: Final = 1_000_000
"""Bytes of a source file that is parsed."""
KEPT_ALONE: Final = 1_000_000
"""Bytes of source text that have their modules kept by the only worker of a path; as many again may be alive."""
_KEPT_TEXTS: Final = 16
"""Files whose lines are kept."""
_KEPT_TEXT: Final = 12_000_000
"""Bytes of text that are kept: questions that are asked of text alone go through all of it again and again."""
_KEPT_OF_LARGE: Final = 2_000_000
"""Source text whose modules are kept of a root that is just larger than `LARGE`."""
_GIVEN_UP: Final = 0.2
"""What a byte of source beyond `LARGE` takes from that: what its files answered takes memory as well."""
_MOST_PARENTS: Final = 100
_UNTOLD: Final = 64
"""Texts that are read before one is told."""


class Source(Struct, frozen=True):
    """A source file made ready: its text, or why there is none, and why it counts as generated or a copy."""

    text: Decoded | None
    refused: str = ""
    generated: str = ""


class Reading:
    """The one way to the bytes of a subject; what is read once is kept a while."""

    def __init__(self, subject: Subject, on_parse: Callable[[str], None], keeps: int = KEPT_BYTES) -> None:
        """Take the subject; ``on_parse`` is told the path of each source file before it is read.

        ``keeps`` is how many bytes of source text may have their modules kept at once.
        """
        self.subject = subject
        self._own = identity(subject).id
        self._on_parse = on_parse
        self._untold = 0
        self._sources: OrderedDict[str, Source] = OrderedDict()
        self._held = 0
        """Bytes of the texts that are kept."""
        self._verdicts: dict[str, str] = {}
        """Why each file counts as made by a tool; kept when its text is let go."""
        self._lines: OrderedDict[str, list[str] | None] = OrderedDict()
        self.project = _Read(list(subject.files), self, keeps)

    def source(self, path: str) -> Source:
        """Return a source file, decoded."""
        kept = self._sources.get(path)
        if kept is None:
            kept = self._sources[path] = self._load(path)
            self._held += _size(kept)
            while self._held > _KEPT_TEXT and len(self._sources) > 1:
                self._held -= _size(self._sources.popitem(last=False)[1])
        return kept

    def _load(self, path: str) -> Source:
        try:
            data = self.subject.read(path)
        except UnreadableError as error:
            return Source(None, refused=str(error))
        if path not in self._verdicts:
            self._verdicts[path] = other_format(path, data) or library_copy(data, self._own) or is_minified(data)
        generated = self._verdicts[path]
        if len(data) > LARGEST_SOURCE:
            generated = generated or bare_data(data)
            size = f"larger than {amount(LARGEST_SOURCE)} ({amount(len(data))})"
            return Source(None, refused=f"{generated}; {size}" if generated else size, generated=generated)
        return Source(decode_source(data, path), generated=generated)

    def parsed(self, path: str) -> bytes:
        """Return the text of a file for the project; raises `LookupError` for one that can't be used."""
        self._on_parse(path)
        return self._text(path)

    def text(self, path: str) -> bytes:
        """Return the same where only the text is asked for, as is done for all files of a subject in a row.

        One in many is told, so that nobody takes a large subject for a file that never ends.
        """
        self._untold += 1
        if self._untold >= _UNTOLD:
            self._untold = 0
            self._on_parse(path)
        return self._text(path)

    def _text(self, path: str) -> bytes:
        source = self.source(path)
        if source.text is None or source.generated:
            raise LookupError(path)
        return source.text.text_bytes

    def lines(self, path: str) -> list[str] | None:
        """Return the lines of a text file as places count them, or None where it can't be read."""
        if path not in self._lines:
            self._lines[path] = self._split(path)
            while len(self._lines) > _KEPT_TEXTS:
                self._lines.popitem(last=False)
        return self._lines[path]

    def _split(self, path: str) -> list[str] | None:
        if analysable(path):
            text = self.source(path).text
            whole = None if text is None else text.text_bytes.decode("utf-8", "replace")
        else:
            try:
                whole = self.subject.read(path).decode("utf-8-sig", "replace")
            except UnreadableError:
                whole = None
        return None if whole is None else [line.removesuffix("\r") for line in whole.split("\n")]

    def language(self, path: str) -> str:
        """Return the language of a source file, or an empty string for another file."""
        return language_of(path)

    def holder(self, node: Node) -> Module | None:
        """Return the module that a node outside all functions is of, if it is still held."""
        top = node
        while top.parent is not None:
            top = top.parent
        raw = top.raw
        for _ in range(_MOST_PARENTS):
            above = raw.parent
            if above is None:
                break
            raw = above
        for module in self.project.kept.alive():
            if "tree" in module.__dict__ and module.tree.root_node.id == raw.id:
                return module
        return None


def _size(source: Source) -> int:
    return len(source.text.text_bytes) if source.text is not None else 0


def kept_of(root: Root) -> int:
    """Return how much source text may have its modules kept: all, where one worker reviews all that a root holds.

    Of a larger root less is kept the larger it is, which keeps the memory of a review within the same bound.
    """
    sources = sum(entry.size for path, entry in root.entries.items() if analysable(path))
    kept = sources if sources <= LARGE else int(_KEPT_OF_LARGE - _GIVEN_UP * (sources - LARGE))
    return max(kept, KEPT_BYTES)


class _Read(Project):
    """A project whose files this review reads."""

    def __init__(self, files: list[str], reading: Reading, keeps: int) -> None:
        super().__init__(files, reading.parsed, keeps)
        self._reading = reading

    def text(self, path: str) -> bytes:
        """Return the text of a file that is not parsed now; raises `LookupError` for one that can't be used."""
        return self._reading.text(path)
