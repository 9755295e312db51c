"""Which section of an audit a finding stands in, and whether it bears on security at all."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from reviewer.library.audit import sections
from reviewer.library.threats import surfaces

if TYPE_CHECKING:
    from reviewer.core.finding import Finding
    from reviewer.report.options import Rules

_ELSE: Final = "vulnerabilities"
"""The section of what the security expert says and no section names."""


def section_of(finding: Finding, rules: Rules | None) -> str:
    """Return the id of the section: the one that names the rule, else one of whose questions it fails; or nothing."""
    for data in sections():
        if finding.rule.startswith(data.rules):
            return data.id
    page = rules(finding.rule) if rules is not None else None
    failed = set(page.checklist) if page is not None else set()
    for data in sections():
        if failed & set(data.checklist):
            return data.id
    return _ELSE if finding.expert == "security" else ""


def bears(finding: Finding, section: str) -> bool:
    """Tell whether a finding, which stands in a section or in none, bears on security."""
    return bool(section) or finding.rule in _threatening()


@cache
def _threatening() -> frozenset[str]:
    return frozenset(rule for surface in surfaces() for threat in surface.threats for rule in threat.rules)
