"""Writes names, values and shapes of a design as code; whatever a design says stays text there."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from reviewer.design.artefacts.traits import Fields, Interaction

_TS: Final = {
    "string": "string", "number": "number", "integer": "number", "boolean": "boolean",
    "string[]": "readonly string[]", "number[]": "readonly number[]", "object": "JsonObject",
}  # fmt: skip
_PY: Final = {
    "string": "str", "number": "float", "integer": "int", "boolean": "bool",
    "string[]": "list[str]", "number[]": "list[float]", "object": "dict[str, Json]",
}  # fmt: skip
_SAMPLE: Final[dict[str, Any]] = {
    "string": "tea", "number": 2, "integer": 2, "boolean": True, "string[]": ["tea"], "number[]": [2], "object": {},
}  # fmt: skip


def literal(value: Any) -> str:
    """Return a value as a literal of JSON, which TypeScript reads the same."""
    text = json.dumps(value, ensure_ascii=False)
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def python(value: Any) -> str:
    """Return a value as a literal of Python, with double quotes."""
    if isinstance(value, str):
        return json.dumps(value)
    if isinstance(value, list):
        return f"[{', '.join(python(item) for item in value)}]"
    if isinstance(value, tuple):
        return f"({', '.join(python(item) for item in value)}{',' if len(value) == 1 else ''})"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{python(key)}: {python(item)}' for key, item in value.items())}}}"
    return repr(value)


def comment(text: str) -> str:
    """Return a text that ends no comment and no line."""
    plain = " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]", " ", text).split())
    return plain.replace("*/", "* /").replace('"""', "'''").replace("\\", "/")


def ts_shape(fields: Fields) -> str:
    """Return the type of an object with these fields."""
    if not fields:
        return "{ readonly [field: string]: never }"
    return f"{{ {'; '.join(f'readonly {name}: {_TS[kind]}' for name, kind in fields)} }}"


def ts_map(fields: Fields) -> str:
    """Return the shape that the host holds values against."""
    if not fields:
        return "new Map()"
    return f"new Map([{', '.join(f'[{literal(name)}, {literal(kind)}]' for name, kind in fields)}])"


def ts_names(interactions: Iterable[Interaction]) -> str:
    """Return a union of names."""
    return " | ".join(literal(one.name) for one in interactions)


def ts_event(event: Interaction) -> str:
    """Return the row of an event in the catalogue."""
    return (
        f"{{ version: {event.version}, owner: {literal(event.owner)}, permission: {literal(event.permission or None)}, "
        f"deadlineMs: {event.deadline_ms}, shape: {ts_map(event.fields)} }}"
    )


def ts_command(command: Interaction, cache: bool) -> str:
    """Return the row of a command in the catalogue."""
    cached = f"cached: {literal(command.cached)}, " if cache else ""
    result = ts_map(command.result) if command.result else "null"
    return (
        f"{{ owner: {literal(command.owner)}, permission: {literal(command.permission or None)}, "
        f"deadlineMs: {command.deadline_ms}, {cached}shape: {ts_map(command.fields)}, result: {result} }}"
    )


def ts_point(point: Interaction) -> str:
    """Return the row of a point in the catalogue."""
    on_error = "closed" if point.closed else "open"
    return f"{{ onError: {literal(on_error)}, deadlineMs: {point.deadline_ms}, shape: {ts_map(point.fields)} }}"


def sample_of(fields: Fields) -> dict[str, Any]:
    """Return values that fit."""
    return {name: _SAMPLE[kind] for name, kind in fields}


def blank_of(point: Interaction) -> dict[str, Any]:
    """Return values that fit, with the first text empty."""
    return sample_of(point.fields) | ({point.first_text: " "} if point.first_text else {})


def result_of(command: Interaction) -> dict[str, Any]:
    """Return what the starter plugin answers to the sample of a command, asked for the first time."""
    count = 0 if command.pure else 1
    if not command.result:
        return sample_of(command.fields) | {"count": count}
    text = "tea" if command.first_text else command.name
    values = _SAMPLE | {"string": text, "number": count, "integer": count}
    return {name: values[kind] for name, kind in command.result}


def _answer(command: Interaction, count: str, text: str, of: Callable[[Any], str]) -> list[tuple[str, str]]:
    """Return the fields of the starter's answer as expressions."""
    values = {kind: of(value) for kind, value in _SAMPLE.items()} | {"string": text, "number": count, "integer": count}
    return [(name, values[kind]) for name, kind in command.result]


def ts_answer(command: Interaction, count: str) -> str:
    """Return the answer of the starter plugin to a command, as an expression."""
    if not command.result:
        return f"{{ ...input, count: {count} }}"
    text = f"input.{command.first_text}" if command.first_text else literal(command.name)
    return f"{{ {', '.join(f'{name}: {value}' for name, value in _answer(command, count, text, literal))} }}"


def py_answer(command: Interaction, count: str) -> str:
    """Return the answer of the starter plugin to a command, as an expression."""
    if not command.result:
        return f'{{**given, "count": {count}}}'
    text = f"given[{python(command.first_text)}]" if command.first_text else python(command.name)
    pairs = _answer(command, count, text, python)
    return f"{{{', '.join(f'{python(name)}: {value}' for name, value in pairs)}}}"


def ts_emission(event: Interaction, source: str, count: str) -> str:
    """Return what the starter plugin emits: the name of the occasion, and how often it was there."""
    pairs = _emission(event, source and literal(source), count, literal)
    return f"{{ {', '.join(f'{name}: {value}' for name, value in pairs)} }}" if pairs else "{}"


def py_emission(event: Interaction, source: str, count: str) -> str:
    """Return what the starter plugin emits, in Python."""
    pairs = _emission(event, source and python(source), count, python)
    return f"{{{', '.join(f'{python(name)}: {value}' for name, value in pairs)}}}"


def _emission(event: Interaction, source: str, count: str, of: Callable[[Any], str]) -> list[tuple[str, str]]:
    values = {kind: of(value) for kind, value in _SAMPLE.items()}
    values |= {"string": source or "name", "number": count, "integer": count}
    return [(name, values[kind]) for name, kind in event.fields]


def py_shape(fields: Fields) -> str:
    """Return the shape that the host in Python holds values against."""
    return f"{{{', '.join(f'{python(name)}: {python(kind)}' for name, kind in fields)}}}"


def py_fields(fields: Fields) -> str:
    """Return the fields of a ``TypedDict`` in the form that admits every name."""
    return f"{{{', '.join(f'{python(name)}: {python(_PY[kind])}' for name, kind in fields)}}}"


FILTERS: Final[dict[str, Callable[..., str]]] = {
    "literal": literal,
    "python": python,
    "comment": comment,
    "ts_shape": ts_shape,
    "ts_map": ts_map,
    "ts_names": ts_names,
    "ts_event": ts_event,
    "ts_command": ts_command,
    "ts_point": ts_point,
    "ts_answer": ts_answer,
    "ts_emission": ts_emission,
    "ts_sample": lambda fields: literal(sample_of(fields)),
    "ts_blank": lambda point: literal(blank_of(point)),
    "ts_result": lambda command: literal(result_of(command)),
    "py_answer": py_answer,
    "py_emission": py_emission,
    "py_shape": py_shape,
    "py_fields": py_fields,
    "py_sample": lambda fields: python(sample_of(fields)),
    "py_blank": lambda point: python(blank_of(point)),
    "py_result": lambda command: python(result_of(command)),
}
"""Filters of the templates, by name."""
