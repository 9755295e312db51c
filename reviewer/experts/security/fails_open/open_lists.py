"""Allow-lists that let everything pass while they are empty."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.flow import exits, siblings
from reviewer.code.syntax import (
    Array,
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
    Throw,
    Unary,
    uncast,
)
from reviewer.code.text.ideas import HELD
from reviewer.code.walk import find, function_of, walk
from reviewer.experts.paths import last_words, word_set
from reviewer.experts.security.deciding.decisions import is_decision
from reviewer.experts.security.deciding.refusals import refuses
from reviewer.experts.security.vocabulary import REQUIREMENTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_LISTS: Final = HELD | word_set(
    "allowed allow allowlist whitelist hosts origins domains permitted granted trusted publishers "
    "namespaces approved patterns"
)
_RECORDS: Final = frozenset({"grant", "permission", "policy", "allowance", "entitlement", "consent"})
"""Last words of a record that says what somebody may do."""
_NO_LISTS: Final = frozenset({"name", "id", "key", "title"})
_MEMBERSHIP: Final = word_set("includes has some find indexOf any test match matches covers")
_QUANTIFIERS: Final = frozenset({"any", "all", "next", "set", "frozenset", "len", "sum", "bool"})
"""Functions that tell whether something is among what a comprehension gives."""
TRIGGERS: Final = _LISTS | {"size", "permits", "may", "can"}


class OpenList(Struct, frozen=True):
    """A place where an empty or missing list means "everything"; ``name`` is the list."""

    at: Node
    name: str


def open_lists(inquiry: Inquiry, module: Module) -> list[OpenList]:
    """Return the places of a module where an empty allow-list allows; worked out once."""
    return module.once("security.open-lists", lambda: _found(module))


def _found(module: Module) -> list[OpenList]:
    found: list[OpenList] = []
    for node in module.all(Binary):
        if node.op == "or":
            _of_or(module, node, found)
    for choice in module.all(Conditional):
        _of_conditional(module, choice, found)
    for test in module.all(If):
        _of_if(module, test, found)
        _of_filled(module, test, found)
        _of_refusal(module, test, found)
    return found


def _of_or(module: Module, node: Binary, found: list[OpenList]) -> None:
    emptied = empty_test(node.left)
    if emptied is None or not _is_list(emptied):
        return
    text = module.text_of(emptied)
    if _membership(module, node.right, text) and _answers(node):
        found.append(OpenList(node, text))


def _of_conditional(module: Module, node: Conditional, found: list[OpenList]) -> None:
    """Find ``hosts.length === 0 ? true : hosts.includes(host)``."""
    emptied, yes, other = empty_test(node.test), uncast(node.then), node.other
    if emptied is None:
        emptied, yes, other = filled_test(node.test), uncast(node.other), node.then
    if emptied is None or not isinstance(yes, Literal) or yes.value is not True:
        return
    if not _is_list(emptied) or _looked_up(module, emptied):
        return
    text = module.text_of(emptied)
    if _membership(module, other, text):
        found.append(OpenList(node, text))


def _of_if(module: Module, node: If, found: list[OpenList]) -> None:
    emptied = empty_test(node.test)
    if emptied is None or not exits(node.body) or _looked_up(module, emptied):
        return
    if not _is_list(emptied) and not _is_asked_table(module, node, emptied):
        return
    answer = node.body[-1]
    if not isinstance(answer, Return):
        return
    value = uncast(answer.value) if answer.value is not None else None
    function = function_of(node)
    if not _lets_pass(function, answer, value):
        return
    asked = _membership(module, function.body, module.text_of(emptied)) if function is not None else False
    if asked or (function is not None and not _is_list(emptied)):
        found.append(OpenList(answer, module.text_of(emptied)))


def _of_filled(module: Module, node: If, found: list[OpenList]) -> None:
    """Find ``if (hosts.length) return hosts.includes(host); return true``."""
    filled, beside = filled_test(node.test), siblings(node, module)
    if filled is None or len(node.body) != 1 or not _is_list(filled) or _looked_up(module, filled):
        return
    later = node.orelse or beside[next(n for n, one in enumerate(beside) if one is node) + 1 :]
    answer, text = later[0] if later else None, module.text_of(filled)
    value = uncast(answer.value) if isinstance(answer, Return) and answer.value is not None else None
    yes = isinstance(value, Literal) and value.value is True
    if answer is not None and yes and isinstance(node.body[0], Return) and _membership(module, node.body, text):
        found.append(OpenList(answer, text))


def _is_asked_table(module: Module, node: If, emptied: Expr) -> bool:
    """Tell whether a decision goes by a table, whatever it is called: ``rulings.size``, then ``rulings.get(tile)``."""
    function = function_of(node)
    measured = not isinstance(uncast(node.test), Unary) or _measured(uncast(node.test)) is not None
    if function is None or not measured or not is_decision(function) or set(last_words(emptied)) & REQUIREMENTS:
        return False
    text = module.text_of(emptied)
    return any(
        call.name == "get" and call.receiver is not None and module.text_of(call.receiver) == text
        for call in find(function.body, Call)
    )


def _of_refusal(module: Module, node: If, found: list[OpenList]) -> None:
    """Find ``if (hosts.length && !hosts.includes(host)) throw …``: an empty list refuses nobody."""
    test = uncast(node.test)
    if not isinstance(test, Binary) or test.op != "and" or not refuses(node.body):
        return
    *first, last = _joined(test)
    negative = (isinstance(last, Unary) and last.op == "not") or (isinstance(last, Binary) and last.op == "not in")
    if not negative:
        return
    for part in first:
        filled = filled_test(part)
        if filled is None or not _is_list(filled) or _looked_up(module, filled):
            continue
        text = module.text_of(filled)
        if _membership(module, last, text):
            found.append(OpenList(test, text))
            return


def _joined(test: Expr) -> list[Expr]:
    """Return the parts of a condition that have to hold together."""
    test = uncast(test)
    if isinstance(test, Binary) and test.op == "and":
        return [*_joined(test.left), *_joined(test.right)]
    return [test]


def _lets_pass(function: Function | None, answer: Return, value: Expr | None) -> bool:
    """Tell whether a function is content at an answer: it says yes, or leaves a guard that else throws."""
    if value is not None:
        return isinstance(value, Literal) and value.value is True
    if function is None or any(node.value is not None for node in find(function.body, Return, into_functions=False)):
        return False
    thrown = find(function.body, Throw, into_functions=False)
    return any(node.start > answer.start for node in thrown)


def filled_test(test: Expr) -> Expr | None:
    """Return the list of which a test only tells whether there is something in it."""
    test = uncast(test)
    if isinstance(test, Binary) and test.op == ">" and isinstance(uncast(test.right), Literal):
        return _measured(uncast(test.left))
    return _measured(test) or (test if isinstance(test, Name | Member) else None)


def _looked_up(module: Module, expr: Expr) -> bool:
    """Tell whether a name holds what was found for one subject: then its absence is another rule's matter."""
    origin = module.scopes.origin(expr)
    copied = isinstance(origin, Call) and origin.name in ("set", "frozenset", "list", "tuple", "sorted", "from")
    named = isinstance(origin, Call) and all(isinstance(uncast(arg), Literal | Array) for arg in origin.args)
    return isinstance(origin, Call) and bool(origin.args) and not (origin.new or copied or named)


