"""Calls that record a measurement, and what they record."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import callee
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    Expr,
    Index,
    Literal,
    Member,
    Name,
    Object,
    Template,
    strip,
)
from reviewer.code.walk import class_of, find, function_of, names_in
from reviewer.core.regex import regex
from reviewer.experts.paths import path_words, word_set
from reviewer.experts.patterns.vocabulary import last_spelled, spelled

if TYPE_CHECKING:
    from reviewer.code.module import Module

METRICS: Final = word_set(
    "metric metrics counter counters gauge gauges histogram histograms meter meters prom prometheus statsd stats "
    "telemetry measurements instrumentation timer timers summary datadog otel monitor monitoring usage"
)
"""What a place is called where measurements go."""
RECORDING: Final = frozenset(
    "inc increment incr observe record labels counter gauge histogram timing count add set mark distribution emit "
    "recordDuration track measure dec decrement timer startTimer start_timer tag with_labels withLabels time update "
    "record_duration record_error recordError".split()
)
"""Methods that record a measurement, or choose the labels of one."""

_NAMED: Final = frozenset("inc increment incr observe timing gauge histogram count distribution dec decrement".split())
"""Methods that take the name of a measurement first."""
_MOST_OF_COUNTER: Final = 6
_METRIC: Final = regex(r"[a-z][a-z0-9]*([_.][a-z0-9]+)*[_.](total|seconds|count|bytes|ms|duration)")
"""Names that only metrics have."""
_NO_LABELS: Final = word_set(
    "value amount n by delta count exemplar timestamp time at unit units description help doc seconds duration elapsed "
    "ms labels tags attributes context rate sample_rate key name buckets registry"
)
"""Keywords of a recording that say how much, and not of what."""


_EXAMPLES: Final = frozenset({"exemplar", "exemplars"})
"""Keywords of an example that is kept beside a measurement, of which only the last counts."""


def recordings(module: Module) -> Iterator[Call]:
    """Yield the calls of a module that record a measurement, in source order."""
    for call in module.calls(RECORDING):
        if is_recording(module, call):
            yield call


def is_recording(module: Module, call: Call) -> bool:
    """Tell whether a call records a measurement: by what it is called on, or by what that was made as."""
    if call.name not in RECORDING:
        return False
    if call.receiver is None:
        return _names_metric(call) or _counts_by_labels(module, call)
    if call.name in ("labels", "with_labels", "withLabels"):
        return isinstance(call.parent, Member) and call.parent.name in RECORDING
    owner = class_of(call)
    if is_this_member(call.receiver) and owner is not None and set(spelled(owner.name)) & METRICS:
        return True
    words = path_words(call.receiver)
    if words & METRICS or any(word.endswith(("total", "seconds", "counter")) for word in last_spelled(call.receiver)):
        return True
    made = module.scopes.origin(call.receiver)
    return isinstance(made, Call) and bool(set(spelled(made.name)) & METRICS)


def _names_metric(call: Call) -> bool:
    """Tell whether a plain function is told the name of a metric, and labels: ``count("calls_total", {outcome})``."""
    named = strip(call.args[0]) if call.args else None
    if not isinstance(named, Literal) or not isinstance(named.value, str) or not _METRIC.fullmatch(named.value):
        return False
    return bool(call.keywords) or any(isinstance(strip(arg), Object) for arg in call.args[1:])


def _counts_by_labels(module: Module, call: Call) -> bool:
    """Tell whether a function of the subject adds up what it is told, in an entry of its own for each set of labels."""
    if not any(isinstance(strip(arg), Object) for arg in call.args[1:]):
        return False
    target = callee(module, call)
    if target is None or not 0 < len(target.body) <= _MOST_OF_COUNTER:
        return False
    given = {param.name for param in target.params[1:]}
    puts = [(one.args[0], one.args[1]) for one in find(target.body, Call) if one.name == "set" and len(one.args) == 2]
    puts += [
        (one.target.key, one.value)
        for one in find(target.body, Assign)
        if isinstance(one.target, Index) and one.value is not None
    ]
    for key, value in puts:
        made = target.module.scopes.origin(key)
        adds = any(one.op == "+" for one in find(value, Binary))
        if adds and isinstance(made, Expr) and names_in(made) & given:
            return True
    return False


def labels(call: Call) -> Iterator[tuple[str, Expr]]:
    """Yield (name, value) of the labels that a recording carries; the name is empty for a spread or a position."""
    named = strip(call.args[0]) if call.args else None
    if isinstance(named, Template) and call.name in _NAMED:  # statsd.incr(f"calls.{plugin}")
        yield from (("", hole) for hole in named.holes)
    spelt_out = call.name in ("labels", "with_labels", "withLabels", "tag")
    for name, value in call.keywords.items():
        if isinstance(strip(value), Object):
            yield from _of_object(strip(value)) if name not in _EXAMPLES else ()
        elif not spelt_out and name not in _NO_LABELS:
            yield name, value  # ``meter.count("calls", outcome=outcome)``
    if spelt_out:
        yield from call.keywords.items()
        for argument in call.args:
            if not isinstance(strip(argument), Object):
                yield "", argument
    for argument in call.args:
        plain = _spelt_out(call, argument)
        if isinstance(plain, Object):
            yield from _of_object(plain)
        elif isinstance(plain, Array):
            yield from (("", item) for item in plain.items)


def _spelt_out(call: Call, argument: Expr) -> Expr:
    """Return the object that an argument is, also where it was put into a variable before."""
    plain, function = strip(argument), function_of(call)
    made = function.module.scopes.origin(plain) if isinstance(plain, Name) and function is not None else None
    return made if isinstance(made, Object) else plain


def _of_object(made: Expr) -> Iterator[tuple[str, Expr]]:
    if not isinstance(made, Object):
        return
    for key, value in made.entries:
        name = getattr(key, "value", "") if key is not None else ""
        inner = strip(value)
        if name in ("labels", "tags", "attributes") and isinstance(inner, Object):
            yield from _of_object(inner)
        else:
            yield str(name), value


def last_name(expr: Expr) -> str:
    """Return the last name of an access path, or an empty string."""
    expr = strip(expr)
    return expr.id if isinstance(expr, Name) else expr.name if isinstance(expr, Member) else ""
