"""Functions whose answers the decisions of a subject look something up in: ``rules.actionsFor(who).includes(what)``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.standing import Standing
from reviewer.code.syntax import Await, Binary, Call, Expr, Function, Member, strip
from reviewer.code.walk import find
from reviewer.experts.security.deciding.asked_to_refuse import PLAIN
from reviewer.experts.security.deciding.decisions import is_decision
from reviewer.experts.security.deciding.entries import membership
from reviewer.experts.security.vocabulary import ANSWERING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module

_LOOKS: Final = frozenset({"some", "every", "find", "filter", "get"})


def is_looked_into(function: Function) -> bool:
    """Tell whether a decision anywhere in the subject looks for what is asked in the answer of such a function."""
    project = function.module.project
    if not function.name or function.name in PLAIN or not function.params:
        return False

    def of_all() -> frozenset[str]:
        return frozenset().union(*_NAMES.of(project)) if project is not None else _names(function.module)

    known = project.once("security.looked_into", of_all) if project is not None else of_all()
    return function.name in known


def _names(module: Module) -> frozenset[str]:
    return frozenset(_found(module))


def _found(module: Module) -> Iterator[str]:
    for function in module.functions:
        if not is_decision(function):
            continue
        for part in find(function.body, Expr):
            whole, sought = membership(part)
            if whole is not None and sought is not None:
                yield from _asked(whole)
            elif isinstance(part, Call) and part.name in _LOOKS and part.receiver is not None:
                yield from _asked(part.receiver)


def _asked(held: Expr) -> Iterator[str]:
    held = strip(held)
    while isinstance(held, Await | Binary):
        held = strip(held.value if isinstance(held, Await) else held.left)
    if isinstance(held, Call) and held.args and isinstance(strip(held.callee), Member):
        yield held.name


_NAMES: Final = Standing("security.looked_into", _names, ANSWERING)
