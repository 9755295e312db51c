"""REG600: code that runs takes in a package that only those who develop it install."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import guarding_try
from reviewer.code.syntax import Call, Export, Import, Literal, Name
from reviewer.core.regex import regex
from reviewer.experts.check import Match, subject_check
from reviewer.experts.data.messages import short
from reviewer.experts.followed_files import followed_files
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Document, Value

_SHIPPED: Final = ("dependencies", "peerDependencies", "optionalDependencies", "bundleDependencies")
_BUNDLERS: Final = regex(
    r"webpack|rollup|vite|esbuild|parcel|tsup|tsdown|gulp|grunt|browserify|watchify|wxt|plasmo|snowpack|react-scripts"
    r"|rspack|rsbuild|swcpack|spack|ncc|bun|microbundle|unbuild|pkgroll|rolldown|svelte|vue|next|nuxt|astro|electron"
    r"|extension|jlpm|jupyter|obsidian|vscode|metro|expo|preconstruct|father|umi|bundle|wp-scripts|grafana|package"
)
"""Parts of the names of what puts the packages that code takes in into what ships, or brings them along itself."""
_NAMED: Final = regex(r"(@[a-z0-9][\w.~-]{0,80}/)?[a-z0-9][\w.~-]{0,80}")
_MOST: Final = 20


@subject_check("REG600")
def runtime_from_dev(inquiry: Inquiry) -> Iterator[Match]:
    """Hold what the code takes in when it runs against the two lists of ``package.json``."""
    package = _package(inquiry)
    listed = package.get("devDependencies") if package is not None else None
    if package is None or listed is None or _is_bundled(inquiry, package):
        return
    there = {name for table in _SHIPPED for name in _names(package.get(table))}
    there |= {own.text for own in (package.get("name"),) if own is not None}
    only_dev = {name: value for name, value in listed.members() if name not in there}
    if not only_dev:
        return
    told: set[str] = set()
    spoken_of = [path for path, text in inquiry.project.texts() if any(name.encode() in text for name in only_dev)]
    reached = _reached(inquiry, package) if spoken_of else frozenset()
    for path in spoken_of:
        runs = path in reached if reached else _ships(package, path)
        module = inquiry.project.module(path) if runs else None
        if module is None or module.is_test or module.language == "python" or _is_aside(module):
            continue
        for source, at in _taken(module):
            name = _package_of(source)
            if name not in only_dev or name in told:
                continue
            told.add(name)
            yield Match(
                only_dev[name],
                f"'{short(path)}' takes in '{short(name)}' when it runs, and it is listed for development alone: where "
                "it is installed without that, the import fails.",
                related=((at, "taken in here"),) if isinstance(at, Import | Call | Export) else (),
            )
            if len(told) == _MOST:
                return


def _package(inquiry: Inquiry) -> Document | None:
    document = inquiry.subject.other_documents.get("package.json")
    return inquiry.manifest if document is None and inquiry.subject.manifest_path == "package.json" else document


def _names(table: Value | None) -> Iterator[str]:
    if table is not None:
        yield from (name for name, _value in table.members())
        yield from (item.text for item in table.items() if item.text)


def _is_bundled(inquiry: Inquiry, package: Document) -> bool:
    """Tell whether something puts the packages into the code before it ships, as far as names tell."""
    tables = [package.get(table) for table in ("dependencies", "devDependencies")]
    if any(_BUNDLERS.search(name[:100]) for table in tables for name in _names(table)):
        return True
    scripts = package.get("scripts")
    if scripts is not None and any(_BUNDLERS.search(one.text[:2000]) for _, one in scripts.members()):
        return True
    if package.get("workspaces") is not None or package.get("bundle") is not None:
        return True
    files = (path.rsplit("/", 1)[-1] for path in inquiry.subject.root.entries)
    return any(name.endswith((".config.js", ".config.ts", ".config.mjs")) and _BUNDLERS.search(name) for name in files)


def _is_aside(module: Module) -> bool:
    """Tell whether a file only serves the making of the project, or shows how it is used."""
    folders = set(module.path.lower().split("/")[:-1])
    return is_tooling(module) or bool(folders & {"examples", "example", "demo", "demos", "fixtures", "types", "mocks"})


def _ships(package: Document, path: str) -> bool:
    """Tell whether a file is part of what is installed, by the list of ``package.json`` where there is one."""
    if path.endswith((".d.ts", ".d.mts", ".d.cts")) or path.rsplit("/", 1)[-1].startswith("."):
        return False
    files = package.get("files")
    if files is None or path.endswith((".ts", ".tsx", ".mts", ".cts")):
        return "/" in path or path in _entries(package)  # what else lies at the top serves those who develop it
    told = [item.text.strip("./*") for item in files.items()]
    return any(not one or path == one or path.startswith(f"{one}/") for one in told) or path in _entries(package)


def _entries(package: Document) -> set[str]:
    """Return the files by which a package is entered, as it names them; ``index.js`` where it names none."""
    named = [package.get(key) for key in ("main", "module", "browser", "exports", "bin")]
    texts = {part.text.removeprefix("./") for one in named if one is not None for part in _parts(one)}
    return {text for text in texts if text} or {"index.js", "index.mjs"}


def _reached(inquiry: Inquiry, package: Document) -> frozenset[str]:
    """Return the files that the entries of a package lead to; nothing where they are not there, but built."""
    sources = frozenset(inquiry.project.sources)
    starts = [
        f"{entry}{ending}"
        for entry in sorted(_entries(package))
        for ending in ("", ".js", ".mjs", ".cjs", "/index.js")
        if f"{entry}{ending}" in sources
    ]

    def leads(module: Module) -> Iterator[str]:
        return (inquiry.project.target(module.path, source) for source, _at in _taken(module))

    return followed_files(inquiry, starts, leads)


def _parts(value: Value) -> Iterator[Value]:
    yield value
    for _name, member in value.members():
        yield from _parts(member)


def _taken(module: Module) -> Iterator[tuple[str, Node]]:
    """Yield what a module takes in for certain: types, and what a failure of is caught, left out."""
    for statement in module.all(Import):
        if not statement.names or any(not one.type_only and _is_used(module, one.local) for one in statement.names):
            yield statement.source, statement
    for call in module.all(Call):
        if isinstance(call.callee, Name) and call.callee.id in ("require", "import") and len(call.args) == 1:
            first = call.args[0]
            if isinstance(first, Literal) and isinstance(first.value, str) and guarding_try(call) is None:
                yield first.value, call


def _is_used(module: Module, local: str) -> bool:
    """Tell whether a name is used as a value; what a compiler finds in types alone it leaves out."""
    return module.language != "typescript" or any(one.id == local for one in module.all(Name))


def _package_of(source: str) -> str:
    """Return the package of what is taken in: ``@scope/name/part`` is of ``@scope/name``."""
    found = _NAMED.match(source)
    return found.group() if found is not None and ":" not in source else ""
