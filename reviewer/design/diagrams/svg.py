"""Draws diagrams as SVG: no script, no font from elsewhere, colours of the page around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from reviewer.design.diagrams.model import Sequence
from reviewer.design.diagrams.svg_flow import draw_flow
from reviewer.design.diagrams.svg_sequence import draw_sequence

if TYPE_CHECKING:
    from reviewer.design.diagrams.model import Flow


def svg(diagram: Flow | Sequence) -> Markup:
    """Return a diagram as an SVG element with a title for those who can't see it."""
    picture = draw_sequence(diagram) if isinstance(diagram, Sequence) else draw_flow(diagram)
    head = Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}" width="{w}" height="{h}" role="img" '
        'aria-label="{title}" font-family="system-ui, sans-serif" font-size="13"><title>{title}</title>'
        '<defs><marker id="arrow-{id}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" '
        'orient="auto-start-reverse"><path d="M0 0L8 4L0 8z" fill="var(--soft, #555)"/></marker></defs>'
    ).format(w=round(picture.width), h=round(picture.height), title=escape(diagram.title), id=diagram.id)
    return head + Markup("").join(picture.parts) + Markup("</svg>")
