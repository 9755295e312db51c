"""The directory of a ZIP archive, read and held against the entries themselves.

Two programs that read different parts of one archive see different files, and what is reviewed
may then not be what is installed. So everything that would let them differ is refused here:
bytes before, between and after the entries, overlaps, and two directories that disagree.
"""

from __future__ import annotations

import struct
from typing import Final, NoReturn

from msgspec import Struct

from reviewer.core.errors import UnreadableError
from reviewer.subject.archive_names import shown
from reviewer.subject.limits import MAX_ENTRIES

_END: Final = struct.Struct("<4s4H2LH")
_DIRECTORY: Final = struct.Struct("<4s6H3L5H2L")
_LOCAL: Final = struct.Struct("<4s5H3L2H")
_END_MARK: Final = b"PK\x05\x06"
_DIRECTORY_MARK: Final = b"PK\x01\x02"
_LOCAL_MARK: Final = b"PK\x03\x04"
_DESCRIPTOR_MARK: Final = b"PK\x07\x08"
_SATURATED: Final = 0xFFFFFFFF
_MAX_COMMENT: Final = 0xFFFF

ENCRYPTED: Final = 1 << 0
_DESCRIPTOR: Final = 1 << 3
_UTF8: Final = 1 << 11
_MASKED: Final = 1 << 13


class ZipEntry(Struct, frozen=True):
    """One entry as the central directory describes it; ``start`` is where its data begins."""

    name: str
    other_name: str
    """A second name in a Unicode extra field that says something else, or empty."""
    decoded: bool
    """False where the name is not the UTF-8 that it claims to be."""
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    mode: int
    """Unix file mode, 0 where there is none."""
    offset: int
    start: int


