"""Values that a program shows to a server as its proof: what stands behind ``Bearer`` in a header."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Literal, Member, Name, Template

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module

_SCHEMES: Final = ("bearer", "basic", "apikey")


def is_bearer(module: Module, expr: Name | Member) -> bool:
    """Tell whether the very thing that an expression names is sent as a proof elsewhere in the file."""
    return module.text_of(expr) in module.once("security.bearers", lambda: frozenset(_shown(module)))


def _shown(module: Module) -> Iterator[str]:
    """Yield the spelling of each name or member that stands behind a scheme of authorisation in a text."""
    for made in module.all(Template):
        for before, after in zip(made.items, made.items[1:], strict=False):
            if isinstance(before, Literal) and _is_scheme(before.value):
                yield from _spelled(module, after)


def _is_scheme(text: object) -> bool:
    return isinstance(text, str) and text.endswith(" ") and text.strip().lower() in _SCHEMES


def _spelled(module: Module, expr: object) -> Iterator[str]:
    if isinstance(expr, Name | Member):
        yield module.text_of(expr)
