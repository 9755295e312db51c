"""API497: a host reckons with what a plugin answers, and nobody looks whether that is a number."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import guarding_try
from reviewer.code.syntax import (
    Assign,
    Await,
    Binary,
    Call,
    Conditional,
    Expr,
    If,
    Literal,
    Name,
    Node,
    Template,
    Try,
    strip,
)
from reviewer.code.walk import ancestors, calls_in, find, function_of
from reviewer.core.scale import Confidence
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.communication.looks import looked_at
from reviewer.experts.data.messages import short
from reviewer.experts.guests import runs_guest
from reviewer.experts.paths import last_name

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Function

_RECKONS: Final = frozenset({"+", "-", "*", "/"})
_ADDS: Final = frozenset({"+=", "-=", "*=", "/="})
_WHOLE: Final = frozenset({"Exception", "BaseException"})
_LIMITS: Final = frozenset("race within withTimeout withDeadline timeout limited deadline bounded".split())
"""Calls that give what they are given, if it comes in time."""
_SCRIPT: Final = "a text is put behind the digits, and nothing, or no number, makes NaN of all that comes after"
_HARM: Final = {
    "javascript": _SCRIPT,
    "typescript": _SCRIPT,
    "python": "one that gives nothing, or a text, ends the whole sum with a TypeError, though its failures are caught",
}


@module_check("API497", words={"await", "try"})
def plugin_answer_reckoned(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each sum into which an answer goes for who gave the answer, and who looked at it."""
    if module.is_test or inquiry.subject.kind == "plugin":
        return
    told: set[int] = set()
    for node in module.some(Assign, Binary):
        for part in _parts(node):
            asked = _asked(module, part)
            function = function_of(node)
            sure = runs_guest(module, asked) if asked is not None else None
            if asked is None or function is None or sure is not Confidence.LIKELY or id(asked) in told:
                continue
            if isinstance(name := strip(part), Name) and _is_looked_at(function, name.id):
                continue
            if module.language == "python" and not _tried_apart(asked, node):
                continue  # no number fails where it is added, and with the call
            told.add(id(asked))
            yield Match(
                node,
                f"Whatever '{short(module.text_of(asked.callee))}' answers is reckoned with: {_HARM[module.language]}.",
                related=((asked, "answered here"),) if asked.line != node.line else (),
            )


def _parts(node: object) -> list[Expr]:
    """Return what goes into a sum; what stands beside a text is put into one, and reckoned with by nobody."""
    if isinstance(node, Assign):
        return [node.value] if node.op in _ADDS and node.value is not None and not _is_text(node.value) else []
    if isinstance(node, Binary) and node.op in _RECKONS:
        return [] if _is_text(node.left) or _is_text(node.right) else [node.left, node.right]
    return []


def _is_text(expr: Expr) -> bool:
    inner = strip(expr)
    if isinstance(inner, Binary) and inner.op == "+":
        return _is_text(inner.left) or _is_text(inner.right)
    return isinstance(inner, Template) or (isinstance(inner, Literal) and isinstance(inner.value, str))


def _asked(module: Module, part: Expr) -> Call | None:
    """Return the call whose awaited answer something is, at once or by its name, deadlines around it seen through."""
    given: Expr = part
    name = strip(part)
    if isinstance(name, Name):
        bound = module.scopes.lookup(name.id, name)
        only = bound[0] if len(bound) == 1 else None
        if not isinstance(only, Assign) or only.value is None:
            return None
        given = only.value
    if isinstance(given, Binary) and given.op in ("??", "or"):
        given = given.left
    if not isinstance(given, Await) and module.language != "python":
        return None
    made = strip(given)
    if isinstance(made, Call) and made.name in _LIMITS:
        made = next((one for one in calls_in(list(made.args), into_functions=True) if one.receiver is not None), made)
    return made if isinstance(made, Call) else None


def _tried_apart(asked: Call, node: Node) -> bool:
    """Tell whether all failures of a call are caught for others to go on, and those of the sum are not."""
    tried = guarding_try(asked)
    caught = {last_name(kind) for one in tried.handlers for kind in one.types} if tried is not None else set()
    whole = tried is not None and (bool(caught & _WHOLE) or any(not one.types for one in tried.handlers))
    return whole and not any(isinstance(around, Try) and around.handlers for around in ancestors(node))


def _is_looked_at(function: Function, name: str) -> bool:
    """Tell whether a function asks what an answer is: by its type, by bounds, by a check or a choice."""
    if looked_at(function, {name}):
        return True
    if function.module.language == "python" and any(
        name in {one.id for one in find(test.test, Name)} for test in find(function.body, If)
    ):
        return True
    return any(name in {one.id for one in find(choice.test, Name)} for choice in find(function.body, Conditional))
