"""The modules by which others enter a package: what its manifests name as entry, main, exports or types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Value

_KEYS: Final = ("types", "typings", "module", "main", "browser", "entry", "entryPoint")
_CONDITIONS: Final = ("types", "import", "module", "require", "default", "node", "browser")
_BUILT: Final = ("dist/", "build/", "lib/", "out/", "esm/", "cjs/")
_DECLARED: Final = (".d.ts", ".d.mts", ".d.cts")
_RUN: Final = (".js", ".mjs", ".cjs")
"""What has no types of its own: where there are declarations beside it, those are the interface."""
_ENDINGS: Final = (".ts", ".tsx", ".mts", ".cts", *_DECLARED, ".js", ".mjs", ".cjs", ".jsx", ".py")
_USUAL: Final = ("src/index", "index", "lib/index", "src/main", "main")
_MOST: Final = 100


def entry_modules(inquiry: Inquiry, known: frozenset[str]) -> list[tuple[str, str]]:
    """Return (part, path) of the modules that a package is entered by; the main one is the part ``.``.

    ``known`` are the paths of the modules that there are.
    """
    found: dict[str, str] = {}
    for part, named in _named(inquiry):
        path = _source(known, named)
        if path:
            found.setdefault(part, path)
    if "." not in found:
        usual = next((path for name in _USUAL if (path := _source(known, name))), "")
        if usual:
            found["."] = usual
    return sorted(found.items())


def exported_parts(inquiry: Inquiry) -> dict[str, Value]:
    """Return the paths under which a package lets itself be imported, with the place of each in its manifest."""
    document = inquiry.subject.other_documents.get("package.json")
    if document is None and inquiry.subject.manifest_path == "package.json":
        document = inquiry.manifest
    exports = document.get("exports") if document is not None else None
    parts = list(exports.members())[:_MOST] if exports is not None else []
    return {key: value for key, value in parts if key.startswith(".") and value.data is not None}


def _named(inquiry: Inquiry) -> Iterator[tuple[str, str]]:
    documents = [inquiry.manifest, inquiry.subject.other_documents.get("package.json")]
    for part, value in exported_parts(inquiry).items():
        if named := _condition(value, 0):
            yield part, named
    for document in documents:
        if document is None:
            continue
        exports = document.get("exports")
        if exports is not None and (named := _condition(exports, 0)):
            yield ".", named
        for key in _KEYS:
            entry = document.get(key)
            if entry is not None and entry.text:
                yield ".", entry.text


def _condition(value: Value, depth: int) -> str:
    """Return the file that an entry of ``exports`` means, types before code."""
    if value.text or depth > 4:
        return value.text
    for condition in _CONDITIONS:
        inner = value.get(condition)
        if inner is not None and (named := _condition(inner, depth + 1)):
            return named
    return ""


def _source(known: frozenset[str], named: str) -> str:
    """Return the source file that a named entry is, or is built from; empty where it is not here."""
    path = named.removeprefix("./")
    stem = path
    for ending in (*_DECLARED, *_ENDINGS):
        if path.endswith(ending):
            stem = path.removesuffix(ending)
            break
    stems = [stem]
    for built in _BUILT:
        if stem.startswith(built):
            rest = stem.removeprefix(built)
            stems += [f"src/{rest}", rest, *([rest.removeprefix("src/")] if rest.startswith("src/") else [])]
    candidates = [] if path.endswith(_RUN) else [path]
    candidates += [one + ending for one in stems for ending in _ENDINGS]
    candidates += [f"{one}/index{ending}" for one in stems for ending in _ENDINGS[:-1]]
    return next((one for one in candidates if one in known), "")
