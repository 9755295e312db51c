"""From offsets in a text to lines and columns, and the decoding that all readers share."""

from __future__ import annotations

from bisect import bisect_right

from reviewer.core.location import Location
from reviewer.subject.document import DocumentError
from reviewer.subject.limits import MAX_DOCUMENT_BYTES, amount


def decode_document(path: str, data: bytes) -> str:
    """Return the text of a data file: UTF-8, without a mark, and not over the limit.

    Raises `DocumentError`.
    """
    if len(data) > MAX_DOCUMENT_BYTES:
        what = f"is larger than {amount(MAX_DOCUMENT_BYTES)} ({amount(len(data))})"
        raise DocumentError(what, Location(path, 1, 1, 1, 1))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", "replace").removeprefix("\ufeff")
        line = before.count("\n") + 1
        column = len(before) - before.rfind("\n")
        what = f"holds the byte 0x{data[error.start]:02x}, which is not UTF-8; save the file as UTF-8"
        raise DocumentError(what, Location(path, line, column, line, column + 1)) from error


class Places:
    """Turns offsets into locations."""

    def __init__(self, path: str, text: str) -> None:
        """Find the line starts once."""
        self._path = path
        self._starts = [0]
        at = text.find("\n")
        while at >= 0:
            self._starts.append(at + 1)
            at = text.find("\n", at + 1)

    def point(self, offset: int) -> tuple[int, int]:
        """Return line and column, from 1, of an offset."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def span(self, start: int, end: int) -> Location:
        """Return the location from one offset up to another."""
        line, column = self.point(start)
        end_line, end_column = self.point(end)
        return Location(self._path, line, column, end_line, end_column)


def pointer_step(key: str | int) -> str:
    """Return one step of a JSON Pointer, escaped."""
    return "/" + str(key).replace("~", "~0").replace("/", "~1")
