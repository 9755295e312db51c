"""API273: settings that a manifest uses and does not ask for, or asks for and does not use."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.core.nearest import nearest
from reviewer.core.regex import regex
from reviewer.core.scale import Confidence, Severity
from reviewer.experts.assistant.host import BUNDLE, PLUGIN
from reviewer.experts.assistant.orders import text_of
from reviewer.experts.assistant.parts import parts_of
from reviewer.experts.check import Match, subject_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Value

_USED: Final = regex(r"\$\{user_config\.([A-Za-z0-9_-]{1,100})\}")
_TEXTS: Final = (".json", ".md", ".sh", ".py", ".js", ".mjs", ".cjs", ".ts", ".toml")
_MOST: Final = 5000


@subject_check("API273")
def user_config(inquiry: Inquiry) -> Iterator[Match]:
    """Compare the settings in both directions."""
    if inquiry.subject.ecosystem not in (PLUGIN, BUNDLE) or inquiry.manifest is None:
        return
    manifest = inquiry.manifest.root
    key = "user_config" if inquiry.subject.ecosystem == BUNDLE else "userConfig"
    table = manifest.get(key)
    asked = dict(table.members()) if table is not None else {}
    parts = parts_of(inquiry)
    channels = manifest.get("channels")
    own = [entry.get("userConfig") for entry in channels.items()] if channels is not None else []
    known = {*asked, *(name for one in own if one is not None for name, _value in one.members())}
    used: set[str] = set()
    for value in _texts([manifest, *(table for _path, table in (*parts.servers, *parts.hooks))]):
        for hit in _USED.finditer(value.text):
            used.add(hit[1])
            if hit[1] not in known:
                near = nearest(hit[1], known)
                hint = f"; '{near}' is" if near else ""
                yield Match(value, f"'{key}' asks for no '{short(hit[1])}'{hint}: the text stays as it stands here.")
    for name in sorted(asked.keys() - used):
        if not _mentioned(inquiry, name):
            yield Match(
                asked[name].key or asked[name],
                f"People are asked for '{short(name)}', and nothing uses it.",
                severity=Severity.LOW,
                confidence=Confidence.LIKELY,
            )


def _texts(roots: list[Value]) -> Iterator[Value]:
    """Yield the texts below some values, each value once."""
    pending, count = list(reversed(roots)), 0
    seen: set[int] = set()
    while pending and count < _MOST:
        value = pending.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        count += 1
        if value.text:
            yield value
        pending += [inner for _name, inner in value.members()]
        pending += list(value.items())


def _mentioned(inquiry: Inquiry, name: str) -> bool:
    """Tell whether another file of the subject has the setting, under its name or that of its variable."""
    words = (f"user_config.{name}", f"CLAUDE_PLUGIN_OPTION_{name}", f"CLAUDE_PLUGIN_OPTION_{name.upper()}")
    for path in inquiry.subject.files[:_MOST]:
        if path.endswith(_TEXTS) and path != inquiry.subject.manifest_path:
            text = text_of(inquiry, path)
            if any(word in text for word in words):
                return True
    return False
