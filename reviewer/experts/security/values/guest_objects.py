"""Objects that a guest brings along itself: by their shape, and by what the host does with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.contexts import is_starter
from reviewer.code.reach.links import class_of_value, named_type
from reviewer.code.syntax import Assign, Call, Class, Expr, Function, Index, Member, Name, Node, strip
from reviewer.code.text.ideas import FACES
from reviewer.code.text.words import words
from reviewer.code.walk import function_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module

_NOTHING: Final = frozenset(
    {"void", "None", "Promise<void>", "void | Promise<void>", "Promise<void> | void", "Awaitable<void>", ""}
)


def is_guest(module: Module, holder: Expr) -> bool:
    """Tell whether a value is such an object, so that what its fields say is what the guest says of itself."""
    holder = strip(holder)
    cls = class_of_value(module, holder)
    if cls is not None:
        return is_guest_type(cls)
    return isinstance(holder, Name) and holder.id in module.once(
        "security.guest objects", lambda: frozenset(_kept_and_started(module))
    )


def is_guest_type(cls: Class) -> bool:
    """Tell whether others write the objects of a type: the host only declares it, and hands its context to a method.

    ``interface Brew { slug: string; boil(apron: Apron): Promise<void> }`` where ``Apron`` has methods of the host.
    """
    if cls.kind == "class" or not cls.fields:
        return False
    return any(_takes_context(cls, method) for method in cls.methods)


def _takes_context(cls: Class, method: Function) -> bool:
    if not method.signature_only or len(method.params) != 1 or method.returns.strip() not in _NOTHING:
        return False
    if set(words(method.params[0].name)) & FACES and is_starter(method.name):
        return True
    given = named_type(cls.module, method.params[0].type) if method.params[0].type else None
    return given is not None and given is not cls and sum(1 for _ in _serves(given)) > 1


def _serves(cls: Class) -> Iterator[object]:
    """Yield what a context can be asked for: methods, and fields that are functions."""
    yield from (method for method in cls.methods if method.kind in ("method", "getter") and not method.private)
    yield from (field for field in cls.fields if "=>" in field.type or field.type.startswith("Callable"))


def _kept_and_started(module: Module) -> Iterator[str]:
    """Yield the names of objects that are kept under what they say of themselves, and whose method is started.

    ``cabinets.set(cabinet.code, cabinet)`` and ``cabinet.switchOn(panel)``.
    """
    if module.language == "typescript":
        return
    started = {
        (id(function_of(call)), call.receiver.id)
        for call in module.all(Call)
        if isinstance(call.receiver, Name) and len(call.args) == 1 and isinstance(strip(call.args[0]), Call | Name)
    }
    for key, value, at in _entries(module):
        if isinstance(key.object, Name) and key.object.id == value.id and (id(function_of(at)), value.id) in started:
            yield value.id


def _entries(module: Module) -> Iterator[tuple[Member, Name, Node]]:
    """Yield what is put into tables under a member of something: key, value, and where."""
    for call in module.calls({"set"}):
        key, value = call.arg(0), call.arg(1)
        if isinstance(key, Member) and isinstance(value, Name):
            yield key, value, call
    for put in module.all(Assign):
        place = put.target
        if isinstance(place, Index) and isinstance(place.key, Member) and isinstance(put.value, Name):
            yield place.key, put.value, put
