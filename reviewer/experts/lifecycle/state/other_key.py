"""LIF360: what is put in under one key is asked for, or taken out, under another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.reach.links import declared_type, definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Call,
    Class,
    Expr,
    For,
    Function,
    Literal,
    Member,
    Name,
    Param,
    Return,
    Template,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import class_of, find, walk
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_name, word_set

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_PUTS: Final = frozenset({"set", "put", "add", "setItem", "store", "setdefault"})
_UNDER: Final = frozenset({"set", "put", "setItem"})
"""Those of them that are told under which key, and what."""
_ASKS: Final = frozenset({"get", "has", "getItem", "includes"})
_TAKES: Final = frozenset({"delete", "drop", "removeItem", "discard", "remove", "pop", "unset", "del"})
_LOOPS: Final = frozenset("map forEach filter flatMap some every find findIndex reduce sort".split())
_LISTS: Final = frozenset({"keys", "entries", "items"})
_REFERENCES: Final = word_set(
    "parent next previous prev target owner replaces replaced extends base requires depends dependency ref of by "
    "source from to root old before"
)
"""Words of a member that names another entry."""
_IDS: Final = frozenset({"id", "key", "uuid", "digest", "nonce", "hash"})
_MOST: Final = 24
"""Uses of one collection that are compared."""


class _Key(Struct, frozen=True):
    """How a key is made: ``kind`` member, made or plain, ``said`` of what, ``of`` the parts or whose member it is."""

    kind: str
    said: str
    of: frozenset[str]
    order: tuple[str, ...] = ()
    """The last name of each piece of a text that is put together."""


class _Use(Struct, frozen=True):
    call: Call
    key: _Key


@module_check("LIF360")
def other_key(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Compare the keys under which each collection of a file is filled, asked and emptied."""
    if module.is_test:
        return
    for uses in _collections(module).values():
        puts = [use for use in uses if use.call.name in _PUTS]
        if not puts or len(uses) > _MOST:
            continue
        for use in uses:
            other = _other(module, use, puts, uses)
            if other is None or _whole_key_handed_in(module, use) or _is_one_of_its_keys(module, use):
                continue
            does = "is taken out" if use.call.name in _TAKES else "is asked for"
            first, second = (other, use) if _names_it(use) and not _names_it(other) else (use, other)
            yield Match(
                first.call,
                f"What is put in under '{short(module.text_of(other.call.args[0]))}' {does} under "
                f"'{short(module.text_of(use.call.args[0]))}': nothing is found there.",
                related=((second.call, "put in here" if second is other else "asked for here"),),
                confidence=Confidence.POSSIBLE if _key_of_callers(module, use) else None,
            )
            break


def _collections(module: Module) -> dict[tuple[int, str], list[_Use]]:
    """Return the keyed uses of what several functions of a file share, by its owner and its text.

    A collection with a key of which nothing can be said is left out.
    """
    found: dict[tuple[int, str], list[_Use]] = {}
    unclear: set[tuple[int, str]] = set()
    for call in module.calls(_PUTS | _ASKS | _TAKES):
        on = strip(call.receiver) if call.receiver is not None else None
        if not isinstance(on, Name | Member) or not call.args or (isinstance(on, Name) and on.id == "this"):
            continue
        place = _identity(module, on)
        key = _key_of(module, call.args[0])
        if place is None or key is None or _is_address(call):
            unclear.add(place or (0, ""))
            continue
        found.setdefault(place, []).append(_Use(call, key))
    return {place: uses for place, uses in found.items() if place not in unclear}


def _is_address(call: Call) -> bool:
    """Tell whether a call puts nothing in under its argument: ``client.put(url).send(app)`` asks a service."""
    return call.name in _UNDER and len(call.args) + len(call.keywords) < 2


def _is_one_of_its_keys(module: Module, use: _Use) -> bool:
    """Tell whether a key is one of those that the collection itself tells, in a loop over them or a copy of them."""
    key, on = strip(use.call.args[0]), use.call.receiver
    bound = module.scopes.lookup(key.id, key) if isinstance(key, Name) else []
    only = bound[0] if len(bound) == 1 else None
    over = only.iterable if isinstance(only, For) else None
    if isinstance(only, Param) and isinstance(only.parent, Function) and isinstance(only.parent.parent, Call):
        over = only.parent.parent.receiver  # [...table.keys()].forEach((key) => …)
    if over is None or on is None:
        return False
    text = module.text_of(on)
    made = [over, *(origin for name in find(over, Name) if isinstance(origin := module.scopes.origin(name), Expr))]
    return any(isinstance(one, Name | Member) and module.text_of(one) == text for part in made for one in walk(part))


def _identity(module: Module, on: Name | Member) -> tuple[int, str] | None:
    """Return what tells a collection from others that are spelled alike: its class, or what binds its name."""
    root: Expr = on
    while isinstance(root, Member) and not is_this_member(root):
        root = strip(root.object)
    if isinstance(root, Member):
        cls = class_of(root)
        return (cls.start, module.text_of(on)) if isinstance(cls, Class) else None
    bound = module.scopes.lookup(root.id, root) if isinstance(root, Name) else []
    start = getattr(bound[0], "start", None) if len(bound) == 1 else None
    return (start, module.text_of(on)) if isinstance(start, int) else None


