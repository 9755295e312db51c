"""SEC004: an answer may be yes, no or a third thing, and a guard stops only the no."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import callee, declared_type
from reviewer.code.syntax import (
    Assign,
    Await,
    Binary,
    Call,
    Class,
    Expr,
    If,
    Imported,
    Literal,
    Member,
    Name,
    Return,
    strip,
    uncast,
)
from reviewer.code.text_types import texts_of_type
from reviewer.code.walk import find, function_of
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import word_set
from reviewer.experts.security.deciding.decisions import is_decision
from reviewer.experts.security.deciding.refusals import refuses
from reviewer.experts.security.vocabulary import REFUSING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_YES: Final = word_set("allow allowed grant granted permit permitted pass passed approve approved accept accepted go")
_NO: Final = REFUSING | {"stop", "stopped", "halt", "fail", "failed", "denial"}
_WRAPPED: Final = regex(r"(?:Promise|Awaitable|Readonly)[<\[](.{1,200})[>\]]", re.DOTALL)
_LONGEST: Final = 2_000
_SEVERAL: Final = 3


@module_check(
    "SEC004", words={"kind", "type", "status", "verdict", "decision", "outcome", "effect", "result", "finding"}
)
def third_answer_passes(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each branch that leaves for one answer out of several that a declared type has."""
    if module.is_test:
        return
    for at, test in _stops(module):
        said = uncast(test.right)
        asked = uncast(test.left)
        if not isinstance(said, Literal) or not isinstance(said.value, str) or said.value.lower() not in _NO:
            continue
        answers = _answers(module, asked)
        others = sorted(one for one in answers - {said.value} if one.lower() not in _YES)
        if len(answers) < _SEVERAL or not others or not any(one.lower() in _YES for one in answers):
            continue
        function = function_of(at)
        spoken = {one.value for one in find(function.body, Literal)} if function is not None else set()
        unsaid = [one for one in others if one not in spoken]
        if unsaid and not answers & _YES & {one for one in spoken if isinstance(one, str)}:
            yield Match(
                at,
                f"'{short(module.text_of(asked))}' may also be '{unsaid[0]}', which is no yes: only '{said.value}' "
                "stops the call here.",
            )


def _stops(module: Module) -> Iterator[tuple[Expr, Binary]]:
    """Yield what lets everything pass but one answer: a branch that leaves for it, a question that says yes else."""
    for node in module.all(If):
        test = uncast(node.test)
        if not node.orelse and isinstance(test, Binary) and test.op == "==" and refuses(node.body):
            yield node.test, test
    for answer in module.all(Return):
        value = uncast(answer.value) if answer.value is not None else None
        function = function_of(answer)
        if isinstance(value, Binary) and value.op == "!=" and function is not None and is_decision(function):
            yield value, value


def _answers(module: Module, asked: Expr) -> frozenset[str]:
    """Return the texts that an answer, or the member of one that tells which it is, may be by its declared type."""
    member = asked.name if isinstance(asked, Member) else ""
    holder = asked.object if isinstance(asked, Member) else asked
    declared = declared_type(module, holder)
    origin: object = module.scopes.origin(holder) if isinstance(holder, Name) else holder
    made = strip(origin.value) if isinstance(origin, Await) else origin
    where = module
    if isinstance(made, Call) and (target := callee(module, made)) is not None and target.returns:
        declared, where = target.returns, target.module
    if not declared:
        return frozenset()
    return _of_members(where, declared, member) if member else texts_of_type(where, declared)


def _of_members(module: Module, declared: str, member: str) -> frozenset[str]:
    """Return the texts of a member in a union of object types: ``{ kind: "pass" } | { kind: "stop" }``."""
    text = declared.strip()
    wrapped = _WRAPPED.fullmatch(text)
    text = wrapped[1].strip() if wrapped is not None else text
    if text.isidentifier():
        text = _spelled(module, text)
    found = re.findall(rf"\b{re.escape(member)}\s*:\s*[\"'](\w{{1,40}})[\"']", text[:_LONGEST])
    return frozenset(found)


def _spelled(module: Module, name: str) -> str:
    """Return how a type of the subject is spelled."""
    for binding in module.scopes.table(None).get(name, ()):
        node: object = binding
        if isinstance(binding, Imported) and module.project is not None:
            node = module.project.definition(module, binding)
        if isinstance(node, Class):
            return node.module.text_of(node)
        if isinstance(node, Assign) and node.value is not None:
            return module.text_of(node.value)
    return ""
