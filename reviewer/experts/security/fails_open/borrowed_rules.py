"""SEC007: whoever has no rules of its own gets those of another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.flow import conditions, returns_of
from reviewer.code.reach.made import values_of
from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    Case,
    Comprehension,
    Conditional,
    Expr,
    Function,
    Imported,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Spread,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import name_words, surroundings, word_set
from reviewer.experts.security.deciding.decisions import is_decision, readers
from reviewer.experts.security.fails_open.looked_into import is_looked_into
from reviewer.experts.security.fails_open.never_asked import never_asked
from reviewer.experts.security.vocabulary import ANSWERING, PERMISSION, TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_MEANT: Final = word_set(
    "default defaults fallback none nobody anonymous guest guests public unknown minimal minimum base baseline other "
    "restricted untrusted deny sandbox sandboxed _ __default__ readonly viewer"
)
"""Keys under which rules for everybody else are rightly kept."""
_EVERYBODY: Final = frozenset({"*", "any", "all", "everyone", "everybody"})
"""Keys of what everybody has beside what is his own; whoever has nothing of his own has no reason to get it instead."""
_DEEDS: Final = word_set(
    "action controller method verb operation op resource collection topic event permission scope right deed command "
    "route path endpoint kind type"
)
"""Last words of a key that names what is to be done, or to what."""
_MOST: Final = 12
"""Answers of one function that are compared with each other."""
_SEVERAL: Final = 2
_WEAK: Final = frozenset({"access", "scope", "scopes"})
"""Words of rights that as often say where a variable is seen or what is looked at."""
_HELD: Final = (PERMISSION | TABLES) - _WEAK - {"rule"}


@module_check("SEC007", words=ANSWERING | {"get", "map", "record", "dict"})
def borrowed_rules(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Find look-ups that fall back to another key of the same table."""
    if module.is_test:
        return
    for node in module.some(Binary, Call, Conditional):
        for own, other in _alternatives(module, node):
            yield from _borrowed(module, node, own, other)
    for made in module.some(Array, Object, Call):
        yield from _united(module, made)
    for function in module.functions:
        yield from _answered_apart(module, function)


def _united(module: Module, made: Node) -> Iterator[Match]:
    """Find unions of one's own rules with those of another: ``[...rules.get("presenter"), ...rules.get(show)]``."""
    if isinstance(made, Object):
        spread = made.spreads
    elif isinstance(made, Call):
        spread = made.args if made.name == "ChainMap" else []
    else:
        spread = [one.value for one in made.items if isinstance(one, Spread)] if isinstance(made, Array) else []
    if len(spread) < _SEVERAL:
        return
    found = [one for value in spread[:_MOST] for one in [_first_look_up(module, value)] if one is not None]
    for other in found:
        own = next((one for one in found if one.key is None and one.table == other.table), None)
        if own is None or not other.key or not _about(made, other.table):
            continue
        named = set(words(other.key) or (other.key,))
        unasked = never_asked(made) if named & _EVERYBODY else ""
        if not named & (_MEANT | _EVERYBODY) or unasked:
            why = f", though '{unasked}' was handed in and is never asked" if unasked else ""
            yield Match(made, f"Everybody gets the rules of '{other.key}' beside those of its own{why}.")
            return


def _first_look_up(module: Module, value: Expr) -> _LookUp | None:
    """Return the look-up that a value stands for: seen through ``?? []``, through names and helpers of the file."""
    inner = strip(value)
    if isinstance(inner, Binary) and inner.op in ("??", "or"):
        inner = strip(inner.left)
    found = _look_up(module, inner)
    if found is not None or not _is_of_the_file(module, inner):
        return found
    given = (_look_up(at, one) for at, one in values_of(module, inner) if at is module)
    return next((one for one in given if one is not None), None)


def _is_of_the_file(module: Module, value: Expr) -> bool:
    """Tell whether a value begins with something that the file itself has: what it imports isn't followed for this."""
    while isinstance(value, Call | Member | Index):
        value = strip(value.callee if isinstance(value, Call) else value.object)
    if not isinstance(value, Name):
        return False
    return value.id == "this" or any(not isinstance(one, Imported) for one in module.scopes.lookup(value.id, value))


def _alternatives(module: Module, node: Node) -> list[tuple[Expr, Expr]]:
    """Return (own, other) where an expression gives the one, or where that is missing the other."""
    if isinstance(node, Binary) and node.op in ("??", "or"):
        return [(_named_value(module, node.left), node.right)]
    if isinstance(node, Call) and node.name in ("get", "getOrDefault") and len(node.args) == 2:
        return [(node, node.args[1])]
    if isinstance(node, Conditional):
        return [(node.then, node.other), (node.other, node.then)]
    return []


def _answered_apart(module: Module, function: Function) -> Iterator[Match]:
    """Find functions that give a subject's own rules at one place and another's at the next: returns, a variable."""
    answers: list[tuple[Node, Expr]] = [(node, node.value) for node in returns_of(function) if node.value is not None]
    kept: dict[str, list[tuple[Node, Expr]]] = {}
    for assign in find(function.body, Assign, into_functions=False):
        if isinstance(assign.target, Name) and assign.value is not None:
            kept.setdefault(assign.target.id, []).append((assign, assign.value))
    for whole in (answers, *kept.values()):
        group = whole[:_MOST]
        for at, other in group:
            if _is_chosen(at):
                continue
            found = (_borrowed(module, at, _named_value(module, own), other) for place, own in group if place is not at)
            told = next((match for matches in found for match in matches), None)
            if told is not None:
                yield told