def _key_of(module: Module, expr: Expr) -> _Key | None:
    """Return how a key is made; None where that can't be said."""
    expr = strip(expr)
    made = module.scopes.origin(expr) if isinstance(expr, Name) else expr
    if isinstance(made, Param) and _is_of_predicate(made):
        return None
    value = strip(made) if isinstance(made, Expr) else expr
    if isinstance(value, Template):
        text = "\0".join(str(item.value) if isinstance(item, Literal) else "" for item in value.items)
        if len(value.holes) < 2:
            return None
        return _Key("made", text, _names(value.holes), tuple(last_name(hole) for hole in value.holes))
    if isinstance(value, Call) and isinstance(definition(module, value.callee), Function) and len(value.args) > 1:
        return _Key("made", value.name, _names(value.args))
    if isinstance(value, Call) and value.name == "stringify" and value.args and isinstance(value.args[0], Array):
        return _Key("made", "[]", _names(value.args[0].items))
    if isinstance(value, Member):
        if isinstance(value.object, Name) and value.object.id[:1].isupper():
            return None  # one of the names that a class or a module has for all of its keys: ``Flags.FULL_HASH``
        return _Key("member", value.name, frozenset({module.text_of(value.object), *_types(module, value.object)}))
    return _Key("plain", expr.id, frozenset()) if isinstance(expr, Name) else None


def _is_of_predicate(param: Param) -> bool:
    """Tell whether a parameter is what a helper asks a predicate about: ``free(wish, (name) => !used.has(name))``."""
    function = param.parent
    call = function.parent if isinstance(function, Function) else None
    asked = isinstance(call, Call) and call.callee is not function and call.name not in _LOOPS
    return asked and isinstance(function, Function) and len(function.body) == 1 and isinstance(function.body[0], Return)


def _names(parts: list[Expr]) -> frozenset[str]:
    """Return the last names of the pieces that a key is put together from."""
    names = {one.id for part in parts for one in find(part, Name)}
    return frozenset(names | {one.name for part in parts for one in find(part, Member)})


def _types(module: Module, expr: Expr) -> set[str]:
    declared = declared_type(module, expr).strip()
    return {f": {declared}"} if declared else set()


def _other(module: Module, use: _Use, puts: list[_Use], uses: list[_Use]) -> _Use | None:
    """Return where an entry was put in, if the use's key can't be that of any entry."""
    if use.call.name in _PUTS:
        return None
    first = puts[0]
    if any(last_name(part) in put.key.of for put in puts for part in use.call.args[1:]):
        return None  # the collection puts the key together itself, of parts that it is told one by one
    if use.key.kind == "plain" and all(put.key.kind == "made" for put in puts):
        rest = [one for one in uses if one is not use and one.call.name not in _PUTS]
        alike = all(one.key.kind == "made" or one.key.said == use.key.said for one in rest)
        part = any(use.key.said in put.key.of for put in puts)
        return first if part and alike else None
    if use.key.kind == "made":
        return first if all(_never_equal(use.key, put.key) for put in puts) else None
    if use.key.kind != "member" or not all(put.key.kind == "member" for put in puts) or _refers(use.key.said):
        return None
    rest = [one for one in uses if one.call.name not in _PUTS]
    never = all(one.key.kind == "member" and one.key.said == use.key.said for one in rest)
    same = all(put.key.of & use.key.of and put.key.said != use.key.said for put in puts)
    return first if same and (never or use.call.name in _TAKES) else None


def _never_equal(one: _Key, other: _Key) -> bool:
    """Tell whether two texts are put together of other pieces: ``depot/agent`` never is ``depot/agent/right``."""
    if other.kind != "made" or not one.order or not other.order or not all((*one.order, *other.order)):
        return False
    if one.said != other.said:
        if one.order[-1] == other.order[-1] and set(one.said) != set(other.said):
            return False  # the last piece may bring the rest along: ``tenant/order`` and ``tenant/module.order``
        return set(one.order) < set(other.order) or set(other.order) < set(one.order)
    return any(
        name in other.order and other.order.index(name) != place and other.order[place] not in one.order
        for place, name in enumerate(one.order)
    )


def _whole_key_handed_in(module: Module, use: _Use) -> bool:
    """Tell whether a function is asked with a key that it gives out as a whole: ``names()``, then ``get(name)``."""
    asked, on = strip(use.call.args[0]), use.call.receiver
    bound = module.scopes.lookup(asked.id, asked) if isinstance(asked, Name) else []
    if on is None or len(bound) != 1 or not isinstance(bound[0], Param):
        return False
    listed = (call for call in module.calls(_LISTS) if call.receiver is not None and not call.args)
    return any(module.text_of(call.receiver) == module.text_of(on) for call in listed if call.receiver is not None)


def _key_of_callers(module: Module, use: _Use) -> bool:
    """Tell whether the key that is asked for is all that a function is given, by callers that nobody sees."""
    asked = strip(use.call.args[0])
    bound = module.scopes.lookup(asked.id, asked) if isinstance(asked, Name) else []
    function = bound[0].parent if len(bound) == 1 and isinstance(bound[0], Param) else None
    if not isinstance(function, Function) or use.call.name not in _ASKS or function.private:
        return False
    seen = any(definition(module, call.callee) is function for call in module.calls((function.name,)))
    return bool(function.name) and function.owner is not None and not seen


def _names_it(use: _Use) -> bool:
    """Tell whether a key is what tells one thing from all others: then the other key is the slip."""
    return use.key.kind == "member" and bool(set(words(use.key.said)) & _IDS or use.key.said in ("jti", "uuid"))


def _refers(name: str) -> bool:
    """Tell whether a member by its name holds the key of something else: ``node.parentId``."""
    return bool(set(words(name)) & _REFERENCES)
