"""COM055: many are asked whether they agree, and one that does is enough."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Comprehension,
    Expr,
    Function,
    Literal,
    Member,
    Name,
    Return,
    Unary,
    is_nothing,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_DECIDES: Final = word_set("may can allow allows allowed permit permits approve approved accept accepts should veto")
_VETO: Final = word_set("object objects objection objections veto vetoes unanimous refuses forbids")
_COLLECTS: Final = frozenset({"all", "allSettled", "gather"})
_NEGATIVE: Final = word_set(
    "false deny denied denies veto vetoed refuse refused reject rejected object objects forbid blocked no"
)
_COMMENT: Final = 240
"""Characters before a function in which it may be said what it is for."""


@module_check("COM055", words={"some", "any"})
def one_yes_is_enough(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each decision on what many answered for how many have to agree."""
    if module.is_test or inquiry.subject.kind == "plugin":
        return
    for call in module.calls(("some", "any")):
        function = function_of(call)
        answers, test = _parts(call)
        if function is None or answers is None or test is None or not set(words(function.name)) & _DECIDES:
            continue
        answer = next((one for one in ancestors(call) if isinstance(one, Return)), None)
        if answer is None or _is_turned(call) or _is_negative(test) or not _of_many(module, answers):
            continue
        if _allows_none(module, call, answers) or _told_before(module, function) & _VETO:
            yield Match(
                call,
                f"One of '{short(module.text_of(answers))}' that agrees is enough here: who objects, and who failed, "
                "is outvoted by anybody who has nothing against it.",
                fix="Ask whether all agree: every(), all().",
            )


def _parts(call: Call) -> tuple[Expr | None, Expr | None]:
    """Return the answers that are gone through, and what is asked of each."""
    given = strip(call.args[0]) if len(call.args) == 1 else None
    if call.name == "some" and isinstance(given, Function) and call.receiver is not None:
        last = given.body[-1] if given.body else None
        return call.receiver, last.value if isinstance(last, Return) else None
    if call.name == "any" and call.receiver is None:
        if isinstance(given, Comprehension) and len(given.clauses) == 1:
            return given.clauses[0][1], given.element
        if isinstance(given, Name):
            return given, given
    return None, None


def _is_turned(call: Call) -> bool:
    """Tell whether it is asked whether nobody does."""
    return any(isinstance(one, Unary) and one.op == "not" for one in ancestors(call))


def _is_negative(test: Expr) -> bool:
    """Tell whether it is asked for somebody who says no."""
    for part in find(test, Expr):
        if isinstance(part, Unary) and part.op == "not":
            return True
        if isinstance(part, Binary) and (
            part.op == "!=" or (part.op in ("is", "==") and is_nothing(strip(part.right)))
        ):
            return True
        if isinstance(part, Literal) and (part.value is False or set(words(str(part.value))) & _NEGATIVE):
            return True
        name = part.name if isinstance(part, Member) else part.id if isinstance(part, Name) else ""
        if name and set(words(name)) & _NEGATIVE:
            return True
    return False


def _of_many(module: Module, answers: Expr) -> bool:
    """Tell whether a list holds what many gave when they were asked all at once, here or by a function of the file."""
    made: Expr | None = strip(answers)
    if isinstance(made, Name):
        bound = module.scopes.lookup(made.id, made)
        made = bound[0].value if len(bound) == 1 and isinstance(bound[0], Assign) else None
        made = strip(made) if made is not None else None
    if not isinstance(made, Call):
        return False
    if made.name in _COLLECTS:
        return True
    target = definition(module, made.callee)
    return isinstance(target, Function) and any(
        isinstance(given := strip(one.value), Call) and given.name in _COLLECTS
        for one in find(target.body, Return, into_functions=False)
        if one.value is not None
    )


def _allows_none(module: Module, call: Call, answers: Expr) -> bool:
    """Tell whether it is allowed where nobody was asked: to have nothing against it is enough then."""
    around = call.parent
    text = module.text_of(answers)
    if not isinstance(around, Binary) or around.op != "or" or around.right is not call:
        return False
    asked = strip(around.left)
    if isinstance(asked, Unary) and asked.op == "not":
        return module.text_of(asked.operand).startswith(text)
    return isinstance(asked, Binary) and asked.op == "==" and text in module.text_of(asked.left)


def _told_before(module: Module, function: Function) -> set[str]:
    """Return the words of the comment before a function, and those of its first line of text."""
    start = function.raw.start_byte
    before = module.source[max(0, start - _COMMENT) : start].decode("utf-8", "replace")
    comment = before.rsplit("}", 1)[-1].rsplit(";", 1)[-1]
    inside = module.text_of(function)[:_COMMENT] if module.language == "python" else ""
    quoted = inside.split('"""')[1] if inside.count('"""') > 1 else ""
    marked = comment if "*" in comment or "//" in comment or "#" in comment else ""
    return set(words(marked)) | set(words(quoted))
