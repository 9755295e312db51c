"""The difference of two runs as a person reads it: a line for each rule, then the findings themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.core.scale import Severity
from reviewer.market.difference.model import CHANGED, GONE, KINDS, NEW
from reviewer.report.colour import BY_SEVERITY, Style
from reviewer.report.escape.terminal import shorten
from reviewer.report.page import Page
from reviewer.report.verdict import counted
from reviewer.report.width import clip, columns

if TYPE_CHECKING:
    from reviewer.market.difference.model import Change, Difference, RuleDifference
    from reviewer.market.records import Run
    from reviewer.report.options import RenderOptions

_SHOWN: Final = 10
"""Changes of one kind that are told of a rule."""
_LINES: Final = 3
"""Source lines of each."""
_NAMED: Final = 10
_SIGN: Final = {NEW: ("+", Style.HIGH), GONE: ("-", Style.GOOD), CHANGED: ("~", Style.MEDIUM)}
_COLUMN: Final = 9
_NUMBERS: Final = len((*KINDS, "entries")) * _COLUMN


def difference_text(difference: Difference, options: RenderOptions) -> str:
    """Return the difference, the rules with the most changes first."""
    page = Page(options)
    page.wrapped(_run(difference.old), first=(("run ", Style.FAINT),))
    page.wrapped(_run(difference.new), first=(("against ", Style.FAINT),))
    page.blank()
    _write_entries(page, difference)
    rules = difference.by_weight()
    if not rules:
        page.blank()
        page.line("Both say the same.")
        return page.text()
    _write_table(page, difference, rules)
    for rule in rules:
        _write_rule(page, rule)
    return page.text()


def _run(run: Run) -> str:
    ended = "" if run.finished else ", not finished"
    return f"{run.id}, {run.started}, rules {run.rules[:12]}{ended}"


def _write_entries(page: Page, difference: Difference) -> None:
    both = counted(difference.both, "entry", "entries")
    page.wrapped(f"{both} in both, {difference.same_bytes} of them with the same bytes")
    for label, names in (("gone", difference.only_old), ("new", difference.only_new)):
        if names:
            more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
            page.wrapped(f"{', '.join(shorten(name, 80) for name in names[:_NAMED])}{more}", first=(f"{label}: ",))
    for one in difference.not_compared[:_NAMED]:
        said = f"{shorten(one.entry, 80)} was {one.old}, is {one.new}: {shorten(one.why)}"
        page.wrapped(said, first=("not compared: ",))
    if len(difference.not_compared) > _NAMED:
        page.line(f"not compared: {len(difference.not_compared) - _NAMED} more")


def _write_table(page: Page, difference: Difference, rules: list[RuleDifference]) -> None:
    room = page.width - _NUMBERS
    page.blank()
    heads = "".join(f"{word:>{_COLUMN}}" for word in (*KINDS, "entries"))
    page.line((f"{'rule':<{room}}{heads}", Style.FAINT))
    for rule in rules:
        label = clip(page.safe(f"{rule.rule} {rule.name}"), room - 1, page.glyphs.ellipsis)
        numbers = "".join(f"{rule.counts[kind] or '':>{_COLUMN}}" for kind in KINDS)
        page.line(label, " " * (room - columns(label)), numbers, f"{rule.entries:>{_COLUMN}}")
    totals = "".join(f"{difference.count(kind):>{_COLUMN}}" for kind in KINDS)
    page.line((f"{counted(len(rules), 'rule'):<{room}}{totals}", Style.STRONG))


def _write_rule(page: Page, rule: RuleDifference) -> None:
    page.blank()
    page.line((f"{rule.rule} {rule.name}", Style.STRONG))
    for kind in KINDS:
        for change in rule.changes[kind][:_SHOWN]:
            _write_change(page, change)
        if rule.counts[kind] > _SHOWN:
            page.line(f"  {rule.counts[kind] - _SHOWN} more that are {kind}")


def _write_change(page: Page, change: Change) -> None:
    row = change.finding
    sign, style = _SIGN[change.kind]
    where = " ".join(shorten(word, 80) for word in (change.entry, change.version) if word)
    inside = f"{change.subject}/" if change.subject else ""
    bytes_said = "" if change.same_bytes else " (other bytes)"
    severity = (row.severity, BY_SEVERITY[Severity(row.severity)])
    page.wrapped(f"{where}{bytes_said}", first=((sign, style), " ", severity, " "), rest=("    ",))
    page.wrapped(f"{shorten(inside + row.path)}:{row.line}", first=("    ",), rest=("    ",))
    page.wrapped(shorten(row.message), first=("    ",), rest=("    ",))
    if change.was:
        page.wrapped(shorten(change.was), first=("    was: ",), rest=("    ",))
    for line in row.excerpt.split("\n")[:_LINES]:
        text = clip(page.safe(shorten(line.expandtabs(4).rstrip(), 200)), page.width - 6, page.glyphs.ellipsis)
        page.line((f"    {page.glyphs.bar} ", Style.FRAME), text)
