"""LIF038: a table of state transitions in which a state can't be left, or in which nothing can fail."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.syntax import Array, Call, Expr, Literal, Member, Name, Node, Object, strip
from reviewer.code.text.words import words
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.vocabulary import ACTIVE_WORDS, FAILED_WORDS, PENDING_WORDS

if TYPE_CHECKING:
    from reviewer.code.module import Module

_FAILURES: Final = FAILED_WORDS - {"disabled", "inactive", "stopped", "off", "skipped", "dead"}
_ENUMS: Final = frozenset("state states phase phases stage stages status lifecycle mode condition".split())
_LAST: Final = frozenset(
    (
        "uninstalled unloaded removed disposed destroyed deleted closed terminated gone ended final retired purged "
        "dead archived finished completed complete aborted cancelled canceled done barred banned revoked withdrawn "
        "expelled"
    ).split()
)
"""States that may be the last."""
_STATES: Final = ACTIVE_WORDS | PENDING_WORDS | FAILED_WORDS | {"idle", "created", "resolved", "discovered", "unloaded"}


class _State(Struct, frozen=True):
    name: str
    at: Node
    leads_to: tuple[str, ...]
    fails_by: frozenset[str] = frozenset()
    """The events by which it gets to a state of failure, in a table that is made of events."""


@module_check(
    "LIF038",
    words=PENDING_WORDS
    | {"active", "running", "idle", "activated", "started", "enabled", "state", "states", "phase", "phases", "stage"},
)
def state_without_exit(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak at a state with no way out, at one that is entered and not described, and where none tells of failure."""
    if module.is_test:
        return
    for node in module.all(Object):
        if states := _table(node):
            yield from _judge(node, states)


def _table(table: Object) -> list[_State]:
    """Return the states of a table of transitions, nothing for another object."""
    states = []
    for key, value in table.entries:
        targets = _targets(value)
        name = _state_name(key) if key is not None else ""
        if not name or targets is None or key is None:
            return []
        states.append(_State(name, key, targets, _failing_events(value)))
    known = sum(1 for state in states if not _STATES.isdisjoint(words(state.name)))
    names = {state.name for state in states}
    # What leads to itself alone moves nowhere: a dictionary has its words among their translations.
    linked = {name for state in states for name in state.leads_to if name != state.name} & names
    least = 1 if _of_one_enum(table) else 2
    # Of what a dictionary holds only the words of its own language are keys, of what a machine leads to nearly all is.
    reached = {name for state in states for name in state.leads_to if _LAST.isdisjoint(words(name))}
    closed = 2 * len(reached & names) >= len(reached)
    return states if len(states) >= 3 and known >= least and len(linked) >= 2 and closed else []


def _of_one_enum(table: Object) -> bool:
    """Tell whether the keys are members of one enumeration that says that it lists states."""
    holders = {strip(key.object) for key, _value in table.entries if isinstance(key, Member)}
    names = {holder.id for holder in holders if isinstance(holder, Name)}
    return len(names) == 1 and not _ENUMS.isdisjoint(words(next(iter(names))))


def _targets(value: Expr) -> tuple[str, ...] | None:
    value = strip(value)
    if isinstance(value, Call) and value.name in ("Set", "set", "frozenset", "freeze", "tuple", "list"):
        inner = value.arg(0)
        return _targets(inner) if inner is not None else ()
    if isinstance(value, Array):
        names = [_state_name(item) for item in value.items]
        return tuple(names) if all(names) else None
    if isinstance(value, Object):  # {idle: {start: "starting"}}: the events of a state with what they lead to
        names = [_state_name(target) for _event, target in value.entries]
        return tuple(names) if all(names) else None
    return None


def _failing_events(value: Expr) -> frozenset[str]:
    """Return the events by which a state leads to one of failure: ``crashed`` of ``{ crashed: "failed" }``."""
    value = strip(value)
    return frozenset(
        str(event.value)
        for event, target in (value.entries if isinstance(value, Object) else ())
        if isinstance(event, Literal) and not _FAILURES.isdisjoint(words(_state_name(target)))
    )


def _state_name(expr: Expr) -> str:
    expr = strip(expr)
    if isinstance(expr, Literal) and isinstance(expr.value, str):
        return expr.value.lower()
    return expr.name.lower() if isinstance(expr, Member) else ""


def _judge(table: Object, states: list[_State]) -> Iterator[Match]:
    names = {state.name for state in states}
    for state in states:
        if not state.leads_to and _LAST.isdisjoint(words(state.name)):
            yield Match(
                state.at,
                f"'{state.name}' can be reached and never left: a plugin in this state can neither be started again "
                "nor be taken away.",
            )
    entered = {name: state for state in reversed(states) for name in state.leads_to}
    for name in sorted(entered.keys() - names):
        if _LAST.isdisjoint(words(name)):
            yield Match(
                entered[name].at,
                f"'{entered[name].name}' leads to '{name}', which has no entry of its own: whoever gets there "
                "is stuck.",
            )
    everywhere = names | entered.keys()
    if all(_FAILURES.isdisjoint(words(name)) for name in everywhere) and any(
        not PENDING_WORDS.isdisjoint(words(name)) for name in everywhere
    ):
        yield Match(
            table,
            "None of these states tells that a hook failed: a plugin whose activation throws has no state to be in.",
        )
    elif stuck := next((state for state in states if _cannot_fail(state, states)), None):
        yield Match(
            stuck.at,
            f"'{stuck.name}' has no way to a state of failure, though its hook can throw.",
        )


def _cannot_fail(state: _State, states: list[_State]) -> bool:
    """Tell whether a state in which a hook runs leads to no state that says failed, while there is one."""
    if not (_runs_hook(state) or any(_undoes(state, other) and _runs_hook(other) for other in states)):
        return False
    if not state.leads_to:
        return False
    if _refuses_failure(state, states):
        return True
    ways = {word for name in state.leads_to for word in words(name)}
    return ways.isdisjoint(FAILED_WORDS | {"idle", "created", "resolved", "unloaded", "loaded", "installed"})


def _refuses_failure(state: _State, states: list[_State]) -> bool:
    """Tell whether an event of failure that several states know is impossible in one in which a hook runs."""
    known = [event for other in states for event in other.fails_by if other is not state]
    return not state.fails_by and any(known.count(event) > 1 for event in known)


def _runs_hook(state: _State) -> bool:
    """Tell whether something is under way in a state, by its word or because it may end in a failure."""
    under_way = any(word.endswith("ing") and word not in ACTIVE_WORDS for word in words(state.name))
    fails = any(not _FAILURES.isdisjoint(words(name)) for name in state.leads_to)
    return not PENDING_WORDS.isdisjoint(words(state.name)) or (under_way and fails)


def _undoes(state: _State, other: _State) -> bool:
    """Tell whether one state undoes what another does: ``unthreading`` and ``threading``."""
    return any(state.name == beginning + other.name for beginning in ("un", "de", "dis"))