def empty_test(test: Expr) -> Expr | None:
    """Return the list of which a test tells whether it is empty or missing, or None."""
    test = uncast(test)
    if isinstance(test, Unary) and test.op == "not":
        inner = uncast(test.operand)
        return _measured(inner) or (inner if isinstance(inner, Name | Member) else None)
    if isinstance(test, Binary) and test.op in ("==", "or"):
        if test.op == "or":
            left, right = empty_test(test.left), empty_test(test.right)
            return left if left is not None and right is not None else None
        for one, other in ((test.left, test.right), (test.right, test.left)):
            measured, constant = uncast(one), uncast(other)
            if isinstance(constant, Literal) and constant.value == 0 and constant.value is not False:
                return _measured(measured)
            if isinstance(constant, Literal) and constant.value is None and isinstance(measured, Name | Member):
                return measured
    return None


def _measured(expr: Expr) -> Expr | None:
    if isinstance(expr, Member) and expr.name in ("length", "size"):
        return uncast(expr.object)
    if isinstance(expr, Call) and expr.name == "len" and expr.args:
        return uncast(expr.args[0])
    return None


def _is_list(expr: Expr) -> bool:
    named = set(last_words(expr))
    if isinstance(expr, Member) and set(last_words(expr.object)[-1:]) & _RECORDS:
        return not named & (
            REQUIREMENTS | {"name", "id", "key", "title"}
        )  # what a grant lists, whatever that is called
    return bool(named & _LISTS) and not named & REQUIREMENTS


def _membership(module: Module, where: Node | Sequence[Node], text: str) -> bool:
    """Tell whether something is sought in the list."""
    for part in walk(where):
        if isinstance(part, Binary) and part.op in ("in", "not in") and module.text_of(part.right) == text:
            return True
        if isinstance(part, For) and part.iterable is not None and module.text_of(part.iterable) == text:
            return True
        receiver = part.receiver if isinstance(part, Call) and part.name in _MEMBERSHIP else None
        if receiver is not None and module.text_of(receiver).replace("?", "") == text:
            return True
        if (
            isinstance(part, Comprehension)
            and isinstance(part.parent, Call)
            and part.parent.name in _QUANTIFIERS
            and any(module.text_of(over) == text for _target, over in part.clauses)
        ):
            return True
    return False


def _answers(node: Binary) -> bool:
    """Tell whether a connection is an answer or a condition, not a part of something else."""
    parent = node.parent
    while isinstance(parent, Binary | Unary):
        parent = parent.parent
    return isinstance(parent, Return | If | Conditional | Assign | Call | Comprehension)
