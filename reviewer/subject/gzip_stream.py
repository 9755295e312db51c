"""A gzip file unpacked piece by piece, with a bound on what comes out."""

from __future__ import annotations

import zlib
from typing import Final

from reviewer.core.errors import UnreadableError
from reviewer.subject.limits import MAX_RATIO, MAX_UNPACKED_BYTES, RATIO_FROM_BYTES, amount

_PIECE: Final = 1 << 16
_MAX_MEMBERS: Final = 1000
_GZIP: Final = 16 + zlib.MAX_WBITS
_MOST: Final = MAX_UNPACKED_BYTES + 64_000_000
"""Contents and the headers between them; the contents are counted by whoever reads them."""


class GzipStream:
    """Reads the content of one or several gzip members in order; every doubt raises `UnreadableError`."""

    def __init__(self, name: str, data: bytes) -> None:
        """Start at the first byte."""
        self._name = name
        self._data = memoryview(data)
        self._at = 0
        self._engine = zlib.decompressobj(_GZIP)
        self._ready = bytearray()
        self._out = 0
        self._members = 1

    def read(self, size: int) -> bytes:
        """Return ``size`` bytes, fewer only at the end."""
        while len(self._ready) < size and self._more():
            pass
        piece = bytes(self._ready[:size])
        del self._ready[:size]
        return piece

    def _more(self) -> bool:
        """Unpack one more piece; return False at the end."""
        if self._engine.eof and not self._next_member():
            return False
        packed = self._data[self._at : self._at + _PIECE]
        try:
            piece = self._engine.decompress(packed, _PIECE)
        except zlib.error as error:
            raise UnreadableError(f"{self._name}: it is damaged: {error}") from error
        left = len(self._engine.unconsumed_tail) + len(self._engine.unused_data)
        used = len(packed) - left
        self._at += used
        if not used and not piece and not self._engine.eof:
            raise UnreadableError(f"{self._name}: it is cut off")
        self._out += len(piece)
        if self._out > _MOST:
            raise UnreadableError(f"{self._name}: it unpacks to more than {amount(MAX_UNPACKED_BYTES)}")
        if self._out > RATIO_FROM_BYTES and self._out > MAX_RATIO * self._at:
            raise UnreadableError(f"{self._name}: it unpacks to more than {MAX_RATIO} times its size, as a bomb does")
        self._ready += piece
        return True

    def _next_member(self) -> bool:
        rest = self._data[self._at :]
        if bytes(rest[:2]) == b"\x1f\x8b" and self._members < _MAX_MEMBERS:
            self._members += 1
            self._engine = zlib.decompressobj(_GZIP)
            return True
        if bytes(rest).strip(b"\0"):
            raise UnreadableError(f"{self._name}: there are bytes after its end")
        return False


class PlainStream:
    """The same reading of a file that is not packed."""

    def __init__(self, data: bytes) -> None:
        """Start at the first byte."""
        self._data = data
        self._at = 0

    def read(self, size: int) -> bytes:
        """Return ``size`` bytes, fewer only at the end."""
        piece = self._data[self._at : self._at + size]
        self._at += len(piece)
        return piece
