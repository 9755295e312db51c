"""The page of a rule as Markdown, for a hover."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from reviewer.core.rule import Rule

_SHOWN: Final = ("What it finds", "Why it matters", "Good", "When not to apply")


def page(rule_id: str, skills: tuple[str, ...]) -> str:
    """Return the page of a rule; empty where there is no such rule."""
    from reviewer.engine.knowledge import library_of

    library = library_of(skills)
    rule = library.rules.get(rule_id)
    return "" if rule is None else _markdown(library.page(rule))


def _markdown(rule: Rule) -> str:
    """Return what helps somebody who looks at the finding; all of it is ours, not the subject's."""
    parts = [f"### {rule.id} {rule.name}", f"{rule.severity}, {rule.confidence} · {rule.expert}"]
    if rule.fix:
        parts.append(f"**How to mend it:** {rule.fix}")
    parts += [f"#### {name}\n\n{rule.sections[name].strip()}" for name in _SHOWN if rule.sections.get(name, "").strip()]
    parts.append(f"`reviewer explain {rule.id}` shows all of it.")
    return "\n\n".join(parts)
