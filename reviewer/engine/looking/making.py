"""Makes findings of what checks say: rule metadata, places in characters, a mark by content."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from reviewer.code.syntax import Class, Function
from reviewer.core.finding import Finding
from reviewer.core.location import Fix, Location, Related
from reviewer.core.scale import Severity
from reviewer.engine.judging.fingerprint import content_mark
from reviewer.engine.judging.tempering import Tempering
from reviewer.engine.looking.reading import Reading
from reviewer.experts.place import locate
from reviewer.subject.document import Value

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.core.rule import Rule
    from reviewer.experts.check import Match, Place

_MOST_RELATED: Final = 20
_LONGEST_MESSAGE: Final = 600
_LONG_LINE: Final = 400
"""Characters from which a line is taken for generated: then the found stretch alone is the content."""
_WHOLE_SPAN: Final = 3
"""Spans of up to so many lines count by all their lines, longer ones by the first."""
_MOST_PARENTS: Final = 500


class Maker(Struct):
    """Makes the findings of one subject."""

    reading: Reading
    severities: dict[str, Severity] = field(default_factory=dict)
    tempering: Tempering = field(default_factory=Tempering)

    def of_match(self, rule: Rule, match: Match, module: Module | None) -> Finding:
        """Make the finding of a match; raises `TypeError` for a node whose file nobody knows.

        ``module`` is the module that the check looked at, or None for a check of the subject.
        """
        related = tuple(
            Related(self._place(place, module), text[:_LONGEST_MESSAGE])
            for place, text in match.related[:_MOST_RELATED]
        )
        at = match.at
        text = self._found(place := self._place(at, module))
        symbol = _symbol(at)
        return Finding(
            rule=rule.id,
            name=rule.name,
            expert=rule.expert,
            severity=self.severities.get(rule.id, match.severity or rule.severity),
            confidence=self.tempering.of(rule.id, match.confidence or rule.confidence, place.path),
            message=match.message[:_LONGEST_MESSAGE],
            location=place,
            related=related,
            fix=Fix(match.fix or rule.fix, match.edits),
            references=rule.references,
            fingerprint=content_mark(rule.id, place.path, text, symbol),
            content=content_mark(rule.id, "", text, symbol),
            style=rule.style,
        )

    def at_place(self, rule: Rule, place: Location, message: str) -> Finding:
        """Make a finding of the engine's own."""
        text = self._found(place)
        return Finding(
            rule=rule.id,
            name=rule.name,
            expert=rule.expert,
            severity=self.severities.get(rule.id, rule.severity),
            confidence=rule.confidence,
            message=message[:_LONGEST_MESSAGE],
            location=place,
            fix=Fix(rule.fix),
            references=rule.references,
            fingerprint=content_mark(rule.id, place.path, text, ""),
            content=content_mark(rule.id, "", text, ""),
            style=rule.style,
        )

    def _place(self, place: Place, module: Module | None) -> Location:
        if isinstance(place, Location):
            return place
        if isinstance(place, Value):
            return place.place
        owner = _owner(place) or module or self.reading.holder(place)
        if owner is None:
            raise TypeError(f"the file of a {type(place).__name__} is not known; give its place by locate()")
        return locate(owner, place)

    def _found(self, place: Location) -> str:
        """Return the text at a place, as far as it tells one finding from another."""
        lines = self.reading.lines(place.path)
        found = lines[place.line - 1 : place.end_line] if lines else []
        if len(found) > _WHOLE_SPAN:
            found = found[:1]
        if found and len(found[0]) > _LONG_LINE:
            end = place.end_column - 1 if place.end_line == place.line else len(found[0])
            found = [found[0][place.column - 1 : min(end, place.column - 1 + _LONG_LINE)]]
        return "\n".join(found)


def _owner(node: Node) -> Module | None:
    """Return the module of the nearest function or class around a node, itself included."""
    current: Node | None = node
    for _ in range(_MOST_PARENTS):
        if current is None:
            return None
        if isinstance(current, Function | Class):
            return current.module
        current = current.parent
    return None


def _symbol(place: Place) -> str:
    """Return the names of the functions and classes around a node, outermost first."""
    if isinstance(place, Location | Value):
        return ""
    names: list[str] = []
    current = place.parent
    for _ in range(_MOST_PARENTS):
        if current is None:
            break
        if isinstance(current, Function | Class) and current.name:
            names.append(current.name)
        current = current.parent
    return ".".join(reversed(names))
