"""PAT470: a decorator remembers what a method gave by its arguments alone, for all objects of the class together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Call, Function, Member, Name, strip
from reviewer.code.walk import find, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.patterns.memos import memos

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry
    from reviewer.experts.patterns.memos import Memo


@module_check("PAT470", words={"apply", "call", "wraps", "wrapper", "wrapped", "self", "args"})
def memo_shared_by_objects(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each memory that a decorator makes once for a method, and at what the method reads of its object."""
    if module.is_test:
        return
    for memo in memos(inquiry, module):
        decorator = _decorator(memo)
        if decorator is None or not memo.reads or _names_object(module, memo):
            continue
        used = _method(inquiry, module, decorator)
        if used is None:
            continue
        method, member = used
        yield Match(
            memo.key_place(),
            f"'{decorator.name}' keeps one '{memo.name}' for a method of all objects, and the key "
            f"'{short(module.text_of(memo.key))}' does not say which: '{method}' answers by its '{member}', so one "
            "object is answered with what another was.",
            related=((memo.node, "kept here"),),
        )
        return


def _decorator(memo: Memo) -> Function | None:
    """Return the function that makes the memory and gives the wrapper which runs what it was handed on an object."""
    wrapper = memo.function
    outer = wrapper.outer
    if outer is None or memo.table is None or memo.table.scope is not outer or not outer.name:
        return None
    handed = {param.name for param in outer.params}
    first = wrapper.params[0].name if wrapper.params else ""
    for call in find(wrapper.body, Call):
        callee = strip(call.callee)
        if isinstance(callee, Member) and callee.name in ("apply", "call") and call.args:
            run, target = strip(callee.object), strip(call.args[0])
            if _is_name(run, handed) and _is_name(target, {"this"}):
                return outer
        elif _is_name(callee, handed) and call.args and first == "self" and _is_name(strip(call.args[0]), {"self"}):
            return outer
    return None


def _is_name(expr: Expr, names: set[str]) -> bool:
    return isinstance(expr, Name) and expr.id in names


def _names_object(module: Module, memo: Memo) -> bool:
    """Tell whether the key says of which object it is: by a member of it, its identity, or the object itself."""
    key = strip(memo.key)
    bound = module.scopes.lookup(key.id, key) if isinstance(key, Name) else []
    given = [getattr(one, "value", None) for one in bound]
    parts = [key, *(one for one in given if one is not None)]
    return any(isinstance(one, Name) and one.id in ("this", "self") for part in parts for one in walk(part))


def _method(inquiry: Inquiry, module: Module, decorator: Function) -> tuple[str, str] | None:
    """Return a method that the decorator is put on, with a member of its object that it reads."""
    others = inquiry.project.modules(naming={decorator.name}, tests=False)
    for other in (module, *(one for one in others if one is not module)):
        for function in other.functions:
            if function.owner is None or not any(_puts(other, one, decorator) for one in function.decorators):
                continue
            own = {method.name for method in function.owner.methods}
            for member in find(function.body, Member):
                holder = strip(member.object)
                if isinstance(holder, Name) and holder.id in ("this", "self") and member.name not in own:
                    return function.name, member.name
    return None


def _puts(module: Module, decorator: Expr, wanted: Function) -> bool:
    inner = strip(decorator)
    named = inner.callee if isinstance(inner, Call) else inner
    found = definition(module, named)
    return found is wanted or (isinstance(inner, Call) and found is not None and wanted.outer is found)
