"""REG065: maps and sets are put into JSON, where nothing of them is left."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Array,
    Assign,
    Call,
    Class,
    Expr,
    Function,
    Literal,
    Name,
    Object,
    strip,
)
from reviewer.code.walk import class_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_KINDS: Final = frozenset({"Map", "Set", "WeakMap", "WeakSet"})


@module_check("REG065", words={"stringify"})
def map_lost_in_json(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at everything that is turned into JSON without a replacer."""
    if module.is_test or module.language == "python":
        return
    for call in module.calls(("stringify",)):
        if not call.args or module.resolve(call.callee) != "JSON.stringify" or _has_replacer(module, call):
            continue
        lost = _lost(module, call.args[0])
        if lost:
            yield Match(
                call,
                f"'{short(lost)}' is a map or a set, and JSON knows neither: it is written as '{{}}', and after the "
                "next start everything in it is gone.",
            )


def _has_replacer(module: Module, call: Call) -> bool:
    """Tell whether a function says how values are written; a plain null or list of names doesn't."""
    given = module.scopes.origin(call.args[1]) if len(call.args) > 1 else None
    return given is not None and not isinstance(given, Literal | Array)


def _lost(module: Module, expr: Expr) -> str:
    """Return the spelling of a map or a set in what is written, or an empty string."""
    expr = strip(expr)
    if isinstance(expr, Object):
        for key, value in expr.entries:
            if _is_collection(module, value):
                return module.text_of(value)
            if key is None and (inner := _in_object(module, value)):
                return inner
        return ""
    if _is_collection(module, expr):
        return module.text_of(expr)
    return _in_object(module, expr)


def _in_object(module: Module, expr: Expr) -> str:
    """Return a member of the object behind a name that is a map or a set."""
    expr = strip(expr)
    if isinstance(expr, Name) and expr.id == "this":
        cls = class_of(expr)
        fields = cls.fields if isinstance(cls, Class) and cls.method("toJSON") is None else []
        return next(
            (f"this.{f.name}" for f in fields if f.value is not None and _makes(f.value) and f.name[0] != "#"), ""
        )
    made = module.scopes.origin(expr)
    known = _makes
    if isinstance(made, Call):
        made, known = _answer(module, made), partial(_is_collection, module)
    if not isinstance(made, Object) or made is expr:
        return ""
    for key, value in made.entries:
        if key is not None and known(value):
            return f"{module.text_of(expr)}.{module.text_of(key)}"
    return ""


def _answer(module: Module, call: Call) -> Object | None:
    """Return the object that a function of this file answers with, where it has one answer."""
    target = definition(module, call.callee)
    if not isinstance(target, Function) or target.module is not module:
        return None
    answers = [strip(one.value) for one in returns_of(target) if one.value is not None]
    only = answers[0] if len(answers) == 1 else None
    return only if isinstance(only, Object) else None


def _is_collection(module: Module, expr: Expr) -> bool:
    expr = strip(expr)
    if _makes(expr):
        return True
    if isinstance(expr, Call | Object):
        return False
    if isinstance(expr, Name):
        bound = module.scopes.lookup(expr.id, expr)
        if len(bound) != 1 or not isinstance(bound[0], Assign):
            return False
    made = module.scopes.origin(expr)
    return isinstance(made, Expr) and _makes(made)


def _makes(expr: Expr) -> bool:
    expr = strip(expr)
    return isinstance(expr, Call) and expr.new and expr.name in _KINDS
