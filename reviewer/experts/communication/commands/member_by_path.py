"""COM020: the text of a message leads through the members of an object, and what it ends at is called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.syntax import Assign, Call, Expr, For, Function, Index, Member, Name, Param, strip
from reviewer.code.walk import ancestors, behind, find, function_of, inside
from reviewer.experts.check import Match, module_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_HOLDS_AGAINST: Final = frozenset(
    "has hasOwn hasOwnProperty includes indexOf get test match fullmatch some every startswith startsWith".split()
)
"""Calls that hold a step, or the whole path, against what is allowed."""


@module_check("COM020", words={"split", "reduce"})
def member_by_path(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each walk along the parts of a text for a call of what it ends at."""
    if module.is_test:
        return
    for call in module.calls(("split",)):
        path = call.receiver
        function = function_of(call)
        if path is None or function is None or not _is_told(module, strip(path)) or _is_held(module, function, path):
            continue
        walked = _by_loop(module, call, function) or _by_fold(module, call)
        if walked is not None:
            yield Match(
                walked,
                f"'{module.text_of(path)}' leads from member to member, and what it ends at is called: everything "
                "that can be reached from the object is a command, its inherited members and internals as well.",
            )


def _is_told(module: Module, path: Expr) -> bool:
    """Tell whether a text is one that a function is given, or a member of what it is given."""
    root = path
    while isinstance(root, Member | Index):
        root = strip(root.object)
    bound = module.scopes.lookup(root.id, root) if isinstance(root, Name) and root.id != "this" else []
    return bool(bound) and isinstance(bound[0], Param)


def _is_held(module: Module, function: Function, path: Expr) -> bool:
    """Tell whether the whole path is held against something in the function."""
    said = module.text_of(path)
    return any(
        call.name in _HOLDS_AGAINST and any(module.text_of(one) == said for one in (*call.args, call.receiver) if one)
        for call in find(function.body, Call)
    )


def _by_loop(module: Module, split: Call, function: Function) -> Expr | None:
    """Return the step of a loop over the parts that goes one member on, where the end of the way is called."""
    for loop in find(function.body, For):
        over = strip(loop.iterable) if loop.iterable is not None else None
        goes = over is split or (isinstance(over, Name) and module.scopes.origin(over) is split)
        if not goes or not isinstance(loop.target, Name):
            continue
        step = loop.target.id
        if any(
            call.name in _HOLDS_AGAINST and any(isinstance(one, Name) and one.id == step for one in call.args)
            for call in find(loop.body, Call)
        ):
            return None
        for put in find(loop.body, Assign):
            at = put.target.id if isinstance(put.target, Name) else ""
            if at and put.value is not None and _goes_on(put.value, at, step) and _is_called(function, at, loop):
                return put
    return None


def _goes_on(value: Expr, at: str, step: str) -> bool:
    """Tell whether a value is the member of a thing that a name says: ``at[step]``, ``getattr(at, step)``."""
    made = strip(value)
    if isinstance(made, Index):
        parts = [made.object, made.key]
    elif isinstance(made, Call) and made.name == "getattr" and len(made.args) > 1:
        parts = [made.args[0], made.args[1]]
    else:
        return False
    names = [one.id if isinstance(one := strip(part), Name) else "" for part in parts]
    return names == [at, step]


def _is_called(function: Function, name: str, loop: For) -> bool:
    """Tell whether what a name holds after a loop is called."""
    for call in find(function.body, Call):
        callee = strip(call.callee)
        if isinstance(callee, Member) and callee.name in ("call", "apply"):
            callee = strip(callee.object)
        if isinstance(callee, Name) and callee.id == name and behind(call, loop) and not inside(call, loop):
            return True
    return False


def _by_fold(module: Module, split: Call) -> Expr | None:
    """Return a fold over the parts by which members are got, where what it gives is called."""
    for around in ancestors(split):
        if not isinstance(around, Call | Member):
            return None
        if not isinstance(around, Call) or around.name != "reduce":
            continue
        by = [strip(one) for one in around.args]
        gets = any(isinstance(one, Name) and one.id == "getattr" for one in by) or any(
            isinstance(one, Function) and _is_step(one) for one in by
        )
        return around if gets and _answer_is_called(module, around) else None
    return None


def _is_step(function: Function) -> bool:
    names = [param.name for param in function.params[:2]]
    answers = [one.value for one in returns_of(function)]
    return len(names) == 2 and any(one is not None and _goes_on(one, names[0], names[1]) for one in answers)


def _answer_is_called(module: Module, fold: Call) -> bool:
    around = fold.parent
    if isinstance(around, Call) and around.callee is fold:
        return True
    if isinstance(around, Member) and around.name in ("call", "apply"):
        return True
    function = function_of(fold)
    return isinstance(around, Assign) and any(
        module.scopes.origin(call.callee) is fold
        for call in find(function.body if function is not None else module.body, Call)
        if isinstance(call.callee, Name)
    )
