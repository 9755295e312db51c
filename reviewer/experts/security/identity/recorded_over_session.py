"""SEC020: a record says who made it by what was sent, where the function has found out whose session it is."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits
from reviewer.code.syntax import Assign, Binary, Call, Expr, If, Index, Literal, Member, Name, Object, Param, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import word_set
from reviewer.experts.security.identity.recorded_from_request import MAKERS, REQUESTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Function
    from reviewer.experts.check import Inquiry

_SIGNED_IN: Final = word_set("session user account principal identity member caller claims login auth visitor signedin")
_READS: Final = word_set("json parse loads body form read payload text post")
"""Words of a call that gives what was sent."""
_DEEPEST: Final = 5


@module_check("SEC020", words=_SIGNED_IN)
def recorded_over_session(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look in each function that turns away whoever has not signed in for records that name another maker."""
    if module.is_test:
        return
    for function in module.functions:
        requests = {param.name for param in function.params if param.name in REQUESTS}
        known = next(_known(function, requests), None) if requests else None
        if known is None:
            continue
        for key, value in _entries(function):
            if key not in MAKERS or known in names_in(value) or not _is_sent(module, value, requests):
                continue
            if _is_compared(module, function, value, known):
                continue
            yield Match(
                value,
                f"'{short(module.text_of(value))}' is what was sent, and '{known}' is who has signed in: whoever sends "
                "another name acts under it.",
            )


def _known(function: Function, requests: set[str]) -> Iterator[str]:
    """Yield the variable that holds who has signed in: asked with something of the request, and tested for nobody."""
    tests = [one.test for one in find(function.body, If, into_functions=False) if exits(one.body)]
    tested = {name for test in tests for name in names_in(test)}
    for kept in find(function.body, Assign, into_functions=False):
        target, made = kept.target, strip(kept.value) if kept.value is not None else None
        if not isinstance(target, Name) or not isinstance(made, Call) or target.id not in tested:
            continue
        if set(words(target.id)) & _SIGNED_IN and requests & names_in(made):
            yield target.id


def _entries(function: Function) -> Iterator[tuple[str, Expr]]:
    """Yield what records of a function are given by name, each name without its signs."""
    for made in find(function.body, Object):
        for key, value in made.entries:
            if isinstance(key, Literal):
                yield "".join(words(str(key.value))), value
    for call in find(function.body, Call):
        for name, value in call.keywords.items():
            yield "".join(words(name)), value


def _is_sent(module: Module, value: Expr, requests: set[str]) -> bool:
    """Tell whether a value is a part of what was read from the request, also one that is only cut or spelled anew."""
    part: object = strip(value)
    while isinstance(part, Call) and (part.receiver is None or part.name in ("trim", "strip", "lower", "toLowerCase")):
        if not (part.args or part.receiver):
            return False
        part = strip(part.args[0] if part.receiver is None else part.receiver)
    taken = False
    for _ in range(_DEEPEST):
        if isinstance(part, Member | Index):
            taken, part = True, strip(part.object)
        elif isinstance(part, Call) and part.name == "get" and part.receiver is not None:
            taken, part = True, strip(part.receiver)
        elif isinstance(part, Call):
            said = {word for one in chain([part], find(part, Call)) for word in words(one.name)}
            return taken and bool(said & _READS) and bool(requests & names_in(part))
        elif isinstance(part, Name):
            origin = module.scopes.origin(part)
            if origin is part or isinstance(origin, Param) or not isinstance(origin, Expr):
                return False
            part = strip(origin)
        else:
            return False
    return False


def _is_compared(module: Module, function: Function, value: Expr, known: str) -> bool:
    """Tell whether the function holds what was sent against anything, or hands it on with who has signed in."""
    text = module.text_of(value)
    for node in find(function.body, Binary):
        if node.op in ("==", "!=", "in", "not in") and text in (module.text_of(node.left), module.text_of(node.right)):
            return True
    return any(
        known in names_in(call.args) and any(module.text_of(arg) == text for arg in call.args)
        for call in find(function.body, Call)
    )
