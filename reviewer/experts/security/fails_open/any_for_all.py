"""SEC009: one of the required permissions is enough."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import siblings
from reviewer.code.syntax import (
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
    Node,
    Return,
    Statement,
    Unary,
    uncast,
)
from reviewer.code.text.words import words
from reviewer.code.walk import function_of, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import path_words, surroundings, word_set
from reviewer.experts.security.deciding.decisions import is_check, is_decision
from reviewer.experts.security.vocabulary import PERMISSION, TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_ASKED: Final = word_set("required requires needed needs requested wanted demanded requirements necessary")
_LOOSE: Final = _ASKED | {"permissions", "scopes", "rights", "capabilities", "perms"}
_HELD: Final = word_set("granted grants held allowed approved consented permitted entitlements given")
_WORDS: Final = frozenset({"some", "any", "isdisjoint", "bool", "disjoint", "filter", "for", "set"})


@module_check("SEC009", words=_WORDS)
def any_for_all(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Find "some" over what is required in place of "every"."""
    if module.is_test or not module.words & (_HELD | TABLES | {"all", "every"}):
        return
    yield from _overlaps(module)
    yield from _counted(module)
    yield from _first_is_enough(module)
    for call in module.calls(("some", "any")):
        required, test = _parts(call)
        if required is None or test is None:
            continue
        if _promises_all(call) and (_asks_each(module, test) or _held_in(test, _HELD) is not None):
            text = short(module.text_of(required))
            yield Match(call, f"One of '{text}' that is allowed is enough here, and the function's name says all.")
            continue
        if not path_words(required) & _LOOSE:
            continue
        strict = bool(path_words(required) & _ASKED)
        held = _held_in(test, _HELD | TABLES if strict else _HELD)
        if held is None and not (strict and _found_in(test) is not None and _decides(call)):
            continue
        if not _needs_all(call, path_words(required)):
            continue
        yield _one_is_enough(module, call, required)


def _decides(call: Call) -> bool:
    """Tell whether an answer is that of a function which decides what somebody may do."""
    function = function_of(call)
    return function is not None and _returned(call) and is_decision(function)


def _promises_all(call: Call) -> bool:
    """Tell whether the function that answers says in its name that it is about all."""
    function = function_of(call)
    while function is not None and not function.name:
        function = function.outer
    said = set(words(function.name)) if function is not None else set()
    return bool(said & {"all", "every", "each"}) and not said & {"any", "some"} and _returned(call)


def _asks_each(module: Module, test: Node) -> bool:
    """Tell whether a test asks for the permission of one item, and not whether it is missing."""
    element = test.body[-1].value if isinstance(test, Function) and isinstance(test.body[-1], Return) else test
    return isinstance(element, Call) and is_check(module, element)


def _overlaps(module: Module) -> Iterator[Match]:
    """Find ``bool(required & granted)`` and ``not required.isdisjoint(granted)`` as answers of a function."""
    for call in module.calls(("isdisjoint", "bool", "isDisjointFrom")):
        pair: tuple[Expr, Expr] | None = None
        if call.name != "bool" and call.receiver is not None and len(call.args) == 1:
            negated = isinstance(call.parent, Unary) and call.parent.op == "not"
            pair = (call.receiver, call.args[0]) if negated else None
        elif call.args and isinstance(call.args[0], Binary) and call.args[0].op == "&":
            pair = (call.args[0].left, call.args[0].right)
        if pair is None or not _returned(call):
            continue
        for required, held in (pair, pair[::-1]):
            if path_words(required) & _ASKED and path_words(held) & _HELD and _needs_all(call, path_words(required)):
                yield _one_is_enough(module, call, required)
                break
    tests = [*(node.test for node in module.all(If)), *(node.test for node in module.all(Conditional))]
    for test in tests:
        shared = _shared(test)
        for required, held in (shared, shared[::-1]) if shared else ():
            if path_words(held) & _HELD and _demanded(test, _all_words(required)):
                yield _one_is_enough(module, test, required)
                break


def _one_is_enough(module: Module, at: Node, required: Expr) -> Match:
    text = short(module.text_of(required))
    return Match(at, f"One of '{text}' that is held is enough here; all of them are required.")


def _shared(test: Expr) -> tuple[Expr, Expr] | None:
    """Return the two sets of which a test asks only whether they have something in common."""
    test = uncast(test)
    if isinstance(test, Unary) and test.op == "not":
        test = uncast(test.operand)
    return (test.left, test.right) if isinstance(test, Binary) and test.op == "&" else None


