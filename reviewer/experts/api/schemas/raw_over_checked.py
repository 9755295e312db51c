"""API442: what came is laid over what was checked of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import callee
from reviewer.code.syntax import Await, Call, Function, Name, Object, Spread, Throw, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_CHECKS: Final = frozenset(
    "check checked validate validated parse decode sanitize sanitise clean normalize normalise coerce assert verify "
    "ensure safe strict".split()
)
_DEFAULTS: Final = frozenset("default defaults base preset merge".split())


@module_check("API442", words=_CHECKS | {"assign"} | {word + "d" for word in ("sanitize", "normalize", "decode")})
def raw_over_checked(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at objects made of several for one that is what an earlier one was made of by a check."""
    if module.is_test:
        return
    for place, layers in _layered(module):
        for number, layer in enumerate(layers):
            made = _checked(module, layer)
            if made is None:
                continue
            came = next((one for one in layers[number + 1 :] if _same(module, one, made)), None)
            if came is not None:
                yield Match(
                    place,
                    f"'{short(module.text_of(came))}' is laid over what '{short(module.text_of(made.callee))}' made of "
                    "it and wins: members that were dropped, converted or defaulted there are as they came.",
                    related=((made, "checked here"),),
                )
                break


def _layered(module: Module) -> Iterator[tuple[Expr, list[Expr]]]:
    for made in module.all(Object):
        yield made, [_inner(value) for key, value in made.entries if key is None]
    for call in module.calls(("assign",)):
        if module.resolve(call.callee) == "Object.assign":
            yield call, [_inner(one) for one in call.args]


def _inner(value: Expr) -> Expr:
    value = strip(value)
    return strip(value.value) if isinstance(value, Spread) else value


def _checked(module: Module, layer: Expr) -> Call | None:
    """Return the call that checks something and gives a copy, which a layer holds."""
    made = module.scopes.origin(layer) if isinstance(layer, Name) else layer
    made = strip(made.value) if isinstance(made, Await) else made
    if not isinstance(made, Call) or made.new or not made.args:
        return None
    said = set(words(made.name))
    if said & _DEFAULTS:
        return None
    target = callee(module, made)
    refuses = isinstance(target, Function) and next(find(target.body, Throw, into_functions=False), None) is not None
    return made if refuses or said & _CHECKS else None


def _same(module: Module, layer: Expr, made: Call) -> bool:
    """Tell whether a layer is the very thing that a check was given."""
    given = strip(made.args[0])
    if not isinstance(layer, Name) or not isinstance(given, Name) or layer.id != given.id:
        return False
    return module.scopes.lookup(layer.id, layer) == module.scopes.lookup(given.id, given)
