"""The difference of two runs as JSON of the schema ``reviewer/batch-difference/1``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import reviewer
from reviewer.market.difference.model import KINDS
from reviewer.report.escape.plain_json import dump
from reviewer.report.escape.terminal import shorten

if TYPE_CHECKING:
    from reviewer.market.difference.model import Change, Difference, RuleDifference
    from reviewer.market.records import Run

SCHEMA: Final = "reviewer/batch-difference/1"
"""The name of the schema; a change that takes something away gets a new number."""


def difference_json(difference: Difference) -> str:
    """Return the whole difference; of a rule with very many changes the first, and how many are left out."""
    return dump(
        {
            "schema": SCHEMA,
            "tool": {"name": "reviewer", "version": reviewer.__version__},
            "old": _run(difference.old),
            "new": _run(difference.new),
            "entries": {
                "both": difference.both,
                "same_bytes": difference.same_bytes,
                "only_old": difference.only_old,
                "only_new": difference.only_new,
                "not_compared": [
                    {"entry": one.entry, "old": one.old, "new": one.new, "why": shorten(one.why)}
                    for one in difference.not_compared
                ],
            },
            "counts": {kind: difference.count(kind) for kind in KINDS},
            "rules": [_rule(rule) for rule in difference.by_weight()],
        }
    )


def _run(run: Run) -> dict[str, Any]:
    return {"id": run.id, "started": run.started, "finished": run.finished, "tool": run.tool, "rules": run.rules}


def _rule(rule: RuleDifference) -> dict[str, Any]:
    return {
        "rule": rule.rule,
        "name": rule.name,
        "counts": dict(rule.counts),
        "entries": rule.entries,
        "changes": [_change(change) for kind in KINDS for change in rule.changes[kind]],
        "left_out": rule.total - sum(len(kept) for kept in rule.changes.values()),
    }


def _change(change: Change) -> dict[str, Any]:
    row = change.finding
    return {
        "kind": change.kind,
        "entry": change.entry,
        "version": change.version,
        "subject": change.subject,
        "same_bytes": change.same_bytes,
        "severity": row.severity,
        "confidence": row.confidence,
        "message": shorten(row.message),
        "path": row.path,
        "line": row.line,
        "column": row.column,
        "fingerprint": row.fingerprint,
        "excerpt": row.excerpt,
        "suppressed": row.suppressed,
        "was": shorten(change.was),
    }
