"""What the catalogues hold: rules, what the experts know, answers to a question, sessions."""

from __future__ import annotations

import shlex
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from reviewer.commands.design import USUAL
from reviewer.library.search import search as search_library
from reviewer.tui.look import SEVERITY_SIGN, ago, severity_style
from reviewer.tui.prompt.routing import is_chosen, understand
from reviewer.tui.screens.catalogue import Listed
from reviewer.tui.widgets.writing import write_code, write_markdown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reviewer.core.rule import Rule
    from reviewer.library.contents import Agent, Skill
    from reviewer.library.library import Library
    from reviewer.library.search import Hit
    from reviewer.session.records import Session
    from reviewer.session.store import SessionStore
    from reviewer.tui.prompt.routing import Understood
    from reviewer.tui.widgets.sheet import Layout


_PAGE: Final = ("¶", "$text-primary")


def rules(chosen: Iterable[Rule], library: Library) -> list[Listed]:
    """Return rules below their experts."""
    return [
        Listed(
            rule.id,
            rule.expert,
            f"{rule.id} {rule.name}",
            partial(_write_page, library=library, rule=rule),
            aside=rule.severity.value,
            sign=(SEVERITY_SIGN[rule.severity], severity_style(rule.severity)),
        )
        for rule in sorted(chosen, key=lambda rule: (tuple(library.agents).index(rule.expert), rule.id))
    ]


def _write_page(layout: Layout, library: Library, rule: Rule) -> None:
    write_rule(layout, library.page(rule))


def write_rule(layout: Layout, rule: Rule) -> None:
    """Write the page of a rule."""
    layout.line((f"{rule.id} ", "bold $text-accent"), (rule.name, "bold"))
    layout.line(
        (f"{SEVERITY_SIGN[rule.severity]} {rule.severity.value}", severity_style(rule.severity)),
        (f" · {rule.confidence.value} · {rule.expert} · {rule.status} since {rule.since}", "$faint"),
    )
    reach = rule.applies_to
    for label, values in (
        ("kinds", reach.kinds),
        ("languages", reach.languages),
        ("ecosystems", reach.ecosystems),
        ("questions", rule.checklist),
    ):
        if values:
            layout.fact(label, ", ".join(values))
    if rule.fix:
        layout.fact("mend it", rule.fix)
    for heading, text in rule.sections.items():
        if heading in ("Bad", "Good"):
            for example in (one for one in rule.examples if one.good == (heading == "Good")):
                layout.heading(f"{heading} · {example.path}")
                write_code(layout, example.text, example.language)
        elif text.strip():
            layout.heading(heading)
            write_markdown(layout, text)


def knowledge(library: Library) -> list[Listed]:
    """Return the guides of the experts and the skills; the library has to have its pages."""
    return [*map(_agent, library.agents.values()), *map(_skill, library.skills.values())]


def _agent(agent: Agent) -> Listed:
    return Listed(
        f"agent {agent.expert}",
        "experts",
        agent.expert,
        lambda layout: _write_agent(layout, agent),
        aside=agent.title,
        sign=("●", "$text-primary"),
    )


def _write_agent(layout: Layout, agent: Agent) -> None:
    layout.line((agent.title, "bold $text-accent"))
    layout.prose(agent.mission, "$faint")
    layout.heading("What I ask when a system is designed")
    for question in agent.questions:
        layout.item("·", question)
    layout.blank()
    write_markdown(layout, agent.body)


def _skill(skill: Skill) -> Listed:
    return Listed(f"skill {skill.name}", "skills", skill.name, lambda layout: _write_skill(layout, skill), sign=_PAGE)


def _write_skill(layout: Layout, skill: Skill) -> None:
    layout.line((skill.name, "bold $text-accent"))
    layout.prose(skill.description, "$faint")
    layout.blank()
    write_markdown(layout, skill.body)


def answers(understood: Understood, library: Library) -> list[Listed]:
    """Return what a question in plain words leads to: the command, the experts, what is known."""
    found = [
        Listed(
            "command",
            "what would act",
            understood.line,
            lambda layout: _write_command(layout, understood),
            sign=("▸", "$text-accent"),
            line=understood.line,
        )
    ]
    steps = understood.steps if is_chosen(understood.steps) else ()
    for step in steps:
        agent = library.agents[step.expert]
        found.append(replace(_agent(agent), group="who answers", aside=step.why))
    found += [_hit(hit, library) for hit in understood.hits]
    return found


