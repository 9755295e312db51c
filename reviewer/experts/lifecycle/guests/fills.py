"""What a guest may fill: the stores of a host into which functions that a start hands over put what they are given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.flow import returns_of, use_of
from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
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
    Node,
    Object,
    Param,
    Return,
    Spread,
    Unary,
    strip,
)
from reviewer.code.walk import calls_in, find, function_of, names_in
from reviewer.experts.communication.aliases import alias_text
from reviewer.experts.lifecycle.guests.given import members_given
from reviewer.experts.lifecycle.guests.stores import CALLED, PUTS, Fresh, Store, runs, store_module, store_of
from reviewer.experts.lifecycle.vocabulary import has_word
from reviewer.experts.paths import last_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.lifecycle.hooks.hooks import HookUse

_ADDS: Final = frozenset({"push", "append", "add", "unshift", "appendleft"})
"""Those that take only what is entered, and no key in front of it."""
_LISTENS: Final = frozenset({"on", "addListener", "addEventListener", "prependListener"})
_UNDOES: Final = frozenset(
    "delete discard remove pop splice clear filter off removeListener removeEventListener unsubscribe "
    "disconnect abort".split()
)
_PARTS: Final = frozenset({"items", "entries", "values", "get", "keys", "bind"})
_MAKES: Final = frozenset({"freeze", "seal", "assign", "dict", "tuple", "partial", "bind", "wraps", "shield"})
_PLAIN: Final = frozenset("str string int float number bool boolean bytes Path date datetime Date".split())
"""Types of what is no function."""
_DEEPEST: Final = 3
"""Functions that are followed from what the guest calls to the store."""


class Fill(Struct, frozen=True):
    """Where the function of a guest is put into a store of the host.

    ``owned`` tells whether something that the guest does not hand in is entered with it; ``undoable``, whether
    something is made that takes it out again; ``kept``, whether the host keeps that; ``answered``, whether the guest is
    given it.
    """

    store: Store
    module: Module
    put: Call | Assign
    owned: bool
    undoable: bool
    kept: bool
    answered: bool


class _Way(Struct, frozen=True):
    """A function on the way from the guest to a store: which of its names hold what the guest hands in."""

    function: Function
    handed: frozenset[str]
    functions: frozenset[str]
    """Those that may be functions."""
    sure: frozenset[str]
    """Those that are functions by what is said of them."""
    fresh: Fresh
    instance: str
    """The variable that holds the guest itself, where the host hangs up what that has."""
    undoable: bool
    kept: bool
    answered: bool
    depth: int


def fills_of(use: HookUse) -> list[Fill]:
    """Return what a guest may fill by what the hook that wakes it is handed, and by what made it; once a store."""
    if use.frame is None:
        return []
    module = use.frame.module
    found: dict[Store, Fill] = {}
    ways = [_entrance(member, {**fresh, id(use.frame): None}) for member, fresh in members_given(module, use)]
    for way in (*ways, _from_instance(use, use.frame)):
        for fill in _fills(way) if way is not None else ():
            known = found.get(fill.store)
            if known is None or (fill.owned and not known.owned):
                found[fill.store] = fill
    return list(found.values())


def _entrance(member: Function, fresh: Fresh) -> _Way | None:
    names = frozenset(name for param in member.params for name in (param.name, *param.fields.values()) if name)
    may = frozenset(param.name for param in member.params if param.name and not _is_plain(param))
    sure = frozenset(param.name for param in member.params if param.name in may and is_function(member, param))
    return _Way(member, names, may, sure, fresh, "", False, False, True, 0) if may else None


def _from_instance(use: HookUse, frame: Function) -> _Way | None:
    """Return the way of what the function that wakes a guest hangs up for it: what it has, and what speaks to it."""
    receiver = strip(use.receiver)
    if not isinstance(receiver, Name) or receiver.id in ("this", "self"):
        return None
    parts: set[str] = set()
    for loop in find(frame.body, For):
        if loop.iterable is not None and loop.target is not None and _is_part(loop.iterable, receiver.id):
            parts |= names_in(loop.target)
    for assign in find(frame.body, Assign):
        if isinstance(assign.target, Name) and assign.value is not None and _is_part(assign.value, receiver.id):
            parts.add(assign.target.id)
    sure = frozenset(name for name in parts if has_word(name, CALLED))
    handed = frozenset({*parts, receiver.id})
    return _Way(frame, handed, frozenset(parts), sure, {id(frame): None}, receiver.id, False, False, False, 0)


def _is_part(value: Expr, instance: str) -> bool:
    """Tell whether a value is something that an instance has, and not what it answered."""
    value = strip(value)
    while isinstance(value, Call) and (value.name in _PARTS or isinstance(value.callee, Name)):
        inner = value.receiver if value.receiver is not None else value.args[0] if value.args else None
        if inner is None:
            return False
        value = strip(inner)
    held = strip(value.object) if isinstance(value, Member) else None
    return isinstance(held, Name) and held.id == instance


def _is_plain(param: Param) -> bool:
    """Tell whether a parameter holds a text or a number, by its type."""
    return param.type.strip() in _PLAIN


def is_function(function: Function, param: Param) -> bool:
    """Tell whether a parameter is a function: by its type, by its name, or because it is called."""
    if "=>" in param.type or "Callable" in param.type or has_word(param.name, CALLED):
        return True
    alias = alias_text(function.module, param.type.strip()) if param.type else ""
    if "=>" in alias or "Callable" in alias:
        return True
    return any(isinstance(call.callee, Name) and call.callee.id == param.name for call in calls_in(function.body))


def _fills(way: _Way) -> Iterator[Fill]:
    """Yield where a function puts what it is handed into a store, and where those do that it hands it on to."""
    module = way.function.module
    functions = way.functions | _wrapped(way.function, way.functions)
    sure = way.sure | _wrapped(way.function, way.sure)
    undoable = way.undoable or _notes_undo(way.function)
    noted = way.kept or _notes_undo(way.function, answered=False)
    nodes: list[Call | Assign] = [*find(way.function.body, Call), *find(way.function.body, Assign)]
    for node in nodes:
        put = _put(node, functions, way.instance)
        if put is None:
            continue
        holder, entered = put
        keys: list[Expr] = []
        store = store_of(module, holder, way.fresh, keys)
        given = {name for one in entered for name in names_in(one)} & functions
        if store is not None and (given & sure or runs(store, store_module(module, store))):
            said = _entered_names(module, [*entered, *keys])
            answered = way.answered and _answers(way.function, node, functions)
            kept = isinstance(node, Call) and use_of(node).how in ("assigned", "argument", "item")
            owned = bool(said - way.handed - functions)
            yield Fill(store, module, node, owned, undoable or kept, noted or kept, answered)
    if way.depth >= _DEEPEST:
        return
    for call in calls_in(way.function.body):
        target = definition(module, call.callee)
        if not isinstance(target, Function) or target is way.function or target.signature_only:
            continue
        passing = list(zip(target.params, call.args, strict=False))
        passing += [(p, call.keywords[p.name]) for p in target.params if p.name in call.keywords]
        passed = frozenset(p.name for p, arg in passing if _is_handed(arg, functions, way.instance))
        if passed:
            handed = frozenset(p.name for p, arg in passing if names_in(arg) & (way.handed | functions))
            how = use_of(call).how
            fresh = {**way.fresh, **_made_here(module, call, way.fresh)}
            yield from _fills(
                _Way(
                    target,
                    handed,
                    frozenset(p.name for p in target.params if p.name in passed and not _is_plain(p)),
                    frozenset(p.name for p, arg in passing if p.name in passed and _is_sure(target, p, arg, sure)),
                    fresh,
                    "",
                    undoable or how in ("assigned", "argument", "item"),
                    noted or how in ("assigned", "argument", "item"),
                    way.answered and how == "returned",
                    way.depth + 1,
                )
            )


def _made_here(module: Module, call: Call, fresh: Fresh) -> Fresh:
    """Return the class of the object that a call goes to, where that was made for this guest alone."""
    made = module.scopes.origin(call.receiver) if call.receiver is not None else None
    cls = definition(module, made.callee) if isinstance(made, Call) else None
    home = function_of(made) if isinstance(made, Call) else None
    return {id(cls): (module, made)} if isinstance(cls, Class) and isinstance(made, Call) and id(home) in fresh else {}


def _is_sure(target: Function, param: Param, arg: Expr, sure: frozenset[str]) -> bool:
    return bool(names_in(arg) & sure) or is_function(target, param)


def _is_handed(arg: Expr, functions: frozenset[str], instance: str) -> bool:
    """Tell whether what is handed on is a function of the guest, or a record or a function around it."""
    arg = strip(arg)
    if names_in(arg) & functions and (isinstance(arg, Function | Object | Array | Name) or _makes_record(arg)):
        return True
    if not instance:
        return False
    if isinstance(arg, Function):
        return instance in names_in(arg)
    return isinstance(arg, Member | Call) and _is_part(arg, instance)


def _makes_record(value: Expr) -> bool:
    """Tell whether a call makes something of what it is given, and answers with nothing else."""
    return isinstance(value, Call) and (value.new or value.name[:1].isupper() or value.name in _MAKES)


def _wrapped(function: Function, handed: frozenset[str]) -> frozenset[str]:
    """Return the variables of a function that hold a record of, or a function around, what goes by these names."""
    found: set[str] = set()
    if not handed:
        return frozenset()
    for assign in find(function.body, Assign, into_functions=False):
        value = strip(assign.value) if assign.value is not None else None
        holds = isinstance(value, Function | Object | Array) or _makes_record(value) if value is not None else False
        if isinstance(assign.target, Name) and value is not None and holds and names_in(value) & (handed | found):
            found.add(assign.target.id)
    for inner in find(function.body, Function):
        if inner.name and names_in(inner.body) & handed:
            found.add(inner.name)
    return frozenset(found)


def _notes_undo(function: Function, *, answered: bool = True) -> bool:
    """Tell whether a function makes another that takes something out: somebody is to call that later.

    Where ``answered`` is false, one that is only given back does not count.
    """
    undoing = (inner for inner in find(function.body, Function) if answered or not isinstance(inner.parent, Return))
    return any(call.name in _UNDOES for inner in undoing for call in calls_in(inner.body)) or any(
        isinstance(arg, Literal) and arg.value == "abort" for call in calls_in(function.body) for arg in call.args[:1]
    )


def _answers(function: Function, put: Node, handed: frozenset[str]) -> bool:
    """Tell whether a function gives back something but what it was handed: by that the guest may take it out again."""
    given = [strip(one.value) for one in returns_of(function) if one.value is not None]
    plain = [one for one in given if not (isinstance(one, Unary) and one.op == "void")]
    return any(one is not put and not (isinstance(one, Name) and one.id in handed) for one in plain)


def _put(node: Call | Assign, functions: frozenset[str], instance: str) -> tuple[Expr, list[Expr]] | None:
    """Return what is put into, and what is entered, where a function of the guest is entered anywhere."""
    if isinstance(node, Assign):
        if node.value is None or not isinstance(node.target, Index | Name | Member):
            return None
        added = _added(node) if not isinstance(node.target, Index) else [node.target.key, node.value]
        if not added or not _is_handed(added[-1], functions, instance):
            return None
        return node.target.object if isinstance(node.target, Index) else node.target, added
    holder = node.receiver
    if holder is None or node.name not in PUTS | _LISTENS or not node.args:
        return None
    values = node.args[1:] if len(node.args) > 1 and node.name not in _ADDS else node.args
    return (holder, node.args) if any(_is_handed(arg, functions, instance) for arg in values) else None


def _added(assign: Assign) -> list[Expr]:
    """Return what a list is made longer by: ``stages = [...stages, stage]``, ``stages = stages.concat(stage)``."""
    value = strip(assign.value) if assign.value is not None else None
    name = last_name(assign.target)
    if isinstance(value, Array) and any(
        isinstance(one, Spread) and last_name(one.value) == name for one in value.items
    ):
        return [one for one in value.items if not isinstance(one, Spread)]
    if isinstance(value, Call) and value.name == "concat" and value.receiver is not None:
        return list(value.args) if last_name(value.receiver) == name else []
    return []


def _entered_names(module: Module, entered: list[Expr]) -> set[str]:
    """Return the names of what is entered, those in records that variables hold, and the fields of ``this``."""
    found: set[str] = set()
    for one in entered:
        made = module.scopes.origin(one) if isinstance(strip(one), Name) else one
        parts = [made] if isinstance(made, Object | Array | Call) else [one]
        for part in parts:
            found |= names_in(part) - {"this", "self"}
            found |= {f".{m.name}" for m in find(part, Member) if is_this_member(m)}
            if any(isinstance(n.parent, Object | Array | Call) for n in find(part, Name) if n.id == "this"):
                found.add(".this")
    return found
