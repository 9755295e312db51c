"""A page of text for a terminal: every piece that is written passes the escaping here."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct, field

from reviewer.report.colour import Style, paint
from reviewer.report.escape.terminal import no_command, show
from reviewer.report.width import columns, wrap

if TYPE_CHECKING:
    from reviewer.report.options import RenderOptions

Piece: TypeAlias = "str | tuple[str, Style]"
"""Text, or text in a style."""

_NARROWEST = 40
_PROSE = 100


class Glyphs(Struct, frozen=True):
    """The characters that the page draws with."""

    bar: str
    place: str
    """Opens the frame of a finding, before its place."""
    other: str
    """Before a related place."""
    close: str
    """Closes the frame, before the fix."""
    gap: str
    """In the gutter, for lines left out."""
    span_first: str
    span_middle: str
    span_last: str
    rule: str
    """Repeated, it makes a horizontal line."""
    dot: str
    dash: str
    ellipsis: str


UNICODE = Glyphs("│", "╭─", "├─", "╰─", "⋮", "╭", "│", "╰", "━", "·", "—", "…")
ASCII = Glyphs("|", ",-", "|-", "'-", ":", "/", "|", "\\", "=", "-", "--", "...")

_TYPOGRAPHY = str.maketrans(
    {
        "\u2013": "-",
        "\u2014": "--",
        "\u2018": "'",
        "\u2019": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u2026": "...",
        "\u2192": "->",
        "\u2264": "<=",
        "\u2265": ">=",
        "\u00b7": "-",
    }
)
"""What prose may use and pure ASCII can say too."""


class Page(Struct):
    """Lines of text under construction."""

    options: RenderOptions
    lines: list[str] = field(default_factory=list)

    @property
    def glyphs(self) -> Glyphs:
        """The characters to draw with."""
        return UNICODE if self.options.unicode else ASCII

    @property
    def width(self) -> int:
        """Columns that a line may take."""
        return max(self.options.width, _NARROWEST)

    @property
    def prose_width(self) -> int:
        """Columns that a line of prose may take: very long lines read badly."""
        return min(self.width, _PROSE)

    def safe(self, text: str) -> str:
        """Return text as it will be written, for whoever must know its width beforehand."""
        return show(text, ascii_only=not self.options.unicode)

    def line(self, *pieces: Piece) -> None:
        """Write one line; text of any origin may stand in a piece."""
        parts = []
        blank = True
        for piece in pieces:
            text, style = (piece, Style.PLAIN) if isinstance(piece, str) else piece
            text = self.safe(text)
            if blank:
                text = no_command(text)
                blank = not text.strip()
            parts.append(paint(text, style) if self.options.colour else text)
        self.lines.append("".join(parts).rstrip(" "))

    def blank(self) -> None:
        """Write an empty line, unless the page is empty or the line above is."""
        if self.lines and self.lines[-1]:
            self.lines.append("")

    def wrapped(self, text: str, *, first: tuple[Piece, ...] = (), rest: tuple[Piece, ...] = ()) -> None:
        """Write prose in as many lines as it takes, after ``first`` and then after ``rest``.

        ``rest`` is filled with spaces where it is narrower than ``first``.
        """
        lead = sum(columns(self.safe(_text(piece))) for piece in first)
        follow = sum(columns(self.safe(_text(piece))) for piece in rest)
        indent = max(lead, follow)
        if not self.options.unicode:
            text = text.translate(_TYPOGRAPHY)
        for number, part in enumerate(wrap(self.safe(text), self.prose_width - indent)):
            if number == 0:
                self.line(*first, " " * (indent - lead), part)
            else:
                self.line(*rest, " " * (indent - follow), part)

    def text(self) -> str:
        """Return the page with a line feed after each line."""
        while self.lines and not self.lines[-1]:
            self.lines.pop()
        return "".join(f"{line}\n" for line in self.lines)


def _text(piece: Piece) -> str:
    return piece if isinstance(piece, str) else piece[0]