class ZipStructure:
    """Reads the directory of one archive; every doubt raises `UnreadableError`."""

    def __init__(self, name: str, data: bytes) -> None:
        """Take the bytes of the archive, without whatever a wrapper put in front."""
        self._name = name
        self._data = data

    def entries(self) -> list[ZipEntry]:
        """Return every entry in the order of the directory."""
        count, at, end = self._end()
        found: list[ZipEntry] = []
        for _ in range(count):
            entry, at = self._entry(at, end)
            found.append(entry)
        if at != end:
            self._refuse("its directory is longer than it says")
        self._check_gaps(found, end - self._directory_size)
        return found

    def _end(self) -> tuple[int, int, int]:
        """Return count of entries, start and end of the directory, from the end record."""
        data = self._data
        lowest = max(0, len(data) - _END.size - _MAX_COMMENT)
        at = data.rfind(_END_MARK, lowest)
        if at < 0:
            self._refuse("its end is missing; it is cut off, or is no ZIP archive")
        while at >= lowest and not self._ends_at(at):
            at = data.rfind(_END_MARK, lowest, at)
        if at < 0:
            self._refuse("there are bytes after its end, or its end is cut off")
        if data.rfind(_END_MARK, at + 4) >= 0:
            self._refuse("its comment holds a second end of an archive; readers would disagree about the content")
        _, disk, first_disk, here, count, size, offset, _ = _END.unpack_from(data, at)
        if disk or first_disk or here != count:
            self._refuse("it is one part of several; join them first")
        if count == 0xFFFF or _SATURATED in (size, offset):
            self._refuse("it uses ZIP64, which an archive of this size does not need; pack it again without")
        if count > MAX_ENTRIES:
            self._refuse(f"it holds {count:,} entries; at most {MAX_ENTRIES:,} are read")
        if offset + size != at:
            self._refuse("its directory is not where its end says, so readers would disagree about the content")
        self._directory_size = size
        return count, offset, at

    def _ends_at(self, at: int) -> bool:
        data = self._data
        if at + _END.size > len(data):
            return False
        comment: int = _END.unpack_from(data, at)[7]
        return at + _END.size + comment == len(data)

    def _entry(self, at: int, end: int) -> tuple[ZipEntry, int]:
        if at + _DIRECTORY.size > end:
            self._refuse("its directory is cut off")
        fields = _DIRECTORY.unpack_from(self._data, at)
        mark, _, _, flags, method, _, _, crc, packed, size = fields[:10]
        name_length, extra_length, comment_length, disk, _, attributes, offset = fields[10:]
        if mark != _DIRECTORY_MARK:
            self._refuse("its directory is damaged")
        after = at + _DIRECTORY.size + name_length + extra_length + comment_length
        if after > end:
            self._refuse("its directory is cut off")
        if flags & _MASKED:
            self._refuse("its directory is encrypted")
        if disk or _SATURATED in (packed, size, offset):
            self._refuse("an entry uses ZIP64 or another part; pack it again without")
        name_at = at + _DIRECTORY.size
        raw = self._data[name_at : name_at + name_length]
        extra = self._data[name_at + name_length : name_at + name_length + extra_length]
        name, decoded = _decode(raw, utf8=bool(flags & _UTF8))
        start = self._check_local(offset, raw, (flags, method, crc, packed, size), shown(name))
        entry = ZipEntry(
            name=name,
            other_name=_other_name(extra, name),
            decoded=decoded,
            flags=flags,
            method=method,
            crc=crc,
            packed=packed,
            size=size,
            mode=attributes >> 16,
            offset=offset,
            start=start,
        )
        return entry, after

    def _check_local(self, offset: int, name: bytes, told: tuple[int, int, int, int, int], label: str) -> int:
        """Hold an entry's own header against the directory; return where its data starts."""
        data = self._data
        if offset + _LOCAL.size > len(data):
            self._refuse(f"entry {label} lies outside the archive")
        fields = _LOCAL.unpack_from(data, offset)
        mark, _, flags, method, _, _, crc, packed, size, name_length, extra_length = fields
        if mark != _LOCAL_MARK:
            self._refuse(f"entry {label} is not where the directory says")
        name_at = offset + _LOCAL.size
        start: int = name_at + name_length + extra_length
        told_flags, told_method, *told_sizes = told
        if data[name_at : name_at + name_length] != name:
            self._refuse(f"entry {label} has another name in its own header")
        if method != told_method or (flags ^ told_flags) & (ENCRYPTED | _UTF8):
            self._refuse(f"entry {label} is packed otherwise than the directory says")
        if _SATURATED in (packed, size):
            packed, size = _wide_sizes(data[name_at + name_length : start], packed, size)
        later = bool(flags & _DESCRIPTOR)
        pairs = zip((crc, packed, size), told_sizes, strict=True)
        if any(mine != theirs and not (later and mine in (0, _SATURATED)) for mine, theirs in pairs):
            self._refuse(f"entry {label} has another size or checksum in its own header")
        if start + told_sizes[1] > len(data):
            self._refuse(f"entry {label} is cut off")
        return start

    def _check_gaps(self, entries: list[ZipEntry], directory: int) -> None:
        """Refuse overlaps, and bytes that belong to no entry."""
        at = 0
        for entry in sorted(entries, key=lambda one: one.offset):
            self._check_gap(at, entry.offset)
            at = self._after(entry)
        self._check_gap(at, directory)

    def _after(self, entry: ZipEntry) -> int:
        """Return where an entry ends, its trailing descriptor included."""
        at = entry.start + entry.packed
        if not entry.flags & _DESCRIPTOR:
            return at
        marked = self._data[at : at + 4] == _DESCRIPTOR_MARK
        body = at + 4 if marked else at
        for layout in ("<LLL", "<LQQ"):
            length = struct.calcsize(layout)
            found = self._data[body : body + length]
            if len(found) == length and struct.unpack(layout, found) == (entry.crc, entry.packed, entry.size):
                return body + length
        return at

    def _check_gap(self, start: int, end: int) -> None:
        if start > end:
            self._refuse("its entries overlap, as in an archive that unpacks to far more than it holds")
        if start < end and self._data[start:end].strip(b"\0"):
            what = f"{end - start} bytes at {start} belong to no entry"
            self._refuse(f"{what}; readers would disagree about the content")

    def _refuse(self, what: str) -> NoReturn:
        raise UnreadableError(f"{self._name}: {what}")


def _decode(raw: bytes, *, utf8: bool) -> tuple[str, bool]:
    try:
        return raw.decode("utf-8"), True
    except UnicodeDecodeError:
        return (raw.decode("utf-8", "backslashreplace"), False) if utf8 else (raw.decode("cp437"), True)


def _extra_fields(extra: bytes) -> list[tuple[int, bytes]]:
    """Split an extra field into (id, content) pairs; a damaged rest is left out."""
    fields: list[tuple[int, bytes]] = []
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        fields.append((kind, extra[at + 4 : at + 4 + length]))
        at += 4 + length
    return fields


def _wide_sizes(extra: bytes, packed: int, size: int) -> tuple[int, int]:
    """Return (packed, size) from the ZIP64 field of a local header, where it has one."""
    for kind, content in _extra_fields(extra):
        if kind == 0x0001 and len(content) >= 16:
            wide_size, wide_packed = struct.unpack_from("<QQ", content)
            return int(wide_packed), int(wide_size)
    return packed, size


def _other_name(extra: bytes, name: str) -> str:
    """Return the name in an Info-ZIP Unicode path field where it differs, else an empty string."""
    for kind, content in _extra_fields(extra):
        if kind == 0x7075 and len(content) > 5:
            other = content[5:].decode("utf-8", "backslashreplace")
            if other != name:
                return other
    return ""
