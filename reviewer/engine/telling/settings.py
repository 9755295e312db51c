"""Tells which settings govern which subject, and which files are read, instead of reviewing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reviewer.code.text.languages import language_of
from reviewer.core.review import Skipped
from reviewer.engine.configuration.effective import described
from reviewer.engine.looking.data_files import documents_of
from reviewer.engine.results import FileResult, WholeResult
from reviewer.engine.telling.coverage import coverage

if TYPE_CHECKING:
    from reviewer.engine.root_review import RootReview
    from reviewer.engine.walk import Walk


def tell(review: RootReview) -> list[dict[str, Any]]:
    """Return, for each subject, what the job wants to know; plain data in a fixed order."""
    told = _settings if review.job.purpose == "settings" else _files
    return [told(walk) for walk in review.walks]


def _settings(walk: Walk) -> dict[str, Any]:
    return {
        "subject": walk.subject.path,
        "kind": walk.subject.kind,
        "ecosystem": walk.subject.ecosystem,
        "recognised_by": walk.subject.recognised_by,
        "configuration": walk.governed.file,
        "ignored": list(walk.governed.ignored),
        "settings": [list(row) for row in described(walk.governed)],
    }


def _files(walk: Walk) -> dict[str, Any]:
    results = {path: _as_it_would_be(walk, path) for path in walk.paths}
    covered = coverage(walk.subject, results, WholeResult(), walk.around, walk.excluded)
    skipped = {item.path for item in covered.skipped}
    documents = {document.path for document in documents_of(walk.subject)}
    read = [
        [path, "manifest" if path == walk.subject.manifest_path else language_of(path) or "data"]
        for path in walk.subject.files
        if path not in skipped and (path in documents or path in results)
    ]
    return {
        "subject": walk.subject.path,
        "read": read,
        "not_read": [[item.path, item.reason] for item in covered.skipped],
    }


def _as_it_would_be(walk: Walk, path: str) -> FileResult:
    """Return what is known of a source file before it is parsed."""
    source = walk.reading.source(path)
    skipped: Skipped | None = None
    if source.text is None:
        skipped = Skipped(path, source.refused, matters=not source.generated)
    elif source.generated:
        skipped = Skipped(path, source.generated)
    return FileResult(path, language_of(path), analysed=skipped is None, skipped=skipped)