def search(words: str, library: Library, *, free: bool) -> list[Listed]:
    """Return what answers words, or everything for none; ``free`` words are routed, too."""
    if not words:
        return knowledge(library)
    if free:
        return answers(understand(words, library), library)
    return [_hit(hit, library) for hit in search_library(library, words)]


def _hit(hit: Hit, library: Library) -> Listed:
    if hit.kind == "rule":
        rule = library.rules[hit.name]
        return Listed(
            f"rule {hit.name}",
            "what is known",
            f"{hit.name} {hit.title}",
            partial(_write_page, library=library, rule=rule),
            aside="rule",
            sign=(SEVERITY_SIGN[rule.severity], severity_style(rule.severity)),
        )
    pages = library.skills if hit.kind == "skill" else library.agents
    body = getattr(pages[hit.name], "body", "")
    return Listed(
        f"{hit.kind} {hit.name} {hit.line}",
        "what is known",
        hit.title if hit.title != hit.name else hit.name,
        lambda layout: _write_part(layout, hit, body),
        aside=f"{hit.kind} {hit.name}",
        sign=_PAGE,
    )


def _write_part(layout: Layout, hit: Hit, body: str) -> None:
    """Write the section that was found, else the whole page."""
    from reviewer.library.markdown import read_markdown

    layout.line((f"{hit.kind} {hit.name}", "$faint"))
    layout.blank()
    section = next((one for one in read_markdown(body).sections if one.heading == hit.title), None)
    if section is None:
        write_markdown(layout, body)
        return
    layout.line((section.heading, "bold $text-accent"))
    layout.blank()
    write_markdown(layout, section.text)


def _write_command(layout: Layout, understood: Understood) -> None:
    layout.line(("You asked", "$faint"))
    layout.prose(understood.text, "bold")
    layout.blank()
    layout.prose(f"{understood.line}  ({understood.why})", first=(("enter runs  ", "$faint"),))
    if is_chosen(understood.steps):
        layout.heading("Who answers, and why")
        for step in understood.steps:
            layout.fact(step.expert, step.why, room=16)
    else:
        layout.blank()
        layout.prose(understood.steps[0].why if understood.steps else "", "$faint")


def sessions(store: SessionStore) -> list[Listed]:
    """Return what was done before, by day."""
    return list(_sessions(store))


def _sessions(store: SessionStore) -> Iterator[Listed]:
    now = time.time()
    for session in store.recent(300):
        group = time.strftime("%A, %d %B %Y", time.localtime(session.touched))
        yield Listed(
            str(session.id),
            group,
            f"{session.title}  {session.line}",
            partial(_write_session, session=session, store=store),
            aside=ago(now - session.touched),
            sign=("·", "$faint") if session.closed else ("●", "$text-accent"),
        )


def _write_session(layout: Layout, session: Session, store: SessionStore) -> None:
    layout.line((session.title, "bold $text-accent"))
    layout.fact("typed", session.line)
    layout.fact("in", session.folder)
    layout.fact("begun", time.strftime("%Y-%m-%d %H:%M", time.localtime(session.opened)))
    layout.fact("last", time.strftime("%Y-%m-%d %H:%M", time.localtime(session.touched)))
    layout.fact("left", "in order" if session.closed else "open: in another window, or it ended without a goodbye")
    place = session.state
    if place.get("tab"):
        layout.fact("at", f"the tab {place['tab']}, by {place.get('grouping', '')}")
    deeds = [deed for deed in store.deeds(session.id) if deed.data.get("label")]
    if deeds:
        layout.heading("What was done")
    for deed in deeds[-50:]:
        when = time.strftime("%Y-%m-%d %H:%M", time.localtime(deed.at))
        layout.prose(str(deed.data["label"]), first=((f"{when}  ", "$faint"),))
    layout.blank()
    layout.line(("enter", "bold $text-accent"), (" goes on with it, ", "$faint"), ("delete", "bold $text-accent"),
                (" forgets it", "$faint"))  # fmt: skip


def opening_line(path: str) -> str:
    """Return the line that opens a path: a design file is designed, everything else reviewed."""
    is_design = Path(path).is_file() and Path(path).stem == Path(USUAL).stem
    return f"/{'design-plugin' if is_design else 'review-plugin'} {shlex.quote(path)}"
