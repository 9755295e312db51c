"""Tar archives with links, devices, headers and compression that harm."""

from __future__ import annotations

import bz2
import gzip
import io
import tarfile
from collections.abc import Iterable
from pathlib import Path

from case import BAIT, BAIT_RULE, FINDINGS, INCOMPLETE, MANIFEST, SOURCE, case

GROUP = "tars"


def member(name: str, content: bytes = b"", **fields: object) -> tuple[tarfile.TarInfo, bytes]:
    """Return an entry with its content."""
    made = tarfile.TarInfo(name)
    made.size = len(content)
    for field, value in fields.items():
        setattr(made, field, value)
    return made, content


def tar(*more: tuple[tarfile.TarInfo, bytes], form: int = tarfile.PAX_FORMAT) -> bytes:
    """Return an archive with a manifest, a harmless source file and these entries."""
    out = io.BytesIO()
    entries: Iterable[tuple[tarfile.TarInfo, bytes]] = (
        member("package/plugin.json", MANIFEST.encode()),
        member("package/a.js", SOURCE.encode()),
        *more,
    )
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for info, content in entries:
            archive.addfile(info, io.BytesIO(content) if content else None)
    return out.getvalue()


def packed(folder: Path, data: bytes, name: str = "p.tgz") -> Path:
    """Write an archive through gzip."""
    (folder / name).write_bytes(gzip.compress(data, mtime=0))
    return folder / name


LINKS = [
    ("a tar entry that climbs out", "../../evil.js", tarfile.REGTYPE, ""),
    ("a tar entry with an absolute path", "/var/evil.js", tarfile.REGTYPE, ""),
    ("a symbolic link to the system", "package/b.js", tarfile.SYMTYPE, "/etc/passwd"),
    ("a hard link to the system", "package/b.js", tarfile.LNKTYPE, "/etc/passwd"),
]
for title, entry, kind, target in LINKS:

    @case(GROUP, title, FINDINGS, "SEC080")
    def _(folder: Path, name: str = entry, sort: bytes = kind, link: str = target) -> Path:
        return packed(folder, tar(member(name, b"" if link else BAIT.encode(), type=sort, linkname=link)))


@case(GROUP, "a file written through a link of the tar", FINDINGS, "SEC080")
def _(folder: Path) -> Path:
    link = member("package/out", type=tarfile.SYMTYPE, linkname="/var")
    return packed(folder, tar(link, member("package/out/evil.js", BAIT.encode())))


@case(GROUP, "a device in the tar", INCOMPLETE, says="a device, not a file")
def _(folder: Path) -> Path:
    return packed(folder, tar(member("package/b.js", type=tarfile.BLKTYPE, devmajor=8, devminor=0)))


@case(GROUP, "a pipe in the tar", INCOMPLETE, says="a named pipe, not a file")
def _(folder: Path) -> Path:
    return packed(folder, tar(member("package/b.js", type=tarfile.FIFOTYPE)))


@case(GROUP, "two tar entries of one name with other content", FINDINGS, "SEC082")
def _(folder: Path) -> Path:
    return packed(folder, tar(member("package/b.js", BAIT.encode()), member("package/b.js", SOURCE.encode())))


@case(GROUP, "an extended header of sixteen megabytes", INCOMPLETE)
def _(folder: Path) -> Path:
    return packed(folder, tar(member("package/b.js", BAIT.encode(), pax_headers={"comment": "x" * 16_000_000})))


@case(GROUP, "a name of eight megabytes", INCOMPLETE)
def _(folder: Path) -> Path:
    return packed(folder, tar(member("package/" + "b" * 8_000_000, b"x"), form=tarfile.GNU_FORMAT))


@case(GROUP, "a header that renames every entry", INCOMPLETE)
def _(folder: Path) -> Path:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT, pax_headers={"path": "/etc/evil"}) as archive:
        info, content = member("package/a.js", SOURCE.encode())
        archive.addfile(info, io.BytesIO(content))
    return packed(folder, out.getvalue())


@case(GROUP, "an entry of a negative size", INCOMPLETE)
def _(folder: Path) -> Path:
    data = bytearray(tar())
    data[124:136] = b"\xff" * 11 + b"\xf0"
    _mend(data, 0)
    return packed(folder, bytes(data))


@case(GROUP, "an entry that says it has eight gigabytes", INCOMPLETE)
def _(folder: Path) -> Path:
    data = bytearray(tar())
    data[124:136] = b"77777777777\0"
    _mend(data, 0)
    return packed(folder, bytes(data))


def _mend(data: bytearray, at: int) -> None:
    """Write the checksum of a changed header."""
    data[at + 148 : at + 156] = b" " * 8
    data[at + 148 : at + 156] = b"%06o\0 " % sum(data[at : at + 512])


@case(GROUP, "a header with a wrong checksum", INCOMPLETE)
def _(folder: Path) -> Path:
    data = bytearray(tar())
    data[0] ^= 1
    return packed(folder, bytes(data))


@case(GROUP, "a gzip stream that is cut off", INCOMPLETE)
def _(folder: Path) -> Path:
    path = packed(folder, tar(member("package/b.js", BAIT.encode() * 50)))
    path.write_bytes(path.read_bytes()[:-40])
    return path


@case(GROUP, "a gzip stream with a wrong checksum", INCOMPLETE)
def _(folder: Path) -> Path:
    path = packed(folder, tar())
    data = bytearray(path.read_bytes())
    data[-8] ^= 0xFF
    path.write_bytes(bytes(data))
    return path


@case(GROUP, "a gzip stream of 300 megabytes of zeros", INCOMPLETE)
def _(folder: Path) -> Path:
    block = gzip.compress(b"\0" * 10_000_000, mtime=0)
    (folder / "p.tgz").write_bytes(gzip.compress(tar(member("package/big", b"\0")), mtime=0) + block * 30)
    return folder / "p.tgz"


@case(GROUP, "bzip2 with the name of gzip", INCOMPLETE)
def _(folder: Path) -> Path:
    (folder / "p.tgz").write_bytes(bz2.compress(tar()))
    return folder / "p.tgz"


@case(GROUP, "a tar that is no tar", INCOMPLETE)
def _(folder: Path) -> Path:
    return packed(folder, b"hello" * 500)


@case(GROUP, "the flaw in the second stream of one file", FINDINGS, BAIT_RULE)
def _(folder: Path) -> Path:
    data = tar(member("package/b.js", BAIT.encode()))
    half = len(data) // 2
    path = folder / "p.tgz"
    path.write_bytes(gzip.compress(data[:half], mtime=0) + gzip.compress(data[half:], mtime=0))
    return path
