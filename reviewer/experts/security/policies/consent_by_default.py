"""SEC031: a question to the user counts as answered with yes when it isn't."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import declared_type
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    Expr,
    Function,
    If,
    Literal,
    Member,
    Name,
    Node,
    Return,
    Try,
    strip,
)
from reviewer.code.text.ideas import GRANTS, PLAIN_GUEST
from reviewer.code.text.words import words
from reviewer.code.text_types import texts_of_type
from reviewer.code.walk import calls_in, function_of, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words, path_words, said_in, surroundings, word_set
from reviewer.experts.security.deciding.refusals import refuses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_ASKS: Final = word_set(
    "ask asks prompt prompts confirm consent consents dialog question approval approve input answer reply"
)
_REPLIES: Final = frozenset({"answer", "answers", "reply", "choice", "consent"})
"""Names of what somebody answered."""
_NO: Final = frozenset({"n", "no", "deny", "denied", "reject", "rejected", "cancel", "refuse", "decline", "block"})
_YES: Final = frozenset({"y", "yes", "allow", "allowed", "grant", "granted", "accept", "approve", "ok"})
_ABOUT: Final = (
    GRANTS
    | PLAIN_GUEST
    | word_set(
        "permission permissions granted allow allowed access install trust approve approved capability "
        "capabilities scopes"
    )
)


@module_check("SEC031", words=_ASKS)
def consent_by_default(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at defaults of answers, at comparisons with "no", and at races that time answers out."""
    if module.is_test or not module.words & _ABOUT:
        return
    for node in module.all_nodes:
        if isinstance(node, Binary) and node.op in ("??", "or") and _is_yes(node.right):
            if _is_answer(module, node.left):
                yield Match(node, f"'{short(module.text_of(node))}' takes no answer for consent.")
        elif isinstance(node, Binary) and node.op == "!=" and _is_no(node.right) and _is_answer(module, node.left):
            yield Match(
                node,
                f"'{short(module.text_of(node))}' takes every answer but one for consent: an empty one, a closed "
                "dialog, a typing error.",
            )
        elif isinstance(node, If) and _stops_only_no(module, node):
            yield Match(
                node.test,
                f"Only '{short(module.text_of(node.test))}' stops here, and every other answer counts as consent: an "
                "empty one, a closed dialog, one that is added later.",
            )
        elif isinstance(node, Call) and node.name in ("race", "wait_for") and _times_out_to_yes(module, node):
            yield Match(node, "The question is answered with yes when its time is up: silence counts as consent.")
        elif isinstance(node, Binary) and node.op == "in" and _with_silence(node.right):
            if _is_answer(module, node.left) and _is_about(node):
                yield Match(node, f"'{short(module.text_of(node))}' takes an empty answer for consent.")
        elif isinstance(node, Call) and node.name == "includes" and node.receiver is not None and node.args:
            if _with_silence(node.receiver) and _is_answer(module, node.args[0]) and _is_about(node):
                yield Match(node, f"'{short(module.text_of(node))}' takes an empty answer for consent.")
        elif isinstance(node, Try):
            yield from _of_failure(node)


def _with_silence(collection: Expr) -> bool:
    """Tell whether a list of answers that mean yes holds the empty one."""
    made = strip(collection)
    texts = [getattr(strip(item), "value", None) for item in made.items] if isinstance(made, Array) else []
    return "" in texts and any(isinstance(text, str) and text.lower() in _YES for text in texts)


def _of_failure(node: Try) -> Iterator[Match]:
    """Find questions whose failure, or whose end of time, is caught and taken for yes."""
    if not any(_asks(call) for call in calls_in(node.body)) or not _is_about(node):
        return
    for handler in node.handlers:
        for part in walk(handler.body, into_functions=False):
            if not isinstance(part, Assign | Return) or part.value is None or not _is_yes(part.value):
                continue
            if isinstance(part, Return) or set(last_words(part.target)) & (_ABOUT | _REPLIES):
                yield Match(part, "A question that fails, or that nobody answers in time, counts as answered with yes.")
                return


