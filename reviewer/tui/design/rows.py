"""The lists of the design screen, and what is asked where one of their rows is opened."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from reviewer.core.experts import EXPERTS
from reviewer.tui.design.choosing import Wanted
from reviewer.tui.sink import content
from reviewer.tui.widgets.row_list import Row

if TYPE_CHECKING:
    from textual.content import Content

    from reviewer.blueprint.decided import Choice, Decided, Verdict
    from reviewer.design.interview import Asked
    from reviewer.tui.design.designing import Designing


def question_rows(designing: Designing) -> list[Row[Asked]]:
    """Return the questions below their experts, with how many are answered."""
    rows: list[Row[Asked]] = []
    for expert, group in groupby(designing.questions(), key=lambda asked: asked.expert):
        found = list(group)
        given = sum((answer := designing.answer_of(asked)) is None or answer.given for asked in found)
        rows.append(Row(f"heading {expert}", None, f"{expert}  {given} of {len(found)}", len(found)))
        rows += [Row(asked.key, asked) for asked in found]
    return rows


def draw_question(asked: Asked, width: int, designing: Designing | None) -> Content:
    """Draw a question with its answer."""
    from reviewer.design.interview import spelled

    if designing is None:
        return content(asked.key)
    answer = designing.answer_of(asked)
    given = answer is None or answer.given
    value = designing.design.host.name if answer is None else spelled(answer.value)
    shown = content((f"{value} {asked.unit}".strip(), "bold" if given else "$faint"))
    sign = ("✓ ", "$text-success") if given else ("· ", "$faint")
    left = content(sign, (f"{asked.key:<20} ", "$text-primary" if given else ""))
    room = max(width - left.cell_length, 1)
    return left + shown.truncate(room, ellipsis=True)


def choice_rows(decided: Decided) -> list[Row[Choice]]:
    """Return the decisions below their experts."""
    rows: list[Row[Choice]] = []
    ordered = sorted(decided.choices.values(), key=lambda choice: EXPERTS.index(choice.dimension.expert))
    for expert, group in groupby(ordered, key=lambda choice: choice.dimension.expert):
        found = [Row(choice.dimension.key, choice) for choice in group]
        rows.append(Row(f"heading {expert}", None, expert, len(found)))
        rows += found
    return rows


def draw_choice(choice: Choice, _width: int) -> Content:
    """Draw a decision with what holds."""
    from reviewer.design.interview import spelled

    own = bool(choice.reason)
    sign = ("● ", "$text-accent") if own else ("· ", "$faint")
    value = (spelled(choice.value), "bold" if own else "")
    return content(sign, (f"{choice.dimension.key:<22} ", "$text-primary"), value)


def verdict_rows(decided: Decided) -> list[Row[Verdict]]:
    """Return what contradicts itself, and the risks."""
    rows: list[Row[Verdict]] = []
    for label, style, found in (
        ("refused", "bold $text-error", decided.contradictions),
        ("risks", "bold $text-warning", decided.warnings),
        ("waived", "bold", decided.waived),
    ):
        if found:
            rows.append(Row(f"heading {label}", None, label, len(found), style))
            rows += [Row(f"{verdict.rule.id} {verdict.about}", verdict) for verdict in found]
    return rows


def draw_verdict(verdict: Verdict, _width: int) -> Content:
    """Draw a contradiction."""
    sign = ("✗ ", "$text-error") if verdict.refuses else ("! ", "$text-warning")
    return content(sign, verdict.rule.id, (f"  {verdict.about}", "$faint"))


def wanted_for(name: str, what: Any, designing: Designing) -> Wanted:
    """Return what is asked where a row of a list is opened."""
    from reviewer.design.interview import spelled

    if name == "interview":
        asked: Asked = what
        answer = designing.answer_of(asked)
        value = designing.design.host.name if answer is None else spelled(answer.value)
        return Wanted(asked.key, asked.question, asked.options, value, asked.several, asked.unit)
    if name == "decisions":
        choice: Choice = what
        dimension = choice.dimension
        several = dimension.takes == "several"
        return Wanted(dimension.key, dimension.question, dimension.options, spelled(choice.value), several)
    verdict: Verdict = what
    ways = {
        way.text: " ".join(f"{key}={spelled(value)}" for key, value in way.set.items())
        for way in verdict.rule.ways_out
        if way.set
    }
    return Wanted(verdict.rule.id, verdict.rule.why, ways, "")
