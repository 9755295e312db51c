"""PAT512: a gauge of what is there now goes up with each that comes, and never down with one that goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Literal, Member, Name, strip
from reviewer.code.text.words import words
from reviewer.core.scale import Severity
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import last_name, path_words
from reviewer.experts.patterns.observing.metrics import METRICS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_UP: Final = frozenset({"up", "inc", "increment", "incr"})
_DOWN: Final = frozenset("down dec decrement decr sub subtract set gauge track_inprogress reset record observe".split())
_NOW: Final = frozenset({"active", "running", "open", "inflight", "flight", "online", "connected", "live", "current"})
"""Last words of the name of what is there now."""


@module_check("PAT512", words=_UP)
def gauge_never_lowered(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each gauge that is counted up for a line of the subject that counts it down, or sets it."""
    if module.is_test:
        return
    told: set[str] = set()
    for call in module.calls(_UP):
        name = _gauge(module, call)
        if not name or name in told or any(_lowered(inquiry, name)):
            continue
        told.add(name)
        yield Match(
            call,
            f"'{name}' goes up here, and nothing ever brings it down: it tells of all that have ever been there, and "
            "not of those that are.",
            severity=Severity.LOW,
        )


def _gauge(module: Module, call: Call) -> str:
    """Return the name of the gauge that a call counts up: its text, or the variable or field that holds it."""
    named = strip(call.args[0]) if call.args else None
    if isinstance(named, Literal) and isinstance(named.value, str) and call.receiver is not None:
        of_now = not _NOW.isdisjoint(words(named.value)[-2:]) and bool(path_words(call.receiver) & METRICS)
        return named.value if of_now else ""
    held = strip(call.receiver) if call.receiver is not None else None
    made = module.scopes.origin(held) if isinstance(held, Name | Member) else None
    is_gauge = isinstance(made, Call) and last_name(made.callee) in ("Gauge", "createGauge", "create_gauge")
    return last_name(held) if is_gauge and held is not None else ""


def _lowered(inquiry: Inquiry, name: str) -> Iterator[bool]:
    """Yield for each file whether it brings a gauge down, or hands it to somebody who may."""
    question = f"patterns.gauge {name} lowered"
    yield from inquiry.project.answers(question, lambda one: _lowers(one, name), tests=False)


def _lowers(module: Module, name: str) -> bool:
    if name.encode() not in module.source:
        return False
    for call in module.all(Call):
        given = [strip(arg) for arg in call.args]
        by_text = any(isinstance(one, Literal) and one.value == name for one in given)
        by_holder = call.receiver is not None and last_name(_whole(call.receiver)) == name
        handed = any(isinstance(one, Name | Member) and last_name(one) == name for one in given)
        if handed or ((by_text or by_holder) and call.name in _DOWN):
            return True
    return False


def _whole(receiver: Expr) -> Expr:
    """Return the gauge that a call is made on, its labels seen through: ``active.labels(name).dec()``."""
    held = strip(receiver)
    while isinstance(held, Call) and held.name in ("labels", "with_labels", "withLabels") and held.receiver is not None:
        held = strip(held.receiver)
    return held
