"""Answers the checklist from what was found and what was looked at."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.core.checklist import Answer, Question, Status
from reviewer.core.review import Coverage
from reviewer.engine.judging.judge import Judged
from reviewer.subject.model import Subject

if TYPE_CHECKING:
    from reviewer.core.finding import Finding
    from reviewer.core.review import RouteStep
    from reviewer.core.rule import Rule
    from reviewer.engine.rules import ActiveRules
    from reviewer.library.library import Library

_MOST_EVIDENCE: Final = 10


class Evidence(Struct, frozen=True):
    """What the answers rest on."""

    subject: Subject
    judged: Judged
    coverage: Coverage
    languages: frozenset[str]
    """Languages of the source files that were analysed."""
    failed: frozenset[str]
    """Rules that did not run to the end."""
    analysed: int
    """Source files that were analysed."""


def answers(
    library: Library, rules: ActiveRules, route: tuple[RouteStep, ...], evidence: Evidence
) -> tuple[Answer, ...]:
    """Return an answer to every question of the experts on the route."""
    asked = {step.expert for step in route}
    naming: dict[str, list[Rule]] = defaultdict(list)
    for rule in library.rules.values():
        for item in rule.checklist:
            naming[item].append(rule)
    by_rule = _Found(evidence.judged)
    return tuple(
        _answer(question, naming[question.id], rules, by_rule, evidence)
        for question in library.questions.values()
        if question.expert in asked
    )


def with_rows(given: tuple[Answer, ...], further: tuple[Answer, ...]) -> tuple[Answer, ...]:
    """Return answers with further rows behind the last of their expert; rows of one who was not asked are left out."""
    places = [number for number, answer in enumerate(given) if further and answer.expert == further[0].expert]
    return (*given[: places[-1] + 1], *further, *given[places[-1] + 1 :]) if places else given


class _Found:
    """The findings by rule, by what became of them."""

    def __init__(self, judged: Judged) -> None:
        self.open: dict[str, list[str]] = defaultdict(list)
        self.accepted: dict[str, list[str]] = defaultdict(list)
        self.hidden: dict[str, int] = defaultdict(int)
        for finding in judged.shown:
            if finding.suppressed is None:
                self.open[finding.rule].append(f"{finding.rule} at {_place(finding)}")
            else:
                text = f"{finding.rule} at {_place(finding)}, accepted: {finding.suppressed.reason}"
                self.accepted[finding.rule].append(text)
        for finding, speaker in judged.merged:
            self.open[finding.rule].append(f"{finding.rule} at {_place(finding)}, reported as {speaker}")
        for finding in judged.hidden:
            if finding.suppressed is None:
                self.hidden[finding.rule] += 1


def _place(finding: Finding) -> str:
    return f"{finding.location.path}:{finding.location.line}"


def _answer(question: Question, naming: list[Rule], rules: ActiveRules, found: _Found, evidence: Evidence) -> Answer:
    status, said = _judge(question, naming, rules, found, evidence)
    if len(said) > _MOST_EVIDENCE:
        said = [*said[:_MOST_EVIDENCE], f"{len(said) - _MOST_EVIDENCE} more"]
    return Answer(question.id, question.expert, question.question, status, tuple(said))


def _judge(
    question: Question, naming: list[Rule], rules: ActiveRules, found: _Found, evidence: Evidence
) -> tuple[Status, list[str]]:
    kind = evidence.subject.kind
    if kind not in question.kinds:
        return Status.NOT_APPLICABLE, [f"asked of a {' or '.join(question.kinds)}; this is a {kind}"]
    failing = [text for rule in naming for text in found.open[rule.id]]
    if failing:
        return Status.FAIL, failing
    accepted = [text for rule in naming for text in found.accepted[rule.id]]
    if accepted:
        return Status.WAIVED, accepted
    if not question.automatic:
        return Status.NOT_ASSESSED, [f"for a person to answer: {question.evidence}"]
    lacking = _lacking(question, naming, rules, found, evidence)
    if lacking:
        return Status.NOT_ASSESSED, lacking
    return Status.PASS, _looked(question, _able(naming, rules, evidence), evidence)


def _able(naming: list[Rule], rules: ActiveRules, evidence: Evidence) -> list[Rule]:
    """Return the rules of an item that ran and had something to look at."""
    return [
        rule
        for rule in naming
        if rule.id in rules.speaking
        and (not rule.applies_to.languages or evidence.languages & set(rule.applies_to.languages))
    ]


def _lacking(
    question: Question, naming: list[Rule], rules: ActiveRules, found: _Found, evidence: Evidence
) -> list[str]:
    """Say why an automatic item can't be passed, or return nothing."""
    reasons: list[str] = []
    able = _able(naming, rules, evidence)
    if not able:
        reasons.append("no rule that answers this took part")
    reasons += [f"{rule.id} did not run to the end" for rule in able if rule.id in evidence.failed]
    reasons += [
        f"{rule.id} has {found.hidden[rule.id]} possible finding(s), shown to an auditor"
        for rule in able
        if found.hidden[rule.id]
    ]
    subject = evidence.subject
    if "manifest" in question.needs and subject.manifest is None:
        reasons.append("there is no manifest that could be read")
    if "code" in question.needs:
        if not evidence.analysed:
            reasons.append("no source file was analysed")
        missed = [skipped.path for skipped in evidence.coverage.skipped if skipped.matters]
        if missed:
            reasons.append(f"not everything could be looked at: {', '.join(missed[:3])}")
    return reasons


def _looked(question: Question, able: list[Rule], evidence: Evidence) -> list[str]:
    """Say what a pass rests on."""
    ids = ", ".join(rule.id for rule in able)
    said = [f"{ids} found nothing"]
    if "manifest" in question.needs:
        said.append(f"{evidence.subject.manifest_path} was read")
    if "code" in question.needs:
        count = evidence.analysed
        said.append(f"{count} source file{'s were' if count != 1 else ' was'} analysed")
    return said
