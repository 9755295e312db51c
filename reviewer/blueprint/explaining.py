"""Says what is wrong with a value of a design: what was found, what is expected, and what is near."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, get_args

from pydantic import BaseModel

from reviewer.blueprint.inputs import texts_of
from reviewer.blueprint.model import FORMS, Chosen, Design
from reviewer.core.nearest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import ValidationError
    from pydantic.fields import FieldInfo
    from pydantic_core import ErrorDetails

    from reviewer.core.location import Location
    from reviewer.subject.document import Document, Value

_SHOWN: Final = 60
_KINDS: Final = {
    "string_type": "a text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "a table",
    "model_type": "a table",
    "model_attributes_type": "a table",
}


def explain(document: Document, error: ValidationError) -> Iterator[tuple[Location, str]]:
    """Yield place and text for everything that the model refuses; of the ways in which one value is wrong the first."""
    told: set[tuple[Location, str]] = set()
    for detail in error.errors(include_url=False):
        steps = tuple(detail["loc"])
        value, reached = _follow(document.root, steps)
        place = _place(value, detail)
        found = (place, str(steps[-1]) if detail["type"] in ("missing", "extra_forbidden") else "")
        if found not in told:
            told.add(found)
            yield place, _text(detail, steps, reached)


def _follow(root: Value, steps: tuple[str | int, ...]) -> tuple[Value, int]:
    """Return the value that steps lead to, as far as they lead, and how many of them did."""
    value = root
    for number, step in enumerate(steps):
        inner = value.get(step)
        if inner is None:
            return value, number
        value = inner
    return value, len(steps)


def _place(value: Value, detail: ErrorDetails) -> Location:
    """Return where to point: at the key of an unknown member, at the value of a wrong one."""
    if detail["type"] == "extra_forbidden" and value.key is not None:
        return value.key
    if detail["type"] == "missing" and value.key is not None:
        return value.key
    return value.location


def _text(detail: ErrorDetails, steps: tuple[str | int, ...], reached: int) -> str:
    """Return the message for one mistake."""
    kind = detail["type"]
    if kind == "extra_forbidden":
        known = sorted(_members(steps[:-1]))
        hint = did_you_mean(str(steps[-1]), known) or f"; known keys: {', '.join(known)}"
        return f"unknown key {shown(steps[-1])}{hint}"
    owner, field = _field(steps)
    if kind == "missing":
        return f"{steps[-1]!r} is missing; write for example {example(str(steps[-1]), field)}"
    name = next((step for step in reversed(steps[:reached]) if isinstance(step, str)), "design")
    found = shown(detail["input"])
    if steps[-1] == "[key]":
        return f"the name {found} in {owner} has another form; expected {_expected(detail, field)}"
    if kind == "literal_error":
        choices = _choices(field)
        return f"{name} is {found}; expected one of {', '.join(choices)}{did_you_mean(str(detail['input']), choices)}"
    return f"{name} is {found}; expected {_expected(detail, field)}, for example {example(owner, field)}"


def _expected(detail: ErrorDetails, field: FieldInfo | None) -> str:
    """Say what would be right."""
    kind, context = detail["type"], detail.get("ctx", {})
    if field is not None and field.annotation == Chosen:
        return "an option, a number, or a list of options"
    if kind == "string_pattern_mismatch":
        return FORMS.get(str(context.get("pattern")), "another form")
    if kind in ("too_short", "too_long", "string_too_short", "string_too_long"):
        what = "letter" if kind.startswith("string") else "item"
        count = context.get("min_length", context.get("max_length", 1))
        return f"at {'least' if kind.endswith('short') else 'most'} {count} {what}{'' if count == 1 else 's'}"
    return _KINDS.get(kind) or detail["msg"].removeprefix("Input should ").removeprefix("be ")


def shown(value: object) -> str:
    """Spell a value as a person would write it, shortened."""
    text = json.dumps(value, ensure_ascii=False, default=str) if not isinstance(value, str) else repr(value)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def example(name: str, field: FieldInfo | None) -> str:
    """Return the smallest right member of this name."""
    if field is not None and field.examples:
        return f"{name}: {json.dumps(field.examples[0], ensure_ascii=False)}"
    return {"host": 'host: {id: "com.example.tides", name: "Tide tables"}'}.get(name, f"{name}: …")


def _choices(field: FieldInfo | None) -> tuple[str, ...]:
    return texts_of(field.annotation) or tuple(str(one) for one in get_args(field.annotation)) if field else ()


def _members(steps: tuple[str | int, ...]) -> tuple[str, ...]:
    """Return the keys of the table at these steps."""
    model = _model(steps)
    return tuple(model.model_fields) if model is not None else ()


def _field(steps: tuple[str | int, ...]) -> tuple[str, FieldInfo | None]:
    """Return the field of the model at these steps, the last named one that a model has, with its name."""
    for end in range(len(steps), 0, -1):
        step = steps[end - 1]
        model = _model(steps[: end - 1])
        if model is not None and isinstance(step, str) and step in model.model_fields:
            return step, model.model_fields[step]
    return str(steps[-1]), None


def _model(steps: tuple[str | int, ...]) -> type[BaseModel] | None:
    """Return the class of the table at these steps."""
    model: type[BaseModel] | None = Design
    for step in steps:
        if model is None:
            return None
        if isinstance(step, str) and step in model.model_fields:
            model = _model_in(model.model_fields[step].annotation)
    return model


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """Return the class that a type holds: itself, or what its list or table is of."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in get_args(annotation):
        found = _model_in(argument)
        if found is not None:
            return found
    return None
