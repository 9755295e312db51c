"""Makes the table of Python's standard library: what came in which release, and which modules are gone.

``python tests/tables/python_library.py`` brings vermin, which knows since when each member exists, and
mypy, which brings the lifetimes of modules from typeshed, and writes the table anew. Neither is run.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

OUT = Path(__file__).resolve().parents[2] / "skills" / "ecosystems" / "python-entry-points" / "library.tsv"
VERMIN, MYPY = "1.9.2", "1.18.2"
OLDEST = (3, 7)
"""What every Python in use has is left out."""


def wheel(name: str, version: str, folder: Path) -> zipfile.ZipFile:
    """Bring and open a wheel."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
    subprocess.run([*command, f"{name}=={version}", "--dest", str(folder)], check=True)
    return zipfile.ZipFile(next(folder.glob(f"{name}-*.whl")))


KNOWN_BEFORE = {
    f"calendar.{day}" for day in ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
}
"""Members that the table dates from when they came to ``__all__``: they were there long before."""


def since(rules: str) -> Iterator[tuple[str, tuple[int, int]]]:
    """Yield every module and member of the table with the release of Python 3 that it came with."""
    for function in ast.parse(rules).body:
        if not isinstance(function, ast.FunctionDef) or function.name not in ("MOD_REQS", "MOD_MEM_REQS"):
            continue
        returned = next(node for node in ast.walk(function) if isinstance(node, ast.Dict))
        for key, value in zip(returned.keys, returned.values, strict=True):
            plain = value.args[1] if isinstance(value, ast.Call) else value
            last = plain.elts[1] if isinstance(plain, ast.Tuple) else None
            if isinstance(key, ast.Constant) and isinstance(last, ast.Tuple):
                yield str(key.value), ast.literal_eval(last)


def lifetimes(versions: str) -> Iterator[tuple[str, tuple[int, int], tuple[int, int] | None]]:
    """Yield every module with its first release, and the first that does not have it."""
    for line in versions.splitlines():
        told = re.match(r"([\w.]+): (\d)\.(\d+)-(?:(\d)\.(\d+))?", line)
        if told:
            gone = (int(told[4]), int(told[5]) + 1) if told[4] else None
            yield told[1], (int(told[2]), int(told[3])), gone


def main() -> None:
    """Write the table."""
    with tempfile.TemporaryDirectory() as folder:
        with wheel("vermin", VERMIN, Path(folder)) as archive:
            rules = archive.read("vermin/rules.py").decode()
        with wheel("mypy", MYPY, Path(folder)) as archive:
            versions = archive.read("mypy/typeshed/stdlib/VERSIONS").decode()
    modules = {name: (first, gone) for name, first, gone in lifetimes(versions)}
    rows: dict[str, tuple[str, str]] = {}
    for name, (first, gone) in modules.items():
        if not name.startswith("_") and "._" not in name and (first > OLDEST or gone):
            rows[name] = (spelled(first) if first > OLDEST else "", spelled(gone) if gone else "")
    for name, release in since(rules):
        top = name.partition(".")[0]
        if name in KNOWN_BEFORE:
            continue
        if release > OLDEST and top in modules and "." in name and "._" not in name and name not in rows:
            rows[name] = (spelled(release), "")
    head = [
        f"# source: PyPI vermin {VERMIN} (vermin/rules.py) and mypy {MYPY} (typeshed/stdlib/VERSIONS), "
        "tests/tables/python_library.py",
        "# licence: MIT, Copyright (c) 2018 Morten Kristensen; typeshed Apache-2.0",
        "# columns: name, since, removed; an empty since is every release that is in use",
    ]
    lines = ("\t".join((name, *cells)).rstrip("\t") for name, cells in sorted(rows.items()))
    OUT.write_text("\n".join([*head, *lines]) + "\n", encoding="utf-8")


def spelled(release: tuple[int, int]) -> str:
    """Return a release as a person writes it."""
    return ".".join(map(str, release))


if __name__ == "__main__":
    main()
