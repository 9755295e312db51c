"""Writes everything that follows from a design: its file, documents, artefacts, and the code to start from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.design.merging.writing import planned, write_all

if TYPE_CHECKING:
    from pathlib import Path

    from reviewer.blueprint.decided import Decided
    from reviewer.design.merging.writing import Planned
    from reviewer.design.merging.written import Written

DESIGN_FILE: Final = "plugin-design.yaml"
DOCUMENTS: Final = "docs"
"""Where the documents stand in the output folder."""
_IGNORED: Final = "node_modules/\ndist/\n__pycache__/\n*.egg-info/\n.mypy_cache/\n.pytest_cache/\n"
"""What building the starter code leaves behind."""


def design_files(decided: Decided) -> dict[str, str]:
    """Return every text that follows from a design, by its path with ``/``."""
    if decided.design.target:
        return _target_files(decided)
    from reviewer.design.artefacts.documents import documents as manifests
    from reviewer.design.artefacts.files import render
    from reviewer.design.artefacts.reading import traits_of
    from reviewer.design.documents.render import documents
    from reviewer.design.saving import design_text

    traits = traits_of(decided)
    return {
        DESIGN_FILE: design_text(decided.design),
        **{f"{DOCUMENTS}/{path}": text for path, text in documents(decided).items()},
        **dict(manifests(traits)),
        **dict(render(traits)),
        "starter/.gitignore": _IGNORED,
    }


def _target_files(decided: Decided) -> dict[str, str]:
    """Return the texts of a plugin for a host that is there already."""
    from reviewer.design.saving import design_text
    from reviewer.design.targets.files import target_files

    return {DESIGN_FILE: design_text(decided.design), **dict(target_files(decided))}


def write_design(decided: Decided, out: Path) -> Written:
    """Write a design into a folder, merged with what people have edited there; raises `UsageError`."""
    return write_all(_files(decided, out), out)


def plan_design(decided: Decided, out: Path) -> Planned:
    """Return what `write_design` would do, and write nothing; raises `UsageError`."""
    return planned(_files(decided, out), out)


def _files(decided: Decided, out: Path) -> dict[str, str]:
    kept = _kept_design(decided, out / DESIGN_FILE)
    files = design_files(decided)
    return {**files, DESIGN_FILE: kept or files[DESIGN_FILE]}


def _kept_design(decided: Decided, file: Path) -> str:
    """Return the design file of the folder, where it says the same in a person's own words; else nothing."""
    from reviewer.blueprint.reading import DesignError, load_design
    from reviewer.design.saving import plain_design

    if not file.is_file():
        return ""
    try:
        design = load_design(file)[0]
    except DesignError:
        return ""
    return file.read_text(encoding="utf-8") if plain_design(design) == plain_design(decided.design) else ""
