"""FUN270: a manifest that the host of its ecosystem does not take as it stands."""

from __future__ import annotations

import json
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from reviewer.core.nearest import nearest
from reviewer.core.scale import Severity
from reviewer.experts.check import Match, subject_check
from reviewer.experts.data.fields import first_line
from reviewer.experts.data.messages import short
from reviewer.experts.data.violations import violations
from reviewer.experts.profile import profile_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jsonschema.exceptions import ValidationError

    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Value

_MOST: Final = 60
_MOST_KEYS: Final = 200
_KINDS: Final = {
    "string": "a text",
    "boolean": "true or false",
    "array": "a list",
    "object": "an object",
    "number": "a number",
    "null": "nothing",
}
_PATTERNS: Final = {
    "^https?://": "an address that begins with https://",
    r"^\./": "a path that begins with ./",
    r"^\./.*\.md$": "a file that begins with ./ and ends in .md",
    r"^\./.*\.json$": "a file that begins with ./ and ends in .json",
    "^[0-9a-f]{40}$": "a whole commit, 40 hexadecimal digits",
}
"""Patterns of the schemas in words; a pattern of names or versions is best said by an example."""


@subject_check("FUN270")
def ecosystem_schema(inquiry: Inquiry) -> Iterator[Match]:
    """Hold the manifest against the schema of its ecosystem; a list of plugins has one of its own."""
    document, profile = inquiry.manifest, profile_of(inquiry)
    if document is None or profile is None or profile.schema is None or inquiry.subject.kind not in _KINDS_OF_SUBJECT:
        return
    name = _KINDS_OF_SUBJECT[inquiry.subject.kind] or profile.schema.name
    schema = _schema(profile.schema.with_name(name))
    for error in islice(violations(schema, document.root.plain()), _MOST):
        path = list(error.absolute_path)
        value = document.root.get(*path) if path else document.root
        if value is not None:
            at = first_line(document) if value is document.root else value
            yield Match(at, _problem(".".join(str(step) for step in path), error, value), severity=_severity(error))
    yield from _misspelt(document.root, schema)


_KINDS_OF_SUBJECT: Final = {"plugin": "", "registry": "marketplace.schema.json"}


@lru_cache(maxsize=8)
def _schema(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def _problem(name: str, error: ValidationError, value: Value) -> str:
    where = f"'{name}'" if name else "The manifest"
    example = _example(error.schema)
    if error.validator == "required":
        missing = error.message.split("'")[1]
        properties = error.schema.get("properties", {}) if isinstance(error.schema, dict) else {}
        wanted = _example(properties.get(missing, {}))
        return f"{where} lacks '{missing}'{f'; for example {json.dumps(missing)}: {wanted}' if wanted else ''}."
    if error.validator == "type":
        kinds = error.validator_value if isinstance(error.validator_value, list) else [error.validator_value]
        expected = " or ".join(_KINDS[str(kind)] for kind in kinds)
        return f"{where} is {_shown(value)}; expected {expected}{f', for example {example}' if example else ''}."
    if error.validator == "enum":
        known = [str(one) for one in error.schema.get("enum", ())] if isinstance(error.schema, dict) else []
        listed = ", ".join(json.dumps(one) for one in known)
        near = nearest(str(value.data), known)
        return f"{where} is {_shown(value)}; expected one of {listed}{f'; {near!r} is near' if near else ''}."
    if error.validator in ("pattern", "minLength"):
        expected = _PATTERNS.get(str(error.validator_value), "")
        expected = f"{expected}, for example {example}" if expected and example else expected or f"one like {example}"
        return f"{where} is {_shown(value)}; expected {expected}."
    return f"{where} is {_shown(value)}: {short(error.message)}."


def _severity(error: ValidationError) -> Severity | None:
    path = [str(step) for step in error.absolute_path]
    mild = error.validator in ("pattern", "maxLength") and path[-1:] in (["version"], ["homepage"])
    return Severity.LOW if mild else None


def _shown(value: Value) -> str:
    if value.kind in ("object", "array"):
        return _KINDS[value.kind]
    return (
        f"{short(json.dumps(value.plain(), ensure_ascii=False))} ({value.kind})" if value.data is not None else "null"
    )


def _example(schema: Any) -> str:
    examples = schema.get("examples") if isinstance(schema, dict) else None
    return json.dumps(examples[0], ensure_ascii=False) if examples else ""


def _misspelt(root: Value, schema: dict[str, Any]) -> Iterator[Match]:
    """Yield the members that no host reads and that are nearly called like one that it reads."""
    known = schema["properties"]
    present = {key for key, _value in root.members()}
    for key, value in islice(root.members(), _MOST_KEYS):
        if key in known or key.startswith(("_", "$", "x-")):
            continue
        bare = key.replace("_", "").replace("-", "").lower()
        same = next((one for one in known if one.replace("_", "").replace("-", "").lower() == bare), None)
        close = same or _close(key, [one for one in known if one not in present])
        if close and close not in present:
            yield Match(
                value.key or value, f"The host does not read '{key}'; '{close}' is what it looks like.",
                fix=f"Write '{close}'.", severity=Severity.MEDIUM,
            )  # fmt: skip


def _close(key: str, known: list[str]) -> str:
    """Return the key that one is a slip away from, or an empty string."""
    from difflib import get_close_matches

    found = get_close_matches(key[:60], known, n=1, cutoff=0.86)
    return found[0] if found and len(key) > 4 else ""
