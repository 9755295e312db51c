"""REG394: an update is whatever differs from what is installed, an older version as well."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Comprehension,
    Expr,
    For,
    Function,
    If,
    Index,
    Member,
    Name,
    Node,
    Param,
    Return,
    Unary,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words, path_words, word_set
from reviewer.experts.registry.entering import reached

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_UPDATES: Final = word_set("update updates updater upgrade upgrades refresh autoupdate outdated")
_INSTALLS: Final = _UPDATES | word_set("install installing installs bring worth wanted needs")
"""Words of functions that say whether an offer is to be taken, where it is held against what is here."""
_RENEWS: Final = _UPDATES | word_set(
    "renew renews renewal renewals stale pending due available behind upgradable updatable new newer sync"
)
"""Words of functions that update, where one of the versions is looked up by what the other belongs to."""
_HERE: Final = word_set("current installed local old existing present have mine running previous record")
_THERE: Final = word_set(
    "offer offered latest candidate remote release available newest next incoming fresh upstream feed"
)
_ORDERS: Final = word_set(
    "newer older compare cmp gt gte lt lte greater less rcompare sort order outdated satisfies downgrade"
)
_BRINGS: Final = word_set(
    "plugin plugins extension extensions addon addons release releases offer offers package packages install installs "
    "installer installed unpack tarball wheel bundle marketplace"
)
_DEEPEST: Final = 8
"""Parts of an access path, and names on the way, that are looked at."""
_ORDER: Final = frozenset({"<", ">", "<=", ">="})


@module_check("REG394", words=_RENEWS | {"install", "installing", "worth"})
def older_taken_for_update(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at functions that update, for versions that are only asked whether they are the same."""
    if module.is_test:
        return
    for node in module.all(Binary):
        function = function_of(node)
        if node.op not in ("==", "!=") or function is None:
            continue
        said = ["version" in _said(module, one) for one in (node.left, node.right)]
        if not all(said) and not (any(said) and _of_both(node.left, node.right)):
            continue
        by_id = _brings(module) and _of_one(module, node)
        known = _INSTALLS if _of_both(node.left, node.right) else _RENEWS if by_id else frozenset()
        if not _updates(function, known) or not _decides(node):
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
    one, other = path_words(left), path_words(right)
    return bool((one & _HERE and other & _THERE) or (one & _THERE and other & _HERE))


def _last(expr: Expr) -> tuple[str, ...]:
    expr = strip(expr)
    return words(expr.name if isinstance(expr, Member) else expr.id if isinstance(expr, Name) else "")


def _said(module: Module, expr: Expr) -> tuple[str, ...]:
    """Return the last words of a version, or of the call that gave it: ``held`` of ``held = shelf.versionOf(id)``."""
    made = module.scopes.origin(expr) if isinstance(strip(expr), Name) else None
    return (*last_words(expr), *(last_words(made) if isinstance(made, Expr) else ()))


def _brings(module: Module) -> bool:
    """Tell whether a file speaks of code that is fetched and put in."""
    return not _BRINGS.isdisjoint(module.words)


def _of_one(module: Module, node: Binary) -> bool:
    """Tell whether one of the versions is looked up by the id of the record that the other belongs to."""
    sides = (node.left, node.right)
    return any(
        (record := _record(module, one)) is not None and record in _looked_up_by(module, other)
        for one, other in (sides, sides[::-1])
    )


def _record(module: Module, expr: Expr) -> object:
    """Return what a part belongs to: ``offer`` of ``offer.version``, the pattern or the loop that names it."""
    expr = strip(expr)
    if isinstance(expr, Member):
        return module.text_of(expr.object)
    bound = module.scopes.lookup(expr.id, expr) if isinstance(expr, Name) else []
    only = bound[0] if len(bound) == 1 else None
    if isinstance(only, Assign):
        return _record(module, only.value) if only.value is not None and isinstance(strip(only.value), Member) else None
    if isinstance(only, Param):
        return id(only) if not only.name else None
    return id(only) if isinstance(only, For | Comprehension) else None


def _looked_up_by(module: Module, expr: Expr) -> set[object]:
    """Return the records by whose parts a value is looked up: ``shelf.versionOf(offer.id)``, ``held[id].version``."""
    found: set[object] = set()
    part = module.scopes.origin(expr)
    for _ in range(_DEEPEST):
        if not isinstance(part, Member | Index | Call | Binary):
            break
        keys = part.args if isinstance(part, Call) else [part.key] if isinstance(part, Index) else []
        found |= {_record(module, key) for key in keys}
        inner = part.receiver if isinstance(part, Call) else part.left if isinstance(part, Binary) else part.object
        part = module.scopes.origin(inner) if inner is not None else None
    return found


def _updates(function: Function, known: frozenset[str]) -> bool:
    """Tell whether a function, or one around it, is called by a word for updating."""
    around: Function | None = function
    while around is not None:
        if set(words(around.name)) & known:
            return True
        around = around.outer
    return False


def _decides(node: Binary) -> bool:
    """Tell whether what follows depends on the comparison: a branch that leaves, one that works, or a filter."""
    test: Node = node
    while isinstance(test.parent, Unary) or (isinstance(test.parent, Binary) and test.parent.op in ("and", "or")):
        test = test.parent
    around = test.parent
    if isinstance(around, If) and around.test is test:
        return exits(around.body) or bool(around.body)
    if isinstance(around, Comprehension):
        return any(one is test for one in around.tests)
    if isinstance(around, Return):
        return True  # a question whether an offer is to be taken
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
