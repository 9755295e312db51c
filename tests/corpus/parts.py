"""Takes one folder out of an archive that holds more than one plugin."""

from __future__ import annotations

import tarfile
import zipfile
from typing import TYPE_CHECKING

from corpus import CorpusError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def unpack_part(archive: Path, part: str, into: Path) -> Path:
    """Write the files of one folder of an archive below another folder, and return where they are."""
    begin, written = f"{part}/", False
    for name, data in _files(archive, begin):
        if ".." in name.split("/"):
            raise CorpusError(f"{archive.name}: {name!r} leads out of the archive")
        place = into / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
        written = True
    if not written:
        raise CorpusError(f"{archive.name} has no folder {part!r}")
    return into / part


def _files(archive: Path, begin: str) -> Iterator[tuple[str, bytes]]:
    """Yield name and bytes of the plain files whose name begins so."""
    if zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as packed:
            for entry in packed.infolist():
                if entry.filename.startswith(begin) and not entry.is_dir():
                    yield entry.filename, packed.read(entry)
        return
    with tarfile.open(archive) as packed:
        for member in packed:
            stream = packed.extractfile(member) if member.isreg() and member.name.startswith(begin) else None
            if stream is not None:
                yield member.name, stream.read()
