"""Questions of somebody else's that are known because the file asks them elsewhere, and does as they are answered."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import use_of
from reviewer.code.reach.links import callee, declared_type
from reviewer.code.syntax import Assign, Call, ExprStatement, Index, Literal, Member, Name, Unary, strip
from reviewer.code.text.words import words
from reviewer.code.walk import walk
from reviewer.experts.security.deciding.answers_later import throws_on_no
from reviewer.experts.security.deciding.asked_to_refuse import PLAIN, leads_to_refusal
from reviewer.experts.security.deciding.decisions import gives_boolean, is_question

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Function

PREDICATES: Final = frozenset({"is", "are", "can", "may", "has"})
"""First words of a question of two words or more that anybody reads as yes or no."""
_WHO_AND_WHAT: Final = 2
"""Arguments of a question about somebody and a right."""


def asked_elsewhere(module: Module, call: Call) -> bool:
    """Tell whether a question of somebody else's is dropped here and decides elsewhere: ``if (!isLinked(a, b))``.

    What is no question by its name is one where the file refuses somebody after its no: ``if (!this.ask(who, "dig"))``.
    """
    name = words(call.name)
    target = callee(module, call) if name and call.args else None
    if target is not None:
        tested = module.once("security.tested", lambda: _tested_at_all(module))
        return module.text_of(call.callee) in tested and _is_pure_question(target)
    if not name or not call.args:
        return False
    if len(name) > 1 and name[0] in PREDICATES:
        tested = module.once("security.tested_questions", lambda: _tested(module))
        return module.text_of(call.callee) in tested
    if len(call.args) < _WHO_AND_WHAT or call.name in PLAIN or not _is_right(call.args[-1]):
        return False
    refused = module.once("security.refusing_questions", lambda: _refused_after(module))
    return module.text_of(call.callee) in refused


def _is_pure_question(function: Function) -> bool:
    """Tell whether a function of two things or more answers yes or no and does nothing, so that nobody asks in vain."""
    if len(function.params) < _WHO_AND_WHAT or function.generator or not gives_boolean(function.module, function):
        return False
    for part in walk(function.body, into_functions=False):
        if isinstance(part, Assign) and isinstance(part.target, Member | Index):
            return False
        if isinstance(part, ExprStatement) and not isinstance(strip(part.value), Literal | Assign):
            return False
        if isinstance(part, Call) and part.name not in PLAIN and not is_question(part):
            return False  # who knows what it does besides
    return True


def _tested_at_all(module: Module) -> frozenset[str]:
    """Return how the functions are spelled whose answers decide something in the file."""
    asked = (call for call in module.all(Call) if call.args)
    return frozenset(module.text_of(call.callee) for call in asked if use_of(call).how == "tested")


def _tested(module: Module) -> frozenset[str]:
    """Return how the questions are spelled whose answers decide something in the file."""
    asked = (call for call in module.all(Call) if words(call.name)[:1] and words(call.name)[0] in PREDICATES)
    return frozenset(module.text_of(call.callee) for call in asked if use_of(call).how == "tested")


def _refused_after(module: Module) -> frozenset[str]:
    """Return how the functions are spelled that the file asks about somebody and a right, and refuses after a no."""
    return frozenset(
        module.text_of(call.callee)
        for call in module.all(Call)
        if len(call.args) >= _WHO_AND_WHAT
        and _is_right(call.args[-1])
        and isinstance(use_of(call).by, Unary)
        and (leads_to_refusal(module, call) or (throws_on_no(call) and _is_declared_question(module, call)))
    )


def _is_right(arg: Expr) -> bool:
    """Tell whether an argument spells out what is asked for: ``"douse"``, ``Deed.DOUSE``."""
    said = strip(arg)
    return (isinstance(said, Literal) and isinstance(said.value, str)) or (
        isinstance(said, Member) and isinstance(said.object, Name) and said.object.id[:1].isupper()
    )


def _is_declared_question(module: Module, call: Call) -> bool:
    """Tell whether what is called is declared as a function that answers yes or no."""
    declared = declared_type(module, call.callee)
    source = module.source.decode("utf-8", "replace") if declared.isidentifier() else ""
    named = re.search(rf"\b{declared}\b\s*(?::\s*TypeAlias\s*)?=\s*([^;\n]{{1,160}})", source) if source else None
    shape = (named[1] if named else declared).replace(" ", "").strip(";")
    return shape.endswith(("=>boolean", "=>Promise<boolean>", ",bool]", ",Awaitable[bool]]"))
