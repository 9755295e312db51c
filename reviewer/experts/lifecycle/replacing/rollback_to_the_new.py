"""LIF161: the way back after a failure leads to the very thing that failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.syntax import Assign, Call, Expr, Handler, Index, Member, Name, Node, Try, strip
from reviewer.code.walk import find, function_of
from reviewer.experts.check import Match, module_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry


@module_check("LIF161")
def rollback_to_the_new(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what each handler puts back for whether the attempt has changed it."""
    if module.is_test:
        return
    for attempt in module.all(Try):
        for handler in attempt.handlers:
            for restored, holder, key, value in _put_back(handler):
                if _taken_before(module, attempt, (holder, key), value) and _renewed(attempt, handler, value):
                    yield Match(
                        restored,
                        f"By now '{value.id}' may be the new one, which has just failed: what was in place before is "
                        "lost, and the one that failed is put back.",
                    )


def _put_back(handler: Handler) -> Iterator[tuple[Node, Expr, Expr | None, Name]]:
    """Yield what a handler writes from a name into a field or a table: the node, the place, the key, the name."""
    for assign in find(handler.body, Assign, into_functions=False):
        value, target = strip(assign.value) if assign.value is not None else None, assign.target
        if isinstance(value, Name) and isinstance(target, Index):
            yield assign, target.object, target.key, value
        elif isinstance(value, Name) and isinstance(target, Member):
            yield assign, target, None, value
    for call in find(handler.body, Call, into_functions=False):
        value = strip(call.args[1]) if call.name == "set" and len(call.args) == 2 else None
        if isinstance(value, Name) and call.receiver is not None:
            yield call, call.receiver, call.args[0], value


def _taken_before(module: Module, attempt: Try, place: tuple[Expr, Expr | None], name: Name) -> bool:
    """Tell whether the name was given what stood at the place before the attempt."""
    for binding in module.scopes.lookup(name.id, name):
        if not isinstance(binding, Assign) or binding.value is None or binding.start > attempt.start:
            continue
        if function_of(binding) is function_of(attempt) and _reads(module, strip(binding.value), place):
            return True
    return False


def _reads(module: Module, value: Expr, place: tuple[Expr, Expr | None]) -> bool:
    """Tell whether a value is read from a place: ``table.get(key)`` or ``table[key]`` for ``table[key]``."""
    holder, key = place
    if key is None:
        return module.text_of(value) == module.text_of(holder)
    if isinstance(value, Index):
        taken: tuple[Expr | None, Expr | None] = (value.object, value.key)
    elif isinstance(value, Call) and value.name == "get" and value.args:
        taken = (value.receiver, value.args[0])
    else:
        return False
    return all(
        one is not None and module.text_of(one) == module.text_of(other)
        for one, other in zip(taken, (holder, key), strict=True)
    )


def _renewed(attempt: Try, handler: Node, name: Name) -> bool:
    """Tell whether the attempt gives the name a new value and goes on, and the handler does not set it right."""
    inner = [a for a in find(attempt.body, Assign, into_functions=False) if _is(a.target, name)]
    if not inner or any(_is(a.target, name) for a in find(handler, Assign, into_functions=False)):
        return False
    return any(call.start >= inner[0].stop for call in find(attempt.body, Call, into_functions=False))


def _is(target: Expr, name: Name) -> bool:
    return isinstance(target, Name) and target.id == name.id
