"""How many columns text takes on a terminal, and wrapping by columns."""

from __future__ import annotations

from unicodedata import combining, east_asian_width


def columns(text: str) -> int:
    """Return the number of terminal columns of visible text: wide characters take two, marks none."""
    if text.isascii():
        return len(text)
    return sum(map(character_columns, text))


def character_columns(character: str) -> int:
    """Return 2 for a wide character, 0 for one that combines with the character before, else 1."""
    if character < "\u0300":
        return 1
    if combining(character):
        return 0
    return 2 if east_asian_width(character) in "WF" else 1


def wrap(text: str, width: int) -> list[str]:
    """Break text at spaces into lines of at most ``width`` columns; at least one line.

    A word that is longer than a line is broken where the line ends. Runs of spaces become one.
    """
    width = max(width, 10)
    lines: list[str] = []
    line = ""
    used = 0
    for word in text.split():
        size = columns(word)
        if line and used + 1 + size <= width:
            line, used = f"{line} {word}", used + 1 + size
            continue
        if line:
            lines.append(line)
        *full, line = _pieces(word, width) if size > width else [word]
        lines.extend(full)
        used = columns(line)
    return [*lines, line] if line or not lines else lines


def _pieces(word: str, width: int) -> list[str]:
    """Cut a long word into pieces of at most ``width`` columns."""
    pieces: list[str] = []
    piece: list[str] = []
    used = 0
    for character in word:
        size = character_columns(character)
        if used + size > width:
            pieces.append("".join(piece))
            piece, used = [], 0
        piece.append(character)
        used += size
    pieces.append("".join(piece))
    return pieces


def clip(text: str, width: int, ellipsis: str) -> str:
    """Cut text to at most ``width`` columns, the ellipsis among them."""
    if columns(text) <= width:
        return text
    room = max(width - columns(ellipsis), 0)
    return (_pieces(text, room)[0] if room else "") + ellipsis
