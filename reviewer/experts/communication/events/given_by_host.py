"""Whether what a function lays over the sender is written out by the host wherever it calls that function."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.syntax import Call, Expr, Function, Literal, Name, Object, Spread, strip

if TYPE_CHECKING:
    from reviewer.code.module import Module


def written_by_host(function: Function, given: Expr, stamp: str) -> bool:
    """Tell whether the subject calls a function, and all its calls show that what they give says nothing of a sender.

    ``publish(job, "retry", { attempt })`` can't stand for another one, whatever is laid over ``{ source, ...extra }``.
    """
    held = strip(given.value) if isinstance(given, Spread) else strip(given)
    project, name = function.module.project, function.name
    at = next((n for n, p in enumerate(function.params) if isinstance(held, Name) and p.name == held.id), None)
    if project is None or at is None or not name or function.params[at].rest:
        return False
    asked = f"communication.records given to {name} {at} {stamp}"
    keyword = function.params[at].name
    told = project.answers(asked, lambda other: _given(other, name, at, keyword, stamp), {name}, tests=False)
    every = [one for found in told for one in found]
    return bool(every) and all(every)


def _given(module: Module, name: str, at: int, keyword: str, stamp: str) -> tuple[bool, ...]:
    """Return of each call of a function in a file whether it shows that it names no sender."""
    return tuple(_says_nothing(call.arg(at, keyword), stamp) for call in module.calls((name,)) if _is_plain(call))


def _is_plain(call: Call) -> bool:
    return not any(isinstance(arg, Spread) for arg in call.args)


def _says_nothing(given: Expr | None, stamp: str) -> bool:
    record = strip(given) if given is not None else None
    if record is None:
        return True
    return isinstance(record, Object) and all(
        isinstance(key, Literal) and key.value != stamp for key, _value in record.entries
    )
