"""API444: plugins get what is read-only for the compiler alone, the host's own collection or settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Call, Class, Expr, Function, Member, Name, Object, Param, Return, strip
from reviewer.code.tables import tables
from reviewer.code.walk import calls_in, class_of, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.guests import guest
from reviewer.experts.registry.given_out import READ_ONLY, given_out, is_public

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_MUTABLE: Final = ("dict", "Dict[", "list", "List[", "set[", "Set[", "MutableMapping", "defaultdict")
"""Declared types of what a Python host goes on changing."""


@module_check("API444", words={"readonly", "mapping", "sequence", "collection", "iterable", "set"})
def read_only_by_type(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at public functions that answer with what their owner keeps, read-only for the compiler alone."""
    if module.is_test:
        return
    spoken: set[int] = set()
    for function, answer in _answers(module):
        owner = function.owner if isinstance(function.owner, Class) else function.outer
        if id(function) in spoken or owner is None or not _meets_guests(module, owner):
            continue
        spoken.add(id(function))
        yield Match(
            answer,
            f"'{function.name}' gives out '{module.text_of(answer)}' itself, and '{_said(function)}' is a word to the "
            "compiler: code that is not checked against it changes what the host goes on using.",
        )


def _said(function: Function) -> str:
    return function.returns.strip("'\": ").split("<")[0].split("[")[0]


def _answers(module: Module) -> Iterator[tuple[Function, Expr]]:
    """Yield the functions with the live thing that each answers with."""
    for table in tables(module):
        yield from given_out(module, table, read_only=True)
    for function in module.functions:
        cls = function.owner
        if not isinstance(cls, Class) or not is_public(function, of_class=True) or len(function.body) != 1:
            continue
        only = function.body[0]
        answer = strip(only.value) if isinstance(only, Return) and only.value is not None else None
        if not isinstance(answer, Member) or not is_this_member(answer) or not _is_read_only(function):
            continue
        if answer.name.startswith(("_", "#")) and _is_live(module, cls, answer):
            yield function, answer


def _is_read_only(function: Function) -> bool:
    return function.returns.strip("'\": ").startswith(READ_ONLY)


def _is_live(module: Module, cls: Class, answer: Member) -> bool:
    """Tell whether a field holds an object that can be changed: what the host handed in, or a copy of its own."""
    values = [strip(one) for one in module.scopes.field_values(cls, answer.name)]
    if len(values) != 1:
        return False
    value = values[0]
    if isinstance(value, Object):
        return module.language != "python" and any(key is None for key, _value in value.entries)
    bound = module.scopes.lookup(value.id, value) if isinstance(value, Name) else []
    param = bound[0] if len(bound) == 1 and isinstance(bound[0], Param) else None
    return param is not None and param.type.strip("'\" ").startswith(_MUTABLE)


def _meets_guests(module: Module, owner: Class | Function) -> bool:
    """Tell whether an object keeps guests and calls them, or is itself made for one that is called with it."""
    for call in calls_in(owner):
        receiver = call.receiver
        if receiver is not None and guest(module, strip(receiver)) is not None:
            return True
    name = owner.name
    for made in module.calls((name,)) if name else ():
        around = made.parent
        handed = isinstance(around, Call) and made in around.args and around.receiver is not None
        if handed and isinstance(around, Call) and isinstance(strip(around.callee), Member) and _is_called(around):
            return True
    return False


def _is_called(around: Call) -> bool:
    """Tell whether a call is that of a member of something local, and not of the host's own or a library's."""
    receiver = strip(around.receiver) if around.receiver is not None else None
    if not isinstance(receiver, Name) or function_of(around) is None:
        return False
    bound = around.name not in ("push", "append", "add", "set") and receiver.id[:1].islower()
    return bound and class_of(receiver) is None
