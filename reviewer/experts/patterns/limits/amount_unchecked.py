"""PAT511: how much is taken of a limit is what the taker says, and a negative number gives some back."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits
from reviewer.code.reach.called_so import class_called_so
from reviewer.code.reach.links import callee
from reviewer.code.syntax import Assign, Binary, Call, Expr, Function, If, Member, Name, Param, Unary, strip
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, function_of, names_in
from reviewer.experts.check import Match, module_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_MOST: Final = 12
"""Calls of one function that are looked at."""
_NO_NUMBERS: Final = ("str", "bytes", "list", "dict", "string", "Uint8Array", "Buffer", "Record", "Map", "Set", "[]")
_TELLS: Final = frozenset("log debug info warn warning error record audit print journal trace write note".split())
"""Words of calls that only write something down."""
_COUNTS: Final = frozenset({"length", "size", "byteLength", "nbytes"})
_WRITES: Final = frozenset({"set", "put", "write", "save", "incr", "incrby", "incrBy"})


@module_check("PAT511")
def amount_unchecked(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that refuses what would be too much for a look at what would be less than nothing."""
    if module.is_test or inquiry.subject.kind == "plugin":
        return
    for function in module.functions:
        if not function.params or function.kind == "constructor":
            continue
        found = next((one for param in function.params if (one := _taken(function, param))), None)
        if found is None:
            continue
        test, param = found
        teller = _told_by(module, function, param)
        if teller is not None:
            yield Match(
                test,
                f"'{param.name}' is only held against the most that may be taken: whoever says a negative number gets "
                "some of the limit back with each call, and so has none.",
                related=((teller, "said by whoever calls this"),) if teller.parent is not None else (),
            )


def _taken(function: Function, param: Param) -> tuple[Expr, Param] | None:
    """Return the test that refuses too much of what a parameter says, which is added up behind it."""
    name = param.name
    if not name or name in ("self", "this", "cls") or param.type.strip().startswith(_NO_NUMBERS):
        return None
    for refusal in find(function.body, If, into_functions=False):
        test = strip(refusal.test)
        if not exits(refusal.body) or not isinstance(test, Binary) or test.op not in (">", ">=", "<", "<="):
            continue
        more, most = (test.left, test.right) if test.op in (">", ">=") else (test.right, test.left)
        total = strip(more)
        held = function.module.scopes.origin(total) if isinstance(total, Name) else None
        added = _adds(held, name) if isinstance(held, Expr) and held is not total else _adds(more, name)
        if name in names_in(most) or not added:
            continue
        kept = total.id if isinstance(total, Name) else ""
        if _is_added_up(function, name, refusal, kept) and not _has_floor(function, name):
            return test, param
    return None


def _adds(more: Expr, name: str) -> bool:
    """Tell whether a value is an amount added to what was used before: ``used + amount``, and nothing else of it."""
    more = strip(more)
    if not isinstance(more, Binary) or more.op != "+":
        return False
    sides = (strip(more.left), strip(more.right))
    return any(isinstance(one, Name) and one.id == name for one in sides)


def _is_added_up(function: Function, name: str, refusal: If, total: str) -> bool:
    """Tell whether the same amount is added to what is kept behind the test, or the sum that was tested is kept."""
    for assign in find(function.body, Assign, into_functions=False):
        if assign.value is None or assign.start < refusal.start or isinstance(assign.target, Name):
            continue
        if (assign.op == "+=" and _is_name(assign.value, name)) or _adds(assign.value, name):
            return True
        if total and assign.op == "=" and _is_name(assign.value, total):
            return True
    return any(
        call.name in _WRITES
        and call.start > refusal.start
        and call.args
        and (_adds(call.args[-1], name) or (bool(total) and _is_name(call.args[-1], total)))
        for call in calls_in(function.body, into_functions=False)
    )


def _is_name(value: Expr, name: str) -> bool:
    value = strip(value)
    return isinstance(value, Name) and value.id == name


def _has_floor(function: Function, name: str, given: Expr | None = None) -> bool:
    """Tell whether the amount is held against nothing or one, or handed to something else that may do so."""
    for test in find(function.body, Binary):
        sides = (strip(test.left), strip(test.right))
        if test.op in ("<", "<=", ">", ">=", "==", "!=", "in", "not in") and any(_is_name(one, name) for one in sides):
            return True
    for call in calls_in(function.body):
        counts = call.name in _WRITES or call.new or bool({"error", "exception"} & set(words(call.name)))
        late = given is not None and call.raw.end_byte >= given.raw.start_byte
        counts = counts or late or bool(_TELLS & set(words(call.name)))
        if not counts and any(_is_name(arg, name) for arg in (*call.args, *call.keywords.values())):
            return True
    return any(
        isinstance(one.target, Name) and one.target.id == name for one in find(function.body, Assign) if one.value
    ) or any(one.op == "-" and _is_name(one.operand, name) for one in find(function.body, Unary))


def _told_by(module: Module, function: Function, param: Param) -> Expr | None:
    """Return what a caller says, where that is what somebody else told the caller: a parameter, or a part of one."""
    place = function.params.index(param)
    for call in islice(_calls_of(module, function), _MOST):
        given = call.arg(place, param.name)
        told = _of_param(given) if given is not None else None
        if told is not None:
            return told
    return None


def _calls_of(module: Module, function: Function) -> Iterator[Call]:
    """Yield the calls that run a function or a method, in whatever file."""
    project = module.project
    others = project.modules(naming={function.name}, tests=False) if project is not None and function.name else ()
    for other in (module, *(one for one in others if one is not module)):
        for call in other.calls((function.name,)):
            target = callee(other, call)
            if target is function or (target is None and _called_so(other, call, function)):
                yield call


def _called_so(module: Module, call: Call, function: Function) -> bool:
    """Tell whether a method is asked of what is called as its class is, where no type says what it is."""
    holder = strip(call.receiver) if call.receiver is not None else None
    return holder is not None and function.owner is not None and class_called_so(module, holder) is function.owner


def _of_param(given: Expr) -> Expr | None:
    """Return what is given, if it is a number that a caller's own caller says, by itself or as a part of a message."""
    root = strip(given)
    if isinstance(root, Member) and root.name in _COUNTS:
        return None
    while isinstance(root, Member):
        root = strip(root.object)
    around = function_of(given)
    while around is not None and isinstance(root, Name):
        for one in around.params:
            if one.name == root.id and not one.type.strip().startswith(_NO_NUMBERS[:4]):
                return None if _has_floor(around, root.id, given) else given
        around = around.outer
    return None
