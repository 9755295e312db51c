"""Chooses the reader for a data file."""

from __future__ import annotations

from typing import Final

from reviewer.core.location import Location
from reviewer.subject.document import Document, DocumentError
from reviewer.subject.documents.json import parse_json

_SUFFIXES: Final = {
    ".json": "json",
    ".jsonc": "json",
    ".json5": "json",
    ".webmanifest": "json",
    ".yaml": "yaml",
    ".yml": "yaml",
    ".toml": "toml",
    ".xml": "xml",
    ".plist": "xml",
    ".cfg": "ini",
    ".ini": "ini",
}
_NAMES: Final = {
    "METADATA": "headers",
    "PKG-INFO": "headers",
    "entry_points.txt": "ini",
    ".babelrc": "json",
    "SKILL.md": "front-matter",
}


def document_format(path: str) -> str:
    """Return which reader a path asks for by its name: ``json``, ``yaml``, …, or an empty string."""
    name = path.rsplit("/", 1)[-1]
    dot = name.rfind(".")
    return _NAMES.get(name) or (_SUFFIXES.get(name[dot:].lower(), "") if dot >= 0 else "")


def read_document(path: str, data: bytes) -> Document:
    """Read a data file by its name, or by its first character where the name says nothing.

    A ``setup.py`` counts as one: the literals that it hands to ``setup()``.

    Raises `DocumentError` with the place where it can't be read.
    """
    kind = document_format(path) or _sniff(data)
    if kind == "json":
        return parse_json(path, data)
    # The other readers are imported where they are needed: a review of JSON starts without them.
    if kind == "yaml":
        from reviewer.subject.documents.yaml import parse_yaml

        return parse_yaml(path, data)
    if kind == "toml":
        from reviewer.subject.documents.toml import parse_toml

        return parse_toml(path, data)
    if kind == "xml":
        from reviewer.subject.documents.xml import parse_xml

        return parse_xml(path, data)
    if kind in ("ini", "headers"):
        from reviewer.subject.documents.python_metadata import parse_headers, parse_ini

        return parse_ini(path, data) if kind == "ini" else parse_headers(path, data)
    if kind == "front-matter":
        from reviewer.subject.documents.front_matter import parse_front_matter

        return parse_front_matter(path, data)
    if path.rsplit("/", 1)[-1] == "setup.py":
        from reviewer.subject.documents.setup_script import parse_setup_script

        return parse_setup_script(path, data)
    raise DocumentError("is no data file: expected JSON, YAML, TOML or XML", Location(path, 1, 1, 1, 1))


def _sniff(data: bytes) -> str:
    start = data[:512].removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    return {b"{": "json", b"[": "json", b"<": "xml"}.get(start, "")
