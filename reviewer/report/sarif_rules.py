"""The rules behind the results of a SARIF log, with their help, and the CWE taxa they point to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from reviewer.core.regex import regex
from reviewer.core.scale import Confidence, Severity
from reviewer.report.escape.sarif import message

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reviewer.core.finding import Finding
    from reviewer.core.rule import Rule
    from reviewer.report.options import Rules

TAG_LIMIT = 20
"""Tags of a rule; GitHub refuses a file with more."""
_DESCRIPTION_LIMIT = 1_000
"""Characters of a description; GitHub takes 1,024."""

_LEVEL = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
    Severity.INFO: "note",
}
_PROBLEM = {"error": "error", "warning": "warning", "note": "recommendation"}
_PRECISION = {
    Confidence.CERTAIN: "very-high",
    Confidence.LIKELY: "high",
    Confidence.POSSIBLE: "medium",
}
# The middle of each band that GitHub makes of the number: over 9 is critical, from 7 high,
# from 4 medium, below low. 0 would mean no severity at all, so `info` is the least of low.
_SECURITY_SEVERITY = {
    Severity.CRITICAL: "9.5",
    Severity.HIGH: "8.0",
    Severity.MEDIUM: "5.5",
    Severity.LOW: "2.0",
    Severity.INFO: "0.1",
}
_CWE = regex(r"^CWE-[1-9][0-9]{0,5}$")
_FENCE = regex(r"^(```+|~~~+)[^\n]*$", re.MULTILINE)
_SENTENCE = regex(r"(?<=[.!?])\s")


def level_of(severity: Severity) -> str:
    """Return SARIF's level for a severity."""
    return _LEVEL[severity]


class Catalogue:
    """The rules that a run's findings name, in order of their id, and the weaknesses that they cite."""

    def __init__(self, findings: Iterable[Finding], rules: Rules | None) -> None:
        """Collect the rules of ``findings``; ``rules`` gives their pages."""
        self._gravest: dict[str, Finding] = {}
        cited: set[str] = set()
        for finding in findings:
            known = self._gravest.get(finding.rule)
            if known is None or finding.severity.rank > known.severity.rank:
                self._gravest[finding.rule] = finding
            cited.update(finding.references)
        self._order = {rule: index for index, rule in enumerate(sorted(self._gravest))}
        self._pages = {rule: rules(rule) if rules is not None else None for rule in self._order}
        for page in self._pages.values():
            cited.update(page.references if page is not None else ())
        weaknesses = sorted(filter(_CWE.match, cited), key=lambda weakness: int(weakness[4:]))
        self._weaknesses = {weakness: index for index, weakness in enumerate(weaknesses)}

    def index(self, rule: str) -> int:
        """Return the position of a rule among the descriptors."""
        return self._order[rule]

    def descriptors(self) -> list[dict[str, Any]]:
        """Return the reporting descriptors, one for each rule."""
        return [self._descriptor(self._gravest[rule], self._pages[rule]) for rule in self._order]

    def supported_taxonomies(self) -> list[dict[str, Any]]:
        """Return the reference of the driver to the CWE list, where something cites it."""
        return [{"name": "CWE", "index": 0}] if self._weaknesses else []

    def taxonomies(self) -> list[dict[str, Any]]:
        """Return the part of the CWE list that is cited; empty where nothing is."""
        if not self._weaknesses:
            return []
        taxa = [
            {"id": weakness, "helpUri": f"https://cwe.mitre.org/data/definitions/{weakness[4:]}.html"}
            for weakness in self._weaknesses
        ]
        return [
            {
                "name": "CWE",
                "organization": "MITRE",
                "shortDescription": {"text": "Common Weakness Enumeration"},
                "informationUri": "https://cwe.mitre.org/",
                "isComprehensive": False,
                "taxa": taxa,
            }
        ]

    def taxa(self, references: Iterable[str]) -> list[dict[str, Any]]:
        """Return pointers to the weaknesses among ``references``."""
        named = dict.fromkeys(reference for reference in references if reference in self._weaknesses)
        return [
            {"id": weakness, "index": self._weaknesses[weakness], "toolComponent": {"name": "CWE", "index": 0}}
            for weakness in named
        ]

    def _descriptor(self, finding: Finding, page: Rule | None) -> dict[str, Any]:
        references = page.references if page is not None else finding.references
        about = page.sections.get("What it finds", "") if page is not None else ""
        described = _plain(about) or finding.name.replace("-", " ")
        # A severity that the settings or the place changed is what the reader should see.
        level = level_of(finding.severity)
        descriptor: dict[str, Any] = {
            "id": finding.rule,
            "name": finding.name,
            "shortDescription": {"text": _cut(_SENTENCE.split(described)[0])},
            "fullDescription": {"text": _cut(described)},
            "help": _help(finding, page),
            "defaultConfiguration": {"level": level},
        }
        if address := next((one for one in references if one.startswith("https://")), None):
            descriptor["helpUri"] = address
        if taxa := self.taxa(references):
            descriptor["relationships"] = [{"target": taxon, "kinds": ["superset"]} for taxon in taxa]
        descriptor["properties"] = _properties(finding, page, references)
        return descriptor


def _properties(finding: Finding, page: Rule | None, references: tuple[str, ...]) -> dict[str, Any]:
    """Return what GitHub sorts and filters by."""
    weaknesses = [reference for reference in references if _CWE.match(reference)]
    security = finding.expert == "security" or bool(weaknesses)
    tags = ["plugin-system", finding.expert]
    if security and finding.expert != "security":
        tags.append("security")
    if page is not None and page.status != "stable":
        tags.append(page.status)
    tags += [f"external/cwe/{weakness.lower()}" for weakness in weaknesses]
    confidence = page.confidence if page is not None else finding.confidence
    properties: dict[str, Any] = {
        "tags": tags[:TAG_LIMIT],
        "precision": _PRECISION[confidence],
        "problem.severity": _PROBLEM[level_of(finding.severity)],
    }
    if security:
        properties["security-severity"] = _SECURITY_SEVERITY[finding.severity]
    return properties


def _help(finding: Finding, page: Rule | None) -> dict[str, Any]:
    """Return the rule's page as text and as Markdown; the page is ours, not the subject's."""
    if page is None:
        text = f"{finding.rule} {finding.name}"
        return {"text": f"{text}\n\nreviewer explain {finding.rule}"}
    title = f"{page.id} {page.name}"
    sections = [(heading, body) for heading, body in page.sections.items() if body.strip()]
    if page.fix:
        sections.insert(1, ("How to mend it", page.fix))
    plain = [title, *(f"{heading}\n\n{_FENCE.sub('', body).strip()}" for heading, body in sections)]
    marked = [f"# {title}", *(f"## {heading}\n\n{body.strip()}" for heading, body in sections)]
    return {"text": "\n\n".join(plain), "markdown": "\n\n".join(marked)}


def _plain(markdown: str) -> str:
    """Return the first paragraph of Markdown as one line without emphasis and code marks."""
    paragraph = markdown.strip().split("\n\n")[0]
    return message(" ".join(paragraph.replace("`", "").replace("*", "").split()))


def _cut(text: str) -> str:
    return text if len(text) <= _DESCRIPTION_LIMIT else f"{text[:_DESCRIPTION_LIMIT]}..."
