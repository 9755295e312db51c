"""The record of one thing that is acquired and never given back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from reviewer.code.syntax import Call
    from reviewer.experts.lifecycle.holding.acquired import Kind
    from reviewer.experts.lifecycle.holding.fate import Fate
    from reviewer.experts.lifecycle.holding.owners import Owner


class Acquisition(Struct, frozen=True):
    """One thing acquired by an owner and never given back.

    ``fate`` says where it is left; ``what`` names it; ``sure`` is False where the host may give
    it back by itself.
    """

    kind: Kind
    call: Call
    what: str
    owner: Owner
    fate: Fate
    sure: bool
