"""SEC014: what plugins are given hands out the very entry from which its own guard decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.reach.links import callee
from reviewer.code.syntax import (
    Binary,
    Call,
    Class,
    Conditional,
    ExprStatement,
    Function,
    Index,
    Object,
    Return,
    Throw,
    strip,
)
from reviewer.code.walk import calls_in, find
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_FREEZES: Final = frozenset({"freeze", "deepFreeze", "MappingProxyType", "seal"})
_PLAIN: Final = ("boolean", "string", "number", "bool", "str", "int", "float", "readonly ", "tuple", "frozenset")


@module_check("SEC014", words={"freeze", "facade", "context", "api", "property", "handle", "face", "view", "get"})
def entry_of_decider(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at objects whose members ask a guard, for members that give away what that guard reads."""
    if module.is_test or inquiry.subject.ecosystem != "generic":
        return  # a plugin of a known host has nobody to give its entries to
    for node in module.some(Object, Class):
        members: list[Function] = []
        if isinstance(node, Object):
            members = [value for _key, value in node.entries if isinstance(value, Function)]
        elif isinstance(node, Class) and node.kind == "class":
            members = [one for one in node.methods if not one.private and one.kind != "constructor"]
        guards = _guards(module, members) if len(members) > 1 else []
        for member in members if guards else ():
            for answer in returns_of(member):
                given = _entry(module, answer, guards)
                if given is not None:
                    yield Match(
                        answer,
                        f"'{short(module.text_of(given))}' gives the plugin the entry itself from which its guard "
                        "decides: it can change what it may do.",
                    )
                    return


def _guards(module: Module, members: list[Function]) -> list[tuple[str, Function]]:
    """Return what members call for nothing but its refusal, with what it is called on: ``desk.demand(holder, …)``."""
    found: list[tuple[str, Function]] = []
    for member in members:
        for statement in find(member.body, ExprStatement, into_functions=False):
            call = strip(statement.value)
            if isinstance(call, Call) and call.receiver is not None and call.args:
                target = callee(module, call)
                if target is not None and target.owner is not None and _refuses(target):
                    found.append((module.text_of(call.receiver), target))
    return found


def _refuses(target: Function, depth: int = 0) -> bool:
    """Tell whether a function, or one beside it that it calls, throws: what only fills or tells refuses nobody."""
    if any(True for _ in find(target.body, Throw)):
        return True
    called = (callee(target.module, call) for call in calls_in(target.body)) if depth < 1 else ()
    return any(one is not None and one.owner is target.owner and _refuses(one, depth + 1) for one in called)


def _entry(module: Module, answer: Return, guards: list[tuple[str, Function]]) -> Call | None:
    """Return the call whose answer is given away, where a guard of the same object asks it to decide."""
    value = strip(answer.value) if answer.value is not None else None
    if isinstance(value, Binary) and value.op in ("??", "or"):
        value = strip(value.left)
    if not isinstance(value, Call) or value.receiver is None or not value.args:
        return None
    giver = callee(module, value)
    if giver is None or giver.owner is None or giver.returns.strip().startswith(_PLAIN) or not _gives_entry(giver):
        return None
    on = module.text_of(value.receiver)
    asked = any(on == held and guard.owner is giver.owner and _asks(guard, giver) for held, guard in guards)
    return value if asked and not _frozen(giver.owner) else None


def _gives_entry(giver: Function) -> bool:
    """Tell whether a function answers with what is kept, and not with a copy of it."""
    answers = [strip(one.value) for one in returns_of(giver) if one.value is not None]
    return bool(answers) and any(_is_entry(one) for one in answers) and not any(map(_is_copy, answers))


def _is_entry(value: Expr) -> bool:
    if isinstance(value, Conditional):
        return _is_entry(strip(value.then)) or _is_entry(strip(value.other))
    if isinstance(value, Binary) and value.op in ("??", "or", "and"):
        return _is_entry(strip(value.left)) or _is_entry(strip(value.right))
    return isinstance(value, Index) or (isinstance(value, Call) and value.name == "get" and len(value.args) == 1)


def _is_copy(value: Expr) -> bool:
    return isinstance(value, Object)


def _asks(guard: Function, giver: Function, depth: int = 0) -> bool:
    """Tell whether a guard, or a function beside it that it calls, reads what the other one gives."""
    for call in calls_in(guard.body):
        target = callee(guard.module, call)
        if target is giver:
            return True
        if target is not None and depth < 2 and target.owner is giver.owner and _asks(target, giver, depth + 1):
            return True
    return False


def _frozen(owner: Class) -> bool:
    """Tell whether what is kept is made unchangeable where it is put in; the object that is given out is another."""
    return any(call.name in _FREEZES and not isinstance(call.parent, Return) for call in find(owner, Call))
