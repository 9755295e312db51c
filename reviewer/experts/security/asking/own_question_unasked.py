"""SEC022: a class asks its own question about what one method is given, and another method uses it unasked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Call, If, Member, Unary, strip
from reviewer.code.text.words import words
from reviewer.code.walk import behind, calls_in, find, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.security.deciding.refusals import refuses
from reviewer.experts.security.values.access import called_field

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Class, Function
    from reviewer.experts.check import Inquiry

_QUESTIONS: Final = frozenset(
    "allowed allows permitted permits may can within inside trusted safe contained checked check guard verify assert "
    "ensure demand require validate".split()
)
"""Words of a question whose no is a refusal."""
_EARLY: Final = frozenset({"constructor", "__init__", "__new__"})


@module_check("SEC022", words=_QUESTIONS)
def own_question_unasked(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look, beside each method that asks about an argument before it hands it on, for one that only hands it on."""
    if module.is_test:
        return
    for cls in module.classes:
        asked = [found for method in cls.methods if (found := _asking(cls, method)) is not None]
        told: set[int] = set()
        for asker, question, given, field in asked:
            for other in cls.methods:
                use = _uses(other, given, field) if other is not asker and _is_open(cls, other, question) else None
                if use is None or id(other) in told:
                    continue
                told.add(id(other))
                yield Match(
                    use,
                    f"'{other.name}' hands '{given}' on to '{short(module.text_of(use.callee))}' without asking "
                    f"'{question.name}', as '{asker.name}' does before it.",
                    related=((asker, "this one asks"),),
                )


def _asking(cls: Class, method: Function) -> tuple[Function, Function, str, str] | None:
    """Return (method, question, parameter, field) of a method that asks about what it then hands to a field."""
    for test in find(method.body, If, into_functions=False):
        asked = strip(test.test)
        negated = isinstance(asked, Unary) and asked.op == "not"
        call = strip(asked.operand) if isinstance(asked, Unary) and negated else None
        if not isinstance(call, Call) or not is_this_member(call.callee) or not refuses(test.body):
            continue
        question = cls.method(call.callee.name)
        if question is None or not set(words(question.name)) & _QUESTIONS:
            continue
        for param in method.params:
            if any(param.name in names_in(arg) for arg in call.args):
                used = next(
                    (f for one in calls_in(method.body) if behind(one, test) and (f := _field(one, param.name))), ""
                )
                if used:
                    return method, question, param.name, used
    return None


def _field(call: Call, given: str) -> str:
    """Return the field on which a call with an argument is made: ``_client`` of ``self._client.get(url)``."""
    named = any(given in names_in(arg) for arg in (*call.args, *call.keywords.values()))
    return called_field(call) if named else ""


def _uses(method: Function, given: str, field: str) -> Call | None:
    if not any(param.name == given for param in method.params):
        return None
    return next((call for call in calls_in(method.body) if _field(call, given) == field), None)


def _is_open(cls: Class, method: Function, question: Function) -> bool:
    """Tell whether anybody may call a method, and nothing in it leads to the question or to a method that asks."""
    if method.private or method.name.startswith(("_", "#")) or method.name in _EARLY or method is question:
        return False
    seen: set[int] = set()
    waiting = [method]
    while waiting:
        one = waiting.pop()
        if one is question:
            return False
        if id(one) in seen:
            continue
        seen.add(id(one))
        called = {call.callee.name for call in calls_in(one.body) if is_this_member(call.callee)}
        waiting += [found for name in called if (found := cls.method(name)) is not None]
        if question.name in {member.name for member in find(one.body, Member)} | set(_decorations(one)):
            return False
    return True


def _decorations(method: Function) -> Iterator[str]:
    for decorator in method.decorators:
        yield from names_in(decorator)
