"""API491: a plugin puts a function of its own in the place of a member of the host, or the host lets it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Assign,
    Call,
    Class,
    Expr,
    For,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Object,
    Spread,
    strip,
)
from reviewer.code.walk import ancestors, find, names_in
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.lifecycle.bringing.brought import is_brought, loads_something

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_PUTS: Final = {
    "setattr": ("setattr", "builtins.setattr"),
    "set": ("Reflect.set",),
    "defineProperty": ("Object.defineProperty", "Reflect.defineProperty"),
    "assign": ("Object.assign",),
    "update": (),
}
"""Calls that put a member into what they are given first, or are called on."""
_WRAPS: Final = frozenset({"bind", "wraps", "partial", "wrap", "debounce", "throttle", "MethodType"})
_OF_CLASSES: Final = frozenset({"type", "getPrototypeOf"})


@module_check("API491")
def host_member_replaced(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what a plugin puts into what the host handed it, and at what a host takes over from a plugin."""
    if module.is_test or inquiry.subject.ecosystem != "generic":
        return
    if inquiry.subject.kind == "plugin":
        yield from _by_plugin(module)
    elif loads_something(module.source):
        yield from _by_host(module)


def _by_plugin(module: Module) -> Iterator[Match]:
    for at, holder, name, value in _put(module):
        if not _is_hosts(module, holder) or name.lower().startswith("on") or not _is_function(module, value):
            continue
        shown = f"{short(module.text_of(holder))}.{name}"
        yield Match(
            at,
            f"'{shown}' is a member of the host, and is replaced for everybody who calls it: the host and each other "
            "plugin get this function, also when the plugin is gone or another one has replaced it too.",
            confidence=None if _is_taken(module, holder, name, at) else Confidence.POSSIBLE,
        )


def _put(module: Module) -> Iterator[tuple[Node, Expr, str, Expr]]:
    """Yield (place, holder, member, value) for what is put into objects by a name that is written down."""
    for assign in module.all(Assign):
        target = assign.target
        if assign.value is None or assign.op != "=" or assign.declare:
            continue
        if isinstance(target, Member):
            yield assign, target.object, target.name, assign.value
        elif isinstance(target, Index) and isinstance(key := strip(target.key), Literal) and isinstance(key.value, str):
            yield assign, target.object, key.value, assign.value
    for call in module.calls(("setattr", "set", "defineProperty", "assign")):
        if module.resolve(call.callee) not in _PUTS.get(call.name, ()) and call.name != "setattr":
            continue
        if call.name == "assign":
            given = strip(call.args[1]) if len(call.args) > 1 else None
            for said, value in given.entries if isinstance(given, Object) else ():
                if isinstance(said, Literal):
                    yield call, call.args[0], str(said.value), value
        elif len(call.args) > 2 and isinstance(named := strip(call.args[1]), Literal) and isinstance(named.value, str):
            told = strip(call.args[2])
            described = told if call.name == "defineProperty" and isinstance(told, Object) else None
            got = (described.get("value") or described.get("get")) if described is not None else None
            yield call, call.args[0], named.value, got or told


def _is_hosts(module: Module, holder: Expr) -> bool:
    """Tell whether an object is a service of the host, or the class of one."""
    held = strip(holder)
    if isinstance(held, Member) and held.name in ("prototype", "constructor", "__class__", "__proto__"):
        return _is_hosts(module, held.object)
    if isinstance(held, Call) and held.name in _OF_CLASSES and held.args:
        return _is_hosts(module, held.args[0])
    return module.resolve(held).startswith("context.")


def _is_function(module: Module, value: Expr) -> bool:
    made = strip(value)
    if isinstance(made, Name):
        made_by = module.scopes.origin(made)
        if isinstance(made_by, Function) or isinstance(definition(module, made), Function):
            return True
        made = made_by if isinstance(made_by, Expr) else made
    return isinstance(made, Function) or (isinstance(made, Call) and made.name in _WRAPS)


def _is_taken(module: Module, holder: Expr, name: str, at: Node) -> bool:
    """Tell whether the member was there before: somebody reads or calls it in the file."""
    whose = module.resolve(holder)
    for member in module.all(Member):
        put = isinstance(member.parent, Assign) and member.parent.target is member
        if member.name == name and not put and module.resolve(member.object) == whose:
            return True
    return isinstance(at, Call) and at.name == "defineProperty"


