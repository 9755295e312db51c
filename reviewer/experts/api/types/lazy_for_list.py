"""API480: a function that promises a list gives something that can be gone through once, or that changes behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.syntax import Call, Comprehension, Expr, Member, Name, strip
from reviewer.code.tables import tables
from reviewer.code.walk import function_of
from reviewer.experts.check import Match, module_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_WHOLE: Final = ("list", "List", "tuple", "Tuple", "set", "Set", "frozenset", "FrozenSet", "dict", "Dict", "Sequence")
_LAZY: Final = {
    "map": "a map object",
    "filter": "a filter object",
    "zip": "a zip object",
    "enumerate": "an enumerate object",
    "reversed": "an iterator",
    "iter": "an iterator",
}
_VIEWS: Final = {"values": "a view", "keys": "a view", "items": "a view"}
_QUOTES: Final = " '\""


@module_check("API480", words={"list", "tuple", "set", "dict", "sequence", "frozenset"})
def lazy_for_list(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function of Python that is declared to give a list for a return of something lazy."""
    if module.is_test or module.language != "python":
        return
    for function in module.functions:
        promised = _promised(function.returns)
        if not promised or function.signature_only or function.generator:
            continue
        for answer in returns_of(function):
            given = _lazy(module, answer.value)
            if given:
                yield Match(
                    answer,
                    f"'{function.name}' promises '{function.returns.strip(_QUOTES)}' and returns {given}: it has no "
                    "order to ask for and no end to measure, and what reads it twice finds less.",
                )
                break


def _promised(declared: str) -> str:
    """Return the name of the collection that an annotation is; nothing for what may be something else as well."""
    name = declared.strip(_QUOTES).split("[")[0].rpartition(".")[2]
    return name if name in _WHOLE and "|" not in declared.rpartition("]")[2] else ""


def _lazy(module: Module, value: Expr | None) -> str:
    """Say what a value is where it is no collection; an empty string where it is one, or nobody knows."""
    if value is None:
        return ""
    given = strip(value)
    if isinstance(given, Name):
        around = function_of(given)
        made = module.scopes.origin(given)
        given = made if isinstance(made, Call | Comprehension) and function_of(made) is around else given
    if isinstance(given, Comprehension):
        return "a generator" if given.raw.type == "generator_expression" else ""
    if not isinstance(given, Call):
        return ""
    if isinstance(given.callee, Name) and given.name in _LAZY and given.args:
        return "" if module.scopes.lookup(given.name, given) else _LAZY[given.name]
    if isinstance(given.callee, Member) and given.name in _VIEWS and not given.args and not given.keywords:
        return _VIEWS[given.name] if _is_dict(module, given.callee.object) else ""
    return ""


def _is_dict(module: Module, holder: Expr) -> bool:
    """Tell whether the thing whose values are asked for is a dict as far as anything says."""
    spelt = module.text_of(strip(holder)).replace("self.", "")
    return any(table.kind == "map" and table.name.replace("this.", "") == spelt for table in tables(module))
