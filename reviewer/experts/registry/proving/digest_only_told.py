"""REG047: the digest of a package is made and told to a log, and the known one beside it is never asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.reach.links import class_of_value, lineage
from reviewer.code.syntax import Assign, Await, Call, Expr, Function, Member, Name, Param, strip
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, function_of
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import path_words, surroundings
from reviewer.experts.registry.verification import PACKAGES, hashed
from reviewer.experts.registry.vocabulary import DIGESTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_LOGS: Final = frozenset("log logger logging console print debug info warn warning trace".split())
_MAKES: Final = ("digest", "hexdigest")
_GIVES_OUT: Final = frozenset("publish build export upload sign make create compute".split())
"""First words of functions that make a package, of which nobody knows a digest yet."""


@module_check("REG047", words=DIGESTS)
def digest_only_told(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at digests that are made for a line of a log, at once or under a name."""
    if module.is_test:
        return
    for made in module.calls(_MAKES):
        function = function_of(made)
        inputs = hashed(module, made)
        taken = strip(inputs[0]) if inputs else None
        if function is None or not isinstance(taken, Name) or set(words(function.name)[:1]) & _GIVES_OUT:
            continue
        if not _brought(module, taken) or not _only_told(function, made) or not _used(function, taken):
            continue
        known = _known(module, function)
        if known or surroundings(function) & PACKAGES:
            beside = f" '{known}' is at hand, and" if known else " It is told to the log, and"
            yield Match(
                made,
                f"The digest of '{taken.id}' is made here and held against nothing.{beside} nobody compares the two: "
                "whatever arrives is taken.",
                confidence=None if known else Confidence.POSSIBLE,
            )


def _brought(module: Module, taken: Name) -> bool:
    """Tell whether bytes are what a call brought, for a key or an address."""
    bindings = module.scopes.lookup(taken.id, taken)
    given = bindings[0].value if len(bindings) == 1 and isinstance(bindings[0], Assign) else None
    value = strip(given) if given is not None else None
    if isinstance(value, Await):
        value = strip(value.value)
    return isinstance(value, Call) and bool(value.args or value.receiver is not None)


def _only_told(function: Function, made: Call) -> bool:
    """Tell whether a digest, or every use of its name, stands in a line of a log."""
    if any(_is_log(around) for around in ancestors(made)):
        return True
    kept = next((around for around in ancestors(made) if isinstance(around, Assign)), None)
    if kept is None or not isinstance(kept.target, Name):
        return False
    uses = [one for one in find(function.body, Name) if one.id == kept.target.id and one is not kept.target]
    return bool(uses) and all(any(_is_log(around) for around in ancestors(one)) for one in uses)


def _is_log(around: object) -> bool:
    return isinstance(around, Call) and bool(path_words(around.callee) & _LOGS)


def _used(function: Function, taken: Name) -> bool:
    """Tell whether a function answers with the bytes, or puts them somewhere."""
    if any(one.value is not None and _names(one.value, taken.id) for one in returns_of(function)):
        return True
    return any(
        isinstance(one.target, Member) and one.value is not None and _names(one.value, taken.id)
        for one in find(function.body, Assign)
    )


def _names(expr: Expr, name: str) -> bool:
    return any(one.id == name for one in find(expr, Name))


def _known(module: Module, function: Function) -> str:
    """Return the digest that was told to a function, as a parameter, a member that it names, or a field of a type."""
    for param in function.params:
        if set(words(param.name)) & DIGESTS:
            return param.name
    told = {param.name for param in function.params}
    for member in find(function.body, Member):
        holder = strip(member.object)
        if isinstance(holder, Name) and holder.id in told:
            if set(words(member.name)) & DIGESTS:
                return f"{holder.id}.{member.name}"
            field = _field(module, holder)
            if field:
                return f"{holder.id}.{field}"
    return ""


def _field(module: Module, holder: Name) -> str:
    """Return the field of a parameter's type that holds a digest."""
    if not any(isinstance(one, Param) for one in module.scopes.lookup(holder.id, holder)):
        return ""
    cls = class_of_value(module, holder)
    fields = [field.name for owner in lineage(cls) for field in owner.fields] if cls is not None else []
    return next((name for name in fields if set(words(name)) & DIGESTS), "")
