"""SEC020: members of one object ask for the rights of him whom it was made for, and one of whoever its caller names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.reach.links import callee
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Class,
    Expr,
    Function,
    Imported,
    Name,
    Object,
    Param,
    Switch,
    strip,
)
from reviewer.code.walk import ancestors, class_of, find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.security.deciding.decisions import hands_on_a_decision, is_check
from reviewer.experts.security.values.access import path_of
from reviewer.experts.security.vocabulary import TRIGGERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry


@module_check("SEC020", words=TRIGGERS | {"guard", "authorize", "check", "ensure", "require", "need"})
def told_where_known(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Compare whom the members of one object ask about when they ask the same question."""
    if module.is_test:
        return
    groups: dict[tuple[int, str], list[Call]] = {}
    for call in module.all(Call):
        home = _home(call)
        if home is not None and call.args and (is_check(module, call) or _decides(module, call)):
            groups.setdefault((id(home), call.name), []).append(call)
    for calls in groups.values():
        if len(calls) > 1:
            yield from _told(module, calls)


def _home(call: Call) -> Class | Function | None:
    """Return the object whose member asks: a class, or the function that makes an object of functions."""
    function = function_of(call)
    if function is None or function.kind == "constructor":
        return None
    cls = class_of(call)
    if cls is not None:
        return cls
    while function.outer is not None and not isinstance(function.parent, Object):
        function = function.outer
    return function.outer or function


def _decides(module: Module, call: Call) -> bool:
    target = callee(module, call)
    return target is not None and hands_on_a_decision(target)


def _told(module: Module, calls: list[Call]) -> Iterator[Match]:
    known = next((strip(call.args[0]) for call in calls if _is_known(module, call)), None)
    if known is None:
        return
    for call in calls:
        said = _said(module, call)
        function = function_of(call)
        if said is None or function is None or _is_compared(module, function, said):
            continue
        if any(one is not call and _is_known(module, one) and function_of(one) is function for one in calls):
            continue
        yield Match(
            said,
            f"Whose rights are asked for is what the caller says, '{short(module.text_of(said))}', where the other "
            f"members of the same object ask for those of '{short(module.text_of(known))}': whoever names another "
            "gets its rights.",
        )


def _is_known(module: Module, call: Call) -> bool:
    """Tell whether a question is about whom the object was made for."""
    root, _deep = _root(module, call.args[0])
    function = function_of(call)
    if _is_running(module, strip(call.args[0])):
        return True
    if is_this_member(strip(call.args[0])) or (isinstance(root, Expr) and is_this_member(root)):
        return True
    return isinstance(root, Param) and isinstance(root.parent, Function) and root.parent is not function


def _is_running(module: Module, asked: Expr) -> bool:
    """Tell whether whose task runs is what a variable of the running task says: ``running.get()``."""
    holder = (
        asked.receiver if isinstance(asked, Call) and asked.name in ("get", "getStore") and not asked.args else None
    )
    made: object = module.scopes.origin(holder) if holder is not None else None
    if isinstance(made, Imported) and module.project is not None:
        bound = module.project.definition(module, made)
        made = strip(bound.value) if isinstance(bound, Assign) and bound.value is not None else bound
    return isinstance(made, Call) and made.name in ("ContextVar", "AsyncLocalStorage")


def _said(module: Module, call: Call) -> Expr | None:
    """Return the part of the first argument that the caller of the member fills in."""
    function = function_of(call)
    first = strip(call.args[0])
    if isinstance(first, Binary) and first.op in ("??", "or"):
        first = strip(first.left)
    parts = [value for _key, value in first.entries] if isinstance(first, Object) else [first]
    for part in parts:
        root, deep = _root(module, part)
        if isinstance(root, Param) and root.parent is function and deep:
            return part
    return None


def _root(module: Module, expr: Expr) -> tuple[object, bool]:
    """Return the parameter or the field that a value is taken from, and whether it is a part of that."""
    made = strip(expr)
    bound = module.scopes.lookup(made.id, made) if isinstance(made, Name) else []
    if len(bound) == 1 and isinstance(bound[0], Assign) and bound[0].value is None:
        switch = next((one for one in ancestors(bound[0]) if isinstance(one, Switch)), None)
        return (path_of(module, switch.subject)[0], True) if switch is not None else (None, False)
    if len(bound) == 1 and isinstance(bound[0], Param):
        return bound[0], bool(bound[0].fields)
    root, names = path_of(module, made)
    return root, bool(names)


def _is_compared(module: Module, function: Function, said: Expr) -> bool:
    """Tell whether the function holds what it is told against anything."""
    text = module.text_of(said)
    return any(
        text in (module.text_of(test.left), module.text_of(test.right))
        for test in find(function.body, Binary)
        if test.op in ("==", "!=")
    )
