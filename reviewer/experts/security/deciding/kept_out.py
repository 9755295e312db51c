"""Lists of what is kept out, known by what happens to whoever stands on them, whatever they are called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.standing import Standing
from reviewer.code.syntax import Await, Binary, Call, Expr, If, Index, Literal, Member, Name, Throw, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find
from reviewer.experts.paths import last_name, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module

_AMONG: Final = frozenset({"has", "includes", "some", "any"})
"""Calls that ask whether something is among others."""
_NO: Final = word_set(
    "revoked revocation blocked banned denied denylist blocklist refused refuse forbidden recalled withdrawn pulled "
    "yanked quarantine quarantined malicious vulnerable compromised unsafe blacklisted barred suspended"
)
"""Words of an error that is told to whoever is kept out for good."""


def keeps_out(module: Module, name: str) -> bool:
    """Tell whether whatever stands on a list, of this name or brought by a function of it, is kept out of the host."""
    project = module.project

    def of_all() -> frozenset[str]:
        if project is None:
            return _kept_out(module)
        return frozenset().union(*_LISTS.of(project))

    return bool(name) and name in (
        project.once("security.kept out of all", of_all) if project is not None else of_all()
    )


def _kept_out(module: Module) -> frozenset[str]:
    return frozenset(name for branch in module.all(If) if _turns_away(branch) for name in _lists(module, branch.test))


_LISTS: Final = Standing("security.kept out", _kept_out, _NO)


def _turns_away(branch: If) -> bool:
    """Tell whether a branch leaves by an error that says that somebody is kept out."""
    for thrown in branch.body:
        if isinstance(thrown, Throw) and thrown.value is not None:
            said = {word for part in find(thrown.value, Literal) for word in words(str(part.value))}
            said |= {word for part in find(thrown.value, Name) for word in words(part.id)}
            return bool(said & _NO)
    return False


def _lists(module: Module, test: Expr) -> Iterator[str]:
    """Yield the names of what a test, that holds for those who are kept out, looks somebody up in."""
    test = strip(test)
    if isinstance(test, Binary) and test.op in ("and", "or"):
        yield from _lists(module, test.left)
        yield from _lists(module, test.right)
    elif isinstance(test, Binary) and test.op == "in":
        yield from _names(module, test.right)
    elif isinstance(test, Call) and test.name in _AMONG and test.receiver is not None:
        yield from _names(module, test.receiver)


def _names(module: Module, held: Expr) -> Iterator[str]:
    """Yield what a list is called, and what brings it: ``denied``, ``self._denied``, ``readDenied()``."""
    held = strip(held)
    while isinstance(held, Await | Index) or (
        isinstance(held, Call) and held.name == "get" and held.receiver is not None
    ):
        inner = held.value if isinstance(held, Await) else held.object if isinstance(held, Index) else held.receiver
        held = strip(inner) if inner is not None else held
    if isinstance(held, Name | Member | Call):
        yield last_name(held)
    made = module.scopes.origin(held) if isinstance(held, Name) else None
    while isinstance(made, Await):
        made = strip(made.value)
    if isinstance(made, Call):
        yield made.name
