"""What a guest is given: the functions of the objects that the hook which wakes it is handed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.reach.links import class_of_value, definition, lineage
from reviewer.code.reach.made import values_of
from reviewer.code.syntax import Call, Class, Expr, Function, Member, Name, Object, strip
from reviewer.code.walk import class_of, function_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.lifecycle.guests.stores import Fresh
    from reviewer.experts.lifecycle.hooks.hooks import HookUse

_RECORDS: Final = frozenset({"freeze", "seal", "assign", "MappingProxyType", "SimpleNamespace", "dict"})
_DEEPEST: Final = 3
_MOST: Final = 12


def members_given(module: Module, use: HookUse) -> Iterator[tuple[Function, Fresh]]:
    """Yield the functions that a guest is given, with what is made anew for each guest on the way there."""
    member = strip(use.member)
    given = [one for one in (*use.call.args, *use.call.keywords.values()) if strip(one) is not member]
    made = module.scopes.origin(use.receiver)
    if isinstance(made, Call) and not isinstance(made.callee, Name | Member):
        made = None
    given += made.args if isinstance(made, Call) else []
    for expr in given[:_MOST]:
        for one, fresh in _of_face(module, expr, 0):
            yield one, fresh
            yield from ((inner, fresh) for inner in _given_back(one))


def _given_back(member: Function) -> Iterator[Function]:
    """Yield the functions that a function makes and answers with, as one that is used as a decorator does."""
    for answer in returns_of(member):
        made = definition(member.module, answer.value) if answer.value is not None else None
        if isinstance(made, Function) and made.outer is member and made.params:
            yield made


def _of_face(module: Module, expr: Expr, depth: int) -> Iterator[tuple[Function, Fresh]]:
    bare = strip(expr)
    if isinstance(bare, Name) and bare.id in ("this", "self"):
        cls = class_of(bare)
        yield from ((one, {}) for one in (_open(cls) if cls is not None else ()))
        return
    for where, given in values_of(module, expr):
        value = strip(given)
        maker = function_of(value)
        fresh: Fresh = {id(maker): None} if maker is not None and maker.params else {}
        made = definition(where, value.callee) if isinstance(value, Call) else None
        if isinstance(value, Call) and value.name in _RECORDS and value.args:
            yield from _of_face(where, value.args[0], depth) if depth < _DEEPEST else ()
        elif isinstance(value, Function):
            yield value, {}
        elif isinstance(value, Object):
            for _key, held in value.entries:
                inner = definition(where, held) if isinstance(strip(held), Name | Member) else strip(held)
                if isinstance(inner, Function):
                    yield inner, fresh
                elif depth < _DEEPEST and isinstance(strip(held), Object | Call | Name | Member):
                    yield from ((one, {**more, **fresh}) for one, more in _of_face(where, held, depth + 1))
        elif isinstance(value, Call) and isinstance(made, Class):
            yield from ((one, {**fresh, id(made): (where, value)}) for one in _open(made))
        elif isinstance(named := definition(where, value) if isinstance(value, Name | Member) else None, Function):
            yield named, fresh
        else:
            known = class_of_value(where, value)
            if known is not None and known.kind == "class":
                yield from ((one, {}) for one in _open(known))


def _open(cls: Class) -> list[Function]:
    """Return what others may call of an object, its bases included."""
    return [
        method
        for owner in lineage(cls)
        for method in owner.methods
        if method.params and method.kind == "method" and not method.private and method.name[:1] not in "_#"
    ]
