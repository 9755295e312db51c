"""Lists of what is to be undone at an end: by what they are called, or because their items are called one by one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Expr, ExprStatement, For, Function, Member, Name, Statement, Try, strip
from reviewer.code.walk import calls_in, walk
from reviewer.experts.lifecycle.values import last_word
from reviewer.experts.lifecycle.vocabulary import PLUGIN_WORDS, has_word

if TYPE_CHECKING:
    from reviewer.code.module import Module

UNDO: Final = frozenset(
    (
        "undo undos disposables disposable subscriptions cleanup cleanups cleaners disposers offs teardown teardowns "
        "releases registrations tracked owned finalizers unsubscribers handles scope stack exit exits closers leases"
    ).split()
)
"""What hosts call a list of what is to be undone when a plugin ends."""
_ENDINGS: Final = frozenset({"dispose", "unsubscribe", "undo", "revoke", "unregister", "release"})
_TURNS: Final = frozenset(
    {"reverse", "splice", "slice", "toReversed", "reversed", "list", "copy", "get", "pop", "values"}
)


def undo_names(module: Module) -> frozenset[str]:
    """Return the names of the lists of a module whose items are called one by one, without arguments."""
    known = module.memory.get("lifecycle.undo_names")
    if not isinstance(known, frozenset):
        known = module.memory["lifecycle.undo_names"] = frozenset(_called(module))
    return known


def is_undo(module: Module, name: str) -> bool:
    """Tell whether a list of this name holds what is to be undone."""
    return bool(name) and (has_word(name, UNDO) or name in undo_names(module))


def list_name(expr: Expr | None) -> str:
    """Return the name of the list that is gone through: ``undo`` of ``[...slot.undo.splice(0)].reverse()``."""
    for _ in range(6):
        expr = strip(expr) if expr is not None else None
        if isinstance(expr, Call) and expr.name in _TURNS:
            inner = expr.receiver if expr.receiver is not None else (expr.args[0] if expr.args else None)
            expr = inner
        elif isinstance(expr, Name | Member):
            return last_word(expr)
        else:
            break
    named = [node for node in walk(expr) if isinstance(node, Name | Member)] if expr is not None else []
    return last_word(named[0]) if named else ""


def _called(module: Module) -> Iterator[str]:
    for loop in module.all(For):
        target = loop.target
        if isinstance(target, Name):
            name = list_name(loop.iterable)
            plugins = has_word(name, PLUGIN_WORDS)
            if _calls_plainly(loop.body, target.id) or (not plugins and _gives_up(loop.body, target.id)):
                yield name
    for call in module.calls(("forEach", "pop")):
        if call.name == "pop" and isinstance(call.parent, Call) and call.parent.callee is call:
            yield list_name(call.receiver)
        elif call.name == "forEach" and call.args:
            given = strip(call.args[0])
            if isinstance(given, Function) and given.params and _calls_plainly(given.body, given.params[0].name):
                yield list_name(call.receiver)


def _gives_up(body: list[Statement], name: str) -> bool:
    """Tell whether a loop ends what each item stands for: ``item.dispose()``."""
    return any(
        isinstance(call.receiver, Name) and call.receiver.id == name and call.name in _ENDINGS and not call.args
        for call in calls_in(body)
    )


def _calls_plainly(body: list[Statement], name: str) -> bool:
    return any(
        isinstance(call.callee, Name) and call.callee.id == name and not call.args and not call.keywords
        for call in calls_in(body)
    )


def undoes_each(module: Module, statement: Statement) -> bool:
    """Tell whether a statement undoes what is in such a list, one after another, and catches no failure of one."""
    name, listed, body = _turns_of(statement)
    if not name or not is_undo(module, listed) or any(isinstance(one, Try) for one in walk(body)):
        return False
    if any(call.name == "catch" for call in calls_in(body)):
        return False
    return _calls_plainly(body, name) or _gives_up(body, name)


def gives_up_each(statement: Statement) -> bool:
    """Tell whether a statement ends each of a list by its method: ``for (const one of all) one.dispose()``."""
    name, _listed, body = _turns_of(statement)
    return bool(name) and _gives_up(body, name)


def _turns_of(statement: Statement) -> tuple[str, str, list[Statement]]:
    """Return the name that stands for each item of a loop, that of the list, and what is done with each."""
    if isinstance(statement, For):
        target = strip(statement.target) if statement.target is not None else None
        return getattr(target, "id", ""), list_name(statement.iterable), statement.body
    value = strip(statement.value) if isinstance(statement, ExprStatement) else None
    each = strip(value.args[0]) if isinstance(value, Call) and value.name == "forEach" and value.args else None
    if not isinstance(value, Call) or not isinstance(each, Function) or not each.params:
        return "", "", []
    return each.params[0].name, list_name(value.receiver), each.body