def _by_host(module: Module) -> Iterator[Match]:
    for call in module.calls(("assign", "update")):
        if call.name == "assign" and module.resolve(call.callee) == "Object.assign":
            holder, given = (strip(call.args[0]) if call.args else None), list(call.args[1:])
        elif call.name == "update" and module.language == "python" and call.receiver is not None:
            holder, given = strip(call.receiver), list(call.args[:1])
        else:
            continue
        brought = next((one for one in given if _is_guests(module, strip(one))), None)
        if holder is not None and brought is not None and _has_functions(module, holder) and not conditions(call):
            yield _laid_over(module, call, holder, brought)
    for loop in module.all(For):
        source = strip(loop.iterable) if loop.iterable is not None else None
        brought = next((one for one in (source, *_inside(source)) if one is not None and _is_guests(module, one)), None)
        if brought is not None and loop.target is not None:
            yield from _one_by_one(module, loop, brought)


def _inside(source: Expr | None) -> list[Expr]:
    """Return what ``Object.entries(x)`` or ``x.items()`` goes over."""
    if not isinstance(source, Call):
        return []
    return [strip(source.args[0])] if source.args else [strip(source.receiver)] if source.receiver is not None else []


def _one_by_one(module: Module, loop: For, brought: Expr) -> Iterator[Match]:
    """Find members that are put in one after the other, with nobody asking whether the name is taken."""
    named = names_in(loop.target) if loop.target is not None else set()
    for node in (*find(loop.body, Assign), *find(loop.body, Call)):
        holder: Expr | None = None
        key: Expr | None = None
        if isinstance(node, Assign) and isinstance(node.target, Index):
            holder, key = strip(node.target.object), strip(node.target.key)
        elif isinstance(node, Call) and node.name == "setattr" and len(node.args) > 2:
            holder, key = strip(node.args[0]), strip(node.args[1])
        if holder is None or not isinstance(key, Name) or key.id not in named or not _has_functions(module, holder):
            continue
        asked = any(key.id in names_in(condition.test) for condition in conditions(node))
        if not asked and next((one for one in ancestors(node) if isinstance(one, For)), None) is loop:
            yield _laid_over(module, node, holder, brought)


def _laid_over(module: Module, at: Node, holder: Expr, brought: Expr) -> Match:
    what = short(module.text_of(holder))
    return Match(
        at,
        f"'{short(module.text_of(brought))}' comes from a plugin and is laid over '{what}', which has functions of the "
        "host: a member of the same name replaces the host's own, for everybody who calls it.",
    )


def _is_guests(module: Module, expr: Expr) -> bool:
    """Tell whether a value comes from code that was loaded: a member of it, or what a member of it made."""
    made = module.scopes.origin(expr) if isinstance(expr, Name) else expr
    made = strip(made) if isinstance(made, Expr) else expr
    while not isinstance(made, Name) and isinstance(made, Member | Call):
        if is_brought(module, made):
            return True
        if isinstance(made, Call) and made.receiver is None:
            return is_brought(module, strip(made.callee))
        made = strip(made.receiver if isinstance(made, Call) and made.receiver is not None else made.object)  # type: ignore[union-attr]  # a member
    return is_brought(module, made)


def _has_functions(module: Module, holder: Expr) -> bool:
    """Tell whether an object of the host has functions of its own: written out, or the host itself."""
    if isinstance(holder, Member) and holder.name == "__dict__":
        holder = strip(holder.object)
    if isinstance(holder, Name) and holder.id == "this":
        return True
    made: object = module.scopes.origin(holder) if isinstance(holder, Name) else None
    if is_this_member(holder):
        owner = next((one for one in ancestors(holder) if isinstance(one, Class)), None)
        values = module.scopes.field_values(owner, holder.name) if owner is not None else []
        made = strip(values[0]) if len(values) == 1 else None
    if isinstance(made, Call) and made.name in ("freeze", "seal", "dict") and made.args:
        made = strip(made.args[0])
    if not isinstance(made, Object):
        return False
    for _key, value in made.entries:
        inner = strip(value.value) if isinstance(value, Spread) else strip(value)
        if isinstance(inner, Function) or isinstance(definition(module, inner), Function):
            return True
        if isinstance(value, Spread) and _has_functions(module, inner):
            return True
    return any(_has_functions(module, strip(one)) for one in made.spreads if not isinstance(one, Spread))
