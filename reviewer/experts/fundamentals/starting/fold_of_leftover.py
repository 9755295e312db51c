"""FUN442: a fold, a largest or a smallest one of what a choice among plugins left, which may be none of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions, guarding_try
from reviewer.code.syntax import (
    Array,
    Assign,
    Call,
    Comprehension,
    Expr,
    Function,
    Member,
    Name,
    Param,
    Spread,
    strip,
)
from reviewer.code.walk import find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.guests import ROLES
from reviewer.experts.patterns.vocabulary import PLUGINS, spelled
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_THROUGH: Final = frozenset(
    "values keys items entries map filter flatMap sort toSorted reverse toReversed slice from list tuple set sorted "
    "concat flat all allSettled gather".split()
)
"""Calls whose answer is empty where what they are asked of is."""
_CHOOSE: Final = frozenset({"filter", "flatMap"})
_FOLDS: Final = frozenset({"reduce", "reduceRight"})
_ENDS: Final = frozenset({"max", "min"})
_ADDED: Final = frozenset({"packages", "drivers", "modules", "bundles", "services", "hooks"})
_DEEPEST: Final = 10


@module_check("FUN442", words={"reduce", "max", "min"})
def fold_of_leftover(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at folds without a first value over what is left of a list of plugins."""
    if module.is_test or is_tooling(module.path) or inquiry.subject.kind == "plugin":
        return
    for call in module.calls(_FOLDS | _ENDS):
        folded = _folded(module, call)
        if folded is None or guarding_try(call) is not None:
            continue
        chain = list(_chain(module, folded))
        if not any(_chooses(one) for one in chain) or not _of_plugins(chain):
            continue
        names = {one.id for one in chain if isinstance(one, Name)} | {
            one.name for one in chain if isinstance(one, Member)
        }
        if _is_asked(module, call, names):
            continue
        yield Match(
            call,
            f"'{call.name}' has nothing to begin with where the choice before it leaves none of "
            f"'{short(module.text_of(folded))}' and fails: with no plugin, or none that fits, the host can't go on.",
        )


def _folded(module: Module, call: Call) -> Expr | None:
    """Return what a call folds into one value with no value for nothing."""
    if module.language != "python":
        return call.receiver if call.name in _FOLDS and len(call.args) == 1 else None
    if call.receiver is None and call.name in _ENDS and len(call.args) == 1 and "default" not in call.keywords:
        return call.args[0]
    if call.name == "reduce" and module.resolve(call.callee) == "functools.reduce" and len(call.args) == 2:
        return call.args[1]
    return None


def _chain(module: Module, expr: Expr) -> Iterator[Expr]:
    """Yield what a list was made of, one step behind the other."""
    expr = strip(expr)
    for _ in range(_DEEPEST):
        yield expr
        inner: Expr | None = None
        if isinstance(expr, Array) and len(expr.items) == 1 and isinstance(expr.items[0], Spread):
            inner = expr.items[0].value
        elif isinstance(expr, Comprehension) and len(expr.clauses) == 1:
            inner = expr.clauses[0][1]
        elif isinstance(expr, Call) and expr.name in _THROUGH:
            given = expr.receiver is None or expr.name in ("from", "all", "allSettled", "gather")
            inner = expr.args[0] if given and expr.args else expr.receiver
        elif isinstance(expr, Name):
            bound = module.scopes.lookup(expr.id, expr)
            made = bound[0] if len(bound) == 1 else None
            inner = made.value if isinstance(made, Assign) and isinstance(made.target, Name) else None
            if isinstance(made, Param):
                return
        if inner is None:
            return
        expr = strip(inner.value) if isinstance(inner, Spread) else strip(inner)


def _chooses(one: Expr) -> bool:
    """Tell whether a step keeps some and leaves out others."""
    if isinstance(one, Comprehension):
        return bool(one.tests)
    if not isinstance(one, Call) or one.name not in _CHOOSE:
        return False
    if one.name == "filter":
        return True
    step = strip(one.args[0]) if one.args else None
    return isinstance(step, Function) and any(not made.items for made in find(step.body, Array))


def _of_plugins(chain: list[Expr]) -> bool:
    """Tell whether a list is one of plugins, by a name on the way."""
    said = {word for one in chain if isinstance(one, Name) for word in spelled(one.id)}
    said |= {word for one in chain if isinstance(one, Member) for word in spelled(one.name)}
    return not said.isdisjoint(ROLES | PLUGINS | _ADDED)


def _is_asked(module: Module, call: Call, names: set[str]) -> bool:
    """Tell whether a test around the fold or before it speaks of the list, or of one that it was made of."""
    function = function_of(call)
    return function is None or any(
        (isinstance(part, Name) and part.id in names) or (isinstance(part, Member) and part.name in names)
        for one in conditions(call)
        for part in find(one.test, Expr)
    )
