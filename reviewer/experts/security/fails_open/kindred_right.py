"""SEC461: any right of the same family is enough, whichever it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import siblings
from reviewer.code.syntax import (
    Array,
    Binary,
    Call,
    Comprehension,
    Expr,
    Function,
    If,
    Index,
    Literal,
    Name,
    Return,
    Spread,
    Statement,
    Unary,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, function_of, statement_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import path_words, surroundings, word_set
from reviewer.experts.security.deciding.decisions import decides
from reviewer.experts.security.deciding.refusals import refuses
from reviewer.experts.security.vocabulary import PERMISSION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_HELD: Final = PERMISSION | word_set("scopes rights verbs roles capabilities granted held badges passes")
_SHOWS: Final = word_set("show shows visible menu tab tabs section panel list label badge render summary any some")
"""Words of functions that only ask whether there is something to show."""
_ENDS: Final = (".", ":", "/", "#", "-", "_")


@module_check("SEC461", words={"any", "some"})
def kindred_right(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each question whether one of what is held begins with a fixed text."""
    if module.is_test:
        return
    for call in module.calls(("some", "any")):
        held, test, item = _asked_of_one(call)
        family = _family(test, item) if test is not None else ""
        function = function_of(call)
        if held is None or not family or function is None or not path_words(_copied(held)) & _HELD:
            continue
        if set(words(function.name)) & _SHOWS or not _is_decided(inquiry, module, call, function):
            continue
        yield Match(
            call,
            f"Any of '{short(module.text_of(held))}' that begins with '{family}' is enough here: whoever may only read "
            "may do all else that has the same beginning.",
        )


def _asked_of_one(call: Call) -> tuple[Expr | None, Expr | None, str]:
    """Return what is gone through, what has to hold for one, and the name of that one."""
    if call.name == "some" and call.receiver is not None and len(call.args) == 1:
        step = strip(call.args[0])
        body = step.body[-1] if isinstance(step, Function) and len(step.body) == 1 else None
        named = step.params[0].name if isinstance(step, Function) and step.params else ""
        return call.receiver, body.value if isinstance(body, Return) else None, named
    each = strip(call.args[0]) if call.name == "any" and call.receiver is None and len(call.args) == 1 else None
    if isinstance(each, Comprehension) and len(each.clauses) == 1 and not each.tests:
        target, over = each.clauses[0]
        return over, each.element, target.id if isinstance(target, Name) else ""
    return None, None, ""


def _family(test: Expr, item: str) -> str:
    """Return the fixed text that one has to begin with: ``g.startsWith("x.")``, ``g.split(".")[0] === "x"``."""
    test = strip(test)
    if isinstance(test, Call) and test.name in ("startsWith", "startswith") and len(test.args) == 1:
        sought = strip(test.args[0])
        own = isinstance(test.receiver, Name) and test.receiver.id == item
        said = sought.value if own and isinstance(sought, Literal) and isinstance(sought.value, str) else ""
        return said if said.endswith(_ENDS) else ""
    if isinstance(test, Binary) and test.op == "==":
        first, sought = strip(test.left), strip(test.right)
        cut = strip(first.object) if isinstance(first, Index) and isinstance(first.key, Literal) else None
        zero = isinstance(first, Index) and isinstance(first.key, Literal) and first.key.value == 0
        split = isinstance(cut, Call) and cut.name in ("split", "partition") and isinstance(cut.receiver, Name)
        if zero and split and isinstance(sought, Literal) and isinstance(sought.value, str):
            return sought.value if isinstance(cut, Call) and getattr(cut.receiver, "id", "") == item else ""
    return ""


def _copied(held: Expr) -> Expr:
    """Return the collection that a copy was made of: ``grants`` of ``[...grants]``, ``Array.from(grants)``."""
    held = strip(held)
    if isinstance(held, Array) and len(held.items) == 1 and isinstance(held.items[0], Spread):
        return _copied(held.items[0].value)
    if isinstance(held, Call) and held.name in ("from", "list", "set", "sorted") and held.args:
        return _copied(held.args[0])
    if isinstance(held, Call) and held.name in ("values", "keys") and held.receiver is not None:
        return held.receiver
    return held


def _is_decided(inquiry: Inquiry, module: Module, call: Call, function: Function) -> bool:
    """Tell whether a refusal hangs on an answer, or the answer of a function that decides is made of it."""
    inner: Node = call
    for around in ancestors(call):
        if isinstance(around, If) and inner is around.test:
            negated = isinstance(inner, Unary)
            refused = around.body if negated else around.orelse or _rest(around)
            return refuses(refused)
        if isinstance(around, Return):
            said = surroundings(function)
            return decides(inquiry, module, function) and not said & {"menu", "panel", "view"}
        if not isinstance(around, Unary | Binary):
            return False
        if isinstance(around, Binary) and around.op != "or":
            return False
        inner = around
    return False


def _rest(test: If) -> list[Statement]:
    statement = statement_of(test)
    beside = siblings(test)
    return list(beside[beside.index(test) + 1 :]) if statement is test and test in beside else []
