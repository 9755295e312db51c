"""PAT024: a rollout asks the dice again at each call."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Binary, Call, Function, Member, Name, Node
from reviewer.code.walk import ancestors, class_of, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import word_set
from reviewer.experts.patterns.vocabulary import spelled

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_RANDOM: Final = frozenset(
    "Math.random random.random random.uniform random.randint random.randrange random.choice crypto.randomInt "
    "secrets.randbelow secrets.choice crypto.getRandomValues".split()
)
ROLLOUT: Final = word_set(
    "rollout rollouts percent percentage canary flag flags feature features experiment experiments ring rings variant "
    "cohort gradual staged enabled beta ab fraction share"
)
"""Words of what only a part of those who are served is given."""


@module_check("PAT024", words=ROLLOUT)
def rollout_by_chance(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak where a random number decides whether somebody gets a version or a feature."""
    if module.is_test:
        return
    for call in module.calls({"random", "uniform", "randint", "randrange", "randomInt", "randbelow"}):
        if module.resolve(call.callee) not in _RANDOM:
            continue
        compared = _comparison(call)
        if compared is None or not _about_rollout(compared) or _kept(call):
            continue
        yield Match(
            compared,
            "The dice decide anew at each call: one user gets the new version and the old one in turn, and nobody can "
            "tell afterwards who had which.",
        )


def _comparison(call: Call) -> Binary | None:
    for around in ancestors(call):
        if isinstance(around, Binary) and around.op in ("<", "<=", ">", ">="):
            return around
        if isinstance(around, Function | Assign):
            return None
    return None


def _about_rollout(node: Node) -> bool:
    words: set[str] = set()
    for part in walk(node):
        name = part.id if isinstance(part, Name) else part.name if isinstance(part, Member) else ""
        words.update(spelled(name))
    for around in ancestors(node):
        if isinstance(around, Function):
            words.update(spelled(around.name))
            cls = class_of(around)
            words.update(spelled(cls.name) if cls is not None else ())
            break
    sampled = {"sample", "sampling", "jitter", "backoff", "trace", "retry", "chaos"}
    return bool(words & ROLLOUT) and not words & sampled


def _kept(call: Call) -> bool:
    """Tell whether the throw is written down for the next time."""
    for around in ancestors(call):
        if isinstance(around, Function):
            return any(
                isinstance(node, Call) and node.name in ("set", "setdefault", "put", "save", "setItem", "assign")
                for node in walk(around.body)
            )
    return False
