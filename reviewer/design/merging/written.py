"""What became of the files of a design, for people and for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reviewer.design.merging.planning import Fate

_TOLD: Final[dict[str, str]] = {
    "created": "written for the first time",
    "updated": "written anew, nobody had edited them",
    "merged": "your edits and the new text together",
    "removed": "taken away: the design asks for them no more, and nobody had edited them",
    "left": "left to you: the design asks for them no more, and you have edited them",
    "deleted": "left out: you deleted them",
    "yours": "left alone: there is a file of yours at this place",
    "unresolved": "left alone: the marks of an earlier collision are still in them",
    "collided": "an edit of yours and the new text are at the same place: look for <<<<<<< yours",
}
"""What each fate means, in the order in which it is told; what did not change is not told."""
_OPEN: Final = ("collided", "unresolved", "yours")


class Written(Struct, frozen=True, dict=True):
    """Every file with its fate."""

    fates: Mapping[str, Fate]

    def of(self, fate: Fate) -> tuple[str, ...]:
        """Return the files of one fate, by path."""
        return tuple(path for path, found in sorted(self.fates.items()) if found == fate)

    @property
    def open(self) -> tuple[str, ...]:
        """The files in which a person has something to decide."""
        return tuple(path for path, fate in sorted(self.fates.items()) if fate in _OPEN)

    @property
    def changed(self) -> bool:
        """Whether anything on the disk was changed."""
        return any(fate in ("created", "updated", "merged", "collided", "removed") for fate in self.fates.values())

    def told(self) -> str:
        """Return the whole as text: counts, and by name what a person should look at."""
        lines: list[str] = []
        for fate, words in _TOLD.items():
            paths = tuple(path for path, found in sorted(self.fates.items()) if found == fate)
            if not paths:
                continue
            lines.append(f"{len(paths)} {'file' if len(paths) == 1 else 'files'} {words}")
            if fate not in ("created", "updated"):
                lines += [f"  {path}" for path in paths]
        return "\n".join(lines or ["nothing has changed"])
