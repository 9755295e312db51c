"""The result as SARIF 2.1.0: one run, with suppressions, fixes, taxa and what went wrong.

Kept inside the limits of GitHub code scanning, which refuses a whole file that exceeds one; what
had to be cut is said in a notification.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import reviewer
from reviewer.report.escape.plain_json import dump
from reviewer.report.escape.sarif import message, relative_uri
from reviewer.report.sarif_notices import notifications
from reviewer.report.sarif_places import Places
from reviewer.report.sarif_rules import Catalogue, level_of
from reviewer.report.verdict import exit_code

if TYPE_CHECKING:
    from reviewer.core.finding import Finding, Suppression
    from reviewer.core.review import Review, ReviewRun
    from reviewer.report.options import RenderOptions

SCHEMA_URI = "https://json.schemastore.org/sarif-2.1.0.json"
RESULT_LIMIT = 5_000
"""Results of a run; GitHub shows no more."""
LOCATION_LIMIT = 1_000
"""Locations of a result, the primary one among them; GitHub refuses a file with more."""
_RELATED_LIMIT = LOCATION_LIMIT - 1


def render_sarif(run: ReviewRun, options: RenderOptions) -> str:
    """Return the whole result as a SARIF log in ASCII."""
    return dump(sarif_data(run, options))


def sarif_data(run: ReviewRun, options: RenderOptions) -> dict[str, Any]:
    """Return the result as the plain data of a SARIF log."""
    kept, left_out = _gravest(run)
    cut = sum(max(len(finding.related) - _RELATED_LIMIT, 0) for _, finding in kept)
    catalogue = Catalogue([finding for _, finding in kept], options.rules)
    results = [_result(finding, catalogue, Places(review, options.sources, options.root)) for review, finding in kept]
    complete = run.gate.result != "incomplete" and all(review.complete for review in run.reviews)
    code = exit_code(run.gate)
    return {
        "$schema": SCHEMA_URI,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": _driver(catalogue)},
                "invocations": [
                    {
                        "executionSuccessful": complete,
                        "exitCode": code.value,
                        "exitCodeDescription": message("; ".join([run.gate.result, *run.gate.reasons])),
                        **notifications(run, options, left_out, cut),
                    }
                ],
                "originalUriBaseIds": {
                    "%SRCROOT%": {"description": {"text": "The folder that was reviewed."}},
                },
                "taxonomies": catalogue.taxonomies(),
                "results": results,
                "columnKind": "unicodeCodePoints",
                "properties": {
                    "rulesDigest": run.rules_digest,
                    "subjects": [_subject(review, options) for review in run.reviews],
                },
            }
        ],
    }


def _gravest(run: ReviewRun) -> tuple[list[tuple[Review, Finding]], int]:
    """Return the findings within the limit in their order, and how many had to go.

    Open findings stay before suppressed ones, graver ones before milder ones.
    """
    found = [(review, finding) for review in run.reviews for finding in review.findings]
    if len(found) <= RESULT_LIMIT:
        return found, 0
    by_weight = sorted(
        range(len(found)),
        key=lambda index: (found[index][1].suppressed is not None, -found[index][1].severity.rank, index),
    )
    return [found[index] for index in sorted(by_weight[:RESULT_LIMIT])], len(found) - RESULT_LIMIT


def _driver(catalogue: Catalogue) -> dict[str, Any]:
    return {
        "name": "reviewer",
        "version": reviewer.__version__,
        "semanticVersion": reviewer.__version__,
        "supportedTaxonomies": catalogue.supported_taxonomies(),
        "rules": catalogue.descriptors(),
    }


def _subject(review: Review, options: RenderOptions) -> dict[str, Any]:
    subject = review.subject
    return {
        "uri": relative_uri(Places(review, None, options.root).base),
        "kind": message(subject.kind),
        "ecosystem": message(subject.ecosystem),
        "id": message(subject.id),
        "version": message(subject.version),
    }


def _result(finding: Finding, catalogue: Catalogue, places: Places) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": catalogue.index(finding.rule),
        "kind": "fail",
        "level": level_of(finding.severity),
        "message": {"text": message(finding.message) or finding.name},
        "locations": [places.location(finding.location)],
    }
    if finding.related:
        result["relatedLocations"] = [
            {"id": number, **places.location(related.location), "message": {"text": message(related.message)}}
            for number, related in enumerate(finding.related[:_RELATED_LIMIT], 1)
        ]
    if finding.fingerprint:
        result["partialFingerprints"] = {"reviewerFinding/v1": finding.fingerprint}
    if finding.fix.edits:
        result["fixes"] = [_fix(finding, places)]
    if finding.suppressed is not None:
        result["suppressions"] = [_suppression(finding.suppressed, places)]
    if taxa := catalogue.taxa(finding.references):
        result["taxa"] = taxa
    result["properties"] = {
        "severity": finding.severity.value,
        "confidence": finding.confidence.value,
        "expert": finding.expert,
        "fix": message(finding.fix.text),
    }
    return result


def _fix(finding: Finding, places: Places) -> dict[str, Any]:
    """Turn the edits of a finding into one fix, the edits of a file together."""
    by_path: dict[str, list[dict[str, Any]]] = {}
    for edit in finding.fix.edits:
        replacement = {
            "deletedRegion": places.region(edit.location),
            "insertedContent": {"text": edit.replacement},
        }
        by_path.setdefault(edit.location.path, []).append(replacement)
    return {
        "description": {"text": message(finding.fix.text) or "Apply the edits."},
        "artifactChanges": [
            {"artifactLocation": places.artifact(path), "replacements": replacements}
            for path, replacements in by_path.items()
        ],
    }


def _suppression(suppression: Suppression, places: Places) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "kind": "inSource" if suppression.kind == "inline" else "external",
        "status": "accepted",
        "justification": message(suppression.reason),
        "properties": {"by": suppression.kind},
    }
    # The place of a baseline or a configuration is not part of the subject.
    if suppression.kind == "inline" and suppression.line > 0:
        entry["location"] = {
            "physicalLocation": {
                "artifactLocation": places.artifact(suppression.path),
                "region": {"startLine": suppression.line},
            }
        }
    return entry
