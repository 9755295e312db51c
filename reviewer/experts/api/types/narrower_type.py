"""API361: an object is given away under a type that knows fewer members than it has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import class_of_value, declared_member, lineage, named_type
from reviewer.code.syntax import Class, Expr, Function, Member, Name, Return, strip
from reviewer.code.text.ideas import PLAIN_GUEST
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import surroundings, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_CHANGES: Final = word_set(
    "set put write delete remove update edit insert create add append clear save move rename replace grant revoke "
    "publish send execute run open close start stop archive reset vent install uninstall merge push drop"
)
"""First words of a member that does something."""
_NOTHING: Final = frozenset({"void", "Promise<void>"})
_HANDS_OVER: Final = PLAIN_GUEST | word_set(
    "context port facade api port ports handle gateway capability capabilities view views reader readonly "
    "connect expose services host bridge scope scoped attenuate narrow restrict"
)
"""Words of what hands objects to plugins."""


@module_check("API361")
def narrower_type(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Compare what functions of a host give with the types under which they give it."""
    if module.is_test or module.language != "typescript":
        return
    for function in module.functions:
        promised = named_type(module, function.returns) if function.returns else None
        if promised is None or promised.kind not in ("interface", "type") or not _hands_over(function):
            continue
        for answer in find(function.body, Return, into_functions=False):
            given = strip(answer.value) if answer.value is not None else None
            held = class_of_value(module, given) if isinstance(given, Name | Member) else None
            extra = _beyond(held, promised) if held is not None and given is not None else ""
            if given is not None and held is not None and extra:
                yield _match(module, given, promised, held, extra)


def _match(module: Module, given: Expr, promised: Class, held: Class, extra: str) -> Match:
    return Match(
        given,
        f"'{short(module.text_of(given))}' is a '{held.name}', and '{promised.name}' is only its name here: '{extra}' "
        "can be called on it, too.",
        related=((held, f"'{held.name}' is declared here"),) if held.module is module else (),
    )


def _hands_over(function: Function) -> bool:
    """Tell whether a function hands something to plugins: by its names, or those around it."""
    said = surroundings(function)
    for around in ancestors(function):
        if isinstance(around, Function):
            said |= set(words(around.name)) | set(words(around.returns))
    return bool(said & _HANDS_OVER)


def _beyond(held: Class, promised: Class) -> str:
    """Return a member that changes something, which an object has and the type that it is given under has not."""
    declared = held is not promised and promised in lineage(held)
    if held is promised or not (declared or (held.kind == "class" and _fits(held, promised))):
        return ""
    for owner in lineage(held):
        if owner is promised:
            break
        for method in owner.methods:
            if method.kind == "method" and not method.private and not method.static:
                does = method.returns.replace(" ", "") in _NOTHING  # what gives nothing is called for what it does
                changes = does or bool(set(words(method.name)[:1]) & _CHANGES)
                if changes and declared_member(promised, method.name) is None:
                    return method.name
    return ""


def _fits(held: Class, promised: Class) -> bool:
    """Tell whether a class has every method of a type, without saying that it implements it."""
    methods = [method.name for method in promised.methods]
    return bool(methods) and all(declared_member(held, name) is not None for name in methods)
