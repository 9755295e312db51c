"""What an editor offers at a finding: the edit that mends it, and the comment that accepts it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from reviewer.engine.judging.accepting import comment_above, takes_comments
from reviewer.lsp.convert import diagnostic, range_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewer.core.finding import Finding
    from reviewer.lsp.convert import Units

_REASON = "reason"
"""Stands where a person has to say why."""


def actions(
    findings: Sequence[Finding], where: types.Range, uri: str, lines: Sequence[str], units: Units
) -> Iterator[types.CodeAction]:
    """Yield the actions for the findings that a range touches."""
    for finding in findings:
        told = diagnostic(finding, lines, units, uri)
        if not _touch(told.range, where):
            continue
        edits = finding.fix.edits
        if edits and all(edit.location.path == finding.location.path for edit in edits):
            changes = [types.TextEdit(range_of(edit.location, lines, units), edit.replacement) for edit in edits]
            yield _action(f"{finding.rule}: {finding.fix.text}", told, uri, changes, preferred=True)
        if takes_comments(finding.location.path) and finding.location.line <= len(lines):
            line = lines[finding.location.line - 1]
            comment = comment_above(finding.location.path, line, finding.rule, _REASON)
            start = types.Position(finding.location.line - 1, 0)
            change = types.TextEdit(types.Range(start, start), f"{comment}\n")
            yield _action(f"Accept {finding.rule} here, for a reason", told, uri, [change], preferred=False)


def _action(
    title: str, told: types.Diagnostic, uri: str, edits: list[types.TextEdit], *, preferred: bool
) -> types.CodeAction:
    return types.CodeAction(
        title=title,
        kind=types.CodeActionKind.QuickFix,
        diagnostics=[told],
        is_preferred=preferred,
        edit=types.WorkspaceEdit(changes={uri: edits}),
    )


def _touch(one: types.Range, other: types.Range) -> bool:
    def point(position: types.Position) -> tuple[int, int]:
        return position.line, position.character

    return point(one.start) <= point(other.end) and point(other.start) <= point(one.end)
