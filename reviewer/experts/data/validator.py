"""The JSON Schema validator: our schemas on a stranger's data, nothing fetched, nothing that stalls.

The keywords that work on text or compare all pairs are replaced, because their usual forms
take minutes on data that was made for it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend
from referencing import Registry

from reviewer.experts.data.messages import short
from reviewer.experts.data.patterns import found

if TYPE_CHECKING:
    from reviewer.subject.document import Plain


def errors_of(schema: Mapping[str, Any], data: Plain) -> Iterator[ValidationError]:
    """Yield every violation, in the order of the schema."""
    # An empty registry: the default one would open any address that a schema names.
    registry: Registry[Any] = Registry()
    yield from _VALIDATOR(schema, registry=registry).iter_errors(data)


def _pattern(_validator: Any, pattern: str, instance: Any, _schema: Any) -> Iterator[ValidationError]:
    if isinstance(instance, str) and not found(pattern, instance):
        yield ValidationError(f"{short(repr(instance))} does not match {pattern!r}")


def _pattern_properties(
    validator: Any, patterns: Mapping[str, Any], instance: Any, _schema: Any
) -> Iterator[ValidationError]:
    if isinstance(instance, Mapping):
        for pattern, schema in patterns.items():
            for name, value in instance.items():
                if found(pattern, name):
                    yield from validator.descend(value, schema, path=name, schema_path=pattern)


def _additional(validator: Any, allowed: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    if not isinstance(instance, Mapping):
        return
    known = schema.get("properties", {})
    patterns = schema.get("patternProperties", {})
    for name, value in instance.items():
        if name in known or any(found(pattern, name) for pattern in patterns):
            continue
        if allowed is False:
            yield ValidationError(f"{short(name)!r} is not a known field", path=[name])
        else:
            yield from validator.descend(value, allowed, path=name)


def _required(_validator: Any, names: list[str], instance: Any, _schema: Any) -> Iterator[ValidationError]:
    if isinstance(instance, Mapping):
        for name in names:
            if name not in instance:
                yield ValidationError(f"{name!r} is missing")


def _unique_items(_validator: Any, wanted: bool, instance: Any, _schema: Any) -> Iterator[ValidationError]:
    if not wanted or not isinstance(instance, list):
        return
    seen: set[str] = set()
    for position, item in enumerate(instance):
        key = json.dumps(item, sort_keys=True)
        if key in seen:
            yield ValidationError(f"{short(key)} stands here twice", path=[position])
            return
        seen.add(key)


_VALIDATOR = extend(  # type: ignore[no-untyped-call]  # the stubs leave this function out
    Draft202012Validator,
    {
        "pattern": _pattern,
        "patternProperties": _pattern_properties,
        "additionalProperties": _additional,
        "required": _required,
        "uniqueItems": _unique_items,
    },
)
