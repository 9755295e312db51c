"""API022: a method is handed on without its object, so that ``this`` is something else when it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import class_of_value, lineage
from reviewer.code.reach.used_as import used_type
from reviewer.code.syntax import Assign, Call, Class, Function, Literal, Member, Name, Node, Object, strip
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, class_of, find, function_of, uses_of
from reviewer.experts.api.vocabulary import spelled
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_RUNS: Final = frozenset(
    (
        "on once addListener prependListener addEventListener subscribe then catch finally setTimeout setInterval "
        "setImmediate queueMicrotask nextTick requestAnimationFrame map filter forEach some every find flatMap reduce "
        "onEvent handle registerHandler registerCommand"
    ).split()
)
"""Calls that run what they are given as it is; what others do with it can't be seen from here."""

_LISTENS: Final = frozenset({"listener", "handler", "callback", "subscribe", "observe", "listen", "hook", "register"})
"""Words in the names of calls that do so: ``addHandler``, ``setCallback``."""

_TAKES_BACK: Final = frozenset("remove off un unsubscribe unregister deregister detach clear delete".split())
"""Beginnings of the names of calls that only look for what was handed on before."""
_HEARS: Final = frozenset("on once addListener prependListener prependOnceListener addEventListener".split())


@module_check("API022", words={"this"})
def lost_this(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look for methods that are taken off their object as a value."""
    if module.is_test or module.language == "python":
        return
    for member in module.all(Member):
        if _handed(module, member) is None and _runs_alone(module, member) is None:
            continue
        cls = class_of_value(module, member.object) if not used_type(module, member.object) else None
        method = _method(cls, member.name) if cls is not None else None
        if cls is None or method is None or not _uses_this(method) or _is_bound(cls, member.name):
            continue
        if _in_constructor_bind(member):
            continue
        yield Match(
            member,
            f"'{short(module.text_of(member))}' is handed on without its object: when it is called, 'this' is not the "
            f"'{cls.name or 'object'}' that '{member.name}' needs.",
            related=((method, "the method that uses 'this'"),) if method.module is module else (),
        )


def _runs_alone(module: Module, member: Member) -> Name | None:
    """Return the use of a name that a method was taken off under: ``const { add } = this; files.forEach(add)``."""
    made = member.parent
    function = function_of(member)
    if (
        not isinstance(made, Assign)
        or made.value is not member
        or not isinstance(made.target, Name)
        or function is None
    ):
        return None
    for use in uses_of(made.target.id, function):
        if use is made.target:
            continue
        taker = use.parent
        if isinstance(taker, Call) and (
            taker.callee is use or (_runs(taker) and any(arg is use for arg in taker.args))
        ):
            return use
    return None


def _handed(module: Module, member: Member) -> Node | None:
    """Return what takes a member as a value: a call's argument, an entry of an object, or nothing of the kind."""
    parent = member.parent
    if isinstance(parent, Call):
        if parent.callee is member or not _runs(parent) or not any(arg is member for arg in parent.args):
            return None
        holder = module.text_of(member.object)
        if any(module.text_of(arg) == holder for arg in parent.args):
            return None  # ``each(this.draw, this)``
        if _gives_itself(module, parent, holder):
            return None
        return parent
    if isinstance(parent, Object) and not _is_this(member.object):
        return parent if any(value is member and isinstance(key, Literal) for key, value in parent.entries) else None
    return None


def _gives_itself(module: Module, call: Call, holder: str) -> bool:
    """Tell whether an emitter that somebody else wrote hears itself: its listeners' ``this`` is the emitter."""
    if (
        (call.name not in _HEARS and words(call.name)[:1] != ("listen",))
        or call.receiver is None
        or module.text_of(call.receiver) != holder
    ):
        return False
    cls = class_of_value(module, call.receiver)
    return cls is None or _method(cls, call.name) is None


def _runs(call: Call) -> bool:
    """Tell whether a call runs the function that it is given by itself, at once or when something happens."""
    name = words(call.name)
    if name[:1] and name[0] in _TAKES_BACK:
        return False
    return call.name in _RUNS or (len(name) > 1 and name[0] == "on") or not _LISTENS.isdisjoint(name)


def _is_this(expr: Node) -> bool:
    return isinstance(expr, Name) and expr.id in ("this", "super")


def _method(cls: Class, name: str) -> Function | None:
    for owner in lineage(cls):
        for method in owner.methods:
            if method.name == name:
                plain = method.kind == "method" and not method.signature_only and not method.static
                plain = plain and not method.keeps_this
                return method if plain and not method.decorators else None
        if any(item.name == name for item in owner.fields):
            return None
    return None


def _uses_this(method: Function) -> bool:
    for name in find(method, Name):
        if name.id in ("this", "super"):
            around = function_of(name)
            while around is not None and around.kind == "arrow":
                around = around.outer
            if around is method:
                return True
    return False


def _is_bound(cls: Class, name: str) -> bool:
    """Tell whether a class binds the method itself: ``this.draw = this.draw.bind(this)``, ``autoBind(this)``."""
    for owner in lineage(cls):
        if any(_decorated_bound(owner.module, call, name) for call in owner.module.calls(("__decorate",))):
            return True
        assigned = owner.module.scopes.fields(owner)
        if name in assigned:
            return True
        for method in owner.methods:
            if method.kind == "constructor":
                for call in find(method.body, Call):
                    if "bind" in call.name.lower() and any(spelled(arg) == "this" for arg in call.args):
                        return True
    return False


def _decorated_bound(module: Module, call: Call, name: str) -> bool:
    """Tell whether a decorator binds a method, as compilers write it: ``__decorate([bind], Lamp.prototype, "on")``."""
    what = strip(call.args[2]) if len(call.args) > 2 else None
    return isinstance(what, Literal) and what.value == name and "bind" in module.text_of(call.args[0]).lower()


def _in_constructor_bind(member: Member) -> bool:
    for around in ancestors(member):
        if isinstance(around, Assign):
            return isinstance(around.value, Call) and around.value.name == "bind"
        if isinstance(around, Function):
            return False
    return class_of(member) is None
