"""Facts of one module that several rules of this expert share, worked out once per review."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_T = TypeVar("_T")


def once(inquiry: Inquiry, what: str, module: Module, work: Callable[[], Iterable[_T]]) -> tuple[_T, ...]:
    """Return what ``work`` yields for a module, from memory where it has been asked for before."""
    key = f"lifecycle.{what}:{module.path}"
    known = inquiry.memory.get(key)
    if not isinstance(known, tuple):
        known = inquiry.memory[key] = tuple(work())
    return known
