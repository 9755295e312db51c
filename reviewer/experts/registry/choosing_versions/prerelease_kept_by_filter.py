"""REG020: what is meant to leave prereleases out asks something that holds for every version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    Comprehension,
    Expr,
    Function,
    Index,
    Member,
    Name,
    Object,
    Opaque,
    Return,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.lifecycle.values import value_class
from reviewer.experts.paths import said_in, surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_PRE: Final = frozenset("prerelease prereleases pre stable unstable beta alpha rc canary nightly preview".split())
_LISTS: Final = frozenset({"slice", "split", "filter", "map", "concat", "toSorted"})
"""Methods whose answer is a list, which in JavaScript counts as true even where it is empty."""


@module_check("REG020", words=_PRE)
def prerelease_kept_by_filter(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each condition of a filter beside words of prereleases."""
    if module.is_test:
        return
    for listed, test in _filters(module):
        asked = [side for side in _sides(test) if _always_true(module, side)]
        function = function_of(listed)
        if not asked or function is None or not _about_prereleases(listed, test, function):
            continue
        yield Match(
            asked[0],
            f"'{short(module.text_of(asked[0]))}' is true of every version, so that nothing is left out here: users "
            "get a prerelease that they did not ask for.",
        )


def _filters(module: Module) -> Iterator[tuple[Expr, Expr]]:
    for node in module.some(Comprehension, Call):
        if isinstance(node, Comprehension):
            yield from ((node, test) for test in node.tests)
        elif isinstance(node, Call) and node.name in ("filter", "find", "findLast") and node.args:
            step = strip(node.args[0])
            last = step.body[-1] if isinstance(step, Function) and len(step.body) == 1 else None
            if isinstance(last, Return) and last.value is not None:
                yield node, last.value


def _sides(test: Expr) -> list[Expr]:
    test = strip(test)
    return [*_sides(test.left), *_sides(test.right)] if isinstance(test, Binary) and test.op == "or" else [test]


def _about_prereleases(listed: Expr, test: Expr, function: Function) -> bool:
    """Tell whether names say that a filter is there for prereleases: a switch, or what the rest is called."""
    kept = next((around for around in ancestors(listed) if isinstance(around, Assign)), None)
    named = set(words(kept.target.id)) if kept is not None and isinstance(kept.target, Name) else set()
    return bool((said_in(test) | named | surroundings(function)) & _PRE)


def _always_true(module: Module, expr: Expr) -> bool:
    """Tell whether a value counts as true whatever it is made of: a list, a part of a tuple, a method not called."""
    expr = strip(expr)
    if isinstance(expr, Array):
        return bool(expr.items) or module.language != "python"
    if isinstance(expr, Object | Function):
        return module.language != "python" or isinstance(expr, Function)
    if isinstance(expr, Index) and isinstance(expr.key, Opaque):
        return _keeps_first(module, expr) and _gives_list(module, expr.object)
    if isinstance(expr, Call) and expr.name in _LISTS and expr.receiver is not None and module.language != "python":
        return expr.name in ("split", "filter", "map") or _gives_list(module, expr.receiver)
    if isinstance(expr, Member) and not isinstance(expr.parent, Call):
        cls = value_class(module, expr.object)
        method = cls.method(expr.name) if cls is not None else None
        return method is not None and method.kind == "method" and not method.decorators
    return False


def _keeps_first(module: Module, part: Index) -> bool:
    """Tell whether a slice keeps the first of a list: ``[:3]``."""
    said = module.text_of(part.key).replace(" ", "")
    return said.startswith((":", "0:")) and not said.endswith((":0", ":-1")) and said != ":0"


def _gives_list(module: Module, expr: Expr) -> bool:
    """Tell whether a value is a list, or a tuple of several: what a function of the subject gives, or ``split``."""
    expr = strip(expr)
    made = module.scopes.origin(expr) if isinstance(expr, Name) else expr
    if isinstance(made, Array):
        return len(made.items) > 1
    if not isinstance(made, Call):
        return False
    if made.name == "split" and made.args:
        return True
    target = definition(module, made.callee)
    answers = (
        [strip(one.value) for one in returns_of(target) if one.value is not None]
        if isinstance(target, Function)
        else []
    )
    return bool(answers) and all(
        (isinstance(one, Array) and len(one.items) > 1)
        or (isinstance(one, Call) and one.name in ("map", "split") and one.receiver is not None)
        for one in answers
    )
