"""Which files of a subject hold which names: told from their text, so that no file is parsed for it."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from reviewer.code.text.words import all_words, identifiers

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence


class Holders:
    """The identifiers of a subject, and the lower-case words of which they are made, each with the files that have it.

    Kept by name and not by file: most names are those of many files.
    """

    def __init__(self, paths: Sequence[str], read: Callable[[str], bytes]) -> None:
        """Read every file once; ``read`` raises `LookupError` for one that can't be used."""
        self._places = {path: number for number, path in enumerate(paths)}
        self._files = _listed(paths, read)

    def of(self, names: Collection[str]) -> Callable[[str], bool]:
        """Return what tells of a path whether its file holds one of some names."""
        places: set[int] = set()
        for name in names:
            places.update(array("I", self._files.get(name.removeprefix("#"), b"")))  # a private name is listed without
        return lambda path: self._places.get(path, -1) in places


def _listed(paths: Sequence[str], read: Callable[[str], bytes]) -> Mapping[str, bytes]:
    """Return the numbers of the files of each name, as bytes: nothing that is looked through when memory is freed."""
    found: dict[str, array[int]] = {}
    for number, path in enumerate(paths):
        try:
            names = identifiers(read(path))
        except LookupError:
            continue
        for name in names | all_words(names):
            if name in found:
                found[name].append(number)
            else:
                found[name] = array("I", (number,))
    return {name: places.tobytes() for name, places in found.items()}
