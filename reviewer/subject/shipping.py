"""Which files of a subject end up in the package that people install.

An ecosystem's ``profile.toml`` says it::

    [ships]
    only = ["main.js", "manifest.json"]     # the host installs these and nothing else
    ignore-file = ".vscodeignore"           # globs from the root, one a line; "!" takes back, wherever it stands
    list = "files"                          # member of the manifest that lists what ships, where it is there

Of an archive everything ships, and so it does where the profile says nothing.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, field

from reviewer.core.errors import UnreadableError
from reviewer.core.regex import regex
from reviewer.subject.globs import PathGlobs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reviewer.subject.ecosystem import EcosystemProfile
    from reviewer.subject.model import Subject

_MOST_LINES: Final = 500
_MOST_VARIANTS: Final = 64
_BRACES: Final = regex(r"\{([^{}]*,[^{}]*)\}")


class Shipping(Struct, frozen=True):
    """What ships of a subject; without any condition everything does."""

    only: PathGlobs = field(default_factory=lambda: PathGlobs(()))
    only_by: str = ""
    ignored: tuple[tuple[PathGlobs, str], ...] = ()
    taken_back: PathGlobs = field(default_factory=lambda: PathGlobs(()))

    def ships(self, path: str) -> bool:
        """Tell whether a file of the subject is in what people install."""
        return not self.why(path)

    def why(self, path: str) -> str:
        """Say what leaves a file out, or return an empty string where it ships."""
        if self.only and self.only.match(path) is None:
            return self.only_by
        found = next((why for globs, why in self.ignored if globs.match(path) is not None), "")
        return found if found and self.taken_back.match(path) is None else ""


def shipping_of(profile: EcosystemProfile, subject: Subject) -> Shipping:
    """Return what ships of a subject of an ecosystem."""
    table: dict[str, Any] = profile.extra.get("ships", {})
    if not table or subject.root.archive:
        return Shipping()
    if "only" in table:
        return Shipping(PathGlobs(map(_from_root, table["only"])), "the host installs it not")
    name = table.get("ignore-file", "")
    if name in subject.files:
        return _ignoring(name, _lines(subject, name))
    listed = subject.manifest.get(table["list"]) if "list" in table and subject.manifest is not None else None
    texts = [item.text for item in listed.items() if item.text] if listed is not None else []
    if texts:
        always = (subject.manifest_path, "package.json", "README*", "LICENSE*", "LICENCE*", "CHANGELOG*")
        globs = [variant for text in texts for variant in _variants(_from_root(text))]
        return Shipping(PathGlobs([*globs, *map(_from_root, always)]), f"'{table['list']}' doesn't list it")
    return Shipping()


def _lines(subject: Subject, name: str) -> list[str]:
    try:
        text = subject.read(name).decode("utf-8", "replace")
    except UnreadableError:
        return []
    lines = (line.strip() for line in text.splitlines()[:_MOST_LINES])
    return [line for line in lines if line and not line.startswith("#")]


def _ignoring(name: str, lines: Iterable[str]) -> Shipping:
    lines = list(lines)
    kept = [variant for line in lines if line.startswith("!") for variant in _variants(_from_root(line[1:].strip()))]
    ignored = tuple(
        (PathGlobs(_variants(_from_root(line))), f"'{line}' in '{name}' leaves it out")
        for line in lines
        if not line.startswith("!")
    )
    return Shipping(ignored=ignored, taken_back=PathGlobs(kept))


def _from_root(glob: str) -> str:
    """Return a glob that fits from the root, as these lists mean it, even where it has no slash."""
    return "/" + glob.removeprefix("./").lstrip("/")


def _variants(glob: str) -> list[str]:
    """Return the globs that one with braces stands for: ``*.{ts,map}`` is ``*.ts`` and ``*.map``."""
    parts = _BRACES.split(glob)
    choices = [part.split(",") if number % 2 else [part] for number, part in enumerate(parts)]
    found: list[str] = []
    for pieces in product(*choices):
        if len(found) >= _MOST_VARIANTS:
            break
        found.append("".join(pieces))
    return found
