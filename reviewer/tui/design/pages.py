"""What the design screen says beside its lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.design.interview import spelled
from reviewer.tui.widgets.writing import write_code

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewer.blueprint.decided import Choice, Decided, Verdict
    from reviewer.design.difference import Change
    from reviewer.design.interview import Asked
    from reviewer.tui.design.designing import Designing
    from reviewer.tui.widgets.sheet import Layout


def write_question(layout: Layout, asked: Asked, designing: Designing) -> None:
    """Write a question, why it is asked, what each answer leads to, and what rests on it."""
    layout.line((asked.key, "bold $text-accent"), (f"  {asked.expert}", "$faint"))
    layout.blank()
    layout.prose(asked.question, "bold")
    layout.prose(asked.why, "$faint")
    layout.blank()
    answer = designing.answer_of(asked)
    value = designing.design.host.name if answer is None else spelled(answer.value)
    chosen = set(value.split(","))
    for option, consequence in asked.options.items():
        sign = ("● ", "$text-success") if option in chosen else ("○ ", "$faint")
        layout.prose(consequence, first=(sign, (f"{option:<15}", "bold" if option in chosen else "")))
    if not asked.options:
        layout.fact("answer", f"{value} {asked.unit}".strip(), "bold")
    if answer is not None and not answer.given:
        layout.blank()
        layout.prose("Nobody has answered yet, so the default holds.", "$text-warning")
    _write_resting(layout, asked.key, designing.decided)
    layout.blank()
    layout.line(("enter", "bold $text-accent"), (" answers, ", "$faint"), ("backspace", "bold $text-accent"),
                (" takes the answer back", "$faint"))  # fmt: skip


def _write_resting(layout: Layout, key: str, decided: Decided) -> None:
    """Write the decisions that looked at an answer."""
    found = [choice for choice in decided.choices.values() if key in choice.inputs]
    if found:
        layout.heading("What rests on it")
    for choice in found:
        layout.fact(choice.dimension.key, f"{spelled(choice.value)}  {choice.why}", room=20)


def write_choice(layout: Layout, choice: Choice) -> None:
    """Write a decision: what holds, why, and what else there is."""
    dimension = choice.dimension
    layout.line((dimension.key, "bold $text-accent"), (f"  {dimension.expert}", "$faint"))
    layout.blank()
    layout.prose(dimension.question, "bold")
    layout.blank()
    for option, consequence in dimension.options.items():
        holds = option in choice.texts
        sign = ("● ", "$text-success") if holds else ("○ ", "$faint")
        layout.prose(consequence, first=(sign, (f"{option:<22}", "bold" if holds else "")))
    if not dimension.options:
        layout.fact("value", spelled(choice.value), "bold")
    layout.heading("Why")
    if choice.overridden or choice.reason:
        layout.prose(choice.reason)
        layout.fact("recommended", f"{spelled(choice.recommended)}: {choice.why}")
    else:
        layout.prose(choice.why)
    layout.fact("rule", choice.rule)
    if choice.inputs:
        layout.fact("looked at", ", ".join(choice.inputs))
    layout.blank()
    layout.line(("enter", "bold $text-accent"), (" overrules it, ", "$faint"), ("backspace", "bold $text-accent"),
                (" follows the recommendation again", "$faint"))  # fmt: skip


def write_verdict(layout: Layout, verdict: Verdict) -> None:
    """Write what contradicts itself, and the ways out."""
    rule = verdict.rule
    style = "$text-error" if verdict.refuses else "$text-warning"
    said = "✗ refuses the design" if verdict.refuses else "! a risk"
    if verdict.waiver is not None:
        said = f"~ waived by {verdict.waiver.owner} until {verdict.waiver.expires}: {verdict.waiver.reason}"
    layout.line((said, f"bold {style}"), (f"  {rule.id} · {rule.expert}", "$faint"))
    layout.blank()
    if verdict.about:
        layout.fact("about", verdict.about)
    layout.prose(rule.why, "bold")
    layout.prose(rule.consequence)
    layout.heading("Because")
    for name, value in verdict.facts.items():
        layout.fact(name, str(value), room=22)
    layout.heading("Ways out")
    for way in rule.ways_out:
        setting = " ".join(f"{key}={spelled(value)}" for key, value in way.set.items())
        layout.item("→", f"{way.text} ({setting})" if setting else way.text)
    if any(way.set for way in rule.ways_out):
        layout.blank()
        layout.line(("enter", "bold $text-accent"), (" takes a way out", "$faint"))


def write_changes(layout: Layout, changes: Sequence[Change]) -> None:
    """Write what is different while somebody tries."""
    layout.line(("What if", "bold $text-accent"), (f"  {len(changes)} differences from what is saved", "$faint"))
    layout.blank()
    for change in changes:
        style = "bold $text-error" if change.kind == "contradiction" and change.after else "bold"
        layout.line(
            (f"{change.kind:<14}", "$faint"),
            (change.name, style),
            f"  {change.before or 'nothing'} → {change.after or 'nothing'}",
        )
        if change.why:
            layout.prose(change.why, "$faint", first=("  ",))


def write_diagrams(layout: Layout, decided: Decided) -> None:
    """Write every diagram as plain text."""
    from reviewer.design.diagrams.drawn import diagrams
    from reviewer.design.diagrams.plain import plain

    for name, diagram in diagrams(decided).items():
        layout.heading(diagram.title or name)
        layout.blank()
        write_code(layout, plain(diagram), "")
