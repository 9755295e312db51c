"""Writes everything that follows from a design: documents, artefacts, and the code to start from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.design.merging.writing import write_all

if TYPE_CHECKING:
    from pathlib import Path

    from reviewer.blueprint.decided import Decided
    from reviewer.design.merging.written import Written

IGNORED: Final = "node_modules/\ndist/\n__pycache__/\n*.egg-info/\n.mypy_cache/\n.pytest_cache/\n"
"""What building the starter code leaves behind."""


def design_files(decided: Decided) -> dict[str, str]:
    """Return every text that follows from a design, by its path with ``/``."""
    from reviewer.design.artefacts.documents import documents as manifests
    from reviewer.design.artefacts.files import render
    from reviewer.design.artefacts.reading import traits_of
    from reviewer.design.documents.render import documents

    traits = traits_of(decided)
    return {
        **documents(decided),
        **dict(manifests(traits)),
        **dict(render(traits)),
        "starter/.gitignore": IGNORED,
    }


def write_design(decided: Decided, out: Path) -> Written:
    """Write a design into a folder, merged with what people have edited there; raises `UsageError`."""
    return write_all(design_files(decided), out)
