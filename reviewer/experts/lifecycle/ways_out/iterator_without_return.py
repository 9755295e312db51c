"""LIF185: an iterator written by hand gives back what it reads from at its last value, and has no ``return``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.syntax import Function, Literal, Member, Object, strip
from reviewer.code.walk import function_of, inside
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.holding.undone_calls import undone_calls

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_ITERATORS = ("asyncIterator", "iterator")


@module_check("LIF185", words={"next"})
def iterator_without_return(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each ``next`` that ends what its maker has begun for a ``return`` beside it."""
    if module.is_test or module.language == "python" or "Symbol" not in module.identifiers:
        return
    for maker, step in (*_of_objects(module), *_of_classes(module)):
        for one in undone_calls(maker, step.body):
            others = [f for f in module.functions if f is not step and f is not maker and not inside(f, step)]
            home = maker.owner if step.owner is not None else maker
            near = [f for f in others if home is None or inside(f, home)]
            if any(True for f in near for _ in _ends_too(maker, f, one.begin.start)):
                continue
            yield Match(
                one.end,
                f"'{one.name or 'what it reads from'}' is given back only when 'next' comes to the last value: a "
                "loop that is left by break, return or an error calls 'return', which is not there, and it stays.",
                fix="Add a return() that gives it back and answers { done: true }.",
                related=((one.begin, "begun here"),),
            )
            break


def _ends_too(maker: Function, other: Function, begun: int) -> Iterator[bool]:
    """Yield where another function beside ends what was begun, too."""
    yield from (True for one in undone_calls(maker, other.body) if one.begin.start == begun)


def _key(key: Expr | None) -> str:
    bare = strip(key) if key is not None else None
    if isinstance(bare, Member):
        return bare.name
    return str(bare.value) if isinstance(bare, Literal) else ""


def _of_objects(module: Module) -> Iterator[tuple[Function, Function]]:
    """Yield (maker, next) of the iterators that are written as an object."""
    for made in module.all(Object):
        members = {_key(key): strip(value) for key, value in made.entries}
        step, maker = members.get("next"), function_of(made)
        if maker is None or made.spreads or "return" in members or not isinstance(step, Function):
            continue
        around = made.parent
        while around is not None and around is not maker and not isinstance(around, Object):
            around = around.parent
        handed = isinstance(around, Object) and any(_key(key) in _ITERATORS for key, _ in around.entries)
        if handed or not members.keys().isdisjoint(_ITERATORS) or _is_inner(maker):
            yield from ((one, step) for one in _makers(maker))


def _is_inner(maker: Function) -> bool:
    """Tell whether a function is that by which something can be gone through: ``[Symbol.asyncIterator]() { … }``."""
    return maker.name in _ITERATORS or any(name in maker.name for name in _ITERATORS)


def _makers(maker: Function) -> list[Function]:
    """Return the function that makes an iterator, and the one around it, in which the reading may begin."""
    return [maker, *([maker.outer] if maker.outer is not None else [])]


def _of_classes(module: Module) -> Iterator[tuple[Function, Function]]:
    """Yield (constructor, next) of the classes whose objects are iterators."""
    for cls in module.classes:
        names = {method.name for method in cls.methods}
        step = next((one for one in cls.methods if one.name == "next"), None)
        if step is None or "return" in names or not any(n in name for name in names for n in _ITERATORS):
            continue
        yield from ((one, step) for one in cls.methods if one.kind == "constructor" or _is_inner(one))
