"""Lists with one subject a line: JSON objects, or a table with a line of headings."""

from __future__ import annotations

import csv
import json
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from reviewer.core.errors import UsageError
from reviewer.core.nearest import did_you_mean
from reviewer.market.records import Entry

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import TextIO

LISTS: Final = (".jsonl", ".csv", ".tsv")
FIELDS: Final = ("name", "version", "digest", "path")
"""What a line says; ``path`` is needed, and counts from the folder of the list."""
_LONGEST: Final = 100_000
"""Characters of a line."""
_EXAMPLE: Final = '{"name": "gauge", "version": "1.0.0", "digest": "sha256:…", "path": "gauge-1.0.0.tgz"}'


def listed_in(source: str, path: Path) -> Iterator[Entry]:
    """Yield the entries of a list; raises `UsageError` with the line that is wrong."""
    rows = _objects if path.suffix.lower() == ".jsonl" else _table
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            for number, row in rows(path, stream):
                yield _entry(source, path, number, row)
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: is not UTF-8") from error
    except OSError as error:
        raise UsageError(f"{path}: can't be read: {(error.strerror or str(error)).lower()}") from error


def _objects(path: Path, stream: TextIO) -> Iterator[tuple[int, dict[str, Any]]]:
    number = 0
    while line := stream.readline(_LONGEST + 1):
        number += 1
        if len(line) > _LONGEST:
            raise UsageError(f"{path}:{number}: a line has at most {_LONGEST:,} characters")
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise UsageError(f"{path}:{number}: is no JSON object\n  for example: {_EXAMPLE}") from error
        if not isinstance(row, dict):
            raise UsageError(f"{path}:{number}: expected an object\n  for example: {_EXAMPLE}")
        yield number, row


def _table(path: Path, stream: TextIO) -> Iterator[tuple[int, dict[str, Any]]]:
    delimiter = "\t" if path.suffix.lower() == ".tsv" else ","
    reader = csv.reader(stream, delimiter=delimiter)
    try:
        headings = next(islice(reader, 1), [])
        for cells in reader:
            if cells:
                yield reader.line_num, dict(zip(headings, cells, strict=False))
    except csv.Error as error:
        raise UsageError(f"{path}:{reader.line_num}: {error}") from error


def _entry(source: str, path: Path, number: int, row: dict[str, Any]) -> Entry:
    # A misspelt ``digest`` that nobody reads would be no digest at all.
    unknown = next((str(key) for key in row if key not in FIELDS), "")
    if unknown:
        hint = did_you_mean(unknown, FIELDS)
        raise UsageError(f"{path}:{number}: unknown field {unknown[:80]!r}{hint} (known: {', '.join(FIELDS)})")
    wrong = next((field for field in FIELDS if not isinstance(row.get(field, ""), str)), "")
    if wrong:
        raise UsageError(f"{path}:{number}: {wrong} is no text: {str(row[wrong])[:80]}\n  for example: {_EXAMPLE}")
    place = row.get("path", "")
    if not place or "\0" in place:
        raise UsageError(f"{path}:{number}: the path is missing\n  for example: {_EXAMPLE}")
    where = path.parent / place
    return Entry(source, row.get("name", "") or where.name, str(where), row.get("version", ""), row.get("digest", ""))
