"""TAR archives (``.tgz .tar.gz .tar``), read in memory and never extracted."""

from __future__ import annotations

from typing import Final, NoReturn

from msgspec import Struct
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
from reviewer.subject.gzip_stream import GzipStream, PlainStream
from reviewer.subject.limits import MAX_ENTRIES, MAX_FILE_BYTES, MAX_UNPACKED_BYTES, amount
from reviewer.subject.memory import MemoryRoot
from reviewer.subject.model import ArchiveProblem
from reviewer.subject.sources import is_source

_BLOCK: Final = 512
_EMPTY: Final = bytes(_BLOCK)
_MAX_HEADER_BYTES: Final = 64_000
"""Size of a long name or an extended header."""
_SPECIAL: Final = {"3": "a device", "4": "a device", "6": "a named pipe"}
_OWN_KEYS: Final = frozenset({"path", "linkpath", "size"})


class _Header(Struct):
    """One header block, decoded."""

    name: str
    target: str
    size: int
    kind: str


class _Extended(Struct):
    """What extended headers say about the next entry."""

    name: str | None = None
    target: str | None = None
    size: int | None = None


def open_tar(name: str, data: bytes) -> MemoryRoot:
    """Read a TAR archive, packed with gzip or not; raises `UnreadableError` where it can't be trusted."""
    return _TarReader(name, data).root()


