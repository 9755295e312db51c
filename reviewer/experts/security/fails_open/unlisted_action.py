"""SEC490: what has to be held for an action is looked up, and nothing has to be where the table lacks the action."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.branches import alternatives
from reviewer.code.reach.links import callee
from reviewer.code.syntax import (
    Array,
    Binary,
    Call,
    Conditional,
    Expr,
    Function,
    If,
    Index,
    Member,
    Name,
    Node,
    Param,
    Return,
    Template,
    Throw,
    strip,
)
from reviewer.code.text.ideas import RIGHTS
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import path_words, word_set
from reviewer.experts.security.deciding.asked_to_refuse import says_refused
from reviewer.experts.security.deciding.decisions import decides
from reviewer.experts.security.deciding.needs_held import bound_to, held_against
from reviewer.experts.security.deciding.refusals import refuses
from reviewer.experts.security.fails_open.open_lists import empty_test
from reviewer.experts.security.vocabulary import ACTIONS, IDENTITIES, TRIGGERS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_HOLDINGS: Final = RIGHTS | word_set("held holds holding granted allowed")
_OTHER: Final = word_set(
    "dependencies dependency depends deps prerequisites loaded active installed available enabled started registered "
    "known seen visited present fields columns conflicts blocked denied revoked aliases defaults tags"
)
"""Words of tables and collections that are about something else than rights."""
_MOST_OF_HELPER: Final = 3
"""Statements of a function that only looks up what an action needs."""


class _Needs(Struct, frozen=True):
    """What has to be held: where it is looked up, the table and the key, and whether it is one right or a list.

    ``said`` is what says that it is nothing for what the table lacks.
    """

    at: Expr
    said: Node
    table: Expr
    key: Expr
    alone: bool


@module_check("SEC490", words=TRIGGERS | _HOLDINGS)
def unlisted_action(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Follow each look-up by what somebody wants to do to where the caller has to hold what it gave."""
    if module.is_test:
        return
    for node in module.some(Binary, Call, Index):
        needs = _needs(module, node)
        function = function_of(node)
        if needs is None or function is None or not by_action(needs.table, needs.key):
            continue
        compared = held_against(function, needs.at, alone=needs.alone)
        if compared is None or path_words(compared.held) & _OTHER or _inside(module, compared.held, needs.key):
            continue
        if not _known(module, function, needs) and _of_rights(inquiry, module, function, compared.held):
            yield Match(
                compared.use if needs.alone else needs.said,
                f"Where '{_text(needs.table)}' has no entry for "
                f"'{_text(needs.key)}', nothing has to be held: an action that nobody listed is open "
                "to everybody.",
            )


def _text(expr: Expr) -> str:
    """Return how an expression is written, in whichever file."""
    function = function_of(expr)
    return short(function.module.text_of(expr)) if function is not None else ""


def _needs(module: Module, node: Node) -> _Needs | None:
    """Return what a look-up says has to be held, where it gives nothing to hold for what it does not find."""
    if isinstance(node, Binary):
        found = look_up(strip(node.left)) if node.op in ("??", "or") and _is_empty(node.right) else None
        return _Needs(node, node, *found, alone=False) if found is not None else None
    if isinstance(node, Call) and node.name == "get" and len(node.args) == 2 and node.receiver is not None:
        return _Needs(node, node, node.receiver, node.args[0], alone=False) if _is_empty(node.args[1]) else None
    if not isinstance(node, Call | Index):
        return None
    plain = look_up(node)
    if plain is not None:
        return _Needs(node, node, *plain, alone=True) if bound_to(node) is not None else None
    return _by_helper(module, node) if isinstance(node, Call) else None


def look_up(expr: Expr) -> tuple[Expr, Expr] | None:
    """Return table and key of ``table[key]`` and ``table.get(key)``."""
    if isinstance(expr, Index):
        return expr.object, expr.key
    if isinstance(expr, Call) and expr.name == "get" and len(expr.args) == 1 and expr.receiver is not None:
        return expr.receiver, expr.args[0]
    return None


def _is_empty(expr: Expr) -> bool:
    """Tell whether an expression is a list or a set with nothing in it."""
    made = strip(expr)
    if isinstance(made, Array):
        return not made.items
    return isinstance(made, Call) and made.name in ("set", "frozenset", "list", "tuple", "Set") and not made.args


