"""A rule's page for a terminal: what it finds, why it matters, how to mend it, when not to apply it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.report.colour import BY_SEVERITY, Style
from reviewer.report.page import Page
from reviewer.report.prose import inline, write_markdown

if TYPE_CHECKING:
    from reviewer.core.rule import Rule
    from reviewer.report.options import RenderOptions

_FIX_BEFORE = "Bad"
"""The heading before which the fix stands."""


def explain(rule: Rule, options: RenderOptions) -> str:
    """Return the page of a rule as text, with a line feed at its end."""
    page = Page(options)
    page.line((f"{rule.id} {rule.name}", Style.STRONG))
    dot = f" {page.glyphs.dot} "
    page.line(
        (rule.severity, BY_SEVERITY[rule.severity]),
        dot,
        dot.join([rule.confidence, rule.expert, f"{rule.status} since {rule.since}"]),
    )
    _write_facts(page, rule)
    fix_written = not rule.fix
    for heading, text in rule.sections.items():
        if not text.strip():
            continue
        if heading == _FIX_BEFORE and not fix_written:
            _write_fix(page, rule)
            fix_written = True
        _write_heading(page, heading)
        write_markdown(page, text)
    if not fix_written:
        _write_fix(page, rule)
    return page.text()


def _write_fix(page: Page, rule: Rule) -> None:
    _write_heading(page, "How to mend it")
    write_markdown(page, rule.fix)


def _write_heading(page: Page, heading: str) -> None:
    page.blank()
    page.line((inline(heading), Style.STRONG))


def _write_facts(page: Page, rule: Rule) -> None:
    """Write where the rule speaks and what it is tied to, as far as there is something to say."""
    reach = rule.applies_to
    facts = (
        ("kinds", reach.kinds),
        ("languages", reach.languages),
        ("ecosystems", reach.ecosystems),
        ("trust levels", tuple(map(str, reach.trust))),
        ("checklist", rule.checklist),
        ("speaks before", rule.more_specific_than),
        ("shown by", ("pedantic and auditor",) if rule.style else ()),
    )
    for label, values in facts:
        if values:
            page.wrapped(", ".join(values), first=((f"{label:<15}", Style.FAINT),))
