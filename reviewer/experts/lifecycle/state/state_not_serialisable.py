"""LIF162: a plugin hands out a state that can't be written down as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.contexts import flat, is_starter
from reviewer.code.flow import returns_of
from reviewer.code.reach.handed import made_member
from reviewer.code.reach.links import callee, declared_type
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Array, Assign, Call, Expr, Index, Literal, Name, Object, strip
from reviewer.code.walk import class_of, find
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.lifecycle.vocabulary import STATES
from reviewer.experts.paths import last_words
from reviewer.experts.place import locate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Function
    from reviewer.experts.check import Inquiry

_HOOKS: Final = frozenset(
    f"{verb}{what}" for verb in "get save serialize serialise export dump".split() for what in STATES
)
_MADE: Final = {
    "set": "a set",
    "frozenset": "a set",
    "Set": "a set",
    "Map": "a map",
    "WeakMap": "a map",
    "deque": "a deque",
    "datetime.datetime.now": "a date",
    "datetime.datetime.utcnow": "a date",
    "datetime.datetime.fromisoformat": "a date",
    "bytearray": "bytes",
    "pathlib.Path": "a path",
}
_TYPED: Final = (
    (("set[", "Set[", "frozenset[", "Set<", "ReadonlySet<"), "a set"),
    (("Map<", "ReadonlyMap<"), "a map"),
    (("deque[", "collections.deque["), "a deque"),
    (("datetime", "dt.datetime", "datetime.datetime"), "a date"),
    (("bytes",), "bytes"),
)
_PUTS: Final = frozenset({"set", "put", "save", "write", "update", "store"})
_STORAGES: Final = frozenset({"storage", "memento"})
_HOW: Final = frozenset({"default", "cls", "replacer"})
"""Arguments that say how to write what JSON has no word for."""


@module_check("LIF162", words=STATES)
def state_not_serialisable(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what each hook that hands out the state puts into it."""
    if module.is_test:
        return
    for function in module.functions:
        name = flat(function.name)
        if name not in _HOOKS:
            continue
        if (function.owner is None or not name.endswith("state")) and not _beside_a_start(module, function):
            continue  # a snapshot is given by much that is no plugin
        for value in _handed_out(module, function):
            kind = _kind(module, value)
            if kind:
                yield Match(
                    value,
                    f"'{short(module.text_of(value))}' is {kind} and goes into the state as it is: it can't be written "
                    "as JSON, and is lost when the plugin is updated.",
                )
                break


