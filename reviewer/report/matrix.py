"""The matrix of experts and sections of the reference model: which rules cover what, and why a cell is empty."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Final

from reviewer import resources
from reviewer.core.experts import EXPERTS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reviewer.core.rule import Rule

FILE: Final = "coverage.toml"
"""Holds the titles of the sections, and a sentence for each cell without a rule."""


def matrix(rules: Iterable[Rule]) -> str:
    """Return the matrix as Markdown: a table of counts, then the rules of each cell by name."""
    data = tomllib.loads((resources.skills() / FILE).read_text("utf-8"))
    titles = {int(number): title for number, title in data["sections"].items()}
    reasons = {(row["expert"], row["section"]): row["why"] for row in data["empty"]}
    cells: dict[tuple[str, int], list[Rule]] = {}
    for rule in rules:
        for section in rule.guide:
            cells.setdefault((rule.expert, section), []).append(rule)
    lines = [
        "# Which rules cover what",
        "",
        "Made by `reviewer rules --format matrix`; the titles and the sentences about empty cells stand in",
        f"`skills/{FILE}`. A rule may stand in several cells.",
        "",
        "| section | " + " | ".join(EXPERTS) + " |",
        "|---|" + "---|" * len(EXPERTS),
    ]
    for section, title in titles.items():
        counts = [str(len(cells.get((expert, section), ())) or "-") for expert in EXPERTS]
        lines.append(f"| {section} {title} | " + " | ".join(counts) + " |")
    for section, title in titles.items():
        lines += ["", f"## {section} {title}", ""]
        lines += [
            _cell(expert, cells.get((expert, section), []), reasons.get((expert, section), "")) for expert in EXPERTS
        ]
    return "\n".join(lines) + "\n"


def _cell(expert: str, rules: list[Rule], why: str) -> str:
    """Return the line of one cell."""
    if not rules:
        return f"- **{expert}**: no rule. {why}".rstrip()
    return f"- **{expert}**: " + ", ".join(f"{rule.id} {rule.name}" for rule in sorted(rules, key=lambda one: one.id))