def _is_about(node: Node) -> bool:
    """Tell whether the function that asks speaks of rights or of installing, and not of any question."""
    function = function_of(node)
    if function is None:
        return False
    said = surroundings(function) | said_in([*function.params, *function.body])
    return bool(said & (_ABOUT - {"plugin", "extension", "addon"}))


def _asks(call: Call) -> bool:
    return bool(set(words(call.name)) & (_ASKS - {"input", "question"}))


def _is_yes(expr: Expr) -> bool:
    expr = strip(expr)
    if not isinstance(expr, Literal):
        return False
    return expr.value is True or (isinstance(expr.value, str) and expr.value.lower() in _YES)


def _is_no(expr: Expr) -> bool:
    expr = strip(expr)
    return isinstance(expr, Literal) and isinstance(expr.value, str) and expr.value.lower() in _NO


def _stops_only_no(module: Module, node: If) -> bool:
    """Tell whether one refusing answer stops a function, and what the other answers are is never asked.

    Where the type of the answer knows only one yes and one no, nothing is left over.
    """
    test = strip(node.test)
    if not isinstance(test, Binary) or test.op != "==" or not _is_no(test.right) or not refuses(node.body):
        return False
    if not _is_answer(module, test.left) or not _is_about(node) or node.orelse:
        return False
    asked = module.text_of(test.left)
    function = function_of(node)
    others = (part for part in walk(function.body if function is not None else []) if isinstance(part, Binary))
    if any(part is not test and module.text_of(part.left) == asked and _names_answer(part.right) for part in others):
        return False
    known = texts_of_type(module, declared_type(module, test.left))
    return not known or bool(known - _NO - _YES) or len(known) > 2


def _names_answer(expr: Expr) -> bool:
    return isinstance(strip(expr), Literal | Array)


def _is_answer(module: Module, expr: Expr) -> bool:
    """Tell whether a value is what somebody answered to a question."""
    expr = strip(expr)
    given = module.scopes.lookup(expr.id, expr) if isinstance(expr, Name) else []
    if len(given) > 1:  # what was answered, or what stands for no answer
        values = [one.value for one in given if isinstance(one, Assign) and one.value is not None]
        return any(not isinstance(strip(value), Name) and _is_answer(module, value) for value in values)
    for _ in range(6):
        if isinstance(expr, Member) and not is_this_member(expr):
            expr = strip(expr.object)
        elif isinstance(expr, Name):
            origin = module.scopes.origin(expr)
            if not isinstance(origin, Expr) or origin is expr:
                return False
            if set(words(expr.id)) & _REPLIES and isinstance(origin, Call) and _about_permission(expr):
                return True
            expr = strip(origin)
        elif isinstance(expr, Call) and expr.name in ("lower", "strip", "trim", "toLowerCase", "casefold"):
            if expr.receiver is None:
                return False
            expr = strip(expr.receiver)
        else:
            break
    return isinstance(expr, Call) and bool(set(words(expr.name)) & _ASKS or path_words(expr) & (_ASKS - {"input"}))


def _about_permission(at: Expr) -> bool:
    function = function_of(at)
    return function is not None and bool((surroundings(function) | said_in(function.params)) & (_ABOUT | _ASKS))


def _times_out_to_yes(module: Module, call: Call) -> bool:
    """Tell whether a race between a question and a clock is won by the clock with yes."""
    asked = any(isinstance(part, Call) and set(words(part.name)) & _ASKS for part in walk(call))
    if not asked:
        return False
    for part in walk(call):
        if isinstance(part, Call) and part.name in ("setTimeout", "delay", "sleep", "timeout", "after", "then"):
            for arg in part.args:
                if _is_yes(arg) or (isinstance(arg, Function) and _gives_yes(arg)):
                    return True
    return False


def _gives_yes(function: Function) -> bool:
    for node in walk(function.body):
        if isinstance(node, Return) and node.value is not None and _is_yes(node.value):
            return True
        if isinstance(node, Call) and node.receiver is None and len(node.args) == 1 and _is_yes(node.args[0]):
            return True
    return False
