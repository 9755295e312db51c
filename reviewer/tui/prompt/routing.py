"""What free text at the prompt means: who would answer, what is known of it, and which command would act."""

from __future__ import annotations

import os
import shlex
from typing import TYPE_CHECKING, Final, NamedTuple

from reviewer.core.experts import EXPERTS
from reviewer.engine.route import route
from reviewer.library.search import Hit, search
from reviewer.tui.prompt.own import ALL

if TYPE_CHECKING:
    from reviewer.core.review import RouteStep
    from reviewer.library.library import Library


_HITS: Final = 12
_ACTS: Final = (
    ("design-plugin", "design designing plan build create new architect scaffold"),
    ("integration-guide", "integrate integration guide guidelines embed adopt"),
    ("security-audit", "audit pentest threat threats"),
    ("checklist", "checklist questions sign signoff approve"),
    ("explain", "explain meaning"),
)
"""Words that ask for a command; anything else asks for a review."""
_REVIEW: Final = "review-plugin"


class Understood(NamedTuple):
    """What a text was taken for."""

    text: str
    steps: tuple[RouteStep, ...]
    hits: tuple[Hit, ...]
    line: str
    """The line that would act."""
    why: str


def understand(text: str, library: Library) -> Understood:
    """Route free words the same way as ``--request`` does, and look them up in the library."""
    steps = route((), text, {name: agent.keywords for name, agent in library.agents.items()})
    line, why = _act(text)
    return Understood(text, steps, search(library, text, _HITS), line, why)


def is_chosen(steps: tuple[RouteStep, ...]) -> bool:
    """Tell whether the words chose experts: else all of them are asked."""
    return len(steps) < len(EXPERTS) or any(step.why.startswith("the request says") for step in steps)


def _act(text: str) -> tuple[str, str]:
    words = text.split()
    bare = [word.strip(".,;:!?'\"").casefold() for word in words]
    path = next((word for word in words if os.path.lexists(word)), "")
    known = {command.slash for command in ALL}
    for slash, keys in _ACTS:
        hit = next((word for word in bare if word in keys.split()), "")
        if hit and slash in known:
            return f"/{slash} {path}".rstrip(), f"the text says {hit!r}"
    return f"/{_REVIEW} {path or '.'} --request {shlex.quote(text)}", "nothing else was asked for"
