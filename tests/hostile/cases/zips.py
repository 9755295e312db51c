"""ZIP archives that lie, climb, repeat, overlap or explode."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

from case import BAIT, BAIT_RULE, FINDINGS, INCOMPLETE, MANIFEST, NOTHING, PASSED, SOURCE, case

GROUP = "zips"


def pack(path: Path, *entries: tuple[str | zipfile.ZipInfo, str | bytes], comment: bytes = b"") -> Path:
    """Write an archive with a manifest, a harmless source file and these entries."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("plugin.json", MANIFEST)
        archive.writestr("a.js", SOURCE)
        for name, content in entries:
            archive.writestr(name, content)
        archive.comment = comment
    return path


def changed(path: Path, old: bytes, new: bytes, count: int = -1) -> Path:
    """Replace bytes of an archive by as many others."""
    data = path.read_bytes()
    assert old in data
    assert len(old) == len(new)
    path.write_bytes(data.replace(old, new, count))
    return path


def entry(name: str, mode: int) -> zipfile.ZipInfo:
    """Return an entry with a Unix mode."""
    made = zipfile.ZipInfo(name)
    made.create_system = 3
    made.external_attr = mode << 16
    return made


CLIMBING = [
    ("an entry that climbs out", "../../evil.js"),
    ("an entry that climbs out from a folder", "src/../../evil.js"),
    ("an entry with an absolute path", "/var/evil.js"),
    ("an entry that climbs out with backslashes", "..\\..\\evil.js"),
    ("an entry on a drive", "C:\\evil.js"),
    ("an entry on another machine", "\\\\host\\share\\evil.js"),
]
for title, climbing in CLIMBING:

    @case(GROUP, title, FINDINGS, "SEC080")
    def _(folder: Path, name: str = climbing) -> Path:
        return pack(folder / "p.zip", (name, BAIT))


@case(GROUP, "a link out of the archive", FINDINGS, "SEC080")
def _(folder: Path) -> Path:
    return pack(folder / "p.zip", (entry("b.js", 0o120777), "/etc/passwd"))


@case(GROUP, "a file written through a link", FINDINGS, "SEC082", says="its name is that of a folder, too")
def _(folder: Path) -> Path:
    return pack(folder / "p.zip", (entry("out", 0o120777), "/var"), ("out/evil.js", BAIT))


@case(GROUP, "two entries of one name with other content", FINDINGS, "SEC082")
def _(folder: Path) -> Path:
    path = pack(folder / "p.zip", ("b1.js", BAIT), ("b2.js", SOURCE))
    return changed(path, b"b2.js", b"b1.js")


@case(GROUP, "a name that ends at a NUL for some readers", FINDINGS, "SEC080")
def _(folder: Path) -> Path:
    path = pack(folder / "p.zip", ("bXjs", BAIT))
    return changed(path, b"bXjs", b"b\0js")


@case(GROUP, "a name that claims to be UTF-8 and is not", FINDINGS, "SEC080")
def _(folder: Path) -> Path:
    path = pack(folder / "p.zip", ("b\u00e9\u00e9.js", BAIT))
    return changed(path, "b\u00e9\u00e9.js".encode(), b"b\xff\xfe\xff\xfe.js")


@case(GROUP, "the end is hidden in the comment", INCOMPLETE)
def _(folder: Path) -> Path:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("evil.js", BAIT)
    return pack(folder / "p.zip", comment=inner.getvalue())


@case(GROUP, "bytes before the archive", INCOMPLETE)
def _(folder: Path) -> Path:
    path = pack(folder / "p.zip")
    path.write_bytes(b"#!/bin/sh\n" + path.read_bytes())
    return path


@case(GROUP, "bytes after the archive", INCOMPLETE)
def _(folder: Path) -> Path:
    path = pack(folder / "p.zip")
    path.write_bytes(path.read_bytes() + b"trailing")
    return path


@case(GROUP, "two archives one after the other", INCOMPLETE)
def _(folder: Path) -> Path:
    path = pack(folder / "p.zip")
    other = pack(folder / "other.zip", ("b.js", BAIT))
    path.write_bytes(path.read_bytes() + other.read_bytes())
    return path


