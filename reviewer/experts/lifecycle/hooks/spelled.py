"""A hook in words of a host's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from msgspec import Struct

if TYPE_CHECKING:
    from reviewer.code.syntax import Class

Kind: TypeAlias = Literal["start", "stop", "save", "restore"]


class Spelled(Struct, frozen=True):
    """A hook: what it does, and what it is a member of, an interface or a variable of this name."""

    kind: Kind
    owner: Class | str
