"""The settings of a plugin: those that its manifest offers to people, and those that its code reads."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.syntax import Assign, Call, Expr, Index, Literal, Member, Name, Param
from reviewer.code.text.words import words
from reviewer.code.walk import function_of
from reviewer.core.location import Location
from reviewer.experts.drawn import Drawn, Fact
from reviewer.experts.place import locate
from reviewer.subject.document import DocumentError
from reviewer.subject.documents.read import read_document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Value

_SERVICES: Final = frozenset({"context.config", "context.configuration", "context.settings"})
_GETTERS: Final = frozenset(
    f"context.{name}" for name in "setting getSetting get_setting config getConfig get_config option".split()
)
"""Members of the context that give one setting by its name."""
_NAMING: Final = frozenset({"config", "configuration", "settings", "configure", "setting", "option"})
_PLACES: Final = (
    ("contributes", "configuration"),
    ("contributes", "settings"),
    ("contributes", "config"),
    ("settings",),
    ("configuration",),
    ("configSchema",),
)
_NAMES: Final = ("key", "id", "name")
_OF_SCHEMA: Final = frozenset(
    {"type", "title", "description", "$schema", "additionalProperties", "required", "properties"}
)
_READS: Final = frozenset({"get", "getNumber", "getString", "getBoolean", "read", "value", "has"})
_HOOKS: Final = frozenset({"configure", "on_configure", "onConfigure", "reconfigure"})
_BAGS: Final = frozenset({"config", "configuration", "settings", "options", "values"})
"""Words of what holds all settings, where a hook is handed the context before it."""
_LARGEST: Final = 500_000


class Offered(Struct, frozen=True):
    """The settings that a manifest offers, by name; ``closed`` where it says that there are no others."""

    known: dict[str, Value]
    closed: bool
    patterns: bool
    """Whether names are allowed by a pattern as well."""


class Read(Fact, frozen=True):
    """One place where code reads a setting by its name."""

    key: str
    at: Location


class Reads(Fact, frozen=True):
    """What a module reads of the settings; ``whole`` where it hands all of them on, or makes names."""

    named: tuple[Read, ...] = ()
    whole: bool = False


def offered(inquiry: Inquiry) -> Offered | None:
    """Return the settings that the manifest offers, or None where it speaks of none."""
    known: dict[str, Value] = {}
    closed, patterns = False, False
    for place in _PLACES:
        given = inquiry.manifest.get(*place) if inquiry.manifest is not None else None
        for section in _sections(inquiry, given):
            properties = section.get("properties")
            if properties is not None and properties.kind == "object":
                known.update(properties.members())
                more = section.get("additionalProperties")
                closed = closed or (more is not None and more.plain() is False)
                patterns = patterns or section.get("patternProperties") is not None
            else:
                known.update(_listed(section))
    return Offered(known, closed, patterns) if known else None


def _sections(inquiry: Inquiry, given: Value | None) -> Iterator[Value]:
    """Yield the descriptions of settings: one, several in a list, or one in the file that the manifest names."""
    if given is None:
        return
    if given.kind == "string":
        found = _of_file(inquiry, given.text)
        if found is not None:
            yield found
    elif given.kind == "object":
        yield given
    else:
        yield from (item for item in given.items() if item.kind == "object")


def _of_file(inquiry: Inquiry, named: str) -> Value | None:
    subject = inquiry.subject
    path = posixpath.normpath(posixpath.join(posixpath.dirname(subject.manifest_path), named))
    entry = subject.root.entries.get(subject.base + path)
    if entry is None or entry.size > _LARGEST:
        return None
    try:
        return read_document(path, subject.read(path)).get()
    except (DocumentError, LookupError, OSError):
        return None


def _listed(section: Value) -> Iterator[tuple[str, Value]]:
    """Yield settings that stand under their names, or that say their name: ``[{"key": "zoom", …}]``."""
    named = next((value for key in _NAMES if (value := section.get(key)) is not None and value.text), None)
    if named is not None:
        yield named.text, section
        return
    for key, value in section.members():
        if key not in _OF_SCHEMA:
            yield key, value


def reads(inquiry: Inquiry) -> Reads:
    """Return what all code of the plugin reads of its settings."""
    parts = list(_DRAWN.of(inquiry))
    return Reads(tuple(one for part in parts for one in part.named), any(part.whole for part in parts))


def _collect(_inquiry: Inquiry, module: Module) -> Reads:
    found: list[Read] = []
    whole = False
    for node in module.some(Call, Index, Member, Name):
        if isinstance(node, Call | Index):
            asked = isinstance(node, Index) or (node.name in _READS and node.receiver is not None)
            holder = node.object if isinstance(node, Index) else node.receiver
            named = isinstance(node, Call) and len(node.args) in (1, 2) and module.resolve(node.callee) in _GETTERS
            if named or (asked and _holds_settings(module, holder)):
                key = node.key if isinstance(node, Index) else node.arg(0)
                value = module.scopes.origin(key) if key is not None else None
                if isinstance(value, Literal) and isinstance(value.value, str):
                    found.append(Read(value.value, locate(module, node)))
                else:
                    whole = True
        elif isinstance(node, Member | Name):
            around = node.parent
            if isinstance(node, Member) and _holds_settings(module, node.object) and not _is_called(node):
                found.append(Read(node.name, locate(module, node)))
            elif isinstance(around, Member | Index) and around.object is node:
                continue
            elif isinstance(around, Assign) and _is_alias(around):
                continue  # what is done by the other name is looked at where it stands
            elif _holds_settings(module, node):
                whole = True
    return Reads(tuple(found), whole)


def _is_alias(assign: Assign) -> bool:
    """Tell whether a local name of its own is given to what holds the settings."""
    return isinstance(assign.target, Name) and assign.op == "=" and function_of(assign) is not None


def _is_called(node: Member) -> bool:
    around = node.parent
    return isinstance(around, Call) and around.callee is node


def _holds_settings(module: Module, expr: Expr | None) -> bool:
    """Tell whether an expression is the settings of the host: a service, or what ``configure`` is given."""
    if expr is None:
        return False
    if module.resolve(expr) in _SERVICES:
        return True
    bound = module.scopes.lookup(expr.id, expr) if isinstance(expr, Name) else []
    only = bound[0] if len(bound) == 1 else None
    function = only.parent if isinstance(only, Param) else None
    params = getattr(function, "params", [])
    if not isinstance(only, Param) or getattr(function, "name", "") not in _HOOKS:
        return False
    return params[:1] == [only] or (params[1:2] == [only] and not _BAGS.isdisjoint(words(only.name)))


_DRAWN: Final = Drawn("api.settings-read", _collect, Reads, _NAMING, tests=False)
