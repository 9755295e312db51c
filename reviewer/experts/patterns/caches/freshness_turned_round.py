"""PAT374: what is kept is given out when it has expired, and not before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.syntax import Assign, Binary, Call, Expr, Index, Member, Name, Node, Return, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_CLOCKS: Final = frozenset({"Date.now()", "performance.now()", "time.monotonic()", "time.time()"})
_ENDS: Final = word_set("expires expire expiry expiration expiresat until deadline validuntil staleat stale eol exp")
"""Words of a moment up to which something may be used."""
_BEGUN: Final = word_set(
    "at since stored fetched saved created loaded cached updated kept made time timestamp stamp from"
)
"""Words of a moment from which something is used."""
_SPANS: Final = word_set("ttl fresh age maxage lifetime for keep max valid")
_FAILS: Final = word_set("stale fallback old last expired previous")
"""Words of an answer that is meant to be an old one."""


@module_check("PAT374", words=_ENDS | _SPANS)
def freshness_turned_round(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each return of a kept value for the comparison that leads to it."""
    if module.is_test:
        return
    told: set[int] = set()
    for given in module.all(Return):
        root = _kept_in(module, given)
        if not root:
            continue
        for condition in conditions(given):
            test = strip(condition.test)
            if isinstance(test, Binary) and id(test) not in told and _over(module, test, root, condition.holds):
                told.add(id(test))
                yield Match(
                    test,
                    f"'{short(module.text_of(given))}' is reached where '{short(module.text_of(test))}' says that "
                    "the time is over: what is fresh is asked for again, and what is stale is given out for ever.",
                    related=((given, "given out here"),),
                )


def _kept_in(module: Module, given: Return) -> str:
    """Return the variable of whose members a return gives one: ``hit`` of ``return hit.offers``."""
    value = strip(given.value) if given.value is not None else None
    parts = _taken_apart(module, value) if isinstance(value, Name) else None
    if parts is not None:
        return parts
    while isinstance(value, Call) and value.receiver is not None:
        value = strip(value.receiver)
    if not isinstance(value, Member) or not isinstance(strip(value.object), Name):
        return ""
    holder = strip(value.object)
    said = {word for part in walk(given) if isinstance(part, Name | Member) for word in _said(part)}
    named = isinstance(holder, Name) and holder.id != "this" and _FAILS.isdisjoint(said)
    return holder.id if named and isinstance(holder, Name) else ""


def _taken_apart(module: Module, name: Name) -> str | None:
    """Return the variable that a name was taken out of, together with others: ``until, report = entry``."""
    bound = [one for one in module.scopes.lookup(name.id, name) if isinstance(one, Node) and one.start < name.start]
    only = bound[0] if len(bound) == 1 else None
    held = strip(only.value) if isinstance(only, Assign) and only.value is not None else None
    if not isinstance(held, Index | Member):
        return None
    held = strip(held.object)
    if isinstance(held, Call) and held.name in ("get", "pop"):
        return module.text_of(held)  # ``until, report = kept.get(key, (0, None))``
    return held.id if isinstance(held, Name) and held.id != "this" else None


def _said(part: Name | Member) -> tuple[str, ...]:
    return words(part.id if isinstance(part, Name) else part.name)


def _over(module: Module, test: Binary, root: str, holds: bool) -> bool:
    """Tell whether a comparison says that the time of what is kept is over: ``hit.expires < now``."""
    op = test.op if holds else {"<": ">=", ">": "<=", "<=": ">", ">=": "<"}.get(test.op, "")
    left, right = strip(test.left), strip(test.right)
    if op in (">", ">="):
        left, right = right, left
    elif op not in ("<", "<="):
        return False
    if _moment(module, left, root, _ENDS) and _is_now(module, right):
        return True  # hit.expires < now
    # ttl < now - hit.at
    return (
        isinstance(right, Binary)
        and right.op == "-"
        and _is_now(module, right.left)
        and _moment(module, right.right, root, _BEGUN)
        and not _names_root(left, root)
    )


def _moment(module: Module, expr: Expr, root: str, vocabulary: frozenset[str]) -> bool:
    expr = strip(expr)
    if isinstance(expr, Name) and not vocabulary.isdisjoint(words(expr.id)):
        return _taken_apart(module, expr) == root
    holder = strip(expr.object) if isinstance(expr, Member) else None
    if not isinstance(expr, Member) or not isinstance(holder, Name) or holder.id != root:
        return False
    said = words(expr.name)
    return not vocabulary.isdisjoint(said) or "".join(said) in vocabulary


def _names_root(expr: Expr, root: str) -> bool:
    return any(name.id == root for name in find(expr, Name))


def _is_now(module: Module, expr: Expr) -> bool:
    expr = strip(expr)
    handed = isinstance(expr, Call) and not expr.args and words(expr.name)[-1:] in (("clock",), ("now",))
    return handed or module.resolve(expr) in _CLOCKS
