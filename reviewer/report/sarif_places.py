"""Places as SARIF locations: addresses relative to the reviewed root, regions with their text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from reviewer.report.address import base_of, below
from reviewer.report.escape.sarif import relative_uri
from reviewer.report.escape.terminal import LINE_LIMIT, shorten, show

if TYPE_CHECKING:
    from reviewer.core.location import Location
    from reviewer.core.review import Review
    from reviewer.report.options import Sources

_SNIPPET_LINES = 20


class Places(Struct, frozen=True):
    """Turns the places of one subject into SARIF."""

    review: Review
    sources: Sources | None
    root: str

    @property
    def base(self) -> str:
        """The path of the subject, relative to the root where it lies below it."""
        return base_of(self.review.subject.path, self.root)

    def artifact(self, path: str) -> dict[str, Any]:
        """Return the address of a file of the subject."""
        return {"uri": relative_uri(*below(self.base, path)), "uriBaseId": "%SRCROOT%"}

    def region(self, place: Location) -> dict[str, Any]:
        """Return the lines and columns of a place."""
        return {
            "startLine": place.line,
            "startColumn": place.column,
            "endLine": place.end_line,
            "endColumn": place.end_column,
        }

    def location(self, place: Location) -> dict[str, Any]:
        """Return a place with the text that stands there, where that can be had."""
        region = self.region(place)
        snippet = self._snippet(place)
        if snippet:
            region["snippet"] = {"text": snippet}
        return {"physicalLocation": {"artifactLocation": self.artifact(place.path), "region": region}}

    def _snippet(self, place: Location) -> str:
        """Return the text of a place, made visible and cut to what a report repeats."""
        lines = None if self.sources is None else self.sources(self.review.subject.path, place.path)
        if lines is None or not 1 <= place.line <= len(lines):
            return ""
        shown = lines[place.line - 1 : min(place.end_line, place.line - 1 + _SNIPPET_LINES)]
        if len(shown) == place.end_line - place.line + 1:
            shown[-1] = shown[-1][: place.end_column - 1]
        shown[0] = shown[0][place.column - 1 :]
        return "\n".join(_visible(line) for line in shown)


def _visible(line: str) -> str:
    """Return a source line as text that only shows; tabs may stay."""
    return "\t".join(show(part) for part in shorten(line, LINE_LIMIT).split("\t"))
