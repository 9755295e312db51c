"""Reads and writes the file of known findings."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from msgspec import Struct

from reviewer.core.errors import UsageError
from reviewer.core.whole_file import alone
from reviewer.engine.keeping import keep
from reviewer.library.plain_file import open_plain

if TYPE_CHECKING:
    from collections.abc import Iterable

SCHEMA: Final = "reviewer/baseline/1"
_LARGEST: Final = 64_000_000
_FIELDS: Final = {"rule": str, "path": str, "content": str, "message": str, "count": int}
_EXAMPLE: Final = (
    '{"rule": "LIF001", "path": "src/plugin.js", "content": "<mark>", "message": "<what was said>", "count": 1}'
)


class Known(NamedTuple):
    """What a known finding is known by; the path is relative to `reviewer.engine.signoff.place.home_of` the file."""

    rule: str
    path: str
    content: str
    message: str


class Baseline(Struct, frozen=True):
    """The known findings, each with how many of them there were."""

    file: Path
    entries: Counter[Known]


def read_baseline(file: Path) -> Baseline:
    """Return the known findings; raises `UsageError` for a file that is missing or damaged."""
    try:
        with open_plain(file, follow=True) as stream:
            content = stream.read(_LARGEST + 1)
    except FileNotFoundError:
        raise UsageError(
            f"{file}: there is no such baseline\n  --write-baseline writes one from what is found now"
        ) from None
    except OSError as error:
        raise UsageError(f"{file}: can't be read: {error.strerror or error}") from error
    if len(content) > _LARGEST:
        raise UsageError(f"{file}: a baseline has at most {_LARGEST:,} bytes")
    try:
        data = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{file}: is no JSON: {error}\n  --write-baseline writes it anew") from error
    return Baseline(file, _entries(file, data))


def _entries(file: Path, data: Any) -> Counter[Known]:
    found = data.get("schema") if isinstance(data, dict) else None
    if found != SCHEMA or not isinstance(data.get("findings"), list):
        raise UsageError(f"{file}: found the schema {str(found)[:80]!r}, expected {SCHEMA!r} with a list of findings")
    entries: Counter[Known] = Counter()
    for number, item in enumerate(data["findings"], start=1):
        have = item if isinstance(item, dict) else {}
        wrong = [name for name, kind in _FIELDS.items() if type(have.get(name)) is not kind]
        if wrong or item["count"] < 1:
            lacking = wrong[0] if wrong else "count"
            raise UsageError(f"{file}: entry {number} has no right {lacking!r}\n  for example: {_EXAMPLE}")
        entries[Known(item["rule"], item["path"], item["content"], item["message"])] += item["count"]
    return entries


def write_baseline(file: Path, entries: Counter[Known]) -> None:
    """Write known findings, in a fixed order, whole or not at all; raises `UsageError`."""
    with alone(file):
        keep(file, _spelled(entries))


def _spelled(entries: Counter[Known]) -> str:
    """Return the file's text: one entry a line, so that a difference shows what came and went."""
    lines = [
        json.dumps({**known._asdict(), "count": count}, ensure_ascii=True)
        for known, count in sorted(_positive(entries), key=lambda one: (one[0].path, one[0].rule, one[0]))
    ]
    body = ",\n".join(f"    {line}" for line in lines)
    findings = f"[\n{body}\n  ]" if lines else "[]"
    return f'{{\n  "schema": "{SCHEMA}",\n  "findings": {findings}\n}}\n'


def _positive(entries: Counter[Known]) -> Iterable[tuple[Known, int]]:
    return [(known, count) for known, count in entries.items() if count > 0]
