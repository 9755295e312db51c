"""The pinned list of published plugins, and the cache folder that holds their archives."""

from __future__ import annotations

import hashlib
import os
import tomllib
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

HERE = Path(__file__).resolve().parent
LIST = HERE / "corpus.toml"
REGISTRIES = ("debian", "npm", "pypi")


class CorpusError(Exception):
    """The list or the cache is not what it should be; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Pinned:
    """One published plugin, pinned by version and by the digest of its archive."""

    registry: str
    """``npm``, ``pypi``, or ``debian``, whose archive holds only the newest version of a package."""
    name: str
    version: str
    file: str
    """Name of the archive, as the registry's own client writes it."""
    sha256: str
    host: str
    """The program that loads the plugin."""

    @property
    def key(self) -> str:
        """The name by which the snapshot and every message call it."""
        return f"{self.registry}:{self.name}@{self.version}"

    def archive(self, cache: Path) -> Path:
        """Return where its archive stands in a cache folder."""
        return cache / self.registry / self.file


@dataclass(frozen=True, slots=True)
class Package(Pinned):
    """A plugin of the corpus, every finding of which was read."""

    language: str
    why: str
    """What makes it worth reading: one sentence."""
    part: str = ""
    """The folder of the archive that is the plugin, where the archive holds more than one or is no plugin itself."""

    @property
    def key(self) -> str:
        """The name by which the snapshot and every message call it, with the last folder of its part."""
        part = f"/{self.part.rpartition('/')[2]}" if self.part else ""
        return f"{self.registry}:{self.name}{part}@{self.version}"


P = TypeVar("P", bound=Pinned)


def load(path: Path = LIST) -> list[Package]:
    """Read the list of the corpus, sorted by registry and name; raises `CorpusError` on a wrong entry."""
    return load_list(path, Package)


def load_list(path: Path, kind: type[P]) -> list[P]:
    """Read a list of one kind of entries, sorted by registry and name; raises `CorpusError` on a wrong entry."""
    entries = tomllib.loads(path.read_text(encoding="utf-8")).get("package", [])
    packages = [_package(number, entry, kind) for number, entry in enumerate(entries, 1)]
    seen: set[str] = set()
    for package in packages:
        if package.key in seen:
            raise CorpusError(f"{path.name}: {package.key} is listed twice")
        seen.add(package.key)
    return sorted(packages, key=lambda package: (package.registry, package.name.lower(), package.key))


def _package(number: int, entry: dict[str, Any], kind: type[P]) -> P:
    """Turn one table of a list into a package."""
    wanted = [field.name for field in fields(kind) if field.default is MISSING]
    further = {field.name for field in fields(kind)} - set(wanted)
    given = {key: value for key, value in entry.items() if key not in further}
    if (
        sorted(given) != sorted(wanted)
        or not all(given.values())
        or not all(isinstance(one, str) for one in entry.values())
    ):
        raise CorpusError(f"entry {number} of the list needs exactly the texts {', '.join(wanted)}, not {entry}")
    package = kind(**entry)
    if package.registry not in REGISTRIES:
        raise CorpusError(f"{package.key}: the registry is one of {', '.join(REGISTRIES)}")
    if "/" in package.file or "\\" in package.file or package.file.startswith("."):
        raise CorpusError(f"{package.key}: {package.file!r} is not a plain file name")
    part = str(entry.get("part", ""))
    if part.startswith("/") or ".." in part.split("/"):
        raise CorpusError(f"{package.key}: {part!r} is no folder inside the archive")
    return package


def cache_folder() -> Path:
    """Return the cache folder: ``REVIEWER_CORPUS_CACHE``, else ``cache`` beside this file."""
    named = os.environ.get("REVIEWER_CORPUS_CACHE")
    return Path(named).expanduser().resolve() if named else HERE / "cache"


def digest(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def present(packages: list[P], cache: Path) -> list[P]:
    """Return those whose archive is in the cache with the pinned digest."""
    return [
        package
        for package in packages
        if package.archive(cache).is_file() and digest(package.archive(cache)) == package.sha256
    ]