@case(GROUP, "the directory names another file than the entry", INCOMPLETE)
def _(folder: Path) -> Path:
    path = pack(folder / "p.zip", ("good.js", BAIT))
    return changed(path, b"good.js", b"evil.js", 1)


@case(GROUP, "an encrypted entry", FINDINGS, "SEC082", says="encrypted")
def _(folder: Path) -> Path:
    path = pack(folder / "p.zip", ("b.js", BAIT))
    data = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.rfind(signature)
        data[at + offset] |= 1
    path.write_bytes(bytes(data))
    return path


@case(GROUP, "an entry in a packing that is not read", INCOMPLETE)
def _(folder: Path) -> Path:
    path = folder / "p.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("plugin.json", MANIFEST)
        archive.writestr("a.js", SOURCE, zipfile.ZIP_LZMA)
    return path


@case(GROUP, "an entry that unpacks to a thousand times its size", FINDINGS, "SEC082")
def _(folder: Path) -> Path:
    return pack(folder / "p.zip", ("b.js", b"0" * 15_000_000))


@case(GROUP, "an entry that unpacks to more than it says", FINDINGS, "SEC082")
def _(folder: Path) -> Path:
    path = pack(folder / "p.zip", ("b.js", b"0" * 1_000_000))
    size = struct.pack("<I", 1_000_000)
    return changed(path, size, struct.pack("<I", 10))


@case(GROUP, "a wrong checksum", INCOMPLETE)
def _(folder: Path) -> Path:
    path = folder / "p.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("plugin.json", MANIFEST)
        archive.writestr("a.js", SOURCE)
    return changed(path, b"exports.activate", b"exports.Activate")


@case(GROUP, "more entries than a review takes", INCOMPLETE)
def _(folder: Path) -> Path:
    path = folder / "p.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(10_001):
            archive.writestr(str(number), b"")
    return path


@case(GROUP, "a path of 600 bytes", FINDINGS, "SEC080")
def _(folder: Path) -> Path:
    return pack(folder / "p.zip", ("/".join(["d" * 50] * 12) + "/b.js", BAIT))


@case(GROUP, "a path below sixty folders", FINDINGS, "SEC080")
def _(folder: Path) -> Path:
    return pack(folder / "p.zip", ("d/" * 60 + "b.js", BAIT))


@case(GROUP, "names that differ by case alone", FINDINGS, BAIT_RULE)
def _(folder: Path) -> Path:
    return pack(folder / "p.zip", ("B.js", SOURCE), ("b.js", BAIT))


@case(GROUP, "a file that is also a folder", FINDINGS, "SEC082")
def _(folder: Path) -> Path:
    return pack(folder / "p.zip", ("b", SOURCE), ("b/c.js", BAIT))


@case(GROUP, "an archive inside the archive", PASSED)
def _(folder: Path) -> Path:
    inner = pack(folder / "inner.zip", ("evil.js", BAIT))
    return pack(folder / "p.zip", ("inner.zip", inner.read_bytes()))


@case(GROUP, "an archive of nothing", NOTHING, says="no file")
def _(folder: Path) -> Path:
    path = folder / "p.zip"
    with zipfile.ZipFile(path, "w"):
        pass
    return path


@case(GROUP, "an archive of no bytes", INCOMPLETE)
def _(folder: Path) -> Path:
    (folder / "p.zip").write_bytes(b"")
    return folder / "p.zip"


@case(GROUP, "a Chrome package whose header is longer than the file", INCOMPLETE)
def _(folder: Path) -> Path:
    path = folder / "p.crx"
    path.write_bytes(b"Cr24" + struct.pack("<II", 3, 2**31) + pack(folder / "x.zip").read_bytes())
    return path


@case(GROUP, "an editor extension whose flaw lies in the wrapped folder", FINDINGS, BAIT_RULE)
def _(folder: Path) -> Path:
    path = folder / "p.vsix"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("extension/plugin.json", MANIFEST)
        archive.writestr("extension/a.js", BAIT)
    return path
