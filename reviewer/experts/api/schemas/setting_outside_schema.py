"""API160: the plugin reads a setting that its manifest does not offer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.core.nearest import nearest
from reviewer.core.scale import Confidence
from reviewer.experts.api.settings import offered, reads
from reviewer.experts.check import Match, subject_check

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reviewer.experts.check import Inquiry


@subject_check("API160")
def setting_outside_schema(inquiry: Inquiry) -> Iterator[Match]:
    """Hold the settings that code reads against those that the manifest offers."""
    offer = offered(inquiry)
    if offer is None or offer.patterns:
        return
    groups = {name.rpartition(".")[0] for name in offer.known} - {""}
    told: set[str] = set()
    found = reads(inquiry)
    left = "" if found.whole else _left(offer.known, {one.key for one in found.named})
    for read in found.named:
        if read.key in offer.known or read.key in told or _part_of(read.key, offer.known):
            continue
        meant = _meant(read.key, set(offer.known)) or left
        grouped = read.key.rpartition(".")[0] in groups
        if meant or offer.closed or grouped:
            told.add(read.key)
            hint = f"; there is '{meant}'" if meant else ""
            yield Match(
                read.at,
                f"The setting '{read.key}' is read, and the manifest offers none of this name{hint}: what the user "
                "sets is never used.",
                confidence=None if meant or offer.closed or len(groups) == 1 else Confidence.POSSIBLE,
            )


def _left(known: Iterable[str], read: set[str]) -> str:
    """Return the one setting that nobody reads, where one other is read that is not offered; else an empty string."""
    unread = [name for name in known if name not in read and not _part_of(name, read)]
    strange = [key for key in read if key not in known and not _part_of(key, known)]
    return unread[0] if len(unread) == len(strange) == 1 else ""


def _part_of(key: str, known: Iterable[str]) -> bool:
    """Tell whether a key names a group of settings, or a part of one that holds an object."""
    return any(name.startswith(f"{key}.") or key.startswith(f"{name}.") for name in known)


def _meant(key: str, known: set[str]) -> str:
    """Return the setting that a key is another spelling of, or an empty string."""
    flat = {_flat(name): name for name in sorted(known)}
    return flat.get(_flat(key), "") or nearest(key, known) or ""


def _flat(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())
