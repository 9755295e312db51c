"""The pieces that SVG drawings are made of; every text passes the escaping here."""

from __future__ import annotations

from typing import Final

from markupsafe import Markup
from msgspec import Struct, field

LETTER: Final = 7.2
"""Width of an average letter of the drawings, in units."""
BOX: Final = 36
"""Height of a box."""
MARGIN: Final = 16
"""Around a drawing."""
_FILL: Final = {"bad": "var(--out, #fdecea)", "plugin": "var(--in, #e6f6ec)", "actor": "var(--wash, #f5f6f8)"}
_ROUND: Final = {"actor": 18, "state": 14, "bad": 14, "plugin": 4, "store": 4}


class Picture(Struct):
    """A drawing in the making."""

    width: float = 0
    height: float = 0
    parts: list[Markup] = field(default_factory=list)

    def box(self, x: float, y: float, width: float, height: float, label: str, kind: str = "part") -> None:
        """Draw a box with its label in the middle."""
        fill, corner = _FILL.get(kind, "var(--card, #fff)"), _ROUND.get(kind, 6)
        self.parts.append(
            Markup(
                '<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" rx="{}" fill="{}" '
                'stroke="var(--soft, #555)"/>'
            ).format(x, y, width, height, corner, fill)
        )
        if kind == "store":
            self.parts.append(
                Markup('<path d="M{:.1f} {:.1f}h{:.1f}" stroke="var(--soft, #555)"/>').format(x, y + 5, width)
            )
        self.text(x + width / 2, y + height / 2 + 4.5, label)

    def frame(self, x: float, y: float, width: float, height: float, label: str) -> None:
        """Draw a dashed frame with its label at the bottom left."""
        self.parts.append(
            Markup(
                '<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" rx="10" fill="none" '
                'stroke="var(--link, #0b57b0)" stroke-dasharray="6 4"/>'
            ).format(x, y, width, height)
        )
        self.text(x + 10, y + height - 7, label, anchor="start", colour="var(--link, #0b57b0)")

    def text(self, x: float, y: float, text: str, *, anchor: str = "middle", colour: str = "var(--ink, #1a1f27)",
             small: bool = False) -> None:  # fmt: skip
        """Write a text; ``anchor`` is the end that stands at ``x``."""
        size = Markup(' font-size="11"') if small else Markup("")
        self.parts.append(
            Markup('<text x="{:.1f}" y="{:.1f}" text-anchor="{}" fill="{}"{}>{}</text>').format(
                x, y, anchor, colour, size, text
            )
        )

    def patch(self, x: float, y: float, text: str) -> None:
        """Write a small text in the middle of a patch of paper, so that a line below stays readable."""
        width = len(text) * LETTER * 0.86 + 8
        self.parts.append(
            Markup('<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="16" rx="3" fill="var(--paper, #fff)"/>').format(
                x - width / 2, y - 12, width
            )
        )
        self.text(x, y, text, colour="var(--soft, #555)", small=True)

    def line(self, path: str, marker: str, *, dashed: bool = False) -> None:
        """Draw an arrow along a path; ``marker`` is the id of the diagram."""
        dash = Markup(' stroke-dasharray="5 4"') if dashed else Markup("")
        self.parts.append(
            Markup('<path d="{}" fill="none" stroke="var(--soft, #555)"{} marker-end="url(#arrow-{})"/>').format(
                path, dash, marker
            )
        )
