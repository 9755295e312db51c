"""Reads the file of an agent: one of the seven experts, with its guide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.core.experts import EXPERTS
from reviewer.core.nearest import did_you_mean
from reviewer.library.contents import Agent
from reviewer.library.tables import Key, check_table, shown

if TYPE_CHECKING:
    from reviewer.library.mistakes import Mistakes

_KEYS: Final = (
    Key("name", "text", "name: security", True, choices=EXPERTS),
    Key("description", "text", "description: What the expert sees to, and when to ask it.", True),
    Key("title", "text", "title: Plugin security", True),
    Key("mission", "text", "mission: Sees to it that a plugin can do only what it was granted.", True),
    Key("keywords", "texts", "keywords: [permission, sandbox]", True, pattern=r"[^A-Z\n]+",
        means="words in lower case"),
    Key("skills", "texts", "skills: [security]", True, pattern=r"[a-z0-9]+(?:-[a-z0-9]+)*", means="names of skills"),
    Key("questions", "texts", 'questions: ["Who writes the plugins?"]', True, pattern=r"[^\n]+\?",
        means="questions that end in ?"),
    Key("tools", "text", "tools: Read, Grep, Glob, Bash"),
)  # fmt: skip
"""The keys of the reference model, and those by which an assistant takes the page for an agent of its own."""


def read_agent(path: str, text: str, mistakes: Mistakes) -> Agent | None:
    """Read an agent file; None where it has mistakes. ``path`` ends in ``<expert>.md``."""
    from reviewer.library.frontmatter import yaml_page

    expert = path.rsplit("/", 1)[-1].removesuffix(".md")
    if expert not in EXPERTS:
        hint = did_you_mean(expert, EXPERTS)
        mistakes.add(path, 0, f"{shown(expert)} is no expert{hint or '; expected one of ' + ', '.join(EXPERTS)}")
        return None
    page = yaml_page(path, text, mistakes)
    if page is None:
        return None
    before = len(mistakes)
    check_table(page.data, _KEYS, page, mistakes)
    if page.data.get("name") not in (None, expert):
        mistakes.add(path, page.lines.line("name"), f"name is {shown(page.data['name'])}, not {shown(expert)}")
    if not page.body.strip():
        mistakes.add(path, page.body_line, "the agent has no guide")
    if len(mistakes) > before:
        return None
    data = page.data
    return Agent(
        expert=expert,
        title=data["title"],
        mission=data["mission"],
        keywords=tuple(data["keywords"]),
        skills=tuple(data["skills"]),
        questions=tuple(data["questions"]),
        source=path,
        body=page.body.strip("\n"),
        body_line=page.body_line,
    )
