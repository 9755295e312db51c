"""One finding as Markdown: place, source, related places, fix, and the edit where there is one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from reviewer.core.scale import Confidence
from reviewer.report.address import relative_path
from reviewer.report.escape.markdown import Ready, code, fenced
from reviewer.report.snippet import changes, rows
from reviewer.report.templates import markdown

if TYPE_CHECKING:
    from reviewer.core.location import Location
    from reviewer.report.options import RenderOptions
    from reviewer.report.outcome import Told

_RELATED: Final = 5
_LANGUAGES: Final = {".ts": "ts", ".tsx": "tsx", ".js": "js", ".jsx": "jsx", ".py": "py", ".json": "json"}


def finding_markdown(one: Told, options: RenderOptions) -> Ready:
    """Return a finding below a heading of its own, with a line feed at its end."""
    return Ready(markdown("report/finding.md.j2", _values(one, options)).rstrip("\n") + "\n")


def _values(one: Told, options: RenderOptions) -> dict[str, Any]:
    finding, subject = one.finding, one.review.subject.path
    edits = finding.fix.edits
    changed = [change for edit in edits[:1] for change in changes(options.sources, subject, edit)]
    return {
        "severity": finding.severity.value,
        "rule": finding.rule,
        "name": finding.name,
        "doubt": "" if finding.confidence is Confidence.CERTAIN else finding.confidence.value,
        "place": code(one.place),
        "message": finding.message,
        "source": _source(one, options),
        "relateds": [
            {"place": code(_place(subject, related.location, options.root)), "message": related.message}
            for related in finding.related[:_RELATED]
        ],
        "fix": finding.fix.text,
        "diff": fenced("diff", *(f"{change.sign} {change.text}" for change in changed)) if changed else "",
    }


def _source(one: Told, options: RenderOptions) -> Ready | str:
    lines = [
        f"{row.number:>4}  {row.text}" if row.number else "   …"
        for row in rows(options.sources, one.review.subject.path, one.finding.location)
    ]
    language = next((name for ending, name in _LANGUAGES.items() if one.path.endswith(ending)), "text")
    return fenced(language, *lines) if lines else ""


def _place(subject: str, place: Location, root: str) -> str:
    return f"{relative_path(subject, place.path, root)}:{place.line}:{place.column}"
