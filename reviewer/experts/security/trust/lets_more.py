"""Whether a branch lets somebody do what the other one holds back: by consent, limits, or a process of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits, siblings
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Conditional,
    Expr,
    If,
    Literal,
    Member,
    Name,
    Unary,
    strip,
)
from reviewer.code.text.ideas import RIGHTS
from reviewer.code.text.words import words
from reviewer.code.walk import walk
from reviewer.experts.paths import word_set
from reviewer.experts.security.asked import asked
from reviewer.experts.security.asked_to_refuse import answer_uses

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node

_HOLDS_BACK: Final = word_set(
    "consent consents consented ask asks approve approval approved confirm prompt limited limit restricted restrict "
    "sandbox sandboxed isolate isolated worker fork vm quarantine"
)
"""Words of what holds a guest back."""
LAUNCHES: Final = frozenset({"Worker", "fork", "spawn", "Popen", "create_subprocess_exec", "Process"})
"""Calls that give a guest a process or a thread of its own."""
LETS: Final = word_set("everything unrestricted unlimited all full") | _HOLDS_BACK
_OTHER: Final = RIGHTS | word_set(
    "id name key type kind format runtime language version api main module entry entrypoint category engine engines "
    "host platform enabled disabled optional title size length status state deprecated retired archived legacy active "
    "ready broken experimental hidden beta draft mode"
)
"""Last words of fields by which guests differ, and none is trusted more."""


def lets_more(module: Module, claim: Expr, field: str) -> bool:
    """Tell whether a field that is true, or says one text, frees from what holds the others back."""
    said = words(field)
    if not said or said[-1] in _OTHER:
        return False
    inner: Node = claim
    around = claim.parent
    if isinstance(around, Binary) and around.op in ("==", "!="):
        other = strip(around.right if around.left is inner else around.left)
        if not isinstance(other, Literal) or not isinstance(other.value, str) or not other.value:
            return False
        inner, around = around, around.parent
    while isinstance(around, Unary | Binary) and around.op in ("not", "and", "or"):
        inner, around = around, around.parent
    if isinstance(around, Assign) and isinstance(around.target, Name) and inner is around.value:
        return any(_splits(module, use) for use in answer_uses(around))
    return _splits(module, inner)


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
    if not rest and exits(around.body):
        beside = siblings(around)
        rest = beside[beside.index(around) + 1 :] if around in beside else []
    return _differ(module, around.body, rest)


def _differ(module: Module, one: Sequence[Node], other: Sequence[Node]) -> bool:
    """Tell whether one of two ways holds back and the other gives everything, or what was asked for."""
    if not one or not other:
        return False
    held = [any(_holds_back(part) for part in walk(side)) for side in (one, other)]
    if held[0] is held[1]:
        return False
    free, back = (other, one) if held[0] else (one, other)
    if any(_gives_all(module, part) for part in walk(free)):
        return True
    return any(isinstance(part, Call) and part.name in LAUNCHES for part in walk(back))


def _holds_back(part: Node) -> bool:
    if isinstance(part, Call) and part.name in LAUNCHES:
        return True
    named = part.name if isinstance(part, Call | Member) else part.id if isinstance(part, Name) else ""
    return bool(named) and bool(set(words(named)) & _HOLDS_BACK)


def _gives_all(module: Module, part: Node) -> bool:
    """Tell whether something gives everything: by its name, what a guest asked for, or its code in the host itself."""
    if isinstance(part, Call):
        if part.name in ("require", "import", "import_module"):
            return True
        return bool(set(words(part.name)) & {"everything", "unrestricted", "unlimited", "all", "full"})
    return isinstance(part, Member) and asked(module, part) is not None
