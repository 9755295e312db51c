"""What a design becomes in a folder: its file, its documents and its starter code."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from reviewer.core.errors import UsageError
from reviewer.design.artefacts.files import render
from reviewer.design.artefacts.reading import traits_of
from reviewer.design.documents.render import documents
from reviewer.design.saving import design_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reviewer.blueprint.decided import Decided

DESIGN_FILE: Final = "plugin-design.yaml"
DOCUMENTS: Final = "docs"


@dataclass(frozen=True, slots=True)
class Written:
    """What became of each file, by path."""

    new: tuple[str, ...]
    same: tuple[str, ...]
    kept: tuple[str, ...]
    """Files that somebody has changed; they were left as they are."""


def files_of(decided: Decided) -> dict[str, str]:
    """Return the text of every file of a design by its path, with ``/``, in order."""
    found = {DESIGN_FILE: design_text(decided.design)}
    found |= {f"{DOCUMENTS}/{path}": text for path, text in documents(decided).items()}
    found |= dict(render(traits_of(decided)))
    return found


def write(folder: Path, files: Mapping[str, str]) -> Written:
    """Write the files that are not there yet, each as a whole or not at all; raises `UsageError`."""
    new: list[str] = []
    same: list[str] = []
    kept: list[str] = []
    for name, text in files.items():
        path = folder / name
        try:
            if path.is_symlink() or path.exists():
                (same if path.is_file() and path.read_text(encoding="utf-8") == text else kept).append(name)
                continue
            _create(path, text)
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"--out: {path} can't be written: {error}") from error
        new.append(name)
    return Written(tuple(new), tuple(same), tuple(kept))


def _create(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
