"""COM443: whatever a handler answers is laid over an object of the host."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Assign,
    Call,
    Comprehension,
    Expr,
    For,
    Function,
    Index,
    Member,
    Name,
    Object,
    Param,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, class_of, find, function_of, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_EACH: Final = frozenset({"forEach", "map", "flatMap"})
_LOOKS: Final = frozenset("parse validate check pick clean sanitize sanitise coerce schema only allowed safe".split())
_OWN: Final = frozenset(
    "get items keys values entries pop append push add copy format join split strip lower upper slice filter map "
    "toString toJSON json text then catch".split()
)
"""Methods that a value has by itself, so that no handler is called by them."""
_DEEPEST: Final = 4


@module_check("COM443", words={"assign", "setattr", "vars", "dict"})
def answer_merged(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each place that lays all members of one thing over another for whose they are."""
    if module.is_test:
        return
    for call in module.calls({"assign", "setattr", "update"}):
        laid = _laid_over(module, call)
        if laid is None:
            continue
        target, answer = laid
        if _is_answer(module, answer, 0) and _of_the_host(module, target):
            yield Match(
                call,
                f"Every member of what was answered is set on '{short(module.text_of(target))}': whoever answers also "
                "writes what only the host should say, such as an owner, an approval or a lock.",
            )


def _laid_over(module: Module, call: Call) -> tuple[Expr, Expr] | None:
    """Return what gets the members, and what they are taken from."""
    if call.name == "assign" and module.resolve(call.callee) == "Object.assign" and len(call.args) == 2:
        return call.args[0], call.args[1]
    if call.name == "update" and len(call.args) == 1 and call.receiver is not None:
        held = strip(call.receiver)
        if isinstance(held, Call) and held.name == "vars" and held.args:
            return held.args[0], call.args[0]
        if isinstance(held, Member) and held.name == "__dict__":
            return held.object, call.args[0]
    if call.name == "setattr" and len(call.args) == 3:
        key = strip(call.args[1])
        loop = next((one for one in ancestors(call) if isinstance(one, For | Function)), None)
        items = strip(loop.iterable) if isinstance(loop, For) and loop.iterable is not None else None
        if not isinstance(key, Name) or not isinstance(loop, For) or not isinstance(items, Call):
            return None
        if key.id not in names_in(loop.target or []) or items.name != "items" or items.receiver is None:
            return None
        if any(key.id in names_in(condition.test) for condition in conditions(call)):
            return None  # only some of the members
        return call.args[0], items.receiver
    return None


def _is_answer(module: Module, value: Expr, depth: int) -> bool:
    """Tell whether a value is what each of several that somebody handed in has answered."""
    value = strip(value)
    while isinstance(value, Member | Index):
        value = strip(value.object)
    if depth > _DEEPEST or not isinstance(value, Name):
        return isinstance(value, Call) and _asks(module, value)
    for bound in module.scopes.lookup(value.id, value):
        if isinstance(bound, Assign) and bound.value is not None:
            return _asks(module, bound.value)
        if isinstance(bound, For) and bound.iterable is not None:
            return _is_answer(module, bound.iterable, depth + 1)
        if isinstance(bound, Param) and isinstance(bound.parent, Function):
            each = bound.parent.parent
            holder = each.receiver if isinstance(each, Call) and each.name in _EACH else None
            return holder is not None and bound is bound.parent.params[0] and _is_answer(module, holder, depth + 1)
    return False


def _asks(module: Module, value: Expr) -> bool:
    """Tell whether an expression calls an element of a collection, and nothing looks at what that answers."""
    asked = [call for call in find(value, Call) if _calls_element(module, call)]
    return bool(asked) and not any(set(words(call.name)) & _LOOKS for call in find(value, Call) if call not in asked)


def _calls_element(module: Module, call: Call) -> bool:
    """Tell whether a call runs what a loop goes through, or a member of it."""
    callee = strip(call.callee)
    if isinstance(callee, Member) and callee.name not in _OWN:
        callee = strip(callee.object)
    if not isinstance(callee, Name) or callee.id == "this":
        return False
    for bound in module.scopes.lookup(callee.id, callee):
        if isinstance(bound, For | Comprehension):
            return _goes_through_kept(module, bound)
        if isinstance(bound, Param) and isinstance(bound.parent, Function):
            each = bound.parent.parent
            over = each.receiver if isinstance(each, Call) and each.name in _EACH else None
            return over is not None and _outlives(module, over)
    return False


def _goes_through_kept(module: Module, loop: For | Comprehension) -> bool:
    over = loop.iterable if isinstance(loop, For) else loop.clauses[0][1] if loop.clauses else None
    return over is not None and _outlives(module, over)


def _outlives(module: Module, collection: Expr) -> bool:
    """Tell whether a collection is kept or was handed in: a field, a parameter, a variable of the function around."""
    function = function_of(collection)
    for node in find(collection, Name):
        if node.id == "this":
            return True
        for bound in module.scopes.lookup(node.id, node):
            if isinstance(bound, Param) or (isinstance(bound, Assign) and function_of(bound) is not function):
                return True
    return any(is_this_member(node) for node in find(collection, Member))


def _of_the_host(module: Module, target: Expr) -> bool:
    """Tell whether what gets the members is a thing with a meaning of its own, and no bag made for the answers."""
    target = strip(target)
    if is_this_member(target) and isinstance(target, Member):
        cls = class_of(target)
        made = list(module.scopes.field_values(cls, target.name)) if cls is not None else []
        return bool(made) and not any(isinstance(strip(one), Object) or _is_bag(one) for one in made)
    if not isinstance(target, Name):
        return False
    bound = module.scopes.lookup(target.id, target)
    param = bound[0] if len(bound) == 1 else None
    function: Node | None = param.parent if isinstance(param, Param) else None
    return isinstance(function, Function) and bool(function.name) and not isinstance(function.parent, Call)


def _is_bag(value: Expr) -> bool:
    made = strip(value)
    return isinstance(made, Call) and made.name in ("create", "dict", "Map", "SimpleNamespace", "defaultdict")
