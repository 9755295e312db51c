"""API005: a helper compares texts as they are, and those who call it hand it versions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.call_sites import call_sites
from reviewer.code.syntax import (
    Binary,
    Call,
    Comprehension,
    Expr,
    For,
    Function,
    Index,
    Member,
    Name,
    Object,
    Param,
    strip,
    uncast,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, function_of
from reviewer.experts.api.host_versions.counted import is_counted
from reviewer.experts.api.vocabulary import HOSTS, LOWER, UPPER, VERSIONS, spelled
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.data.patterns import found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_ORDER: Final = frozenset({"<", ">", "<=", ">="})
_SAID: Final = VERSIONS | {"releases"}
_EACH: Final = frozenset({"every", "some", "find", "findIndex", "filter", "map", "reduce", "sort", "toSorted"})
_MOST: Final = 8
"""Calls of a helper that are looked at."""
_DOTTED: Final = r"\\d[^\n]{0,12}\\\.[^\n]{0,4}\\d[^\n]{0,12}\\\.[^\n]{0,4}\\d"
"""A pattern of three numbers with dots between them."""
_LONGEST: Final = 60_000


@module_check("API005", words=_SAID | LOWER)
def compared_in_helper(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at comparisons of what a function is given for what its callers hand over."""
    if module.is_test:
        return
    told: set[int] = set()
    compared: list[tuple[Expr, Expr, Expr]] = [
        (call, call.receiver, call.args[0])
        for call in module.calls(("localeCompare",))
        if call.receiver is not None and call.args and not _is_numeric(call)
    ]
    if found(_DOTTED, module.source.decode("utf-8", "replace")[:_LONGEST]):  # whose versions are texts, for sure
        compared += [(one, one.left, one.right) for one in module.all(Binary) if one.op in _ORDER]
    for node, left, right in compared:
        function = _helper(module, left, right)
        if function is None or id(function) in told or is_counted(module, left) or is_counted(module, right):
            continue
        if _is_handed_versions(module, function):
            told.add(id(function))
            yield Match(
                node,
                f"'{short(module.text_of(node))}' compares what '{function.name}' is handed as texts, and those are "
                "versions: '9.4.0' counts as newer than '15.2.0'.",
            )


def _is_numeric(call: Call) -> bool:
    options = call.arg(2)
    return options is not None and not (isinstance(options, Object) and options.get("numeric") is None)


def _helper(module: Module, left: Expr, right: Expr) -> Function | None:
    """Return the named function of whose parameters both sides are, or items of one that it goes through."""
    roots = [_param(module, side) for side in (left, right)]
    owners = [_named(param) for param in roots if param is not None]
    return owners[0] if len(owners) == 2 and owners[0] is owners[1] and owners[0] is not None else None


def _param(module: Module, side: Expr) -> Param | None:
    """Return the parameter that a side is, or an item of which it is; nothing where a part of it is taken."""
    held = uncast(side)
    while isinstance(held, Binary) and held.op in ("or", "and"):  # how `i === 0 || all[i - 1]!` is parsed before a dot
        held = uncast(held.right)
    held = uncast(held.object) if isinstance(held, Index) else held
    bound = module.scopes.lookup(held.id, held) if isinstance(held, Name) else []
    only = bound[0] if len(bound) == 1 else None
    if isinstance(only, Comprehension | For):  # all(a <= b for a, b in zip(versions, versions[1:]))
        return _gone_through(module, only)
    return only if isinstance(only, Param) and not only.fields else None


def _gone_through(module: Module, loop: Comprehension | For) -> Param | None:
    """Return the one parameter of which a loop goes through the items, or their pairs."""
    over = [iterable for _target, iterable in loop.clauses] if isinstance(loop, Comprehension) else [loop.iterable]
    roots = [one for each in over if each is not None for one in find(each, Name)]
    bound = [one for root in roots for one in module.scopes.lookup(root.id, root)]
    given = {id(one): one for one in bound if isinstance(one, Param)}
    plain = all(call.name in ("zip", "pairwise", "range", "len") for each in over if each for call in find(each, Call))
    plain = plain and all(isinstance(one, Param) for one in bound)  # given anew, it was made something else
    return next(iter(given.values())) if len(given) == 1 and plain else None


def _named(param: Param) -> Function | None:
    """Return the function with a name to which a parameter leads: its own, or that around what is run for each."""
    function = param.parent if isinstance(param.parent, Function) else None
    if function is None or function.name:
        return function
    each = function.parent
    if not isinstance(each, Call) or each.name not in _EACH or not isinstance(each.receiver, Name):
        return None
    around = function_of(each)
    given = {one.name for one in around.params} if around is not None else set()
    return around if around is not None and around.name and each.receiver.id in given else None


def _is_handed_versions(module: Module, function: Function) -> bool:
    """Tell whether a call hands over both ends of a range, or a host and an end, in words of versions."""
    sites = call_sites(module, function)
    own = {word for name in (function.name, *(param.name for param in function.params)) for word in words(name)}
    for number, (_, call) in enumerate(sites or ()):
        if number > _MOST or any(around is function for around in ancestors(call)):
            continue
        said = [frozenset(words(spelled(arg))) for arg in call.args if isinstance(strip(arg), Name | Member | Index)]
        ends = [one for one in said if one & (LOWER | UPPER)]
        versions = [one for one in said if one & VERSIONS]
        low, high = any(one & LOWER for one in ends), any(one & UPPER for one in ends)
        if (own & _SAID or versions) and ((low and high) or (ends and any(one & HOSTS for one in said))):
            return True
        if len(versions) > 1 and own & (_SAID | {"newer", "older", "compare", "compatible", "order"}):
            return True
    return False
