"""The JSON Schema of a design file, for editors: made from the model and the rulebook, and shipped."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from reviewer.blueprint.model import Design
from reviewer.blueprint.reading_rules import shipped_rulebook

if TYPE_CHECKING:
    from reviewer.blueprint.rulebook import Dimension

SHIPPED: Final = Path(__file__).with_name("plugin-design.schema.json")
"""The schema as it ships; a test makes it again."""


def schema_text() -> str:
    """Return what `SHIPPED` has to hold."""
    schema: dict[str, Any] = Design.model_json_schema()
    book = shipped_rulebook()
    decisions = {
        key: {
            "type": "object",
            "title": dimension.title,
            "description": dimension.question,
            "required": ["choose", "reason"],
            "additionalProperties": False,
            "properties": {
                "choose": _choices(dimension),
                "reason": {"type": "string", "minLength": 1, "description": "Why it was chosen."},
            },
        }
        for key, dimension in book.dimensions.items()
        if not dimension.each
    }
    kept = schema["properties"]["decisions"]
    schema["properties"]["decisions"] = {
        "type": "object",
        "description": kept["description"],
        "additionalProperties": False,
        "properties": decisions,
    }
    schema["$defs"]["Waiver"]["properties"]["rule"]["enum"] = list(book.rules)
    for key, question in book.questions.items():
        asked = schema["$defs"]["Inputs"]["properties"][key]
        asked["description"] = f"{question.question} {question.why}"
        asked["default"] = list(question.default) if isinstance(question.default, tuple) else question.default
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:plugin-reviewer:plugin-design",
        "$comment": "Made from the design model and the rulebook; a test makes it again.",
        **schema,
    }
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def _choices(dimension: Dimension) -> dict[str, Any]:
    if dimension.takes == "number":
        return {"type": "integer", "minimum": 0}
    options = {
        "type": "string",
        "enum": list(dimension.options),
        "description": "; ".join(f"{option}: {text}" for option, text in dimension.options.items()),
    }
    return options if dimension.takes == "one" else {"type": "array", "items": options, "uniqueItems": True}
