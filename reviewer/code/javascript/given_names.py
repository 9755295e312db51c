"""Names that functions and classes without one have from where they are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.syntax import Class, Function

if TYPE_CHECKING:
    from reviewer.code.syntax import Expr


def give_name(value: Expr, name: str) -> None:
    """Let an anonymous function or class have the name that it is kept under."""
    if isinstance(value, Function | Class) and not value.name:
        value.name = name
