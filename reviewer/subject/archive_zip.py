"""ZIP archives (``.zip .vsix .xpi .crx .whl .mcpb``), read in memory and never extracted."""

from __future__ import annotations

import stat
import struct
import zlib
from typing import Final

from msgspec.structs import replace

from reviewer.core.errors import UnreadableError
from reviewer.core.review import Skipped
from reviewer.subject.archive_names import (
    colliding,
    link_problem,
    missed,
    name_problem,
    path_of,
    shown,
    wrapping,
)
from reviewer.subject.folder import inside_target, too_large
from reviewer.subject.limits import (
    MAX_FILE_BYTES,
    MAX_RATIO,
    MAX_UNPACKED_BYTES,
    RATIO_FROM_BYTES,
    amount,
)
from reviewer.subject.model import ArchiveProblem, Entry
from reviewer.subject.sources import is_source
from reviewer.subject.zip_structure import ENCRYPTED, ZipEntry, ZipStructure

_STORED: Final = 0
_DEFLATED: Final = 8
_METHODS: Final = {9: "deflate64", 12: "bzip2", 14: "LZMA", 93: "zstd", 95: "xz", 98: "PPMd", 99: "AES"}
_LINK_BYTES: Final = 4096


class ZipRoot:
    """A ZIP archive whose every entry was unpacked once, within limits, and found to be true."""

    archive = True

    def __init__(self, name: str, data: bytes) -> None:
        """Check the archive; raises `UnreadableError` where it is damaged, over a limit or ambiguous."""
        self.name = name
        self.entries: dict[str, Entry] = {}
        self.skipped: list[Skipped] = []
        self.problems: list[ArchiveProblem] = []
        self._data = _without_wrapper(name, data)
        self._unpacked = 0
        self._packed: dict[str, ZipEntry] = {}
        self._take_in(ZipStructure(name, self._data).entries())
        self.problems.sort(key=lambda one: (one.path, one.rule_hint))
        self.skipped.extend(missed(problem) for problem in self.problems)
        self.skipped.sort(key=lambda one: (one.path, one.reason))

    def read(self, path: str) -> bytes:
        """Return the content of an entry; raises `UnreadableError` where there is none."""
        if path not in self._packed:
            raise UnreadableError(f"{self.name}: there is no file {path!r} to read")
        return self._inflate(self._packed[path])

    def _take_in(self, found: list[ZipEntry]) -> None:
        files: list[tuple[str, ZipEntry]] = []
        for entry in found:
            problem = self._hostile(entry)
            if problem is not None:
                self.problems.append(problem)
            elif not entry.name.endswith(("/", "\\")):
                files.append((path_of(entry.name), entry))
        bad = colliding(path for path, _ in files)
        self.problems.extend(ArchiveProblem("duplicate", shown(path), why) for path, why in sorted(bad.items()))
        for path, entry in sorted((pair for pair in files if pair[0] not in bad), key=lambda pair: pair[0]):
            if self._readable(path, entry):
                self._packed[path] = entry
        top = wrapping(self._packed)
        self._packed = {path.removeprefix(top): entry for path, entry in self._packed.items()}
        self.skipped = [replace(one, path=one.path.removeprefix(top)) for one in self.skipped]
        self.entries = {path: Entry(path, entry.size) for path, entry in self._packed.items()}

    def _hostile(self, entry: ZipEntry) -> ArchiveProblem | None:
        """Say what makes an entry hostile before its content is looked at, or None."""
        label = shown(entry.name)
        if not entry.decoded:
            return ArchiveProblem("bad-name", label, "its name is not the UTF-8 that it claims to be")
        if entry.other_name:
            message = f"it has a second name, {shown(entry.other_name)}; which one counts depends on who unpacks it"
            return ArchiveProblem("bad-name", label, message)
        folder = entry.name.endswith(("/", "\\"))
        problem = name_problem(entry.name, folder=folder)
        if problem is not None:
            return problem
        if entry.flags & ENCRYPTED:
            return ArchiveProblem("encrypted", label, "it is encrypted, so nobody can look at it before it runs")
        if folder and entry.size:
            return ArchiveProblem("bad-name", label, "it is called a folder and has content")
        if entry.size > RATIO_FROM_BYTES and entry.size > MAX_RATIO * max(entry.packed, 1):
            return _bomb(label, f"it unpacks to {amount(entry.size)} from {amount(entry.packed)}")
        return None

    def _readable(self, path: str, entry: ZipEntry) -> bool:
        """Unpack an entry once; note it as skipped or as a problem where it can't be read."""
        if entry.method not in (_STORED, _DEFLATED):
            how = _METHODS.get(entry.method, f"method {entry.method}")
            self.skipped.append(Skipped(path, f"packed with {how}, which is not read", matters=is_source(path)))
            return False
        kind = stat.S_IFMT(entry.mode)
        if kind == stat.S_IFLNK:
            self._note_link(path, entry)
            return False
        if kind not in (0, stat.S_IFREG):
            self.skipped.append(Skipped(path, "a device, pipe or socket, not a file", matters=is_source(path)))
            return False
        if entry.size > MAX_FILE_BYTES:
            self.skipped.append(too_large(path, entry.size))
            return False
        size = len(self._inflate(entry))
        self._unpacked += size
        if self._unpacked > MAX_UNPACKED_BYTES:
            raise UnreadableError(f"{self.name}: it unpacks to more than {amount(MAX_UNPACKED_BYTES)}")
        if size > entry.size:
            what = f"it unpacks to more than the {amount(entry.size)} that it declares"
            self.problems.append(_bomb(shown(path), what))
            return False
        return True

    def _note_link(self, path: str, entry: ZipEntry) -> None:
        target = self._inflate(entry).decode("utf-8", "backslashreplace") if entry.size <= _LINK_BYTES else ""
        inside = inside_target(path, target) if target else None
        if inside is None:
            self.problems.append(link_problem(path, target))
        else:
            self.skipped.append(Skipped(path, f"link to {shown(inside) or '.'}"))

    def _inflate(self, entry: ZipEntry) -> bytes:
        """Unpack an entry to at most one byte more than it declares; raises `UnreadableError` on damage."""
        packed = memoryview(self._data)[entry.start : entry.start + entry.packed]
        if entry.method == _STORED:
            content = bytes(packed)
            whole = True
        else:
            engine = zlib.decompressobj(-zlib.MAX_WBITS)
            try:
                content = engine.decompress(packed, entry.size + 1)
            except zlib.error as error:
                raise UnreadableError(f"{self.name}: entry {shown(entry.name)} is damaged") from error
            whole = engine.eof and not engine.unused_data
        if len(content) > entry.size and entry.method == _DEFLATED:
            return content
        if not whole or len(content) != entry.size or zlib.crc32(content) != entry.crc:
            raise UnreadableError(
                f"{self.name}: entry {shown(entry.name)} is damaged: it is not what its checksum says"
            )
        return content


def _bomb(label: str, message: str) -> ArchiveProblem:
    return ArchiveProblem("bomb", label, message)


def _without_wrapper(name: str, data: bytes) -> bytes:
    """Return the ZIP archive inside a Chrome extension package, or the data as it is."""
    if not data.startswith(b"Cr24"):
        return data
    if len(data) < 16:
        raise UnreadableError(f"{name}: its header is cut off")
    version, first, second = struct.unpack_from("<LLL", data, 4)
    if version == 2:
        start = 16 + first + second
    elif version == 3:
        start = 12 + first
    else:
        raise UnreadableError(f"{name}: version {version} of the Chrome package format is not known; 2 and 3 are")
    if start > len(data):
        raise UnreadableError(f"{name}: its header is cut off")
    return data[start:]
