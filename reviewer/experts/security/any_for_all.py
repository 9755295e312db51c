"""SEC009: one of the required permissions is enough."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Binary, Call, Comprehension, Expr, Function, Node, Return, Unary, uncast
from reviewer.code.walk import function_of, walk
from reviewer.code.words import words
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import path_words, surroundings, word_set
from reviewer.experts.security.decisions import is_check
from reviewer.experts.security.vocabulary import PERMISSION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_ASKED: Final = word_set("required requires needed needs requested wanted demanded requirements necessary")
_LOOSE: Final = _ASKED | {"permissions", "scopes", "rights", "capabilities", "perms"}
_HELD: Final = word_set("granted grants held allowed approved consented permitted entitlements given")
_WORDS: Final = frozenset({"some", "any", "isdisjoint", "bool", "disjoint"})


@module_check("SEC009", words=_WORDS)
def any_for_all(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Find "some" over what is required in place of "every"."""
    if module.is_test or not module.words & (_HELD | {"all", "every"}):
        return
    yield from _overlaps(module)
    for call in module.calls(("some", "any")):
        required, test = _parts(call)
        if required is None or test is None:
            continue
        if _promises_all(call) and _asks_each(module, test):
            text = short(module.text_of(required))
            yield Match(call, f"One of '{text}' that is allowed is enough here, and the function's name says all.")
            continue
        if not path_words(required) & _LOOSE:
            continue
        held = _held_in(test)
        if held is None or not _needs_all(call, path_words(required)):
            continue
        text = short(module.text_of(required))
        yield Match(call, f"One of '{text}' that is held is enough here; all of them are required.")


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
                text = short(module.text_of(required))
                yield Match(call, f"One of '{text}' that is held is enough here; all of them are required.")
                break


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


def _held_in(test: Node) -> Expr | None:
    """Return the collection of held permissions in which a test looks, positively."""
    element: Node = test
    if isinstance(test, Function):
        last = test.body[-1] if test.body else None
        if not isinstance(last, Return) or last.value is None:
            return None
        element = uncast(last.value)
    for part in walk(element, into_functions=False):
        if type(part).__name__ == "Unary" or (isinstance(part, Binary) and part.op in ("!=", "not in")):
            return None
        if isinstance(part, Call) and part.name in ("has", "includes") and part.receiver is not None:
            return part.receiver if path_words(part.receiver) & _HELD else None
        if isinstance(part, Binary) and part.op == "in":
            return part.right if path_words(part.right) & _HELD else None
    return None


def _needs_all(call: Call, asked: set[str]) -> bool:
    function = function_of(call)
    around = surroundings(function) if function is not None else set()
    named = set(words(function.name)) if function is not None else set()
    if named & {"any", "some", "either", "one", "overlaps", "intersects"}:
        return False
    return bool(asked & _ASKED) or bool(around & PERMISSION and asked & _LOOSE)
