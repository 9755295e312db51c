"""Whether a branch lets somebody do what the other one holds back: by consent, limits, or a process of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits, siblings
from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    Conditional,
    Expr,
    If,
    Index,
    Literal,
    Member,
    Name,
    Switch,
    Unary,
    strip,
)
from reviewer.code.text.ideas import RIGHTS
from reviewer.code.text.words import words
from reviewer.code.walk import find, walk
from reviewer.experts.paths import word_set
from reviewer.experts.security.asked import asked
from reviewer.experts.security.deciding.asked_to_refuse import answer_uses
from reviewer.experts.security.trust.two_sides import (
    keyed_by_claim,
    launches,
    one_is_narrower,
    runs_inside,
    verified_before,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node

_HOLDS_BACK: Final = word_set(
    "consent consents consented ask asks approve approval approved confirm prompt limited limit restricted restrict "
    "sandbox sandboxed isolate isolated worker fork vm quarantine"
)
"""Words of what holds a guest back."""
LETS: Final = word_set("everything unrestricted unlimited all full") | _HOLDS_BACK
_OTHER: Final = RIGHTS | word_set(
    "id name key type kind format runtime language version api main module entry entrypoint category engine engines "
    "host platform enabled disabled optional title size length status state deprecated retired archived legacy active "
    "ready broken experimental hidden beta draft mode scheme protocol transport priority weight order interval timeout "
    "called loaded initialised initialized started stopped running registered attached mounted activated"
)
"""Last words of fields by which guests differ, and none is trusted more."""
_HOW_MUCH: Final = frozenset({"<", ">", "<=", ">="})


def lets_more(module: Module, claim: Expr, field: str) -> bool:
    """Tell whether a field that is true, or says one text, frees from what holds the others back."""
    if tells_apart(field):
        return False
    inner: Node = claim
    around = claim.parent
    if picks_entry(module, claim):
        return True
    if isinstance(around, Switch):
        return inner is around.subject and _one_case_lets(module, around)
    if isinstance(around, Binary) and around.op in ("==", "!=", "in", "not in"):
        if not says_one_of(module, around.right if around.left is inner else around.left):
            return False
        inner, around = around, around.parent
    while isinstance(around, Unary | Binary) and around.op in ("not", "and", "or"):
        inner, around = around, around.parent
    if _is_number(module, claim, inner):
        return False
    if isinstance(around, Assign) and isinstance(around.target, Name) and inner is around.value:
        return any(_splits(module, use) for use in answer_uses(around))
    return _splits(module, inner)


def _is_number(module: Module, claim: Expr, test: Node) -> bool:
    """Tell whether a condition also asks how much a field is: ``!job.concurrency || running < job.concurrency``."""
    text = module.text_of(claim)
    return any(
        one.op in _HOW_MUCH and text in (module.text_of(one.left), module.text_of(one.right))
        for one in find(test, Binary)
    )


def tells_apart(field: str) -> bool:
    """Tell whether a field is one by which guests differ, and none is trusted more."""
    said = words(field)
    return not said or said[-1] in _OTHER


def picks_entry(module: Module, claim: Expr) -> bool:
    """Tell whether a claim is the key under which a table says how far a guest is held back."""
    around = claim.parent
    if isinstance(around, Index) and around.key is claim:
        return keyed_by_claim(module, around.object)
    if isinstance(around, Call) and around.name == "get" and around.receiver is not None and claim in around.args[:1]:
        return keyed_by_claim(module, around.receiver)
    if isinstance(around, Assign) and isinstance(around.target, Name) and claim is around.value:
        return any(picks_entry(module, use) for use in answer_uses(around) if isinstance(use, Expr))
    return False


def says_one_of(module: Module, other: Expr) -> bool:
    """Tell whether a claim is held against texts that stand in the code: one, or several in a list or a set."""
    made = module.scopes.origin(other)
    made = strip(made.args[0]) if isinstance(made, Call) and made.args else made
    texts = made.items if isinstance(made, Array) else [made]
    return bool(texts) and all(isinstance(one, Literal) and isinstance(one.value, str) and one.value for one in texts)


def _one_case_lets(module: Module, choice: Switch) -> bool:
    """Tell whether one of the cases holds a guest back and another one doesn't."""
    sides = [case.body for case in choice.cases if case.body]
    return any(_differ(module, one, other) for place, one in enumerate(sides) for other in sides[place + 1 :])


def _splits(module: Module, inner: Node) -> bool:
    """Tell whether one of the two ways that a condition leads to holds somebody back, and the other doesn't."""
    around = inner.parent
    while isinstance(around, Unary) and around.op == "not":
        inner, around = around, around.parent
    if isinstance(around, Conditional) and inner is around.test:
        return _differ(module, [around.then], [around.other])
    if not isinstance(around, If) or inner is not around.test:
        return False
    rest: Sequence[Node] = around.orelse
    if not rest:
        beside = siblings(around)
        rest = beside[beside.index(around) + 1 :] if around in beside else []
        if not exits(around.body):
            return verified_before(module, around.body, rest)
    return _differ(module, around.body, rest)


def _differ(module: Module, one: Sequence[Node], other: Sequence[Node]) -> bool:
    """Tell whether one of two ways holds back and the other gives everything, or what was asked for."""
    if not one or not other:
        return False
    if one_is_narrower(module, one, other):
        return True
    held = [any(_holds_back(module, part) for part in walk(side)) for side in (one, other)]
    if held[0] is held[1]:
        return False
    free, back = (other, one) if held[0] else (one, other)
    if any(_gives_all(module, part) for part in walk(free)):
        return True
    return any(launches(module, part) for part in walk(back))


def _holds_back(module: Module, part: Node) -> bool:
    if launches(module, part):
        return True
    named = part.name if isinstance(part, Call | Member) else part.id if isinstance(part, Name) else ""
    return bool(named) and bool(set(words(named)) & _HOLDS_BACK)


def _gives_all(module: Module, part: Node) -> bool:
    """Tell whether something gives everything: by its name, what a guest asked for, or its code in the host itself."""
    if isinstance(part, Call):
        if runs_inside(module, part):
            return True
        return bool(set(words(part.name)) & {"everything", "unrestricted", "unlimited", "all", "full"})
    return isinstance(part, Member) and asked(module, part) is not None
