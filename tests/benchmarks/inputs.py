"""What the benchmarks read: source files of the corpus, and plugins put together from them."""

from __future__ import annotations

import json
import posixpath
import re
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from measure import ROOT, MeasureError

if TYPE_CHECKING:
    from collections.abc import Iterator

sys.path.append(str(ROOT / "tests" / "corpus"))  # the scripts of the corpus are no package
from corpus import Package, cache_folder, load, present

T = TypeVar("T")

EXAMPLES = ROOT / "examples"
LANGUAGES = {
    ".js": "javascript",
    ".mjs": "javascript",
    ".cjs": "javascript",
    ".jsx": "javascript",
    ".ts": "typescript",
    ".mts": "typescript",
    ".cts": "typescript",
    ".tsx": "tsx",
    ".py": "python",
}
LONGEST_LINE = 1_000
LARGEST = 200_000


def language(path: str) -> str:
    """Return the grammar for a file by its suffix; empty for no source and for mere declarations."""
    if path.endswith((".d.ts", ".d.mts", ".d.cts")):
        return ""
    return LANGUAGES.get(Path(path).suffix.lower(), "")


def packages(registry: str = "") -> list[Package]:
    """Return the packages of the corpus that are in the cache; raises `MeasureError` where there are none.

    Those that are a part of another archive are left out: the archive as a whole is nothing that is reviewed.
    """
    whole = [package for package in load() if not package.part]
    found = [package for package in present(whole, cache_folder()) if package.registry.startswith(registry)]
    if not found:
        raise MeasureError("the corpus is not in its cache: run python tests/corpus/fetch.py first")
    return found


def archive(package: Package) -> Path:
    """Return where the archive of a package stands."""
    return package.archive(cache_folder())


def peers_folder() -> Path:
    """Return where other analysers are installed for a comparison."""
    return cache_folder() / "peers"


def sources(path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of every source file of an archive of the corpus, each name once."""
    if path.suffix == ".whl":
        with zipfile.ZipFile(path) as wheel:
            for name in wheel.namelist():
                if language(name):
                    yield name, wheel.read(name)
        return
    seen: set[str] = set()
    with tarfile.open(path) as tarball:
        for member in tarball:
            name = posixpath.normpath(member.name)  # npm packs some files twice, as package/./main.js too
            if member.isfile() and language(name) and name not in seen:
                seen.add(name)
                stream = tarball.extractfile(member)
                yield name, stream.read() if stream else b""


def written_by_hand() -> list[tuple[str, bytes]]:
    """Return the source files of the corpus that look as if people wrote them, in a fixed order."""
    return [
        (name, data)
        for package in packages()
        for name, data in sources(archive(package))
        if 200 < len(data) < LARGEST and max(map(len, data.split(b"\n"))) < LONGEST_LINE
    ]


def plugin(folder: Path, size: int, stride: int = 1) -> int:
    """Write a plugin of at least ``size`` bytes of real code, and return how many bytes it has.

    Every copy of a file differs in its last line, so that no cache by content makes it free.
    """
    _manifest(folder, "src/0/0.js")
    files, written, number = written_by_hand(), 0, 0
    while written < size:
        name, data = _nth(files, number, stride)
        mark = b"#" if name.endswith(".py") else b"//"
        content = data.rstrip() + b"\n" + mark + b" part %d\n" % number
        target = folder / "src" / str(number // 50) / f"{number}{Path(name).suffix}"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        written += len(content)
        number += 1
    return written


def _nth(files: list[T], number: int, stride: int) -> T:
    """Return a file of the corpus, taken in even steps over all of it.

    The code of one package is denser than that of another: a sixth more syntax in as many bytes is usual. Inputs of
    several sizes are alike only where the small one is drawn from as much of the corpus as the large one.
    """
    rounds, place = divmod(number * stride, len(files))
    return files[(place + rounds) % len(files)]


def plugin_of_one_function(folder: Path, size: int, stride: int = 1) -> int:
    """Write a plugin whose code is one file, all of it in one function, and return how many bytes it has.

    So old libraries are published; each CommonJS file of the corpus becomes a function in it.
    """
    _manifest(folder, "main.js")
    files = [
        data
        for name, data in written_by_hand()
        if language(name) == "javascript" and not re.search(rb"^\s*(import|export)\b|^#!", data, re.MULTILINE)
    ]
    parts, written, number = [b"(function () {"], 0, 0
    while written < size:
        data = _nth(files, number, stride)
        parts.append(b"function part%d(module, exports, require) {\n%s\n}" % (number, data))
        written += len(data)
        number += 1
    whole = b"\n".join([*parts, b"module.exports = part0;", b"})();\n"])
    (folder / "main.js").write_bytes(whole)
    return len(whole)


def _manifest(folder: Path, main: str) -> None:
    manifest = {
        "id": "org.example.grown",
        "name": "Grown",
        "version": "1.0.0",
        "description": "Real code, repeated.",
        "main": main,
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "plugin.json").write_text(json.dumps(manifest, indent=2), encoding="utf-8")


def unpack(package: Package, folder: Path) -> Path:
    """Write the source files of a package below a folder, for tools that read no archives."""
    base = folder / package.file
    for name, data in sources(archive(package)):
        target = (base / name).resolve()
        if not target.is_relative_to(base.resolve()):
            raise MeasureError(f"{package.key}: {name} would leave its folder")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    return base
