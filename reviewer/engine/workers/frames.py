"""Messages between the process that a person started and its workers: length-prefixed JSON.

A frame is four bytes of length, most significant first, and that many bytes of UTF-8 JSON: an
array whose first item names the message.
"""

from __future__ import annotations

import json
import os
from typing import Any, Final

LONGEST: Final = 256 * 1024 * 1024
"""Bytes that one frame may have; a worker that sends more is not believed."""
_CHUNK: Final = 1024 * 1024


class BrokenFrameError(Exception):
    """What came through the pipe is no frame: cut off, too long, or not JSON."""


def send(pipe: int, *message: Any) -> None:
    """Write one message to a file descriptor, whole."""
    body = json.dumps(message, ensure_ascii=True, separators=(",", ":")).encode("ascii")
    if len(body) > LONGEST:
        raise BrokenFrameError(f"a message of {len(body)} bytes is longer than {LONGEST}")
    view = memoryview(len(body).to_bytes(4, "big") + body)
    while view:
        view = view[os.write(pipe, view) :]


def receive(pipe: int) -> list[Any] | None:
    """Read one message from a file descriptor; None at its end. Raises `BrokenFrameError`."""
    head = _exactly(pipe, 4)
    if head is None:
        return None
    length = int.from_bytes(head, "big")
    if length > LONGEST:
        raise BrokenFrameError(f"a message of {length} bytes is longer than {LONGEST}")
    body = _exactly(pipe, length)
    if body is None:
        raise BrokenFrameError("a message was cut off")
    try:
        message = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BrokenFrameError("a message is not JSON") from error
    if not isinstance(message, list) or not message or not isinstance(message[0], str):
        raise BrokenFrameError("a message has no name")
    return message


def _exactly(pipe: int, length: int) -> bytes | None:
    """Read that many bytes; None where the pipe ends before the first."""
    parts: list[bytes] = []
    missing = length
    while missing:
        part = os.read(pipe, min(missing, _CHUNK))
        if not part:
            if parts:
                raise BrokenFrameError("a message was cut off")
            return None
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)
