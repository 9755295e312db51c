"""One thing that a subject offers, as far as somebody who uses it depends on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field

if TYPE_CHECKING:
    from reviewer.core.location import Location


class Parameter(Struct, frozen=True):
    """A parameter as a caller sees it; ``passed`` is ``any``, ``keyword`` or ``position``."""

    name: str
    type: str
    required: bool
    rest: bool = False
    passed: str = "position"
    default: str = ""
    """The text of a default that is a plain constant."""


class Signature(Struct, frozen=True):
    """How something is called, and what it gives back."""

    parameters: tuple[Parameter, ...]
    returns: str
    asynchronous: bool


class Note(Struct, frozen=True):
    """What the documentation of a member says about its future; empty texts where it says nothing."""

    deprecated: bool = False
    since: str = ""
    removal: str = ""
    """The version that it is to be removed in."""
    internal: bool = False
    """True for what says of itself that it is not, or not yet, for others."""


class Offered(Struct, frozen=True):
    """An exported member, or a member of one.

    ``name`` is dotted (``Host.on``); ``kind`` is ``function``, ``method``, ``property``,
    ``class``, ``interface``, ``type``, ``enum``, ``option`` (one value of an enum or of a list
    of names), ``value``, or ``name`` where nothing more is known of it.
    """

    name: str
    kind: str
    place: Location
    signature: Signature | None = None
    overloaded: bool = False
    """True where it has several signatures, which are not compared."""
    type: str = ""
    optional: bool = False
    readonly: bool = False
    default: str = ""
    """The text of the constant that it begins with."""
    implemented: bool = False
    """True for what the users of an interface write, not call."""
    unknown_bases: bool = False
    """True for a class that inherits from outside the subject, so that not all of its members are known."""
    note: Note = field(default_factory=Note)

    owner: str = ""
    """The name of what it is a member of, or empty."""

    @property
    def short(self) -> str:
        """Its name without its owner."""
        return self.name[len(self.owner) + 1 :] if self.owner else self.name
