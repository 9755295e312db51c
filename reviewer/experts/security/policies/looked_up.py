"""What decisions look up in: fields of which a refusal depends, whatever they are called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Binary, Call, Expr, If, Index, Member, strip
from reviewer.code.text.ideas import RIGHTS
from reviewer.code.text.words import words
from reviewer.code.walk import find
from reviewer.experts.security.deciding.decisions import is_decision, is_guard_function
from reviewer.experts.security.deciding.refusals import refuses
from reviewer.experts.security.vocabulary import PERMISSION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Class, Function, Node

_STEPS: Final = 6
_SEEKS: Final = frozenset({"has", "includes", "get", "some"})


def asked_there(cls: Class, target: Node) -> bool:
    """Tell whether a method of the same class that decides, or refuses, looks up in what a field keeps."""
    kept = strip(target.object) if isinstance(target, Index) else target
    if not isinstance(kept, Member) or not is_this_member(kept):
        return False
    for method in cls.methods:
        where: list[Node] = [method] if is_decision(method) or is_guard_function(method) else [*_refusing(method)]
        if any(one.name == kept.name and is_this_member(one) and _is_sought(one) for one in _members(where)):
            return True
    return False


def refuses_by(module: Module, name: str) -> bool:
    """Tell whether a file refuses somebody who isn't in the member of a record: ``right not in slot.rights``."""
    said = words(name)
    if not set(said) & (RIGHTS | PERMISSION):
        return False

    def work() -> frozenset[tuple[str, ...]]:
        tests = [part for function in module.functions for part in _refusing(function)]
        return frozenset(words(one.name) for one in _members(tests) if not is_this_member(one) and _is_sought(one))

    return said in module.once("security.members that refuse", work)


def _refusing(function: Function) -> Iterator[Expr]:
    """Yield the conditions of a function after which somebody is refused."""
    for test in find(function.body, If, into_functions=False):
        if refuses(test.body):
            yield test.test


def _members(where: list[Node] | list[Expr]) -> Iterator[Member]:
    for node in where:
        yield from find(node, Member)


def _is_sought(kept: Member) -> bool:
    """Tell whether something is sought in what a member keeps, or in what is looked up in it."""
    inner: Node = kept
    around: Node | None = kept.parent
    for _ in range(_STEPS):
        if isinstance(around, Binary):
            return around.op in ("in", "not in") and inner is around.right
        if isinstance(around, Member) and around.name in _SEEKS and isinstance(around.parent, Call):
            if around.name != "get":
                return True
        elif not isinstance(around, Member | Index | Call):
            return False
        inner, around = around, around.parent
    return False
