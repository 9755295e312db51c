"""Whether what somebody claims frees from a proof: ``if (!claimed && !verified(bytes)) throw``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Assign, Await, Binary, Call, Cast, Expr, Function, If, Name, Unary
from reviewer.code.walk import find
from reviewer.experts.security.deciding.asked_to_refuse import answer_uses
from reviewer.experts.security.deciding.refusals import refuses
from reviewer.experts.security.trust.two_sides import is_proof

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Node


def frees_from_proof(module: Module, claim: Expr) -> bool:
    """Tell whether those who do not claim something are refused without a proof, and who claims it is not asked."""
    inner: Node = claim
    around = claim.parent
    said = True
    if isinstance(around, Binary) and around.op in ("==", "!="):
        said = around.op == "=="
        inner, around = around, around.parent
    if isinstance(around, Assign) and isinstance(around.target, Name) and inner is around.value:
        return any(_frees(module, use, said=said) for use in answer_uses(around))
    return _frees(module, inner, said=said)


def _frees(module: Module, claim: Node, *, said: bool) -> bool:
    """Tell whether a condition that refuses holds only without the claim, and without the proof beside it."""
    inner, around = claim, claim.parent
    while isinstance(around, Unary | Await | Cast):
        if isinstance(around, Unary) and around.op != "not":
            return False
        said = said ^ isinstance(around, Unary)
        inner, around = around, around.parent
    if said or not isinstance(around, Binary) or around.op != "and":
        return False
    unproven = False
    while isinstance(around, Binary) and around.op == "and":
        unproven = unproven or _is_unproven(module, around.right if around.left is inner else around.left)
        inner, around = around, around.parent
    return unproven and isinstance(around, If) and around.test is inner and refuses(around.body)


def _is_unproven(module: Module, beside: Expr) -> bool:
    """Tell whether a condition holds where a verification failed: ``!(await signed(folder))``."""
    return any(
        is_proof(module, call) or _proves(module, call)
        for negated in find(beside, Unary)
        if negated.op == "not"
        for call in find(negated.operand, Call)
    )


def _proves(module: Module, call: Call) -> bool:
    """Tell whether a function of the subject answers with a verification."""
    target = definition(module, call.callee)
    return isinstance(target, Function) and any(is_proof(target.module, one) for one in find(target.body, Call))