class _TarReader:
    """Goes through the headers once and keeps the regular files."""

    def __init__(self, name: str, data: bytes) -> None:
        self._name = name
        packed = data.startswith(b"\x1f\x8b")
        self._stream = GzipStream(name, data) if packed else PlainStream(data)
        self._paths: list[str] = []
        self._files: dict[str, bytes] = {}
        self._skipped: list[Skipped] = []
        self._problems: list[ArchiveProblem] = []
        self._count = self._headers = self._kept = 0

    def root(self) -> MemoryRoot:
        """Read everything and return the files."""
        self._read_all()
        for path, why in sorted(colliding(self._paths).items()):
            self._problems.append(ArchiveProblem("duplicate", shown(path), why))
            self._files.pop(path, None)
        top = wrapping(self._files)
        root = MemoryRoot(
            self._name,
            {path.removeprefix(top): content for path, content in self._files.items()},
            archive=True,
        )
        root.problems = sorted(self._problems, key=lambda one: (one.path, one.rule_hint))
        skipped = [replace(one, path=one.path.removeprefix(top)) for one in self._skipped]
        skipped += [missed(problem) for problem in root.problems]
        root.skipped = sorted(skipped, key=lambda one: (one.path, one.reason))
        return root

    def _read_all(self) -> None:
        extended = _Extended()
        while (block := self._block()) is not None:
            header = self._header(block)
            self._headers += 1
            if self._headers > 3 * MAX_ENTRIES:
                self._refuse(f"it holds more than {MAX_ENTRIES:,} entries")
            if header.kind in "LKxgX":
                self._extend(extended, header)
                continue
            self._count += 1
            if self._count > MAX_ENTRIES:
                self._refuse(f"it holds more than {MAX_ENTRIES:,} entries")
            header.name = header.name if extended.name is None else extended.name
            header.target = header.target if extended.target is None else extended.target
            header.size = header.size if extended.size is None else extended.size
            extended = _Extended()
            self._entry(header)

    def _block(self) -> bytes | None:
        """Return the next header block, or None at the end of the archive."""
        block = self._stream.read(_BLOCK)
        if len(block) < _BLOCK:
            self._refuse("it is cut off" if self._headers else "it holds no TAR archive, or is cut off")
        if block != _EMPTY:
            return block
        while rest := self._stream.read(1 << 16):
            if rest.strip(b"\0"):
                self._refuse("there are bytes after its end; readers would disagree about the content")
        return None

    def _header(self, block: bytes) -> _Header:
        told = self._number(block[148:156])
        plain = block[:148] + b" " * 8 + block[156:]
        signed = sum(byte - 256 if byte > 127 else byte for byte in plain)
        if told not in (sum(plain), signed):
            damaged = f"the header of entry {self._headers + 1} is damaged"
            self._refuse(damaged if self._headers else "it holds no TAR archive")
        name = _text(block[:100])
        if block[257:263] == b"ustar\0" and block[345]:
            name = f"{_text(block[345:500])}/{name}"
        return _Header(name, _text(block[157:257]), self._number(block[124:136]), chr(block[156]))

    def _number(self, field: bytes) -> int:
        """Decode an octal or a base-256 number that is not negative."""
        if field[:1] == b"\x80":
            return int.from_bytes(field[1:], "big")
        digits = field.replace(b"\0", b" ").strip()
        if not digits:
            return 0
        if digits.strip(b"01234567"):
            self._refuse("a header holds no valid number; it is damaged or no TAR archive")
        return int(digits, 8)

    def _extend(self, extended: _Extended, header: _Header) -> None:
        """Take in a long name or an extended header."""
        if header.size > _MAX_HEADER_BYTES:
            self._refuse(f"an extended header is larger than {amount(_MAX_HEADER_BYTES)}")
        content = self._content(header.size)
        if header.kind == "L":
            extended.name = _text(content)
        elif header.kind == "K":
            extended.target = _text(content)
        else:
            self._take_records(extended, content, shared=header.kind == "g")

    def _take_records(self, extended: _Extended, content: bytes, *, shared: bool) -> None:
        for key, value in self._records(content):
            if key.startswith("GNU.sparse"):
                self._refuse("it holds sparse files, which are not read; pack it again without")
            if key not in _OWN_KEYS:
                continue
            if shared:
                self._refuse(f"it gives all entries one {key}, which no honest archive does")
            if key == "path":
                extended.name = value
            elif key == "linkpath":
                extended.target = value
            elif value.isascii() and value.isdigit() and len(value) <= 15:
                extended.size = int(value)
            else:
                self._refuse("an extended header holds no valid size")

    def _records(self, content: bytes) -> list[tuple[str, str]]:
        """Split an extended header into its ``length key=value`` records."""
        records: list[tuple[str, str]] = []
        at = 0
        while at < len(content) and content[at]:
            space = content.find(b" ", at, at + 8)
            digits = content[at:space] if space > 0 else b""
            length = int(digits) if digits.isdigit() else 0
            record = content[space + 1 : at + length]
            if not digits or at + length > len(content) or not record.endswith(b"\n"):
                self._refuse("an extended header is damaged")
            key, _, value = record[:-1].partition(b"=")
            records.append((key.decode("utf-8", "backslashreplace"), _text(value, whole=True)))
            at += length
        return records

    def _content(self, size: int) -> bytes:
        padded = -(-size // _BLOCK) * _BLOCK
        content = self._stream.read(padded)
        if len(content) < padded:
            self._refuse("it is cut off")
        return content[:size]

    def _pass_over(self, size: int) -> None:
        left = -(-size // _BLOCK) * _BLOCK
        while left > 0:
            piece = self._stream.read(min(left, 1 << 20))
            if not piece:
                self._refuse("it is cut off")
            left -= len(piece)

    def _entry(self, header: _Header) -> None:
        kind, name = header.kind, header.name
        if kind == "S":
            self._refuse("it holds sparse files, which are not read; pack it again without")
        folder = kind == "5" or (kind in "\x000" and name.endswith("/"))
        if folder and header.size:
            self._refuse(f"entry {shown(name)} is called a folder and has content; readers would disagree about it")
        if kind in "12346":
            # These have no content; the size of a hard link is that of the file it leads to.
            header.size = 0
        problem = name_problem(name, folder=folder)
        if problem is not None:
            self._problems.append(problem)
            self._pass_over(header.size)
            return
        path = path_of(name)
        if folder:
            return
        if kind in "12":
            self._note_link(path, header)
        elif kind in ("0", "\0", "7"):
            self._keep(path, header.size)
        else:
            self._pass_over(header.size)
            what = _SPECIAL.get(kind, f"an entry of the unknown kind {shown(kind)!r}")
            self._skipped.append(Skipped(path, f"{what}, not a file", matters=is_source(path)))

    def _note_link(self, path: str, header: _Header) -> None:
        """A symbolic link counts from its own folder, a hard link from the top of the archive."""
        self._paths.append(path)
        start = path if header.kind == "2" else ""
        inside = inside_target(start, header.target)
        if inside is None:
            self._problems.append(link_problem(path, header.target))
        else:
            self._skipped.append(Skipped(path, f"link to {shown(inside) or '.'}", matters=False))

    def _keep(self, path: str, size: int) -> None:
        if size > MAX_FILE_BYTES:
            self._skipped.append(too_large(path, size))
            self._pass_over(size)
            return
        self._kept += size
        if self._kept > MAX_UNPACKED_BYTES:
            self._refuse(f"it unpacks to more than {amount(MAX_UNPACKED_BYTES)}")
        content = self._content(size)
        if self._files.get(path) == content:
            return  # packed twice, the same both times: whoever unpacks it gets the same
        self._paths.append(path)
        self._files[path] = content

    def _refuse(self, what: str) -> NoReturn:
        raise UnreadableError(f"{self._name}: {what}")


def _text(field: bytes, *, whole: bool = False) -> str:
    """Decode a name; it ends at the first NUL, except in an extended header, where NUL is a fault."""
    raw = field if whole else field.partition(b"\0")[0]
    return raw.decode("utf-8", "surrogateescape")