def _is_chosen(at: Node) -> bool:
    """Tell whether a place is come to only where something has a value that is written out: ``role === "admin"``."""
    if any(isinstance(around, Case) and around.tests for around in ancestors(at)):
        return True
    for condition in conditions(at):
        test = strip(condition.test)
        equal = isinstance(test, Binary) and test.op == ("==" if condition.holds else "!=")
        sides = (strip(test.left), strip(test.right)) if isinstance(test, Binary) and equal else ()
        if any(isinstance(side, Literal) and side.value is not None for side in sides):
            return True
    return False


def _named_value(module: Module, expr: Expr) -> Expr:
    """Return what a name stands for, where that is one thing."""
    made = module.scopes.origin(expr) if isinstance(strip(expr), Name) else None
    return made if isinstance(made, Expr) else expr


def _borrowed(module: Module, at: Node, own: Expr, other: Expr) -> Iterator[Match]:
    first, second = _look_up(module, own), _look_up(module, other)
    if first is None or second is None or first.key is not None or second.key is None or not _about(at, first.table):
        return
    if second.table not in (first.table, first.picked_from) or (second.key in _EVERYBODY and _is_of_deeds(own)):
        return
    if not second.key:
        yield Match(
            at, f"Whoever has no entry in '{short(second.table)}' gets the rules of whoever happens to be first."
        )
    elif not set(words(second.key) or (second.key,)) & _MEANT and not _grants_nothing(at, second.key):
        yield Match(at, f"Whoever has no entry in '{short(second.table)}' gets the rules of '{second.key}'.")


def _is_of_deeds(own: Expr) -> bool:
    """Tell whether what is looked up first is what is to be done, not who does it: ``role.actions[request.action]``.

    There the sign for everything stands for all deeds of the one whose rules these are.
    """
    made = strip(own)
    key = (
        made.key if isinstance(made, Index) else made.arg(0) if isinstance(made, Call) and made.name == "get" else None
    )
    return key is not None and bool(set(name_words(key)[-1:]) & _DEEDS)


def _grants_nothing(at: Node, key: str) -> bool:
    """Tell whether the file writes down that nothing stands under a key: ``{ "*": [] }``."""
    around = function_of(at)
    for made in around.module.all(Object) if around is not None else ():
        value = strip(made.get(key) or made)
        if value is not made and isinstance(value, Array | Object):
            return not (value.items if isinstance(value, Array) else value.entries)
    return False


class _LookUp(Struct, frozen=True):
    """A look-up in a table; ``key`` is the name that is written out, empty for the first there is, None for any."""

    table: str
    key: str | None = None
    picked_from: str = ""
    """The list of which the table is a part, as ``all`` for ``own = [rule for rule in all if …]``."""


def _look_up(module: Module, expr: Expr) -> _LookUp | None:
    expr = strip(expr)
    if isinstance(expr, Call) and expr.name == "get" and expr.receiver is not None and expr.args:
        return _LookUp(_text(module, expr.receiver), _key(module, expr.args[0]))
    if isinstance(expr, Call) and expr.name in ("find", "filter") and expr.receiver is not None:
        return _LookUp(_text(module, expr.receiver))
    if isinstance(expr, Call) and expr.name == "next" and expr.args and isinstance(expr.args[0], Comprehension):
        over = strip(expr.args[0].clauses[0][1])
        if isinstance(over, Call) and over.name == "items" and over.receiver is not None:
            over = over.receiver
        return _LookUp(_text(module, over))
    if isinstance(expr, Index):
        return _of_index(module, expr)
    if isinstance(expr, Member) and expr.name not in ("length", "size"):
        return _look_up(module, expr.object) or _LookUp(_text(module, expr.object), expr.name)
    return None


def _of_index(module: Module, expr: Index) -> _LookUp:
    inner = strip(expr.object)
    if isinstance(inner, Call) and inner.name in ("values", "list") and inner.args:
        holder = strip(inner.args[0])
        if isinstance(holder, Call) and holder.name == "values" and holder.receiver is not None:
            holder = holder.receiver
        return _LookUp(_text(module, holder), "")
    picked = _picked_from(module, expr.object)
    return _LookUp(_text(module, expr.object), None if picked else _key(module, expr.key), picked)


def _picked_from(module: Module, part: Expr) -> str:
    """Return the list of which a list holds what fits, or an empty string."""
    made = module.scopes.origin(part)
    if isinstance(made, Comprehension):
        return _text(module, made.clauses[0][1])
    picks = isinstance(made, Call) and made.name == "filter" and made.receiver is not None
    return _text(module, made.receiver) if picks and isinstance(made, Call) and made.receiver is not None else ""


def _key(module: Module, asked: Expr) -> str | None:
    """Return a key that is written out, here or as a constant; an empty text for the first place of a list."""
    key = module.scopes.origin(asked)
    if not isinstance(key, Literal):
        return None
    return key.value if isinstance(key.value, str) else ""


def _text(module: Module, expr: Expr) -> str:
    return module.text_of(expr).replace("?", "")


def _about(node: Node, table: str) -> bool:
    function = function_of(node)
    if set(words(table)) & _HELD:
        return True
    if function is None:
        return False
    if is_decision(function) or surroundings(function) & (PERMISSION - _WEAK):
        return True
    return any(function is one for one in readers(function.module)) or is_looked_into(function)
