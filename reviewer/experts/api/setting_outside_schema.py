"""API160: the plugin reads a setting that the schema of its settings does not know."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Expr, Index, Literal
from reviewer.core.location import Location
from reviewer.core.nearest import nearest
from reviewer.experts.check import Match, subject_check
from reviewer.experts.drawn import Drawn, Fact
from reviewer.experts.place import locate
from reviewer.subject.document import DocumentError
from reviewer.subject.documents.read import read_document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Value

_SETTINGS: Final = frozenset({"context.config", "context.configuration", "context.settings"})
_NAMING: Final = frozenset({"config", "configuration", "settings"})
_LARGEST: Final = 500_000


class _Read(Fact, frozen=True):
    key: str
    at: Location


@subject_check("API160")
def setting_outside_schema(inquiry: Inquiry) -> Iterator[Match]:
    """Hold the settings that code reads against the schema that the manifest contributes."""
    schema = _schema(inquiry)
    properties = schema.get("properties") if schema is not None else None
    if schema is None or properties is None or properties.kind != "object":
        return
    known = {name for name, _value in properties.members()}
    more = schema.get("additionalProperties")
    closed = more is not None and more.plain() is False
    for read in [one for part in _READS.of(inquiry) for one in part]:
        if read.key in known or read.key.split(".", 1)[0] in known or schema.get("patternProperties") is not None:
            continue
        meant = _meant(read.key, known)
        if meant or closed:
            hint = f"; it has '{meant}'" if meant else ""
            yield Match(
                read.at,
                f"The setting '{read.key}' is read, and the schema of the settings does not know it{hint}: what the "
                "user sets is never used.",
            )


def _meant(key: str, known: set[str]) -> str:
    """Return the setting of the schema that a key is another spelling of, or an empty string."""
    flat = {_flat(name): name for name in sorted(known)}
    return flat.get(_flat(key), "") or nearest(key, known) or ""


def _flat(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def _schema(inquiry: Inquiry) -> Value | None:
    """Return the schema of the settings: written in the manifest, or in the file that the manifest names."""
    manifest = inquiry.manifest
    given = manifest.get("contributes", "configuration") if manifest is not None else None
    named = given.plain() if given is not None and given.kind == "string" else None
    if not isinstance(named, str):
        return given if given is not None and given.kind == "object" else None
    subject = inquiry.subject
    path = posixpath.normpath(posixpath.join(posixpath.dirname(subject.manifest_path), named))
    entry = subject.root.entries.get(subject.base + path)
    if entry is None or entry.size > _LARGEST:
        return None
    try:
        return read_document(path, subject.read(path)).get()
    except (DocumentError, LookupError, OSError):
        return None


def _collect(_inquiry: Inquiry, module: Module) -> list[_Read]:
    found = []
    for node in module.some(Call, Index):
        key: Expr | None = None
        if isinstance(node, Call):
            if node.name == "get" and node.receiver is not None and module.resolve(node.receiver) in _SETTINGS:
                key = node.arg(0)
        elif isinstance(node, Index) and module.resolve(node.object) in _SETTINGS:
            key = node.key
        value = module.scopes.origin(key) if key is not None else None
        if isinstance(value, Literal) and isinstance(value.value, str):
            found.append(_Read(value.value, locate(module, node)))
    return found


_READS: Final = Drawn("api.settings-read", _collect, list[_Read], _NAMING, tests=False)
