"""Takes one folder out of an archive that holds more than one plugin."""

from __future__ import annotations

import io
import shutil
import subprocess
import tarfile
import zipfile
from typing import TYPE_CHECKING, BinaryIO

from corpus import CorpusError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def unpack_part(archive: Path, part: str, into: Path) -> Path:
    """Write the files of one folder of an archive below another folder, and return where they are."""
    begin, links = f"{part}/", []
    for name, content in _files(archive, begin):
        if ".." in name.split("/"):
            raise CorpusError(f"{archive.name}: {name!r} leads out of the archive")
        place = into / name
        if isinstance(content, str):
            links.append((place, content))
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    for place, target in links:  # last, so that nothing is written through one
        place.parent.mkdir(parents=True, exist_ok=True)
        if place.parent.resolve().is_relative_to(into.resolve()):
            place.symlink_to(target)
    if not (into / part).is_dir():
        raise CorpusError(f"{archive.name} has no folder {part!r}")
    return into / part


def _files(archive: Path, begin: str) -> Iterator[tuple[str, bytes | str]]:
    """Yield what is named so: the bytes of a plain file, and where a link leads."""
    if zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as packed:
            for entry in packed.infolist():
                if entry.filename.startswith(begin) and not entry.is_dir():
                    yield entry.filename, packed.read(entry)
        return
    with _tar_of(archive) as stream, tarfile.open(fileobj=stream) as packed:
        for member in packed:
            name = member.name.removeprefix("./")
            if not name.startswith(begin):
                continue
            if member.issym():
                yield name, member.linkname
            content = packed.extractfile(member) if member.isreg() else None
            if content is not None:
                yield name, content.read()


def _tar_of(archive: Path) -> BinaryIO:
    """Return the tar archive: a Debian package holds one among other things, which its own tool takes out."""
    if archive.suffix != ".deb":
        return archive.open("rb")
    tool = shutil.which("dpkg-deb")
    if tool is None:
        raise CorpusError(f"{archive.name}: dpkg-deb, which opens packages of Debian, is not on the PATH")
    return io.BytesIO(subprocess.run([tool, "--fsys-tarfile", str(archive)], check=True, capture_output=True).stdout)
