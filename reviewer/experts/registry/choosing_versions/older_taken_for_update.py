"""REG394: an update is whatever differs from what is installed, an older version as well."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits
from reviewer.code.syntax import Binary, Call, Function, If, Member, Name, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import path_words, word_set
from reviewer.experts.registry.entering import reached

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_UPDATES: Final = word_set("update updates updater upgrade upgrades refresh autoupdate outdated")
_HERE: Final = word_set("current installed local old existing present have mine running previous record")
_THERE: Final = word_set(
    "offer offered latest candidate remote release available newest next incoming fresh upstream feed"
)
_ORDERS: Final = word_set(
    "newer older compare cmp gt gte lt lte greater less rcompare sort order outdated satisfies downgrade"
)
_ORDER: Final = frozenset({"<", ">", "<=", ">="})


@module_check("REG394", words=_UPDATES)
def older_taken_for_update(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at functions that update, for versions that are only asked whether they are the same."""
    if module.is_test:
        return
    for node in module.all(Binary):
        if node.op not in ("==", "!=") or not _of_both(node.left, node.right):
            continue
        function = function_of(node)
        if function is None or not _updates(function) or not _decides(node):
            continue
        if any(_orders(one) for one in _with_callers(module, function)):
            continue
        yield Match(
            node,
            f"'{short(module.text_of(node))}' asks only whether the versions differ: an older one, with a hole that is "
            "known by now, is installed as an update.",
        )


def _of_both(left: Expr, right: Expr) -> bool:
    """Tell whether the version that is offered is held against the one that is here."""
    if not all("version" in _last(one) for one in (left, right)):
        return False
    one, other = path_words(left), path_words(right)
    return bool((one & _HERE and other & _THERE) or (one & _THERE and other & _HERE))


def _last(expr: Expr) -> tuple[str, ...]:
    expr = strip(expr)
    return words(expr.name if isinstance(expr, Member) else expr.id if isinstance(expr, Name) else "")


def _updates(function: Function) -> bool:
    around: Function | None = function
    while around is not None:
        if set(words(around.name)) & _UPDATES:
            return True
        around = around.outer
    return False


def _decides(node: Binary) -> bool:
    """Tell whether what follows depends on the comparison: a branch that leaves, one that works, or a filter."""
    around = node.parent
    if isinstance(around, If) and around.test is node:
        return exits(around.body) or bool(around.body)
    function = function_of(node)
    return isinstance(function, Function) and isinstance(function.parent, Call) and function.parent.name == "filter"


def _with_callers(module: Module, function: Function) -> Iterator[Function]:
    yield from reached(module, function)
    for call in module.calls((function.name,)) if function.name else ():
        caller = function_of(call)
        if caller is not None and caller is not function:
            yield caller


def _orders(function: Function) -> bool:
    """Tell whether a function puts versions in an order."""
    if set(words(function.name)) & _ORDERS:
        return True
    if any(set(words(call.name)) & _ORDERS for call in find(function.body, Call)):
        return True
    return any(
        node.op in _ORDER and {*_last(node.left), *_last(node.right)} & {"version", "major", "rank"}
        for node in find(function.body, Binary)
    )
