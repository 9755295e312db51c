"""COM052: an emitter of the subject's own tells of errors, and who makes and hears one does not hear those."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition, lineage
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Assign,
    Call,
    Class,
    Expr,
    Field,
    Member,
    Name,
    Node,
    Object,
    Return,
    Spread,
    strip,
)
from reviewer.code.walk import calls_in, class_of, find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.constants import fixed_text
from reviewer.experts.communication.emitters import MAKERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_LISTENS: Final = frozenset({"on", "once", "addListener", "prependListener"})
_HEARS_ALL: Final = frozenset({"onAny", "captureRejections", "errorMonitor", "pipeline", "finished"})
_MOST: Final = 200


@module_check("COM052", words=_LISTENS)
def own_error_unheard(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each emitter that is made of a class of the subject for who hears its errors."""
    if module.is_test or module.language == "python" or _HEARS_ALL & module.identifiers:
        return
    if any(call.args and fixed_text(module, call.args[0]) == "error" for call in module.calls(_LISTENS)):
        return
    for call in islice((one for one in module.all(Call) if one.new), _MOST):
        cls = definition(module, call.callee)
        made = call.parent
        if not isinstance(cls, Class) or not isinstance(made, Assign) or made.value is not call:
            continue
        holder = strip(made.target)
        if not isinstance(holder, Name | Member) or _given_away(module, holder):
            continue
        told = _tells_of_errors(cls)
        heard = [one for one in module.calls(_LISTENS) if _is(one.receiver, holder)]
        if told is not None and heard:
            first = min(heard, key=lambda one: one.raw.start_byte)
            yield Match(
                first,
                f"'{module.text_of(holder)}' also emits 'error', and nobody listens for that: the emitter throws "
                "it then, out of wherever it was working, and the whole process ends.",
                related=((call, "made here"), *([(told, "emitted here")] if cls.module is module else [])),
            )


def _tells_of_errors(cls: Class) -> Call | None:
    """Return where a class of emitters emits 'error', if it does not hear that itself."""
    family = [cls, *lineage(cls)]
    if not any(one.module.resolve(base) in MAKERS for one in family for base in one.bases):
        return None
    found: Call | None = None
    for one in family:
        for call in find(one.methods, Call):
            receiver = strip(call.receiver) if call.receiver is not None else None
            own = isinstance(receiver, Name) and receiver.id == "this"
            if not own or not call.args or fixed_text(one.module, call.args[0]) != "error":
                continue
            if call.name in _LISTENS:
                return None
            if call.name == "emit" and not _only_if_heard(call):
                found = found or call
    return found


def _only_if_heard(emits: Call) -> bool:
    """Tell whether the method asks first whether somebody listens: ``if (this.listenerCount("error"))``."""
    method = function_of(emits)
    return method is not None and any(one.name in ("listenerCount", "listeners") for one in calls_in(method.body))


def _is(expr: Expr | None, holder: Name | Member) -> bool:
    """Tell whether an expression is the same variable or field, directly or at the end of a chain of ``on``."""
    while isinstance(expr, Call) and expr.name in _LISTENS:
        expr = expr.receiver
    expr = strip(expr) if expr is not None else None
    if isinstance(holder, Member):
        return is_this_member(expr) and expr.name == holder.name and class_of(expr) is class_of(holder)
    return isinstance(expr, Name) and expr.id == holder.id and function_of(expr) is function_of(holder)


def _given_away(module: Module, made: Name | Member) -> bool:
    """Tell whether somebody outside of the object that made an emitter gets it, and may listen."""
    if isinstance(made, Member):
        return not _is_hidden(made) or any(
            _is(use, made)
            and (
                isinstance(use.parent, Return | Object | Array | Spread)
                or (isinstance(use.parent, Call) and use is not use.parent.callee)
                or (isinstance(use.parent, Assign) and use.parent.value is use)
            )
            for use in module.all(Member)
        )
    function = function_of(made)
    scope: list[Node] = list(function.body) if function is not None else list(module.body)
    for use in find(scope, Name):
        if use.id != made.id or use is made:
            continue
        around = use.parent
        if isinstance(around, Return | Object | Array | Spread | Field):
            return True
        if isinstance(around, Call) and use is not around.callee:
            return True
        if isinstance(around, Assign) and around.value is use and not _is_hidden(around.target):
            return True
    return function is None


def _is_hidden(target: Expr) -> bool:
    """Tell whether a field is one that only the class itself can read, which listens nowhere for errors."""
    target = strip(target)
    if not is_this_member(target):
        return False
    cls = class_of(target)
    private = target.name.startswith(("#", "_")) or any(
        one.name == target.name and one.private for one in (cls.fields if cls is not None else ())
    )
    return isinstance(target, Member) and private
