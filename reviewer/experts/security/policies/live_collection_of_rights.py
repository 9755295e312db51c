"""SEC014: a plugin holds the very collection by which its calls are let through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import callee
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Call,
    Class,
    Expr,
    Function,
    If,
    Literal,
    Name,
    Object,
    Return,
    Throw,
    Unary,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words
from reviewer.experts.security.deciding.refusals import refuses
from reviewer.experts.security.handing.handed import handed, is_collection
from reviewer.experts.security.policies.live_policy import RIGHTS
from reviewer.experts.security.policies.own_copy_decides import is_own_copy, refused_by
from reviewer.experts.security.vocabulary import REQUIREMENTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_ASKERS: Final = 2
"""Methods that ask a guard of their object, where it stands before what a plugin may do."""


@module_check("SEC014", words={"has", "includes", "property", "raise"})
def live_collection_of_rights(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what objects give away of the collections that they refuse by, whatever those are called."""
    if module.is_test:
        return
    things = handed(inquiry, module)
    for thing in things:
        refusing = _refused_by(module, thing.node) if isinstance(thing.node, Class) and thing.open else frozenset()
        for name, place, value in thing.open if refusing else ():
            held = strip(value)
            if is_this_member(held) and held.name in refusing:
                yield Match(
                    value if isinstance(place, Function) else place,
                    f"'{name}' gives the plugin '{short(module.text_of(value))}' itself, by which calls are refused: "
                    "it adds what it was never given.",
                )
    if module.language == "python":
        return
    yield from _of_guarded_classes(module, {id(thing.node) for thing in things})
    for held, name in _decided_from(module):
        yield Match(
            held,
            f"'{name}' is handed out as it is, and the functions beside it decide from it: whoever holds it adds what "
            "was never granted. Freezing keeps nobody from calling 'add' or 'set'.",
        )


def _refused_by(module: Module, cls: Class) -> frozenset[str]:
    """Return the collections of an object by which its methods refuse: ``if (!this.#ids.includes(id)) throw …``."""
    if module.language == "python":
        kept = module.scopes.fields(cls)
        return frozenset(name for name in refused_by(cls) if any(is_own_copy(one) for one in kept.get(name, ())))
    found: set[str] = set()
    for test in find(cls, If):
        denied = strip(test.test)
        asked = strip(denied.operand) if isinstance(denied, Unary) and denied.op == "not" else None
        if isinstance(asked, Call) and asked.name in ("includes", "has") and refuses(test.body):
            holder = strip(asked.receiver) if asked.receiver is not None else None
            found.update([holder.name] if is_this_member(holder) else [])
    return frozenset(found)


def _of_guarded_classes(module: Module, spoken: set[int]) -> Iterator[Match]:
    """Find classes whose methods ask a guard of their own before they act, and that give away what it reads."""
    for cls in module.classes:
        if cls.kind != "class" or id(cls) in spoken:
            continue
        guards = _guards(cls)
        read = {
            holder.name
            for guard in guards
            for call in find(guard.body, Call)
            if call.name in ("has", "includes", "get") and is_this_member(holder := call.receiver)
        }
        for method in cls.methods:
            given = _only_answer(method)
            if not method.private and is_this_member(given) and given.name in read:
                yield Match(
                    given,
                    f"'{method.name}' gives away '{short(module.text_of(given))}' itself, and '{guards[0].name}' "
                    "decides by it: whoever holds the object adds what it was never granted.",
                )


def _only_answer(method: Function) -> Expr | None:
    """Return what a method or a getter without parameters gives, where it does nothing else."""
    last = method.body[0] if len(method.body) == 1 and method.kind in ("getter", "method") else None
    value = last.value if isinstance(last, Return) and not method.params else None
    return strip(value) if value is not None else None


def _guards(cls: Class) -> list[Function]:
    """Return the private methods that throw where something is missing, and that two others at least ask."""
    throwing = [
        method for method in cls.methods if method.private and any(isinstance(one, Throw) for one in walk(method.body))
    ]
    askers: dict[str, set[int]] = {method.name: set() for method in throwing}
    for call in find(cls, Call) if throwing else ():
        if is_this_member(call.callee) and call.callee.name in askers:
            askers[call.callee.name].add(id(function_of(call)))
    return [method for method in throwing if len(askers[method.name]) >= _ASKERS]


def _decided_from(module: Module) -> Iterator[tuple[Expr, str]]:
    """Yield the Sets and Maps of rights that a returned object holds, and that its own functions decide from."""
    for made in module.all(Object):
        functions = [value for _key, value in made.entries if isinstance(value, Function)]
        around = function_of(made)
        if not functions or around is None or not _is_answer(made) or around.module.language == "python":
            continue
        for key, value in made.entries:
            name = strip(value)
            named = {*(words(str(key.value)) if isinstance(key, Literal) else ()), *last_words(name)}
            if not isinstance(name, Name) or not named & RIGHTS or named & REQUIREMENTS:
                continue
            if _is_collection_of(module, name) and _asked_inside(around, name):
                yield value, name.id


def _is_answer(made: Object) -> bool:
    """Tell whether an object is what a function returns, frozen or not."""
    around = made.parent
    while isinstance(around, Call) and around.name in ("freeze", "seal") and len(around.args) == 1:
        around = around.parent
    return isinstance(around, Return)


def _is_collection_of(module: Module, name: Name) -> bool:
    origin = module.scopes.origin(name)
    if isinstance(origin, Call) and not origin.new:
        made = callee(module, origin)
        returned = made.returns if made is not None else ""
        return returned.removeprefix("Promise<").startswith(("Set<", "Map<"))
    return isinstance(origin, Call) and is_collection(module, name)


def _asked_inside(function: Function, name: Name) -> bool:
    """Tell whether a function inside this one asks a collection by ``has`` or ``get``, later than it is made."""
    return any(
        isinstance(call.receiver, Name) and call.receiver.id == name.id and function_of(call) is not function
        for call in find(function.body, Call)
        if call.name in ("has", "get")
    )
