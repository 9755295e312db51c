"""What lies beside a subject in its root."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field

from reviewer.code.kept_modules import KEPT_BYTES
from reviewer.core.review import Skipped

if TYPE_CHECKING:
    from reviewer.engine.results import Before
    from reviewer.experts.earlier import Earlier


class Around(Struct, frozen=True):
    """What lies beside a subject in its root and has to be told with it."""

    skipped: tuple[Skipped, ...] = ()
    """Files of the root that can't be read and belong to this subject, paths relative to it."""
    first: bool = True
    """True for the subject that answers for the root as a whole."""
    silenced: tuple[tuple[str, str], ...] = ()
    """Rules whose checks had to be stopped, with the reason."""
    closing: bool = True
    """True for the last subject that a configuration governs."""
    used: set[tuple[str, int, str]] = field(default_factory=set)
    """Entries of the configuration that silenced something; its subjects share it."""
    earlier: Earlier | None = None
    """What the subject was, where somebody wants it compared."""
    keeps: int = KEPT_BYTES
    """Bytes of source text whose modules are kept at once."""
    before: Before | None = None
    """What is known from an earlier review of the same bytes."""
    own: tuple[str, ...] = ()
    """Folders of a person's own skills whose Python may run: none of them lies inside what is reviewed."""
