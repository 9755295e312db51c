"""COM601: an event is sent without a member that its catalogue promises."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Literal, Object, strip
from reviewer.code.text.ideas import SENDS
from reviewer.experts.check import Match, subject_check
from reviewer.experts.communication.constants import fixed_text
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.syntax import Call
    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Value

_LISTS: Final = (
    ("events",),
    ("emits",),
    ("publishes",),
    ("events", "emits"),
    ("events", "publishes"),
    ("contributes", "events"),
    ("contributes", "emits"),
)
_SENDS: Final = SENDS | {"send", "raise_event", "notify", "dispatch_event"}
_INSIDE: Final = ("payload", "schema", "data", "fields", "properties")
_TYPES: Final = frozenset(
    "string number boolean integer object array any null int float str bool list dict date unknown text".split()
)
_MOST: Final = 200


@subject_check("COM601")
def payload_differs(inquiry: Inquiry) -> Iterator[Match]:
    """Hold what is sent with each event against the members that the manifest lists for it."""
    if inquiry.manifest is None:
        return
    catalogue = {name: shape for name, value in _events(inquiry.manifest.root) if (shape := _shape(value))}
    if not catalogue:
        return
    for path, text in inquiry.project.texts():
        if not any(name.encode() in text for name in catalogue):
            continue
        module = inquiry.project.module(path)
        if module is None or module.is_test:
            continue
        for call in module.calls(_SENDS):
            name = fixed_text(module, call.args[0]) if len(call.args) > 1 else ""
            sent = _sent(call) if name in catalogue else None
            if sent is None:
                continue
            lacking = [key for key in catalogue[name] if key not in sent.keys]
            if lacking:
                extra = [key for key in sent.keys if key not in catalogue[name]]
                instead = f", and '{short(extra[0])}' comes instead" if extra else ""
                yield Match(
                    sent,
                    f"The catalogue promises '{short(lacking[0])}' with '{short(name)}', and it is not sent{instead}: "
                    "who was written after the catalogue reads nothing.",
                    related=((catalogue[name][lacking[0]], "promised here"),),
                )


def _events(root: Value) -> Iterator[tuple[str, Value]]:
    """Yield the events that a manifest describes, by name."""
    for place in _LISTS:
        listed = root.get(*place)
        if listed is None:
            continue
        yield from list(listed.members())[:_MOST]
        for item in list(listed.items())[:_MOST]:
            named = item.get("name") or item.get("event") or item.get("id") if item.kind == "object" else None
            if named is not None and named.text:
                yield named.text, item


def _shape(value: Value) -> dict[str, Value]:
    """Return the members that are always there in what is sent, as far as a catalogue says it."""
    if value.kind != "object":
        return {}
    inner = next((held for key in _INSIDE if (held := value.get(key)) is not None and held.kind == "object"), None)
    if inner is not None:
        required = value.get("required")
        shape = _shape(inner)
        if required is not None and required.kind == "array":
            told = {item.text for item in required.items()}
            return {key: one for key, one in shape.items() if key in told}
        return shape if value.get("properties") is None else {}
    members = dict(value.members())
    if not members or not all(_is_type(one) for one in members.values()):
        return {}
    return {key: one for key, one in members.items() if not key.endswith("?") and not _is_optional(one)}


def _is_type(value: Value) -> bool:
    """Tell whether a member of a catalogue says of which type something is."""
    if value.kind == "object":
        told = value.get("type")
        return told is not None and told.kind in ("string", "array")
    return value.text.strip("?[]").split("[")[0].split("<")[0].strip().lower() in _TYPES


def _is_optional(value: Value) -> bool:
    if value.kind == "object":
        optional, required = value.get("optional"), value.get("required")
        return (optional is not None and optional.data is True) or (required is not None and required.data is False)
    return "?" in value.text


def _sent(call: Call) -> Object | None:
    """Return what is sent with an event, where all of it is written out."""
    made = strip(call.args[1])
    whole = isinstance(made, Object) and all(isinstance(key, Literal) for key, _value in made.entries)
    return made if isinstance(made, Object) and whole and made.entries else None
