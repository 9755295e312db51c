"""Reads one rule file: front matter, the six sections of its page, its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from reviewer.core.nearest import did_you_mean
from reviewer.core.rule import AppliesTo, Example, Rule
from reviewer.core.scale import Confidence, Severity
from reviewer.library.examples import read_examples
from reviewer.library.frontmatter import Page, toml_page
from reviewer.library.markdown import Section, read_markdown
from reviewer.library.rule_schema import check_rule
from reviewer.library.tables import shown

if TYPE_CHECKING:
    from reviewer.library.mistakes import Mistakes

SECTIONS: Final = ("What it finds", "Why it matters", "Bad", "Good", "When not to apply", "References")


def read_rule(path: str, text: str, mistakes: Mistakes, *, own: bool = False) -> Rule | None:
    """Read a rule file; None where it has mistakes, all of which are noted.

    ``path`` is what messages and `Rule.source` name; its last part is the file's name.
    ``own`` marks a rule that does not ship with the product: data only, letters of its own.
    """
    before = len(mistakes)
    page = toml_page(path, text, mistakes)
    if page is None:
        return None
    check_rule(page, path.rsplit("/", 1)[-1], mistakes, own=own)
    sections = _sections(page, mistakes)
    examples: list[Example] = []
    for section in sections:
        if section.heading in {"Bad", "Good"}:
            examples.extend(read_examples(path, section, mistakes, good=section.heading == "Good"))
    if len(mistakes) > before:
        return None
    return _rule(page, {section.heading: section.text for section in sections}, tuple(examples))


def _sections(page: Page, mistakes: Mistakes) -> tuple[Section, ...]:
    """Cut the page at its headings and check that the six are there, once each and in order."""
    markdown = read_markdown(page.body, page.body_line)
    before = [line for line in markdown.before.split("\n") if line.strip() and not line.startswith("# ")]
    if before:
        text = f"text before the first heading: {shown(before[0])}; a page begins with ## {SECTIONS[0]}"
        mistakes.add(page.path, page.body_line, text)
    seen: list[str] = []
    for section in markdown.sections:
        if section.heading not in SECTIONS:
            hint = did_you_mean(section.heading, SECTIONS) or f"; the headings are {', '.join(SECTIONS)}"
            mistakes.add(page.path, section.line, f"unknown heading {shown(section.heading)}{hint}")
            continue
        if section.heading in seen:
            mistakes.add(page.path, section.line, f"the heading {section.heading} stands here a second time")
        elif seen and SECTIONS.index(section.heading) < max(map(SECTIONS.index, seen)):
            order = " · ".join(SECTIONS)
            mistakes.add(page.path, section.line, f"the heading {section.heading} is out of order: {order}")
        seen.append(section.heading)
        if not section.text.strip():
            mistakes.add(page.path, section.line, f"the section {section.heading} is empty")
    for heading in SECTIONS:
        if heading not in seen:
            mistakes.add(page.path, page.body_line, f"the section ## {heading} is missing")
    return markdown.sections


def _rule(page: Page, sections: dict[str, str], examples: tuple[Example, ...]) -> Rule:
    """Make the rule of a page that has no mistakes."""
    data = page.data
    applies: dict[str, Any] = data.get("applies-to", {})
    return Rule(
        id=data["id"],
        name=data["name"],
        expert=data["expert"],
        severity=Severity(data["severity"]),
        confidence=Confidence(data["confidence"]),
        status=data["status"],
        since=data["since"],
        fix=data["fix"],
        applies_to=AppliesTo(
            kinds=tuple(applies.get("kind", ())),
            languages=tuple(applies.get("language", ())),
            ecosystems=tuple(applies.get("ecosystem", ())),
            trust=tuple(applies.get("trust", ())),
        ),
        references=tuple(data.get("references", ())),
        checklist=tuple(data.get("checklist", ())),
        more_specific_than=tuple(data.get("more-specific-than", ())),
        guide=tuple(data.get("guide", ())),
        style=data.get("style", False),
        match=data.get("match"),
        sections=sections,
        examples=examples,
        source=page.path,
    )
