"""COM006: who sends is bound when a port is made, and only as the default of what its holder may say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Call, Function, Member, Name, Object, Param, strip
from reviewer.code.text.ideas import PLAIN_GUEST
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, inside, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.vocabulary import NOT_WHO, PUBLISHES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_WHO: Final = PLAIN_GUEST | {"id", "sender", "caller", "owner", "origin", "source", "who"}


@module_check("COM006", words=PUBLISHES | {"post", "send"})
def identity_by_default(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each member of a port that sends for a parameter whose default is whom the port was made for."""
    if module.is_test:
        return
    for function in module.functions:
        in_object = function.outer is not None and any(isinstance(one, Object) for one in ancestors(function))
        if not in_object and (function.owner is None or function.private):
            continue
        if not set(words(function.name)) & (PUBLISHES | {"post", "send"}):
            continue
        for param in function.params:
            bound = strip(param.default) if param.default is not None else None
            if not NOT_WHO.isdisjoint(words(param.name)):
                continue
            own = isinstance(bound, Name) and in_object and _is_made_for(module, function, bound)
            if bound is not None and (own or _is_of_port(module, function, bound)) and _goes_on(function, param):
                yield Match(
                    param if param.raw is not None else function,
                    f"'{module.text_of(bound)}' is only the default of '{param.name}': whoever holds this port says as "
                    "whom it sends, and can send in the name of another.",
                )
                break


def _is_made_for(module: Module, function: Function, bound: Name) -> bool:
    """Tell whether a name is what an outer function was told of whom it makes a port for."""
    if not set(words(bound.id)) & _WHO:
        return False
    for one in module.scopes.lookup(bound.id, function):
        told = _told_by(module, one.value) if isinstance(one, Assign) and not inside(one, function) else one
        maker = told.parent if isinstance(told, Param) else None
        if isinstance(maker, Function) and maker is not function and inside(function, maker):
            return True
    return False


def _told_by(module: Module, value: Expr | None) -> Param | None:
    """Return the parameter of which something is a member: ``const id = slot.extension.id``."""
    held = strip(value) if value is not None else None
    while isinstance(held, Member):
        held = strip(held.object)
    bound = module.scopes.lookup(held.id, held) if isinstance(held, Name) else []
    only = bound[0] if len(bound) == 1 else None
    return only if isinstance(only, Param) else None


def _is_of_port(module: Module, function: Function, bound: Expr) -> bool:
    """Tell whether a member is what an object was told of whom it is made for: ``origin = this.addon``."""
    cls = function.owner
    begin = (cls.method("constructor") or cls.method("__init__")) if cls is not None else None
    if cls is None or begin is None or not is_this_member(bound) or not set(words(bound.name)) & _WHO:
        return False
    given = {param.name for param in begin.params}
    return any(param.name == bound.name and param.access for param in begin.params) or any(
        isinstance(value, Name) and value.id in given for value in module.scopes.field_values(cls, bound.name)
    )


def _goes_on(function: Function, param: Param) -> bool:
    """Tell whether a parameter is handed on as it is."""
    return any(
        param.name in names_in(arg, into_functions=False)
        for call in calls_in(function.body)
        for arg in (*call.args, *call.keywords.values())
        if isinstance(call, Call)
    )
