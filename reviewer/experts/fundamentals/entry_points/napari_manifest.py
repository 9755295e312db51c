"""FUN230: a manifest that napari refuses, or that leads to what the package does not have.

The first two conditions are those of npe2 0.10.0 (`npe2 validate`), which looks at no code and follows no command.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.core.errors import UnreadableError
from reviewer.core.nearest import did_you_mean
from reviewer.experts.check import Match, subject_check
from reviewer.experts.data.messages import short
from reviewer.experts.python_package.entry_points import EntryPoint, entry_points
from reviewer.experts.python_package.targets import module_file, target
from reviewer.subject.document import DocumentError
from reviewer.subject.documents.read import read_document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Document, Value

_GROUP: Final = "napari.manifest"
_LARGEST: Final = 200_000
_DEEPEST: Final = 8


@subject_check("FUN230")
def napari_manifest(inquiry: Inquiry) -> Iterator[Match]:
    """Look at each manifest that an entry point of the package names."""
    for entry in entry_points(inquiry):
        document = _manifest(inquiry, entry) if entry.group == _GROUP else None
        name = document.get("name") if document is not None else None
        contributions = document.get("contributions") if document is not None else None
        if name is None or not name.text or contributions is None:
            continue
        declared: list[str] = []
        commands = contributions.get("commands")
        for command in commands.items() if commands is not None else ():
            said = command.get("id")
            if said is not None and said.kind == "string":
                declared.append(said.text)
                if not said.text.startswith(f"{name.text}."):
                    yield Match(
                        said,
                        f"The command '{short(said.text)}' does not begin with '{name.text}.': napari refuses the "
                        "manifest, and the plugin is not there.",
                    )
            yield from _leads_nowhere(inquiry, command)
        for member, used in _used(contributions):
            if member != "commands" and used.text.startswith(f"{name.text}.") and used.text not in declared:
                yield Match(
                    used,
                    f"The command '{short(used.text)}' is none of this manifest{did_you_mean(used.text, declared)}: "
                    "napari fails when it is to run.",
                )


def _manifest(inquiry: Inquiry, entry: EntryPoint) -> Document | None:
    """Return the file that an entry point names beside a module: ``package:napari.yaml``."""
    module, _, file = entry.value.partition(":")
    place = module_file(inquiry, module.strip())
    path = f"{place.rpartition('/')[0]}/{file.strip()}".removeprefix("/")
    if not place or path not in inquiry.subject.files:
        return None
    try:
        data = inquiry.subject.read(path)
        return read_document(path, data) if len(data) <= _LARGEST else None
    except (UnreadableError, DocumentError):
        return None  # a damaged file is told where it is read


def _leads_nowhere(inquiry: Inquiry, command: Value) -> Iterator[Match]:
    """Look for the function of a command by reading the files of the package."""
    said = command.get("python_name")
    if said is None or said.kind != "string":
        return
    entry = EntryPoint("", "", said.text, said.place, said.place.path, said.place)
    reference = entry.reference
    if reference is None or not reference[1]:
        yield Match(said, f"'{short(said.text)}' names no function; expected one like 'package.module:function'.")
        return
    found = target(inquiry, entry)
    if found.state == "no-module":
        yield Match(said, f"'{short(said.text)}' leads to a module that the package does not have.")
    elif found.state == "no-attribute":
        module = inquiry.project.module(found.path)
        names = list(module.scopes.table(None)) if module is not None else []
        yield Match(
            said,
            f"'{short(said.text)}' leads to '{reference[1]}', which {found.path} does not "
            f"define{did_you_mean(reference[1], names)}.",
        )


def _used(contributions: Value) -> Iterator[tuple[str, Value]]:
    """Yield the commands that contributions name, with the kind of contribution."""
    for kind, value in contributions.members():
        stack = [(value, 0)]
        while stack:
            one, depth = stack.pop()
            command = one.get("command")
            if command is not None and command.kind == "string":
                yield kind, command
            if depth < _DEEPEST:
                below = [*one.items(), *(member for _, member in one.members())]
                stack += [(member, depth + 1) for member in reversed(below)]
