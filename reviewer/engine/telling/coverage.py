"""Which files of a subject were looked at, and why the others were not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.text.languages import DECLARATIONS
from reviewer.core.review import Coverage, Skipped
from reviewer.engine.looking.data_files import documents_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reviewer.engine.around import Around
    from reviewer.engine.results import FileResult, WholeResult
    from reviewer.subject.model import Subject

_NOT_CODE: Final = "neither source code of a known language nor a manifest"


def coverage(
    subject: Subject,
    results: Mapping[str, FileResult],
    whole: WholeResult,
    around: Around,
    excluded: tuple[str, ...],
) -> Coverage:
    """Return what was looked at; every file that was not is in it once, with its reason."""
    skipped: dict[str, Skipped] = {}
    for path in excluded:
        skipped[path] = Skipped(path, "excluded by the configuration")
    for item in around.skipped:
        skipped.setdefault(item.path, item)
    for missed in whole.skipped:
        skipped[missed.path] = missed
    analysed = {document.path for document in documents_of(subject)} | (set(subject.pages) - skipped.keys())
    for path, result in results.items():
        if result.analysed:
            analysed.add(path)
        elif result.skipped is not None:
            skipped[path] = result.skipped
    own = set(subject.files)
    for path in subject.files:
        if path not in analysed and path not in skipped:
            reason = "declares types alone" if path.lower().endswith(DECLARATIONS) else _NOT_CODE
            skipped[path] = Skipped(path, reason)
    outside = sum(1 for path in skipped if path not in own)
    return Coverage(
        files=len(subject.files) + outside,
        analysed=len(analysed & own),
        skipped=tuple(skipped[path] for path in sorted(skipped)),
    )