def _by_helper(module: Module, call: Call) -> _Needs | None:
    """Return what a function of the subject gives: the list of an entry, or an empty one where there is none."""
    if not call.args or call.new:
        return None
    target = callee(module, call)
    if target is None or not 0 < len(target.body) <= _MOST_OF_HELPER:
        return None
    answers = [one.value for one in find(target.body, Return, into_functions=False) if one.value is not None]
    sides = [side for answer in answers for side in _sides(strip(answer))]
    empty = next((side for side in sides if _is_empty(side)), None)
    if empty is None:
        return None
    given = [param.name for param in target.params]
    for side in sides:
        found = _sought_row(target, side)
        name = strip(found[1]) if found is not None else None
        if found is not None and isinstance(name, Name) and name.id in given:
            return _Needs(call, empty if target.module is module else call, *found, alone=False)
    return None


def _sides(expr: Expr) -> Sequence[Expr]:
    """Return what an answer may be."""
    if isinstance(expr, Conditional):
        return strip(expr.then), strip(expr.other)
    if isinstance(expr, Binary) and expr.op in ("??", "or"):
        return strip(expr.left), strip(expr.right)
    return (expr,)


def _sought_row(function: Function, side: Expr) -> tuple[Expr, Expr] | None:
    """Return table and key by which an answer was looked up: the entry, or a member of a row sought by another."""
    origin = strip(side.object) if isinstance(side, Member) else side
    made = function.module.scopes.origin(origin)
    if not isinstance(made, Expr):
        return None
    made = strip(made)
    if not isinstance(made, Call) or made.name != "find" or made.receiver is None or len(made.args) != 1:
        return look_up(made)
    for test in find(made.args[0], Binary):
        for one in (test.left, test.right):
            if test.op == "==" and isinstance(strip(one), Name):
                return made.receiver, one
    return None


def by_action(table: Expr, key: Expr) -> bool:
    """Tell whether a table of the host is looked up by what a caller wants to do, and not by who it is."""
    key, root = strip(key), strip(table)
    if path_words(root) & _OTHER:
        return False
    owner = root
    while isinstance(owner, Member | Index | Call):
        owner = strip(owner.callee if isinstance(owner, Call) else owner.object)
    if owner is not root and isinstance(owner, Name) and set(words(owner.id)) & (IDENTITIES | {"manifest"}):
        return False  # what a plugin says of itself
    parts = [strip(hole) for hole in key.holes] if isinstance(key, Template) else [key]
    return bool(parts) and all(map(_is_action, parts))


def _is_action(key: Expr) -> bool:
    """Tell whether a key is what a function is told that somebody wants to do."""
    if not isinstance(key, Name | Member):
        return False
    said = set(words(key.id if isinstance(key, Name) else key.name))
    if said & (IDENTITIES | {"id", "name"}) and not said & ACTIONS:
        return False
    while isinstance(key, Member):
        key = strip(key.object)
    function = function_of(key)
    bound = function.module.scopes.lookup(key.id, key) if isinstance(key, Name) and function is not None else []
    return bool(bound) and all(isinstance(one, Param) for one in bound)


def _inside(module: Module, expr: Expr, key: Expr) -> bool:
    """Tell whether an expression is itself taken by a key: ``held[operation]``."""
    home = function_of(key)
    if home is None or home.module is not module:
        return False
    text = module.text_of(key)
    return any(module.text_of(part) == text for part in walk(expr) if isinstance(part, Name | Member))


def _known(module: Module, function: Function, needs: _Needs) -> bool:
    """Tell whether a function asks whether the table has the action, or refuses where nothing came out of it."""
    home = function_of(needs.table)
    if home is None or home.module is module:
        table = module.text_of(needs.table)
        if any(module.text_of(one) == table for one in _asked(function)):
            return True
    name = bound_to(needs.at)
    return name is not None and any(
        module.text_of(emptied) == name.id
        for test in find(function.body, If)
        if refuses(test.body)
        for part in alternatives(test.test)
        if (emptied := empty_test(part)) is not None
    )


def _asked(function: Function) -> Iterator[Expr]:
    """Yield the collections of which a function asks whether something is in them."""
    for part in walk(function.body):
        if isinstance(part, Binary) and part.op in ("in", "not in"):
            yield part.right
        elif isinstance(part, Call) and part.name == "hasOwn" and part.args:
            yield part.args[0]
        elif isinstance(part, Call) and part.name in ("has", "hasOwnProperty") and part.receiver is not None:
            yield part.receiver


def _of_rights(inquiry: Inquiry, module: Module, function: Function, held: Expr) -> bool:
    """Tell whether it is rights that are compared: by what holds them, by an error that says so, by a decision."""
    if path_words(held) & _HOLDINGS or decides(inquiry, module, function):
        return True
    thrown = list(find(function.body, Throw, into_functions=False))
    return says_refused(thrown)
