"""The listeners of guests that a host puts on an emitter of a library, and where it tells them of what happens."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.contexts import is_starter
from reviewer.code.reach.links import class_of_value, definition, lineage
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Assign,
    Call,
    Class,
    Expr,
    ExprStatement,
    For,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Param,
    Return,
    Try,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, class_of, find, function_of, names_in
from reviewer.experts.communication.vocabulary import HANDLERS, PLUGINS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module

MAKERS: Final = frozenset(
    {
        "events.EventEmitter",
        "events",
        "EventEmitter",
        "eventemitter3",
        "eventemitter3.EventEmitter",
        "events.default",
        "eventemitter2.EventEmitter2",
        "mitt",
        "tiny-emitter",
        "pyee.EventEmitter",
        "pyee.base.EventEmitter",
    }
)
"""What makes an emitter that calls its listeners one after the other and catches nothing."""
_LISTENS: Final = frozenset({"on", "once", "addListener", "prependListener", "add_listener"})
_SETS_UP: Final = frozenset({"setMaxListeners"})
_OWNERS: Final = PLUGINS | {"owner", "holder", "guest"}
_KEYED: Final = frozenset({"get", "set", "has", "add", "setdefault"})
_MOST: Final = 60
"""Calls of one function that are looked at."""


class Told(Struct, frozen=True):
    """An emitter of the host's: the listener of a guest that was put on it, and the calls that tell its listeners."""

    name: str
    listener: Expr
    """What was put on the emitter, as the guest's side hands it over."""
    bare: bool
    """Nothing stands between the emitter and the guest's function."""
    of_port: bool
    """It came in by a member of an object that was made for one guest."""
    emits: tuple[Call, ...]


def told_by_emitter(module: Module) -> tuple[Told, ...]:
    """Return the listeners of guests on the emitters that a file both fills and tells; worked out once."""
    return module.once("communication.emitters", lambda: tuple(_find(module)))


def _find(module: Module) -> Iterator[Told]:
    emits: dict[str, list[Call]] = {}
    for call in module.calls({"emit"}):
        event = strip(call.args[0]) if call.args else None
        if call.receiver is None or event is None or (isinstance(event, Literal) and event.value == "error"):
            continue
        key = _emitter(module, call.receiver)
        if key:
            emits.setdefault(key, []).append(call)
    if not emits:
        return
    for call in module.calls(_LISTENS):
        given = call.args[1] if len(call.args) > 1 else None
        key = _emitter(module, call.receiver) if call.receiver is not None and given is not None else ""
        if given is None or key not in emits:
            continue
        for at, bare, of_port in _of_guest(module, call, given):
            yield Told(module.text_of(call.receiver or call), at, bare, of_port, tuple(emits[key]))


def _emitter(module: Module, expr: Expr) -> str:
    """Return a key for an emitter that the subject makes for itself, or an empty string."""
    held = strip(expr)
    if isinstance(held, Name) and held.id in ("this", "super"):
        cls = class_of(held)
        return f"class {id(cls)}" if cls is not None and _is_emitter(cls) else ""
    if is_this_member(held):
        cls = class_of(held)
        values = [one.value for one in module.scopes.fields(cls).get(held.name, ())] if cls is not None else []
        values += [field.value for field in cls.fields if field.name == held.name] if cls is not None else []
        if any(value is not None and _makes(module, value) for value in values):
            return f"field {id(cls)} {held.name}"
    elif isinstance(held, Name):
        made = module.scopes.origin(held)
        if isinstance(made, Call) and _makes(module, made):
            return f"made {id(made)}"
    of_class = class_of_value(module, held)
    return f"class {id(of_class)}" if of_class is not None and _is_emitter(of_class) else ""


def _makes(module: Module, expr: Expr) -> bool:
    made = strip(expr)
    while isinstance(made, Call) and made.name in _SETS_UP and made.receiver is not None:
        made = strip(made.receiver)
    return isinstance(made, Call) and module.resolve(made.callee) in MAKERS


def _is_emitter(cls: Class) -> bool:
    """Tell whether a class is an emitter, and leaves it to that how listeners are called."""
    own = lineage(cls)
    if any(one.method("emit") is not None for one in own):
        return False
    return any(one.module.resolve(base) in MAKERS for one in own for base in one.bases)


def _of_guest(module: Module, call: Call, given: Expr) -> Iterator[tuple[Expr, bool, bool]]:
    """Yield where a listener of a guest is handed over, whether it goes on as it is, and whether by a port of it."""
    function = function_of(call)
    root, bare = _root(module, given)
    bound = module.scopes.lookup(root.id, given) if root is not None else []
    if function is None or len(bound) != 1:
        return
    param = bound[0]
    if isinstance(param, For) or (isinstance(param, Param) and bool(set(words(param.name)) & _OWNERS)):
        if isinstance(param, Param) or _over_guest(param):
            yield given, bare, False
        return
    if not isinstance(param, Param) or not isinstance(param.parent, Function):
        return
    taking = param.parent
    knows = _knows_whose(module, taking, param)
    handed = list(_handed_on(module, taking, param)) if taking.params and bare else []
    for onward, source, still in handed:
        named = module.scopes.lookup(source.id, source) if source is not None else []
        giver = named[0] if len(named) == 1 else None
        if isinstance(giver, Param) and (knows or _made_for_one(giver.parent)):
            yield onward, still, _made_for_one(giver.parent)
    if not handed and (knows or _made_for_one(taking)):
        yield given, bare, _made_for_one(taking)


