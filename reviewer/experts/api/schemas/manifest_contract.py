"""Finds demands on manifests, and on those who import a package, that an earlier version did not make."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.core.scale import Severity
from reviewer.experts.api.schema_documents import schema_documents
from reviewer.experts.check import Inquiry, Match, subject_check
from reviewer.experts.interface.change import Comparison, comparison
from reviewer.experts.interface.entries import exported_parts
from reviewer.experts.interface.release import has_come

if TYPE_CHECKING:
    from reviewer.subject.document import Document, Value

_DEEPEST: Final = 12
_MOST: Final = 200
_HOST_BOUNDS: Final = (("minHostVersion",), ("min_host_version",), ("compatibility", "min"), ("host", "min"))
_TYPES: Final = {"integer": "number"}
"""A type and the wider one that takes it in."""


@subject_check("API044")
def manifest_contract_tightened(inquiry: Inquiry) -> Iterator[Match]:
    """Yield what makes a manifest that was right wrong, and an import or a host that worked fail."""
    change = comparison(inquiry)
    weight = change.weigh() if change is not None else None
    if change is None or weight is None or weight.severity is None:
        return
    found = [*_schemas(change, inquiry), *_parts(change, inquiry)]
    for place, said in found[:_MOST]:
        yield Match(place, f"{said} {change.versions}{weight.said}", severity=weight.severity)
    yield from _host(change, inquiry)


def _schemas(change: Comparison, inquiry: Inquiry) -> Iterator[tuple[Value, str]]:
    """Compare the JSON Schemas of manifests, by path, or where there is one of each, those."""
    before = schema_documents(change.inquiry)
    after = {document.path: document for document in schema_documents(inquiry)}
    for old in before:
        new: Document | None = after.get(old.path)
        if new is None and len(before) == len(after) == 1:
            new = next(iter(after.values()))
        if new is not None:
            yield from _tightened(old.root, new.root, "", 0)


def _tightened(old: Value, new: Value, at: str, depth: int) -> Iterator[tuple[Value, str]]:
    """Say what a schema refuses that it took."""
    if depth > _DEEPEST or old.kind != "object" or new.kind != "object":
        return
    named = f"the member {at}" if at else "the manifest"
    gone = _texts(old.get("type")) - {wide for t in _texts(new.get("type")) for wide in (t, *_taken_by(t))}
    if gone and new.get("type") is not None:
        yield new.get("type") or new, f"{named} may no longer be {_listed(gone)}, as it could"
    for choice in sorted(_texts(old.get("enum")) - _texts(new.get("enum"))) if new.get("enum") is not None else ():
        yield new.get("enum") or new, f"{named} may no longer be {choice!r}, as it could"
    if old.get("enum") is None and old.get("const") is None and new.get("enum") is not None and _texts(old.get("type")):
        yield new.get("enum") or new, f"{named} may only be one of a few values, where it was free"
    if new.get("pattern") is not None and old.get("pattern") is None:
        yield new.get("pattern") or new, f"{named} has to match a pattern, where it was free"
    required = {value.text: value for value in (new.get("required") or new).items()}
    known = _texts(old.get("required"))
    for name, value in required.items():
        if name not in known:
            yield value, f"the member {_under(at, name)} must be there, and could be left out"
    closed = new.get("additionalProperties")
    is_closed = closed is not None and closed.data is False
    before, after = _members(old), _members(new)
    for name in sorted(before.keys() - after.keys()):
        if is_closed:
            yield new.get("properties") or new, f"the member {_under(at, name)} is refused now"
    open_before = old.get("additionalProperties")
    if is_closed and closed is not None and (open_before is None or open_before.data is not False):
        yield closed, f"{named} may hold nothing besides its known members, where it could"
    for name in sorted(before.keys() & after.keys()):
        yield from _tightened(before[name], after[name], _under(at, name), depth + 1)
    items = old.get("items"), new.get("items")
    if items[0] is not None and items[1] is not None:
        yield from _tightened(items[0], items[1], f"{at}[]", depth + 1)


def _parts(change: Comparison, inquiry: Inquiry) -> Iterator[tuple[Value, str]]:
    """Name paths under which the package can no longer be imported."""
    before, after = exported_parts(change.inquiry), exported_parts(inquiry)
    wild = [part.partition("*")[0] for part in after if "*" in part]
    document = inquiry.subject.other_documents.get("package.json") or inquiry.manifest
    place = document.get("exports") if document is not None else None
    for part in sorted(before.keys() - after.keys()) if place is not None and after else ():
        if not part.startswith(tuple(wild)):
            yield place or before[part], f"the package can no longer be imported as {part!r}"


def _host(change: Comparison, inquiry: Inquiry) -> Iterator[Match]:
    """Name a lowest host version that was raised: whoever has the older host is left behind."""
    was, now = change.inquiry.manifest, inquiry.manifest
    for path in _HOST_BOUNDS if was is not None and now is not None else ():
        old, new = was.get(*path) if was is not None else None, now.get(*path) if now is not None else None
        if old is None or new is None or not old.text or not new.text or has_come(new.text, old.text):
            continue
        severity = Severity.INFO if change.allowed else Severity.MEDIUM
        text = f"the lowest host version is {new.text} and was {old.text}; hosts between the two lose the plugin"
        yield Match(new, f"{text} {change.versions}", severity=severity)


def _members(schema: Value) -> dict[str, Value]:
    properties = schema.get("properties")
    return dict(properties.members()) if properties is not None else {}


def _texts(value: Value | None) -> set[str]:
    """Return the texts of a list, or of a text by itself."""
    if value is None:
        return set()
    return {value.text} if value.text else {item.text for item in value.items() if item.text}


def _taken_by(name: str) -> list[str]:
    return [narrow for narrow, wide in _TYPES.items() if wide == name]


def _under(at: str, name: str) -> str:
    return f"{at}.{name}" if at else name


def _listed(names: set[str]) -> str:
    return " or ".join(sorted(names))
