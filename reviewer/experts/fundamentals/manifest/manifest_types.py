"""FUN002: a member of the manifest that holds another kind of value than it must."""

from __future__ import annotations

import json
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from reviewer.core.scale import Severity
from reviewer.experts.check import Match, subject_check
from reviewer.experts.data.messages import short
from reviewer.experts.data.violations import violations
from reviewer.experts.fundamentals.manifests import manifest_schema, plugin_manifest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jsonschema.exceptions import ValidationError

    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Value

_MOST: Final = 60
_KINDS: Final = {
    "string": "a text",
    "boolean": "true or false",
    "array": "a list",
    "object": "an object",
    "integer": "a whole number",
    "number": "a number",
    "null": "nothing",
}
_SAID_ELSEWHERE: Final = frozenset({"required", "minLength"})
"""What other rules speak about: members that are missing or empty."""


@subject_check("FUN002")
def manifest_types(inquiry: Inquiry) -> Iterator[Match]:
    """Hold the manifest against its schema; say what was found, what was expected and what would be right."""
    document = plugin_manifest(inquiry)
    if document is None:
        return
    for error in islice(violations(manifest_schema(), document.root.plain()), _MOST):
        path = list(error.absolute_path)
        value = document.root.get(*path) if path else None
        if value is None or error.validator in _SAID_ELSEWHERE:
            continue
        name = ".".join(str(step) for step in path)
        yield Match(value, f"'{name}' {_problem(error, value)}", severity=_severity(error))


def _problem(error: ValidationError, value: Value) -> str:
    if error.validator == "type":
        kinds = error.validator_value if isinstance(error.validator_value, list) else [error.validator_value]
        expected = " or ".join(_KINDS[str(kind)] for kind in kinds)
        return f"is {_shown(value)}; expected {expected}, for example {_example(error.schema, value)}."
    if error.validator == "not":
        right = str(value.text.lower() in ("true", "yes")).lower()
        return f"is the text {_shown(value)}, which counts as true wherever it is tested; expected a bare {right}."
    if error.validator == "uniqueItems":
        return "stands here a second time."
    return f"is {_shown(value)}: {short(error.message)}."


def _shown(value: Value) -> str:
    if value.kind in ("object", "array"):
        return _KINDS[value.kind]
    if value.data is None:
        return "null"
    return f"{short(json.dumps(value.plain(), ensure_ascii=False))} ({value.kind})"


def _example(schema: Any, value: Value) -> str:
    """Return the smallest example that would be right: the value itself as a text where that is all it needs."""
    wants = schema.get("type") if isinstance(schema, dict) else None
    if wants == "string" and value.kind == "number":
        text = str(value.data)
        return json.dumps(text if text.count(".") else f"{text}.0.0")
    examples = schema.get("examples") if isinstance(schema, dict) else None
    return json.dumps(examples[0], ensure_ascii=False) if examples else "{}"


def _severity(error: ValidationError) -> Severity | None:
    return Severity.LOW if error.validator in ("uniqueItems", "maxLength") else None
