"""What somebody has to hold is held against what he holds: the collection in which the needs are sought."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.flow import siblings
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Comprehension,
    Conditional,
    Expr,
    For,
    Function,
    If,
    Literal,
    Member,
    Name,
    Node,
    Return,
    Unary,
    strip,
)
from reviewer.code.walk import find, walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_ASKED_OF: Final = frozenset({"has", "includes", "contains"})
_OF_EACH: Final = frozenset({"every", "some", "filter", "find", "all", "any"})
_SET_TESTS: Final = frozenset({"issubset", "isSubsetOf", "difference"})


class Comparison(Struct, frozen=True):
    """Where needs are held against a collection: the mention of the needs, and what is held."""

    use: Expr
    held: Expr


def held_against(function: Function, needs: Expr, *, alone: bool) -> Comparison | None:
    """Return where a function seeks each of some needs in a collection, or the one need where it is ``alone``."""
    for use in _uses(function, needs):
        held = _sought_alone(use) if alone else _compared(use) or _sought_each(use)
        if held is not None:
            return Comparison(use, held)
    return None


def bound_to(needs: Expr) -> Name | None:
    """Return the variable that holds a value, where it is given to one at once."""
    around = needs.parent
    while isinstance(around, Expr) and strip(around) is needs:
        around = around.parent
    return around.target if isinstance(around, Assign) and isinstance(around.target, Name) else None


def _uses(function: Function, needs: Expr) -> Iterator[Expr]:
    """Yield the places at which needs are used: where they are looked up, and each mention of their variable."""
    name = bound_to(needs)
    if name is None:
        yield needs
        return
    for mention in find(function.body, Name):
        if mention.id == name.id and mention is not name:
            yield mention


def _compared(needs: Expr) -> Expr | None:
    """Return the other side of ``needs - held``, ``needs <= held``, ``needs.issubset(held)``, ``held >= needs``."""
    around = needs.parent
    if isinstance(around, Call) and around.name in ("set", "frozenset", "Set") and around.args[:1] == [needs]:
        return _compared(around)
    if isinstance(around, Binary) and around.left is needs and around.op in ("-", "<="):
        return _collection(around.right)
    if isinstance(around, Binary) and around.right is needs and around.op == ">=":
        return _collection(around.left)
    if isinstance(around, Member) and around.object is needs and around.name in _SET_TESTS:
        call = around.parent
        return _collection(call.args[0]) if isinstance(call, Call) and call.args else None
    if isinstance(around, Call) and around.name in ("issuperset", "isSupersetOf") and around.receiver is not None:
        return _collection(around.receiver)
    return None


def _collection(expr: Expr) -> Expr:
    """See through ``set(…)`` and the like."""
    made = strip(expr)
    wrapped = isinstance(made, Call) and made.name in ("set", "frozenset", "Set") and len(made.args) == 1
    return strip(made.args[0]) if wrapped and isinstance(made, Call) else made


def _sought_each(needs: Expr) -> Expr | None:
    """Return the collection in which each of several is sought: by a loop, a comprehension, ``every``, ``some``."""
    around = needs.parent
    if isinstance(around, For) and around.iterable is needs and isinstance(around.target, Name):
        return _sought(around.body, around.target.id)
    if isinstance(around, Comprehension) and len(around.clauses) == 1 and around.clauses[0][1] is needs:
        target = around.clauses[0][0]
        return _sought([around.element, *around.tests], target.id) if isinstance(target, Name) else None
    if isinstance(around, Member) and around.name in _OF_EACH and isinstance(around.parent, Call):
        step = strip(around.parent.args[0]) if around.parent.args else None
        if isinstance(step, Function) and step.params:
            return _sought(step.body, step.params[0].name)
        if isinstance(step, Member) and step.name in _ASKED_OF:  # needs.every(held.has, held)
            return strip(step.object)
    return None


def _sought_alone(need: Expr) -> Expr | None:
    """Return the collection of ``need && !held.has(need)`` and of ``!need || held.has(need)``."""
    around = need.parent
    if isinstance(around, If) and around.test is need and not around.orelse and isinstance(need, Name):
        return _sought_inside(around, need.id)
    if isinstance(need, Name) and (open_end := _passes_without(need)) is not None:
        return _sought(open_end, need.id)
    negated = isinstance(around, Unary) and around.op == "not"
    first: Node = around if negated and around is not None else need
    if not isinstance(need, Name) or not isinstance(first.parent, Binary):
        return None
    both = first.parent
    if both.left is not first or both.op != ("or" if negated else "and"):
        return None
    asked = strip(both.right)
    refusing = (isinstance(asked, Unary) and asked.op == "not") or (isinstance(asked, Binary) and asked.op == "not in")
    return _sought([both.right], need.id) if refusing is not negated else None


def _passes_without(need: Name) -> Sequence[Node] | None:
    """Return what is asked of others where whoever needs nothing passes: ``if need is None: return True``.

    ``need ? need.every(…) : true`` is the same in one expression.
    """
    test: Node = need
    while isinstance(test.parent, Binary | Unary) and test.parent.op in ("==", "!=", "not"):
        test = test.parent
    around = test.parent
    none_there = isinstance(test, Unary) or (isinstance(test, Binary) and test.op == "==")
    if isinstance(around, Conditional) and around.test is test:
        passes, asks = (around.then, around.other) if none_there else (around.other, around.then)
        return [asks] if _is_yes(passes) else None
    only = around.body[0] if isinstance(around, If) and around.test is test and len(around.body) == 1 else None
    if not isinstance(around, If) or not none_there or not isinstance(only, Return) or not _is_yes(only.value):
        return None
    beside = siblings(around)
    return beside[beside.index(around) + 1 :] if around in beside else None


def _is_yes(value: Expr | None) -> bool:
    made = strip(value) if value is not None else None
    return isinstance(made, Literal) and made.value is True


def _sought_inside(test: If, name: str) -> Expr | None:
    """Return the collection of ``if (entry) { for (const right of entry.rights) … }``."""
    for mention in find(test.body, Name):
        if mention.id == name:
            inner = mention.parent if isinstance(mention.parent, Member) else mention
            held = _sought_each(inner) or _compared(inner)
            if held is not None:
                return held
    return _sought(test.body, name)


def _sought(where: Sequence[Node], name: str) -> Expr | None:
    """Return the collection in which a value of this name, or each of several in it, is sought."""
    for mention in find(where, Name):
        if mention.id == name and isinstance(mention.parent, Member | For | Comprehension):
            held = _sought_each(mention)
            if held is not None:
                return held
    for part in walk(where):
        if isinstance(part, Call) and part.name in _ASKED_OF and len(part.args) == 1 and part.receiver is not None:
            given = strip(part.args[0])
            if isinstance(given, Name) and given.id == name:
                return strip(part.receiver)
        elif isinstance(part, Binary) and part.op in ("in", "not in"):
            given = strip(part.left)
            if isinstance(given, Name) and given.id == name:
                return strip(part.right)
    return None
