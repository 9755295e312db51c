"""Makes the tables of hooks of Python hosts from their published packages.

``python tests/tables/python_hooks.py`` brings every release named below from the package index and
writes ``skills/ecosystems/python-entry-points/hooks/<host>.tsv`` anew: which hook and which argument
exists since which release, is deprecated since, and is gone in. Nothing of the packages is imported.
"""

from __future__ import annotations

import ast
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
OUT = HERE.parent.parent / "skills" / "ecosystems" / "python-entry-points" / "hooks"


@dataclass(frozen=True)
class Host:
    """A host, the file of its wheels that defines the hooks, and the releases to look at, oldest first."""

    name: str
    file: str
    licence: str
    releases: str
    prefix: str = ""
    cls: str = ""
    """The class whose methods are the hooks; without one, the functions of the module are."""
    names: str = ""
    """The file whose ``__all__`` is what plugins may take from the host."""


HOSTS = (
    Host(
        "pytest",
        "_pytest/hookspec.py",
        "MIT, Copyright Holger Krekel and others",
        "6.2.5 7.0.1 7.1.3 7.2.2 7.3.2 7.4.4 8.0.2 8.1.2 8.2.2 8.3.5 8.4.2 9.0.3 9.1.1 9.2.0",
        prefix="pytest_",
        names="pytest/__init__.py",
    ),
    Host(
        "mkdocs",
        "mkdocs/plugins.py",
        "BSD-2-Clause, Copyright Tom Christie",
        "1.4.3 1.5.3 1.6.1",
        prefix="on_",
        cls="BasePlugin",
    ),
    Host("tox", "tox/plugin/spec.py", "MIT, Copyright Bernát Gábor and others", "4.0.19 4.30.3 4.67.15", prefix="tox_"),
    Host("datasette", "datasette/hookspecs.py", "Apache-2.0, Copyright Simon Willison", "0.60 0.63.3 0.64.8 0.65.5"),
    Host("llm", "llm/hookspecs.py", "Apache-2.0, Copyright Simon Willison", "0.13 0.20 0.27 0.36"),
)


@dataclass
class Row:
    """One hook, or one argument of it."""

    since: str = ""
    removed: str = ""
    deprecated: str = ""
    note: str = ""


def wheel(host: Host, release: str, folder: Path) -> Path:
    """Bring the wheel of one release."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
    subprocess.run([*command, f"{host.name}=={release}", "--dest", str(folder)], check=True)
    return next(folder.glob(f"{host.name}-{release}-*.whl"))


def definitions(host: Host, source: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield the functions that define the hooks."""
    body: list[Any] = ast.parse(source).body
    if host.cls:
        body = next(node for node in body if isinstance(node, ast.ClassDef) and node.name == host.cls).body
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith(host.prefix):
            marked = any("hookspec" in ast.unparse(one) for one in node.decorator_list)
            if host.prefix or marked:
                yield node


def options(node: ast.FunctionDef | ast.AsyncFunctionDef) -> dict[str, ast.expr]:
    """Return the keywords of the decorator."""
    found: dict[str, ast.expr] = {}
    for decorator in node.decorator_list:
        if isinstance(decorator, ast.Call):
            found |= {one.arg: one.value for one in decorator.keywords if one.arg}
    return found


def read(host: Host, source: str) -> dict[tuple[str, str], tuple[bool, str]]:
    """Return (hook, argument) -> (deprecated, note) of one release."""
    found: dict[tuple[str, str], tuple[bool, str]] = {}
    for node in definitions(host, source):
        said = options(node)
        flags = [name for name in ("firstresult", "historic") if name in said]
        found[node.name, ""] = ("warn_on_impl" in said, " ".join(flags))
        old = said.get("warn_on_impl_args")
        deprecated = (
            [key.value for key in old.keys if isinstance(key, ast.Constant)] if isinstance(old, ast.Dict) else []
        )
        given = [one.arg for one in (*node.args.posonlyargs, *node.args.args) if one.arg != "self"]
        named = [one.arg for one in node.args.kwonlyargs]
        for name in (*given, *named):
            found[node.name, name] = (name in deprecated, "positional" if host.cls and name in given else "")
    return found


def exported(source: str) -> set[str]:
    """Return the texts of a module's ``__all__``."""
    for node in ast.parse(source).body:
        target = node.targets[0] if isinstance(node, ast.Assign) else None
        if isinstance(target, ast.Name) and target.id == "__all__":
            return {str(one) for one in ast.literal_eval(node.value)}
    raise ValueError("no __all__")


def names_table(host: Host, folder: Path) -> str:
    """Return the table of the names that some releases of a host lack."""
    releases = host.releases.split()
    since: dict[str, str] = {}
    removed: dict[str, str] = {}
    for number, release in enumerate(releases):
        with zipfile.ZipFile(wheel(host, release, folder)) as archive:
            present = exported(archive.read(host.names).decode())
        for name in present:
            since.setdefault(name, short(release) if number else "")
            removed.pop(name, None)
        for name in since.keys() - present:
            removed.setdefault(name, short(release))
    head = [
        f"# source: PyPI {host.name} {releases[0]} to {releases[-1]}, __all__ of {host.names}, tests/tables/python_hooks.py",
        f"# licence: {host.licence}",
        f"# releases: {' '.join(map(short, releases))}",
        "# columns: name, since, removed; names that every release has are left out",
    ]
    rows = ((name, start, removed.get(name, "")) for name, start in sorted(since.items()))
    return "\n".join([*head, *("\t".join(row).rstrip("\t") for row in rows if any(row[1:]))]) + "\n"


def table(host: Host, folder: Path) -> str:
    """Return the table of a host as text."""
    releases = host.releases.split()
    rows: dict[tuple[str, str], Row] = {}
    for number, release in enumerate(releases):
        with zipfile.ZipFile(wheel(host, release, folder)) as archive:
            present = read(host, archive.read(host.file).decode())
        for key, (deprecated, note) in present.items():
            row = rows.setdefault(key, Row(since=short(release) if number else ""))
            row.note, row.removed = note, ""
            if deprecated and not row.deprecated:
                row.deprecated = short(release)
        for key, row in rows.items():
            if key not in present and not row.removed:
                row.removed = short(release)
    head = [
        f"# source: PyPI {host.name} {releases[0]} to {releases[-1]}, {host.file}, tests/tables/python_hooks.py",
        f"# licence: {host.licence}",
        f"# releases: {' '.join(map(short, releases))}",
        "# columns: hook, argument, since, removed, deprecated, note; an empty since is the first of the releases or before",
    ]
    cells = ((hook, arg, r.since, r.removed, r.deprecated, r.note) for (hook, arg), r in sorted(rows.items()))
    return "\n".join([*head, *("\t".join(row).rstrip("\t") for row in cells)]) + "\n"


def short(release: str) -> str:
    """Return the feature release that a release belongs to: hooks change in these alone."""
    return ".".join(release.split(".")[:2])


def main() -> None:
    """Write all tables."""
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for host in HOSTS:
            (OUT / f"{host.name}.tsv").write_text(table(host, Path(folder)), encoding="utf-8")
            if host.names:
                (OUT / f"{host.name}.names.tsv").write_text(names_table(host, Path(folder)), encoding="utf-8")


if __name__ == "__main__":
    main()
