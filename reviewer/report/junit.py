"""The result as a JUnit report: what fails the gate is a failure, what was missed an error."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, indent, tostring

from reviewer.report.escape.xml import element
from reviewer.report.outcome import fails, missed, told
from reviewer.report.verdict import reasons

if TYPE_CHECKING:
    from reviewer.core.review import Review, ReviewRun
    from reviewer.report.options import RenderOptions
    from reviewer.report.outcome import Told


def render_junit(run: ReviewRun, options: RenderOptions) -> str:
    """Return a suite for each subject: a case for each expert that found nothing, for each finding, for each gap.

    A finding that does not fail the gate passes with its text as output, a suppressed one is
    skipped with its reason. There is no time in it, so that the same input gives the same bytes.
    """
    root = Element("testsuites")
    cases = failures = errors = 0
    for review in run.reviews:
        suite = _suite(root, run, review, options.root)
        cases += int(suite.get("tests", 0))
        failures += int(suite.get("failures", 0))
        errors += int(suite.get("errors", 0))
    totals = {"name": "reviewer", "tests": cases, "failures": failures, "errors": errors}
    root.attrib.update({name: str(value) for name, value in totals.items()})
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


def _suite(root: Element, run: ReviewRun, review: Review, reviewed_from: str) -> Element:
    suite = element(root, "testsuite", {"name": review.subject.path or "."})
    properties = element(suite, "properties", {})
    subject = review.subject
    facts = {"kind": subject.kind, "ecosystem": subject.ecosystem, "id": subject.id, "version": subject.version}
    facts |= {"gate": run.gate.result, "reasons": "; ".join(reasons(run))}
    for name, value in facts.items():
        if value:
            element(properties, "property", {"name": name, "value": value})
    found = list(told(review, reviewed_from))
    busy = {one.finding.expert for one in found if one.finding.suppressed is None}
    for step in review.route:
        if step.expert not in busy:
            element(suite, "testcase", {"name": f"{step.expert}: nothing found", "classname": subject.path})
    for one in found:
        _case(suite, run, one)
    gaps = list(missed(review, reviewed_from))
    for gap in gaps:
        case = element(suite, "testcase", {"name": f"not complete: {gap.path}", "classname": subject.path})
        element(case, "error", {"type": "incomplete", "message": gap.reason})
    numbers = {
        "tests": len(suite.findall("testcase")),
        "failures": sum(fails(run, one.finding) for one in found),
        "errors": len(gaps),
        "skipped": sum(one.finding.suppressed is not None for one in found),
    }
    suite.attrib.update({name: str(number) for name, number in numbers.items()})
    return suite


def _case(suite: Element, run: ReviewRun, one: Told) -> None:
    finding = one.finding
    attributes = {"name": f"{finding.rule} {finding.name} at {one.place}", "classname": f"reviewer.{finding.expert}"}
    case = element(suite, "testcase", attributes)
    lines = [one.place, finding.message, *([f"Fix: {finding.fix.text}"] if finding.fix.text else [])]
    if finding.suppressed is not None:
        known = f"{finding.suppressed.kind}: {finding.suppressed.reason}"
        element(case, "skipped", {"type": "suppressed", "message": known}, *lines)
    elif fails(run, finding):
        element(case, "failure", {"type": finding.severity, "message": f"{one.title}: {finding.message}"}, *lines)
    else:
        element(case, "system-out", {}, f"{one.title}, does not fail the gate", *lines)
