"""The entry points that a Python package declares, wherever it declares them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from msgspec import Struct
from msgspec.structs import replace

from reviewer.core.errors import UnreadableError
from reviewer.core.location import Location
from reviewer.core.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Document, Value

SCRIPTS: Final = frozenset({"console_scripts", "gui_scripts"})
"""Groups of programs, which installers read."""
_TABLES: Final = (("project", "entry-points"), ("tool", "poetry", "plugins"), ("tool", "flit", "entrypoints"))
_REFERENCE: Final = regex(
    r"(?P<module>[^\W\d]\w{0,99}(?:\.[^\W\d]\w{0,99}){0,20})"
    r"(?:[ \t]{0,9}:[ \t]{0,9}(?P<attribute>[^\W\d]\w{0,99}(?:\.[^\W\d]\w{0,99}){0,20}))?"
    r"[ \t]{0,9}(?:\[(?P<extras>[^\]\n]{0,200})\])?"
)
_LONGEST: Final = 500


class EntryPoint(Struct, frozen=True):
    """One entry point: ``name = module:attribute [extras]`` in a group, and where it stands."""

    group: str
    name: str
    value: str
    place: Location
    source: str
    """The file that declares it."""
    section: Location
    """The place of the group's name."""

    @property
    def reference(self) -> tuple[str, str, tuple[str, ...]] | None:
        """Module, attribute and extras; None where the value is no object reference."""
        told = _REFERENCE.fullmatch(self.value.strip()[:_LONGEST])
        if told is None:
            return None
        extras = tuple(one.strip() for one in (told["extras"] or "").split(",") if one.strip())
        return told["module"], told["attribute"] or "", extras


def entry_points(inquiry: Inquiry) -> tuple[EntryPoint, ...]:
    """Return the entry points of the subject in the order of its files; worked out once."""
    known = inquiry.memory.get("python.entry_points")
    if known is None:
        known = inquiry.memory["python.entry_points"] = tuple(_declared(inquiry))
    return cast("tuple[EntryPoint, ...]", known)


def package_documents(inquiry: Inquiry) -> dict[str, Document]:
    """Return the data files of a package by path, its manifest among them unless it is a part of one of them."""
    documents = dict(inquiry.subject.other_documents)
    manifest = inquiry.manifest
    if manifest is not None:
        documents.setdefault(manifest.path, manifest)
    return documents


def _declared(inquiry: Inquiry) -> Iterator[EntryPoint]:
    for path, document in sorted(package_documents(inquiry).items()):
        name = path.rsplit("/", 1)[-1]
        if name == "pyproject.toml":
            for table in _TABLES:
                yield from _groups(inquiry, path, document.get(*table))
        elif name == "setup.cfg":
            yield from _groups(inquiry, path, document.get("options.entry_points"))
        elif name == "setup.py":
            yield from _groups(inquiry, path, document.get("entry_points"))
        elif path.endswith(".dist-info/entry_points.txt"):
            yield from _groups(inquiry, path, document.root)
            yield from _repeated(document)


def _groups(inquiry: Inquiry, path: str, table: Value | None) -> Iterator[EntryPoint]:
    """Yield the entry points of a table whose members are groups: tables, lists of lines, or texts of lines."""
    for group, held in table.members() if table is not None else ():
        section = held.key or held.location
        for name, value in held.members():
            if value.text:
                yield EntryPoint(group, name, value.text, value.place, path, section)
        lines = [(item.text, item.location) for item in held.items()]
        if held.text:
            lines = list(_lines(inquiry, held))
        for line, place in lines:
            name, equals, reference = line.partition("=")
            if equals:
                yield EntryPoint(group, name.strip(), reference.strip(), place, path, section)


def _lines(inquiry: Inquiry, value: Value) -> Iterator[tuple[str, Location]]:
    """Yield the lines of a value of several, each with its place: comments between them count as lines, too."""
    place = value.location
    try:
        text = inquiry.subject.read(place.path).decode("utf-8", "replace")
    except (UnreadableError, KeyError):
        text = ""
    written = text.replace("\r\n", "\n").split("\n")
    for number in range(place.line, min(place.end_line, len(written)) + 1):
        bare = written[number - 1].strip()
        if number == place.line:
            bare = written[number - 1][place.column - 1 :].strip()
        if bare and bare[0] not in "#;":
            start = written[number - 1].find(bare) + 1
            yield bare, Location(place.path, number, start, number, start + len(bare))


def _repeated(document: Document) -> Iterator[EntryPoint]:
    """Yield the earlier of the entries that stand twice in a section, which the reader of the file leaves out."""
    for one in document.repeated:
        steps = [step.replace("~1", "/").replace("~0", "~") for step in one.pointer.split("/")[1:]]
        later = document.get(*steps)
        if len(steps) == 2 and later is not None:
            place = replace(one.first)
            yield EntryPoint(steps[0], steps[1], later.text, place, document.path, place)
