"""The bounds on what is read from a subject; every one is a count of work, never a time."""

from __future__ import annotations

from typing import Final

MAX_ARCHIVE_BYTES: Final = 100_000_000
"""Size of an archive file."""
MAX_ENTRIES: Final = 10_000
"""Entries of an archive, folders included."""
MAX_FILE_BYTES: Final = 16_000_000
"""Size of one file, in a folder or unpacked from an archive."""
MAX_UNPACKED_BYTES: Final = 256_000_000
"""Bytes that all entries of one archive unpack to, counted on what is really unpacked."""
MAX_RATIO: Final = 200
"""Unpacked bytes per packed byte; looked at from `RATIO_FROM_BYTES` on."""
RATIO_FROM_BYTES: Final = 1_000_000
MAX_NAME_BYTES: Final = 512
"""Length of a path inside an archive."""
MAX_DEPTH: Final = 40
"""Folders above a file."""
MAX_FILES: Final = 20_000
"""Files, links and other names of a folder tree; folders are counted apart, up to as many."""
MAX_DOCUMENT_BYTES: Final = 1_000_000
"""Size of a data file."""
MAX_DOCUMENT_VALUES: Final = 100_000
"""Values of a data file."""


def amount(count: int) -> str:
    """Write a byte count as a person reads it: ``16 MB``, ``12 kB``, ``7 bytes``."""
    if count >= 1_000_000:
        return f"{count / 1_000_000:.4g} MB"
    return f"{count / 1000:.3g} kB" if count >= 1000 else f"{count} byte{'' if count == 1 else 's'}"
