"""Chooses how a source is read, by what it is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec.structs import fields, replace

from reviewer.core.errors import UsageError
from reviewer.market.sources.folder import entries_in, entry_at
from reviewer.market.sources.listing import LISTS, listed_in
from reviewer.subject.open import TAR_SUFFIXES, ZIP_SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reviewer.market.records import Entry

_DOCUMENTS: Final = (".json", ".yaml", ".yml", ".toml")


def entries_of(sources: Iterable[str]) -> Iterator[Entry]:
    """Yield the entries of all sources in order, without opening any; raises `UsageError`.

    A folder holds a subject in each folder and each archive that is in it. An archive is one
    subject. A list (``.jsonl``, ``.csv``, ``.tsv``) names one in each line, a registry document
    (``.json``, ``.yaml``, ``.toml``) one in each entry.
    """
    for source in sources:
        for entry in _entries(source):
            yield _sound(entry)


def _entries(source: str) -> Iterator[Entry]:
    path = Path(source)
    suffix = path.suffix.lower()
    if path.is_dir():
        yield from entries_in(source, path)
    elif not path.exists():
        raise UsageError(f"{source}: there is no such file or folder")
    elif path.name.lower().endswith((*ZIP_SUFFIXES, *TAR_SUFFIXES)):
        yield entry_at(source, path)
    elif suffix in LISTS:
        yield from listed_in(source, path)
    elif suffix in _DOCUMENTS:
        from reviewer.market.sources.registry import entries_named_in

        yield from entries_named_in(source, path)
    else:
        raise UsageError(
            f"{source}: is no source of subjects; expected a folder of subjects, an archive, a list "
            f"({', '.join(LISTS)}) or a registry document ({', '.join(_DOCUMENTS)})\n"
            f"  one subject by itself: reviewer review {source}"
        )


def _sound(entry: Entry) -> Entry:
    """Return the entry in texts that any program can read; a path that is no such text is not opened."""
    texts = {one.name: getattr(entry, one.name) for one in fields(entry) if one.name != "number"}
    sound = {name: text.encode("utf-8", "backslashreplace").decode() for name, text in texts.items()}
    if sound == texts:
        return entry
    if sound["path"] != entry.path:
        sound["refused"] = "its path is not UTF-8"
    return replace(entry, **sound)
