"""The text of a decided design for a terminal: trust, choices, contradictions, and what nobody answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.blueprint.targets import targets
from reviewer.design.diagrams.drawn import diagrams
from reviewer.design.diagrams.plain import plain
from reviewer.design.interview import spelled
from reviewer.report.colour import Style
from reviewer.report.page import Page

if TYPE_CHECKING:
    from reviewer.blueprint.decided import Choice, Decided, Verdict
    from reviewer.blueprint.rulebook import Rule, Rulebook, Value
    from reviewer.design.difference import Change
    from reviewer.design.interview import Asked
    from reviewer.report.options import RenderOptions

_TRUST: Final = {1: "untrusted", 2: "semi-trusted", 3: "trusted"}
_MAIN: Final = ("boundary", "sandbox", "capabilities", "registry", "loading", "cache", "versioning",
                "reload_mechanism", "tenancy_model", "monitoring")  # fmt: skip
"""The decisions that a summary shows; the document has them all."""


def summary(decided: Decided, options: RenderOptions) -> str:
    """Return what follows from a design, on a page or two."""
    page = Page(options)
    host = decided.design.host
    page.line((host.name, Style.STRONG), f"  {host.id}")
    page.blank()
    page.line(("Derived trust", Style.STRONG))
    for step in decided.derivations:
        page.wrapped(f"{step.why} [{step.rule}]", first=("  ",))
    _verdicts(page, "Contradictions", decided.contradictions, Style.HIGH)
    _verdicts(page, "Warnings", decided.warnings, Style.MEDIUM)
    _waived(page, decided)
    page.blank()
    page.line(("Decisions", Style.STRONG))
    for key in _MAIN:
        _choice(page, decided, decided.choices[key])
    own = [choice for key, choice in decided.choices.items() if choice.reason and key not in _MAIN]
    for choice in own:
        _choice(page, decided, choice)
    page.line("  ", (f"and {len(decided.choices) - len(_MAIN) - len(own)} more in the document", Style.FAINT))
    _interactions(page, decided)
    _defaults(page, decided)
    return page.text()


def _verdicts(page: Page, title: str, verdicts: tuple[Verdict, ...], style: Style) -> None:
    if not verdicts:
        return
    page.blank()
    page.line((f"{title} ({len(verdicts)})", style))
    for verdict in verdicts:
        rule = verdict.rule
        about = f" {verdict.about}" if verdict.about else ""
        page.blank()
        page.line("  ", (rule.id, Style.STRONG), about, (f"  {rule.expert}", Style.FAINT))
        known = ", ".join(f"{name}={_fact(value)}" for name, value in verdict.facts.items())
        page.wrapped(f"because {known}", first=("    ",))
        page.wrapped(f"{rule.why} {rule.consequence}", first=("    ",))
        if verdict.expired:
            page.wrapped("A waiver named it, and has expired.", first=("    ",))
        for way in rule.ways_out:
            setting = " ".join(f"{key}={spelled(value)}" for key, value in way.set.items())
            page.wrapped(f"{way.text}{f' ({setting})' if setting else ''}", first=("    way out: ",))


def _waived(page: Page, decided: Decided) -> None:
    if not decided.waived:
        return
    page.blank()
    page.line((f"Waived ({len(decided.waived)})", Style.STRONG))
    for verdict in decided.waived:
        waiver = verdict.waiver
        if waiver is not None:
            about = f" {verdict.about}" if verdict.about else ""
            page.wrapped(
                f"{verdict.rule.id}{about}: {waiver.reason} {waiver.owner}, until {waiver.expires}", first=("  ",)
            )


def _choice(page: Page, decided: Decided, choice: Choice) -> None:
    value = spelled(choice.value)
    why = choice.reason if choice.overridden else choice.why
    note = f" (recommended: {spelled(choice.recommended)})" if choice.overridden else ""
    known = ", ".join(f"{name}={_fact(decided.facts[name])}" for name in choice.inputs)
    told = "override" if choice.overridden else f"{choice.rule}{': ' if known else ''}{known}"
    page.wrapped(f"{value}{note}. {why} [{told}]", first=(f"  {choice.dimension.key:<18}",), rest=(" " * 20,))


def _interactions(page: Page, decided: Decided) -> None:
    page.blank()
    page.line(("Communication", Style.STRONG))
    for one in decided.interactions:
        rest = " " * 33
        page.wrapped(f"{one.why} [{one.rule}]", first=(f"  {one.name:<20.20} {one.pattern:<10}",), rest=(rest,))


def _defaults(page: Page, decided: Decided) -> None:
    if not decided.defaults:
        return
    page.blank()
    page.line((f"Not answered, so the default holds ({len(decided.defaults)})", Style.STRONG))
    page.wrapped(" ".join(f"{one.key}={spelled(one.value)}" for one in decided.defaults), first=("  ",))


def _fact(value: object) -> str:
    if isinstance(value, frozenset):
        return spelled(tuple(sorted(value)))
    return spelled(value) if isinstance(value, bool | int | float | str) else "nothing"


def diagrams_text(decided: Decided, options: RenderOptions) -> str:
    """Return every diagram of a design as plain text."""
    page = Page(options)
    for drawn in diagrams(decided).values():
        page.blank()
        page.line((drawn.title, Style.STRONG))
        page.blank()
        for line in plain(drawn).splitlines():
            page.line("  ", line)
    return page.text()


def difference_text(changes: tuple[Change, ...], options: RenderOptions) -> str:
    """Return what changes, one line for each thing, and why."""
    page = Page(options)
    if not changes:
        page.line("nothing changes")
        return page.text()
    for change in changes:
        style = Style.HIGH if change.kind == "contradiction" and change.after else Style.STRONG
        page.line((f"{change.kind} ", Style.FAINT), (change.name, style),
                  f": {change.before or 'nothing'} → {change.after or 'nothing'}")  # fmt: skip
        if change.why:
            page.wrapped(change.why, first=("    ",))
    return page.text()


def question_text(asked: Asked, options: RenderOptions) -> str:
    """Return a question as a face on a terminal shows it."""
    page = Page(options)
    page.blank()
    page.line((f"{asked.number}/{asked.total} ", Style.FAINT), (asked.question, Style.STRONG), f"  [{asked.key}]")
    page.wrapped(f"{asked.why} ({asked.expert})", first=("  ",))
    for number, (option, consequence) in enumerate(asked.options.items(), 1):
        page.wrapped(consequence, first=(f"  {number:>2} {option:<14}",), rest=(" " * 19,))
    several = ", several with commas" if asked.several else ""
    unit = f" {asked.unit}" if asked.unit else ""
    back = "; back for the one before" if asked.number > 1 else ""
    page.line("  ", (f"answer{several}{back}; or Enter for {asked.default}{unit}: ", Style.FAINT))
    return page.text().rstrip("\n") + " "


def rule_text(rule: Rule, options: RenderOptions) -> str:
    """Return what a decision rule says: when it fires, why, what follows, and the ways out."""
    page = Page(options)
    kind = "refuses a design" if rule.level == "reject" else "warns of a risk"
    page.line((rule.id, Style.STRONG), f"  decision rule of {rule.expert}, {kind}")
    page.blank()
    page.wrapped(rule.why, first=("  ",))
    page.wrapped(rule.consequence, first=("  ",))
    page.blank()
    each = f"of each {rule.each}, " if rule.each else ""
    page.wrapped(f"It fires where {each}{rule.when.text}.", first=("  ",))
    for way in rule.ways_out:
        setting = " ".join(f"{key}={spelled(value)}" for key, value in way.set.items())
        page.wrapped(f"{way.text}{f' ({setting})' if setting else ''}", first=("  way out: ",))
    for reference in rule.references:
        page.wrapped(reference, first=("  see: ",))
    return page.text()


def keys_text(book: Rulebook, options: RenderOptions) -> str:
    """Return everything that can be set, with options and consequences."""
    page = Page(options)
    page.line(("Inputs", Style.STRONG))
    for question in book.questions.values():
        _key(page, question.key, question.question, question.options, question.default)
    page.blank()
    page.line(("The plugin and its host", Style.STRONG))
    hosts = {name: str(data["host"]["name"]) for name, data in targets().items()}
    asked = "Which host that is there already is the plugin for? Without one, the host is designed, too."
    _key(page, "target", asked, hosts, "")
    page.blank()
    page.line(("Decisions: follow from the inputs; what is set overrules the recommendation", Style.STRONG))
    for dimension in book.dimensions.values():
        if not dimension.each:
            _key(page, dimension.key, dimension.question, dimension.options, "")
    return page.text()


def _key(page: Page, key: str, question: str, options: object, default: Value) -> None:
    page.blank()
    shown = f" Default: {spelled(default)}." if default != "" else ""
    page.wrapped(f"{question}{shown}", first=("  ", (key, Style.STRONG), "  "), rest=("    ",))
    for option, consequence in options.items() if isinstance(options, dict) else ():
        page.wrapped(consequence, first=(f"    {option:<22}",), rest=(" " * 26,))