@module_check("LIF162", words={"storage", "memento"})
def stored_as_it_is(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what a plugin puts into its storage for maps and sets, of which JSON keeps nothing."""
    if module.is_test or inquiry.subject.kind != "plugin":
        return
    for call in module.calls(_PUTS):
        if len(call.args) != len(("key", "value")) or not set(last_words(call.receiver)) & _STORAGES:
            continue
        for home, value in _given(module, call.args[1]):
            kind = _kind(home, value)
            if kind in ("a map", "a set"):
                yield Match(
                    locate(home, value),
                    f"'{short(home.text_of(value))}' is {kind} and goes into the storage as it is: JSON keeps nothing "
                    "of its entries, and after the next start it is empty.",
                    related=((call, "put into the storage here"),) if home is module else (),
                )
                break


def _given(module: Module, value: Expr) -> Iterator[tuple[Module, Expr]]:
    """Yield the parts of what is stored, each with its file: what a function gives is followed once."""
    made = strip(value)
    if isinstance(made, Name):
        held = module.scopes.origin(made)
        made = held if isinstance(held, Object | Array) else made
    target = callee(module, made) if isinstance(made, Call) else None
    if isinstance(made, Call) and made.receiver is not None and (target is None or target.signature_only):
        held = module.scopes.origin(made.receiver)
        target = made_member(module, held, made.name) if isinstance(held, Expr) else None
    if target is None:
        yield from ((module, part) for part in _parts(made))
        return
    for answer in returns_of(target):
        if answer.value is not None:
            yield from ((target.module, part) for part in _parts(strip(answer.value)))


def _beside_a_start(module: Module, function: Function) -> bool:
    """Tell whether a hook stands beside one that wakes a plugin: in its class, its object or its module."""
    if function.owner is not None:
        return any(is_starter(one.name) for one in function.owner.methods)
    if isinstance(function.parent, Object):
        return any(isinstance(key, Literal) and is_starter(str(key.value)) for key, _ in function.parent.entries)
    own = [one for one in module.functions if one.outer is None and one.owner is None]
    return function in own and any(is_starter(one.name) for one in own)


def _handed_out(module: Module, function: Function) -> Iterator[Expr]:
    """Yield the values that a function answers with: itself, in a dict or list, or put into a local dict."""
    for answer in returns_of(function):
        if answer.value is None:
            continue
        yield from _parts(_written(module, strip(answer.value)))
        if isinstance(answer.value, Name):
            made = module.scopes.origin(answer.value)
            if isinstance(made, Object | Array):
                yield from _parts(made)
            for node in find(function.body, Assign, into_functions=False):
                target = node.target
                holds = isinstance(target, Index) and isinstance(target.object, Name)
                if holds and isinstance(target, Index) and module.text_of(target.object) == answer.value.id:
                    yield from _parts(strip(node.value)) if node.value is not None else ()


def _written(module: Module, value: Expr) -> Expr:
    """Return what a text is made of: JSON writes a map as ``{}``, and in Python refuses a set."""
    while isinstance(value, Call) and value.name == "encode" and value.receiver is not None:
        value = strip(value.receiver)
    if not isinstance(value, Call) or not value.args or not _HOW.isdisjoint(value.keywords):
        return value
    how = strip(value.args[1]) if len(value.args) > 1 else None
    plain = how is None or (isinstance(how, Literal) and how.value is None)
    if not plain or module.resolve(value.callee) not in ("JSON.stringify", "json.dumps"):
        return value
    given = strip(value.args[0])
    made = module.scopes.origin(given) if isinstance(given, Name) else None
    return made if isinstance(made, Object | Array) else given


def _parts(value: Expr) -> Iterator[Expr]:
    if isinstance(value, Object):
        for _key, inner in value.entries:
            yield from _parts(strip(inner))
    elif isinstance(value, Call) and isinstance(value.callee, Name) and value.callee.id == "dict" and not value.args:
        for inner in value.keywords.values():
            yield from _parts(strip(inner))
    elif isinstance(value, Array):
        for item in value.items:
            yield from _parts(strip(item))
    else:
        yield value


def _kind(module: Module, value: Expr) -> str:
    """Return what a value is that can't be written, or an empty string."""
    if isinstance(value, Call):
        name = module.resolve(value.callee)
        return _MADE.get(name, "") if name in ("set", "frozenset", "Set", "Map") else ""
    if isinstance(value, Name):
        held = module.scopes.origin(value)
        return _kind(module, held) if isinstance(held, Call) else _of_bindings(module, value)
    if not is_this_member(value):
        return ""
    declared = declared_type(module, value).removesuffix(" | None").removesuffix(" | undefined").strip()
    for starts, kind in _TYPED:
        if declared.startswith(starts) and (declared in starts or declared.startswith(starts[0][:-1])):
            return kind
    cls = class_of(value)
    made = module.scopes.field_values(cls, value.name) if cls is not None else []
    kinds = {_of_value(module, strip(one)) for one in made}
    return kinds.pop() if len(kinds) == 1 else ""


def _of_bindings(module: Module, name: Name) -> str:
    """Return what a variable holds that is given a new map, or a new set, each time."""
    bound = module.scopes.lookup(name.id, name)
    values = [strip(one.value) for one in bound if isinstance(one, Assign) and one.value is not None]
    kinds = {_kind(module, made) if isinstance(made, Call) else "" for made in values}
    return kinds.pop() if len(kinds) == 1 and all(isinstance(one, Assign) for one in bound) else ""


def _of_value(module: Module, value: Expr) -> str:
    if isinstance(value, Array) and value.kind == "set":
        return "a set"
    return _MADE.get(module.resolve(value.callee), "") if isinstance(value, Call) else ""
