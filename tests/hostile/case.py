"""A named piece of hostile input, and what must hold when the program meets it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

PASSED, FINDINGS, NOTHING, INCOMPLETE = 0, 1, 3, 4

MANIFEST: Final = (
    '{"id": "com.quayside.gauge", "name": "Gauge", "version": "1.0.0", "description": "Shows a tide.", '
    '"main": "a.js", "minHostVersion": "1.0.0", "maxHostVersion": "1.99.0"}'
)
SOURCE: Final = "exports.activate = async (context) => {};\nexports.deactivate = async () => {};\n"
BAIT: Final = "exports.activate = async (context) => { eval(context.config.get('code')); };\nexports.deactivate = async () => {};\n"
"""A plugin whose one grave flaw must be found whatever stands around it."""
BAIT_RULE: Final = "SEC048"

Builder = Callable[[Path], Path]


@dataclass(frozen=True)
class Case:
    """One case; ``build`` makes the subject below an empty folder and returns the path to review."""

    name: str
    build: Builder
    code: int
    """The exit code that a review of this path alone means."""
    finds: frozenset[str] = frozenset()
    """Rules that must speak."""
    says: str = ""
    """Words that the coverage, an error or a finding must have."""

    @property
    def folder(self) -> str:
        """A name for its folder."""
        return "".join(character if character.isalnum() else "-" for character in self.name)[:80]


CASES: Final[dict[str, list[Case]]] = {}
"""Every case by its group, filled by the modules of `cases`."""


def case(group: str, name: str, code: int, *finds: str, says: str = "") -> Callable[[Builder], Builder]:
    """Enter a builder as a case."""

    def enter(build: Builder) -> Builder:
        CASES.setdefault(group, []).append(Case(name, build, code, frozenset(finds), says))
        return build

    return enter


def plugin(folder: Path, source: str | bytes = SOURCE, manifest: str | bytes = MANIFEST, name: str = "a.js") -> Path:
    """Write a plugin of a manifest and one source file, and return its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "plugin.json").write_bytes(manifest.encode() if isinstance(manifest, str) else manifest)
    (folder / name).write_bytes(source.encode("utf-8", "surrogatepass") if isinstance(source, str) else source)
    return folder


def flat(groups: dict[str, list[Case]]) -> Iterator[tuple[str, Case]]:
    """Yield every case with its group."""
    for group, cases in groups.items():
        for one in cases:
            yield group, one