def _handed_on(module: Module, taking: Function, param: Param) -> Iterator[tuple[Call, Name | None, bool]]:
    """Yield the calls in the file by which a function is handed a listener, with what it comes from."""
    if not taking.name or param not in taking.params:
        return
    at = taking.params.index(param)
    for onward in islice(module.calls({taking.name}), _MOST):
        if function_of(onward) in (None, taking) or definition(module, onward.callee) is not taking:
            continue
        if at < len(onward.args):
            yield onward, *_root(module, onward.args[at])


def _root(module: Module, given: Expr) -> tuple[Name | None, bool]:
    """Return the name that a listener comes from, and whether it is called with nothing around it."""
    held = strip(given)
    made = module.scopes.origin(held) if isinstance(held, Name) else held
    if isinstance(made, Function | Call):
        held = made  # put into a name first, so that it can be taken off again
    if isinstance(held, Call) and held.name == "bind" and held.receiver is not None:
        held = strip(held.receiver)
    bare = True
    if isinstance(held, Function):
        called = _only_called(held)
        bare = called is not None and not held.asynchronous
        inner = called if called is not None else next(find(held.body, Call), None)
        handed = _handed_to_own(module, held, inner) if inner is not None else None
        if handed is not None:
            return handed, False
        held = strip(inner.callee) if inner is not None else held
    while isinstance(held, Member | Index):
        held = strip(held.object)
    return (held if isinstance(held, Name) else None), bare


def _handed_to_own(module: Module, wrapper: Function, call: Call) -> Name | None:
    """Return the listener that a wrapper has a function call: ``(told) => this.deliver(listener, told)``."""
    if not isinstance(definition(module, call.callee), Function):
        return None
    for arg in map(strip, call.args):
        bound = module.scopes.lookup(arg.id, arg) if isinstance(arg, Name) else []
        outside = len(bound) == 1 and isinstance(bound[0], Param) and bound[0].parent is not wrapper
        if isinstance(arg, Name) and outside and set(words(arg.id)) & HANDLERS:
            return arg
    return None


def _only_called(function: Function) -> Call | None:
    """Return the one call that a function consists of."""
    only = function.body[0] if len(function.body) == 1 else None
    value = strip(only.value) if isinstance(only, Return | ExprStatement) and only.value is not None else None
    if not isinstance(value, Call) or any(True for _ in find(value, Try)):
        return None
    return value if not isinstance(value.receiver, Call) else None


def _over_guest(loop: For) -> bool:
    """Tell whether a loop goes through what a guest brings along: ``Object.entries(plugin.listeners)``."""
    return loop.iterable is not None and any(
        set(words(name)) & _OWNERS for name in names_in(loop.iterable) if name != "this"
    )


def _made_for_one(node: Node | None) -> bool:
    """Tell whether a function is a member of an object that another function makes for whom it was told of."""
    made = node.parent if isinstance(node, Function) else None
    maker = node.outer if isinstance(node, Function) else None
    if not isinstance(made, Object) or maker is None:
        return False
    if _wakes(made) or _wakes_later(made, maker):
        return True
    returned = any(isinstance(around, Return) for around in ancestors(made) if not isinstance(around, Function))
    told = {param.name for param in maker.params if param.name}
    named = {name for _key, value in made.entries for name in names_in(value)}
    return len(made.entries) > 1 and returned and bool(told & named)


def _wakes(made: Node) -> bool:
    """Tell whether an object is what a plugin is handed as it is woken: ``plugin.activate({ on, emit })``."""
    call = made.parent
    while isinstance(call, Object):
        call = call.parent
    if not isinstance(call, Call) or made is call.callee or call.new:
        return False
    woken = strip(call.receiver) if call.receiver is not None else None
    return is_starter(call.name) and woken is not None and not (isinstance(woken, Name) and woken.id == "this")


def _wakes_later(made: Object, maker: Function) -> bool:
    """Tell whether an object gets a name first, by which a plugin is handed it as it is woken."""
    kept = made.parent
    if not isinstance(kept, Assign) or not isinstance(kept.target, Name):
        return False
    name = kept.target.id
    return any(use.id == name and _wakes(use) for use in find(maker.body, Name) if use is not kept.target)


def _knows_whose(module: Module, taking: Function, listener: Param) -> bool:
    """Tell whether a function is told whose listener it takes, and keeps what it has done under that."""
    others = {param.name for param in taking.params if param is not listener and param.name}
    for call in find(taking.body, Call):
        key = strip(call.args[0]) if call.args and call.name in _KEYED and call.receiver is not None else None
        if isinstance(key, Name) and key.id in others and key.id != _topic(taking, listener):
            return True
    return any(set(words(name)) & _OWNERS for name in others)


def _topic(taking: Function, listener: Param) -> str:
    """Return the parameter in front of a listener, which says of what it hears."""
    at = taking.params.index(listener) if listener in taking.params else 0
    return taking.params[at - 1].name if at > 0 else ""
