"""PAT026: one access to the shared store leaves out the id that the others put before the key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Binary,
    Call,
    Class,
    Expr,
    Function,
    Literal,
    Member,
    Name,
    Object,
    Param,
    Template,
    strip,
)
from reviewer.code.walk import calls_in, class_of, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import word_set
from reviewer.experts.patterns.vocabulary import PLUGINS, last_spelled, names_tenant, spelled

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_ACCESS: Final = frozenset(
    "get set put read write delete remove load save getItem setItem removeItem fetch has unlink exists".split()
)
_STORES: Final = word_set(
    "storage store stores kv shelf vault bucket blobs keyvalue db localstorage disk cache redis backend files memory"
)


@module_check("PAT026", words=_STORES)
def storage_partly_namespaced(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Compare the accesses to one store in the functions that belong together."""
    if module.is_test or inquiry.subject.kind != "host":
        return
    groups: list[Class | Object] = [*module.classes, *module.all(Object)]
    for group in groups:
        functions = _functions(group)
        if len(functions) < 2:
            continue
        by_store: dict[str, list[tuple[Call, bool]]] = {}
        for function in functions:
            for call in calls_in(function.body):
                if call.name not in _ACCESS or not call.args or call.receiver is None:
                    continue
                if last_spelled(call.receiver) & _STORES:
                    told = _told_apart(module, call.args[0])
                    by_store.setdefault(module.text_of(call.receiver), []).append((call, told))
        for store, calls in by_store.items():
            yield from _compare(module, store, calls)


def _compare(module: Module, store: str, calls: list[tuple[Call, bool]]) -> Iterator[Match]:
    named = [call for call, told in calls if told]
    bare = [call for call, told in calls if not told and _is_given(module, call.args[0])]
    if not named or not bare or len(bare) > len(named):
        return
    for call in bare:
        yield Match(
            call,
            f"'{short(module.text_of(call))}' takes the key as it is given, while other accesses to '{short(store)}' "
            "put an id before it: here everybody's data is in reach.",
            related=((named[0], "this one tells them apart"),),
        )


def _functions(group: Class | Object) -> list[Function]:
    if isinstance(group, Class):
        return [method for method in group.methods if not method.signature_only]
    return [value for _key, value in group.entries if isinstance(value, Function)]


def _told_apart(module: Module, key: Expr) -> bool:
    """Tell whether a key is put together with the id of a plugin or a tenant."""
    made = module.scopes.origin(key)
    parts: list[Expr] = []
    if isinstance(made, Template):
        parts = made.holes
    elif isinstance(made, Binary) and made.op == "+":
        parts = [made.left, made.right]
    elif isinstance(made, Call):
        parts = list(made.args)
    return any(_is_id(strip(part)) for part in parts)


def _is_id(part: Expr) -> bool:
    if isinstance(part, Member):
        if part.name in ("id", "slug", "key", "name"):
            holder = last_spelled(part.object)
            return bool(holder & PLUGINS) or any(map(names_tenant, holder)) or _is_of_the_maker(part.object)
        return _names_somebody(part.name)
    return isinstance(part, Name) and _names_somebody(part.id)


def _is_of_the_maker(expr: Expr) -> bool:
    """Tell whether something was given to the function that makes the group, and not to the one that is called."""
    name, function = strip(expr), function_of(expr)
    if not isinstance(name, Name) or function is None or function.outer is None:
        return False
    bound = function.module.scopes.lookup(name.id, name)
    return any(isinstance(one, Param) and one.parent is function.outer for one in bound)


def _names_somebody(name: str) -> bool:
    said = set(spelled(name))
    return names_tenant(name) or bool(said & PLUGINS and (len(said) == 1 or said & {"id", "name", "slug"}))


def _is_given(module: Module, key: Expr) -> bool:
    """Tell whether a key comes from a parameter as it is."""
    base: Node = strip(key)
    if isinstance(base, Literal):
        return False
    while isinstance(base, Member):
        base = strip(base.object)
    if not isinstance(base, Name) or base.id == "this" or (class_of(base) is None and not base.id):
        return False
    return any(isinstance(one, Param) for one in module.scopes.lookup(base.id, base))
