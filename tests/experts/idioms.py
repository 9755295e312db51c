"""Runs one rule's checks over sources written down in a test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from reviewer.code.project import Project
from reviewer.code.syntax import Node
from reviewer.core.review import Skipped
from reviewer.core.settings import Settings
from reviewer.experts import load_checks
from reviewer.experts.check import Inquiry, registered
from reviewer.subject.document import Value
from reviewer.subject.documents.read import read_document
from reviewer.subject.model import ArchiveProblem, Entry, Subject


@dataclass
class _Files:
    """A root that holds its files in memory."""

    files: dict[str, bytes]
    name: str = "example"
    archive: bool = False
    skipped: list[Skipped] = field(default_factory=list)
    problems: list[ArchiveProblem] = field(default_factory=list)

    @property
    def entries(self) -> dict[str, Entry]:
        return {path: Entry(path, len(data)) for path, data in sorted(self.files.items())}

    def read(self, path: str) -> bytes:
        return self.files[path]


def inquiry_of(files: Mapping[str, str], kind: str = "host") -> Inquiry:
    """Return an inquiry about these files; ``plugin.json`` among them is the manifest."""
    data = {path: text.encode() for path, text in files.items()}
    documents = {path: read_document(path, raw) for path, raw in data.items() if path.endswith(".json")}
    manifest = documents.pop("plugin.json", None)
    paths = tuple(sorted(data))
    subject = Subject(
        root=_Files(data),
        base="",
        kind=kind,
        ecosystem="generic",
        manifest=manifest,
        manifest_path="plugin.json" if manifest is not None else "",
        files=paths,
        other_documents=documents,
    )
    return Inquiry(subject, Project(paths, lambda path: data[path]), Settings())


def findings(rule: str, files: Mapping[str, str], kind: str = "host") -> list[tuple[str, int]]:
    """Return (path, line) of every match of a rule's Python checks, sorted."""
    load_checks([rule])
    inquiry = inquiry_of(files, kind)
    found: list[tuple[str, int]] = []
    for check in registered():
        if check.rule != rule:
            continue
        if check.on_subject is not None:
            found.extend(_place(match.at, "") for match in check.on_subject(inquiry))
        if check.on_module is not None:
            for module in inquiry.project.modules():
                if not check.words or check.words & module.words:
                    found.extend(_place(match.at, module.path) for match in check.on_module(inquiry, module))
    return sorted(found)


def _place(at: object, path: str) -> tuple[str, int]:
    if isinstance(at, Node):
        return (path, at.line)
    place = at.place if isinstance(at, Value) else at
    return (place.path, place.line)  # type: ignore[attr-defined]  # what is left is a Location
