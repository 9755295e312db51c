"""SEC093: an update brings its own permissions, and nobody is asked about the new ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Array, Assign, Binary, Call, Function, Index, Literal, Member, Object, Spread, strip
from reviewer.code.text.ideas import HELD
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, function_of, inside, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words, name_words, path_words, said_in, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node
    from reviewer.experts.check import Inquiry

_RIGHTS: Final = HELD | word_set("permission granted")
_UPDATES: Final = word_set("update updates upgrade apply replace reinstall refresh swap")
_NEW: Final = word_set(
    "offer offered next new manifest release bundle package update fresh incoming candidate descriptor latest newer "
    "newest updated upgrade"
)
_AGREES: Final = (("agree",), ("allow",), ("approve",), ("accept",), ("record",))
"""Those by which it is written down what somebody has agreed to."""
_KEPT: Final = _RIGHTS | word_set("consents consent agreements approvals")
_PUTS: Final = (("set",), ("replace",), ("grant",), ("put",), ("assign",), *_AGREES)
"""First words of calls that put rights in the place of others."""
_REMAKES: Final = frozenset({"replace", "_replace", "evolve"})
"""Calls that make a record of another one with some of its fields changed."""
_COPIES: Final = frozenset({"Set", "set", "frozenset", "list", "tuple", "Array", "from", "slice", "copy", "sorted"})
_ASKS: Final = word_set(
    "consent approve approved approval confirm confirmed ask asked prompt dialog review agreed agree added diff "
    "missing extra escalation widened more difference issubset subset"
)
_COMPARES: Final = frozenset({"-", "==", "!=", "<=", ">=", "in", "not in", "<", ">"})
_SIFTS: Final = frozenset({"filter", "every", "some", "issubset", "difference", "all", "any"})


@module_check("SEC093", words=_UPDATES)
def permissions_replaced(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at every update for what becomes of the permissions."""
    if module.is_test:
        return
    for node, value in _given(module):
        if not _is_right(value):
            continue
        function = function_of(node)
        if function is None or not set(words(function.name)) & _UPDATES or not _is_new(value):
            continue
        if not _looked_at(module, function, value, node):
            yield Match(
                node,
                f"'{short(module.text_of(value))}' takes the place of what the user agreed to: a version that wants "
                "more gets it without a question.",
            )


def _given(module: Module) -> Iterator[tuple[Node, Member | Index]]:
    """Yield where rights take the place of rights: in a field, a table, a record that keeps what else was there."""
    for node in module.some(Assign, Object, Call):
        if isinstance(node, Assign) and node.op == "=" and node.value is not None:
            target, value = strip(node.target), _bare(node.value)
            into = name_words(target) if isinstance(target, Member | Index) else ()
            if set(into) & _RIGHTS and value is not None:
                yield node, value
        elif isinstance(node, Call) and node.name in _REMAKES:
            for name, entry in node.keywords.items():
                value = _bare(entry)
                if set(words(name)) & _RIGHTS and value is not None:
                    yield node, value
        elif isinstance(node, Call) and words(node.name)[:1] in _PUTS and _is_of_rights(node):
            given = [_bare(argument) for argument in node.args]
            yield from ((node, value) for value in given[1:] if value is not None)
        elif isinstance(node, Object) and node.spreads:
            for key, entry in node.entries:
                value = _bare(entry)
                if isinstance(key, Literal) and set(words(str(key.value))) & _RIGHTS and value is not None:
                    yield key, value


def _bare(expr: Expr) -> Member | Index | None:
    """Return the part of something that a value is, copies of it seen through: ``new Set(next.permissions)``."""
    value = strip(expr)
    if isinstance(value, Call) and value.name in _COPIES and len(value.args) == 1:
        value = strip(value.args[0])
    if isinstance(value, Array) and len(value.items) == 1 and isinstance(value.items[0], Spread):
        value = strip(value.items[0].value)
    return value if isinstance(value, Member | Index) else None


@module_check("SEC093", words=_UPDATES)
def permissions_handed_on(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each update that hands on the new permissions as granted, where an installation asks somebody."""
    if module.is_test:
        return
    for function in module.functions:
        cls = function.owner
        if cls is None or not set(words(function.name)[:1]) & _UPDATES or said_in(function.body) & _ASKS:
            continue
        if not any(method is not function and _asks_about_rights(method) for method in cls.methods):
            continue
        for call in calls_in(function.body, into_functions=False):
            right = next((one for one in map(strip, call.args) if isinstance(one, Member) and _is_right(one)), None)
            if right is not None and is_this_member(call.callee) and not _looked_at(module, function, right):
                yield Match(
                    call,
                    f"'{short(module.text_of(right))}' is taken as granted by the update, and only an installation "
                    "asks: a version that wants more gets it without a question.",
                )
                break


def _called_around(function: Function, itself: Call) -> Iterator[Call]:
    """Yield the calls of the statement around a call, but that one and what is in it."""
    for statement in function.body:
        if inside(itself, statement):
            yield from (one for one in calls_in(statement) if not inside(one, itself))


def _asks(call: Call) -> bool:
    return bool(set(words(call.name)) & _ASKS)


def _is_right(value: Member | Index) -> bool:
    return bool(set(last_words(value)) & _RIGHTS)


def _asks_about_rights(method: Function) -> bool:
    """Tell whether a method asks somebody about permissions."""
    return any(
        set(words(call.name)[:1]) & (_ASKS - {"added", "diff", "missing", "extra", "more", "difference", "subset"})
        and any(
            isinstance(strip(one), Member) and _is_right(one)
            for one in map(strip, call.args)
            if isinstance(one, Member)
        )
        for call in calls_in(method.body)
    )


def _is_new(value: Member | Index) -> bool:
    return bool(set(last_words(value.object)) & _NEW)


def _is_of_rights(call: Call) -> bool:
    """Tell whether a call puts something where rights are kept: ``grants.set(…)``, ``consents.agree(…)``."""
    if words(call.name)[:1] in _AGREES:
        return call.receiver is not None and bool(path_words(call.receiver) & _KEPT)
    return bool(path_words(call.callee) & _RIGHTS)


def _looked_at(module: Module, function: Function, value: Member | Index, put: Node | None = None) -> bool:
    """Tell whether somebody is asked, or the new permissions are held against the old ones.

    What ``put``s them where they are kept asks nobody, whatever it is called.
    """
    itself = put if isinstance(put, Call) and words(put.name)[:1] in _AGREES else None
    beside = [one for one in function.body if itself is None or not inside(itself, one)]
    if said_in(beside) & _ASKS or (itself is not None and any(map(_asks, _called_around(function, itself)))):
        return True
    text = module.text_of(value)
    for node in walk(function.body):
        compared = isinstance(node, Binary) and node.op in _COMPARES
        sifted = isinstance(node, Call) and node.name in _SIFTS
        if (compared or sifted) and text in module.text_of(node):
            return True
    return False
