"""API400: a manifest may say which host is too new for a plugin, and the host asks only whether it is too old."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Class,
    Expr,
    ExprStatement,
    If,
    Index,
    Literal,
    Member,
    Name,
    Object,
    Return,
    Unary,
    is_nothing,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of
from reviewer.core.location import Location
from reviewer.experts.api.vocabulary import HOSTS, LOWER, UPPER, VERSIONS, spelled
from reviewer.experts.check import Match, subject_check
from reviewer.experts.data.messages import short
from reviewer.experts.data.patterns import found
from reviewer.experts.drawn import Drawn, Fact
from reviewer.experts.place import locate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_ORDER: Final = frozenset({"<", ">", "<=", ">="})
_VERSION: Final = r"^v?\d+\.\d+(\.\d+)?"
_FORM: Final = frozenset({"test", "exec", "match", "fullmatch", "isinstance", "String", "str", "trim"})
"""Calls that look at the spelling of a value alone."""
_BOUNDS: Final = LOWER | UPPER
_JOINS: Final = frozenset({"??", "or", "||", "and", "&&", "not", "!"})


@subject_check("API400")
def upper_bound_unread(inquiry: Inquiry) -> Iterator[Match]:
    """Look for a lower bound that is held against the host's version, whose upper one is declared and never is."""
    if inquiry.subject.kind == "plugin":
        return
    drawn = list(_SAID.of(inquiry))
    pairs = sorted({pair for said in drawn for pair in said.pairs})
    read = frozenset[str]().union(*(said.read for said in drawn))
    for at, shown, low in (held for said in drawn for held in said.held):
        high = next((upper for lower, upper in pairs if lower == low and upper not in read), "")
        if high:
            yield Match(
                at,
                f"By '{shown}' the host may be too old; '{high}', by which it is too new, is declared beside it and "
                "never held against the host's version.",
            )
            return


class _Said(Fact, frozen=True):
    """What a module says of bounds: those declared side by side, those read, those held against the host."""

    pairs: frozenset[tuple[str, str]]
    read: frozenset[str]
    held: tuple[tuple[Location, str, str], ...]
    """Place, text, name of a lower bound."""


def _draw(inquiry: Inquiry, module: Module) -> _Said | None:
    if inquiry.subject.kind == "plugin":
        return None
    lower = not LOWER.isdisjoint(module.words) or not LOWER.isdisjoint(module.identifiers)
    held = [(locate(module, at), short(module.text_of(at)), low) for at, low in _held_against_host(module)]
    return _Said(frozenset(_pairs(module)) if lower else frozenset(), frozenset(_read(module)), tuple(held))


_SAID: Final = Drawn("api.bounds", _draw, _Said, _BOUNDS, tests=False)


def _pairs(module: Module) -> Iterator[tuple[str, str]]:
    """Yield (lower, upper) for bounds that stand side by side: members of a type, of a schema, of one object."""
    for cls in module.all(Class):
        yield from _matching([field.name for field in cls.fields])
    for made in module.all(Object):
        yield from _matching(made.keys)
    held: dict[tuple[str, int], list[str]] = {}
    for member in module.some(Member, Index, Call):
        name, holder = spelled(member) if isinstance(member, Member | Index | Call) else "", _holder(member)
        if holder is not None and set(words(name)) & _BOUNDS:
            around = function_of(member)
            place = around.start if around is not None else -1
            held.setdefault((module.text_of(holder), place), []).append(name)
    for names in held.values():
        yield from _matching(names)


def _holder(taken: Node) -> Expr | None:
    """Return of what a member is taken: by its name, by a key, or by ``get``."""
    if isinstance(taken, Member | Index):
        return taken.object
    return taken.receiver if isinstance(taken, Call) and taken.name == "get" and taken.args else None


def _matching(names: list[str]) -> Iterator[tuple[str, str]]:
    lowers = [name for name in names if set(words(name)) & LOWER and not set(words(name)) & UPPER]
    for low in lowers:
        rest = set(words(low)) - _BOUNDS
        for high in names:
            if set(words(high)) & UPPER and set(words(high)) - _BOUNDS == rest:
                yield low, high


def _read(module: Module) -> Iterator[str]:
    """Yield the names of bounds whose value is used for more than a look at its spelling."""
    for member in module.some(Member, Index, Call):
        name = spelled(member) if isinstance(member, Expr) and _holder(member) is not None else ""
        if not set(words(name)) & UPPER:
            continue
        around = member.parent
        if isinstance(around, Assign) and around.value is member and isinstance(around.target, Name):
            if _used_for_more(module, around.target):
                yield name
            continue
        if isinstance(around, Call) and around.callee is not member and around.name in _FORM:
            continue
        if isinstance(around, Member) and isinstance(around.parent, Call) and around.name in _FORM:
            continue
        if isinstance(around, Call) and _looks_at_both(module, around, member):
            continue
        if not isinstance(around, Unary) and not (isinstance(around, Assign) and around.target is member):
            yield name


def _used_for_more(module: Module, kept: Name) -> bool:
    """Tell whether a variable that holds a bound is used for more than a look at its spelling."""
    function = function_of(kept)
    for use in find(function.body if function is not None else module.body, Name):
        around = use.parent
        if use.id != kept.id or use is kept or (isinstance(around, Call) and around.name in _FORM):
            continue
        if isinstance(around, Binary) and is_nothing(strip(around.right)):
            continue
        return True
    return False


def _looks_at_both(module: Module, call: Call, bound: Node) -> bool:
    """Tell whether a function looks at each end for itself, and only says whether it is content.

    ``return version(range.from) ?? version(range.below)``: what is made of an end is kept in no variable.
    """
    if [strip(arg) for arg in call.args] != [bound] or not isinstance(bound, Member):
        return False
    whole: Node = call
    while isinstance(whole.parent, Binary | Unary) and getattr(whole.parent, "op", "") in _JOINS:
        whole = whole.parent
    if not isinstance(whole.parent, Return | If | ExprStatement):
        return False
    callee, held = module.text_of(call.callee), module.text_of(bound.object)
    for other in find(function_of(call) or (), Call):
        end = strip(other.args[0]) if len(other.args) == 1 else None
        lower = isinstance(end, Member) and set(words(end.name)) & LOWER and module.text_of(end.object) == held
        if lower and module.text_of(other.callee) == callee:
            return True
    return False


def _held_against_host(module: Module) -> Iterator[tuple[Expr, str]]:
    """Yield the comparisons of a lower bound with the version of the host, and the name of the bound."""
    for node in module.some(Binary, Call):
        sides: list[Expr] = []
        if isinstance(node, Binary) and node.op in _ORDER:
            sides = [node.left, node.right]
        elif isinstance(node, Call) and len(node.args) == 2 and not set(words(node.name)) & {"max", "min"}:
            sides = list(node.args)
        for one, other in (sides, sides[::-1]) if len(sides) == 2 else ():
            bound = module.scopes.origin(one) if isinstance(strip(one), Name) else strip(one)
            if (
                isinstance(bound, Expr)
                and _holder(bound) is not None
                and set(words(spelled(bound))) & LOWER
                and _is_host(module, other)
            ):
                yield one, spelled(bound)


def _is_host(module: Module, other: Expr) -> bool:
    """Tell whether a value is the version of the host: by its name, or because it is written out as one."""
    made = module.scopes.origin(other)
    if isinstance(made, Literal) and isinstance(made.value, str):
        return bool(found(_VERSION, made.value))
    said = set(words(spelled(strip(other))))
    return bool(said & VERSIONS) or bool(said & HOSTS and isinstance(strip(other), Name | Member))