def _all_words(expr: Expr) -> set[str]:
    """Return the words of a collection, seen through ``set(…)``."""
    expr = uncast(expr)
    wrapped = isinstance(expr, Call) and expr.name in ("set", "frozenset", "Set") and len(expr.args) == 1
    return path_words(expr.args[0] if wrapped and isinstance(expr, Call) else expr)


def _counted(module: Module) -> Iterator[Match]:
    """Find ``required.filter((p) => held.has(p)).length > 0``."""
    for node in module.all(Binary):
        if node.op not in (">", "!=", "<=", "=="):
            continue
        measured, bound = uncast(node.left), uncast(node.right)
        if not isinstance(bound, Literal) or bound.value != 0 or not isinstance(measured, Member):
            continue
        kept = uncast(measured.object)
        if measured.name != "length" or not isinstance(kept, Call) or kept.name != "filter" or kept.receiver is None:
            continue
        test = kept.args[0] if kept.args else None
        asked = path_words(kept.receiver)
        if isinstance(test, Function) and _held_in(test) is not None and _demanded(node, asked):
            yield _one_is_enough(module, node, kept.receiver)


def _first_is_enough(module: Module) -> Iterator[Match]:
    """Find loops over what is required that answer yes at the first that is held, and no behind the loop."""
    for loop in module.all(For):
        test = loop.body[0] if len(loop.body) == 1 else None
        if not isinstance(test, If) or len(test.body) != 1 or not _answers(test.body[0], yes=True):
            continue
        beside = siblings(loop)
        later = beside[beside.index(loop) + 1 :] if loop in beside else []
        asked = path_words(loop.iterable)
        if loop.iterable is None or not later or not _demanded(loop, asked):
            continue
        if not _answers(later[0], yes=False) and not _asks_emptiness(module, later[0], loop.iterable):
            continue
        if _found_in(test.test) is not None or _asks_each(module, test.test):
            yield _one_is_enough(module, test.body[0], loop.iterable)


def _asks_emptiness(module: Module, statement: Statement, required: Expr) -> bool:
    """Tell whether an answer is only whether nothing was required at all."""
    value = uncast(statement.value) if isinstance(statement, Return) and statement.value is not None else None
    text = module.text_of(required)
    if isinstance(value, Unary) and value.op == "not":
        return module.text_of(value.operand) == text
    return isinstance(value, Binary) and value.op == "==" and text in module.text_of(value.left)


def _answers(statement: Statement, *, yes: bool) -> bool:
    value = uncast(statement.value) if isinstance(statement, Return) and statement.value is not None else None
    return isinstance(value, Literal) and value.value is yes


def _demanded(at: Node, asked: set[str]) -> bool:
    """Tell whether all of something is required: by its own name, or by that of a decorator such as ``requires``."""
    around = surroundings(function_of(at))
    return _needs_all(at, asked) and bool(asked & _ASKED or (asked & _LOOSE and around & (_ASKED | {"require"})))


def _returned(call: Call) -> bool:
    around = call.parent
    while isinstance(around, Unary | Binary):
        around = around.parent
    return isinstance(around, Return)


def _parts(call: Call) -> tuple[Expr | None, Node | None]:
    """Return what is gone through, and the test of one item."""
    if call.name == "some" and call.receiver is not None and call.args:
        test = call.args[0]
        return call.receiver, test if isinstance(test, Function) else None
    if call.name == "any" and call.receiver is None and call.args and isinstance(call.args[0], Comprehension):
        comprehension = call.args[0]
        return comprehension.clauses[0][1], comprehension.element
    return None, None


def _held_in(test: Node, held: frozenset[str] = _HELD) -> Expr | None:
    """Return the collection of held permissions in which a test looks, positively."""
    found = _found_in(test)
    return found if found is not None and path_words(found) & held else None


def _found_in(test: Node) -> Expr | None:
    """Return the collection in which a test looks, positively."""
    element: Node = test
    if isinstance(test, Function):
        last = test.body[-1] if test.body else None
        if not isinstance(last, Return) or last.value is None:
            return None
        element = uncast(last.value)
    for part in walk(element, into_functions=False):
        if isinstance(part, Unary) or (isinstance(part, Binary) and part.op in ("!=", "not in")):
            return None
        if isinstance(part, Call) and part.name in ("has", "includes") and part.receiver is not None:
            return part.receiver
        if isinstance(part, Binary) and part.op == "in":
            return part.right
    return None


def _needs_all(at: Node, asked: set[str]) -> bool:
    function = function_of(at)
    around = surroundings(function) if function is not None else set()
    if around & {"any", "some", "either", "one", "overlaps", "intersects"}:
        return False
    return bool(asked & _ASKED) or bool(around & (PERMISSION | _ASKED) and asked & _LOOSE)
