"""What data violates of a JSON Schema: nothing, said at once, or what the validator finds.

Most manifests violate nothing, and loading the validator takes longer than all the rest that is done
with one of them. So a few plain keywords are looked at here; whatever is wrong or unusual is the validator's.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from reviewer.experts.data.patterns import found

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

    from reviewer.subject.document import Plain


def violations(schema: Mapping[str, Any], data: Plain) -> Iterator[ValidationError]:
    """Yield every violation, in the order of the schema."""
    if surely_fits(schema, data):
        return
    from reviewer.experts.data.validator import errors_of

    yield from errors_of(schema, data)


def surely_fits(schema: Mapping[str, Any], data: Plain) -> bool:
    """Tell whether data is valid; False also where that takes more than the keywords known here."""
    try:
        return _fits(schema, data, schema)
    except (_UnsureError, RecursionError):
        return False


class _UnsureError(Exception):
    """The schema uses what only the validator knows."""


_Test = Callable[[Any, Any, Mapping[str, Any], Mapping[str, Any]], bool]
"""Takes what stands behind a keyword, the data, the schema around it, and the root of all."""


def _fits(schema: object, data: Any, root: Mapping[str, Any]) -> bool:
    if isinstance(schema, bool):
        return schema
    if not isinstance(schema, Mapping):
        raise _UnsureError
    for keyword, wanted in schema.items():
        if keyword in _NOTES:
            continue
        test = _TESTS.get(keyword)
        if test is None:
            raise _UnsureError
        if not test(wanted, data, schema, root):
            return False
    return True


def _type(wanted: Any, data: Any, _schema: Mapping[str, Any], _root: Mapping[str, Any]) -> bool:
    kinds = wanted if isinstance(wanted, list) else [wanted]
    return any(_is(kind, data) for kind in kinds)


def _is(kind: str, data: Any) -> bool:
    if kind in ("integer", "number"):
        number = isinstance(data, int | float) and not isinstance(data, bool)
        return number and (kind == "number" or float(data).is_integer())
    if kind not in _KINDS:
        raise _UnsureError
    return isinstance(data, _KINDS[kind])


def _enum(wanted: Any, data: Any, _schema: Mapping[str, Any], _root: Mapping[str, Any]) -> bool:
    if not all(isinstance(choice, str) or type(choice) is type(data) is int for choice in wanted):
        raise _UnsureError  # whether 1, 1.0 and true are the same is the validator's to say
    return data in wanted


def _if(wanted: Any, data: Any, schema: Mapping[str, Any], root: Mapping[str, Any]) -> bool:
    return _fits(schema.get("then" if _fits(wanted, data, root) else "else", True), data, root)


def _reference(wanted: Any, data: Any, _schema: Mapping[str, Any], root: Mapping[str, Any]) -> bool:
    name = str(wanted).removeprefix("#/$defs/")
    if "/" in name or name not in root.get("$defs", {}):
        raise _UnsureError
    return _fits(root["$defs"][name], data, root)


def _properties(wanted: Any, data: Any, _schema: Mapping[str, Any], root: Mapping[str, Any]) -> bool:
    if not isinstance(data, dict):
        return True
    return all(_fits(inner, data[name], root) for name, inner in wanted.items() if name in data)


def _additional(wanted: Any, data: Any, schema: Mapping[str, Any], root: Mapping[str, Any]) -> bool:
    if not isinstance(data, dict):
        return True
    if "patternProperties" in schema:
        raise _UnsureError
    known = schema.get("properties", {})
    return all(_fits(wanted, value, root) for name, value in data.items() if name not in known)


def _unique(wanted: Any, data: Any, _schema: Mapping[str, Any], _root: Mapping[str, Any]) -> bool:
    if not wanted or not isinstance(data, list):
        return True
    return len({json.dumps(item, sort_keys=True) for item in data}) == len(data)


_KINDS: Final[Mapping[str, type | tuple[type, ...]]] = {
    "string": str,
    "boolean": bool,
    "array": list,
    "object": dict,
    "null": type(None),
}
_NOTES: Final = frozenset(
    {"$schema", "$id", "$comment", "$defs", "title", "description", "examples", "default", "then", "else"}
)
"""Keywords that say nothing about data, or nothing without another one."""
_TESTS: Final[Mapping[str, _Test]] = {
    "type": _type,
    "enum": _enum,
    "const": lambda wanted, data, schema, root: _enum([wanted], data, schema, root),
    "if": _if,
    "$ref": _reference,
    "properties": _properties,
    "additionalProperties": _additional,
    "uniqueItems": _unique,
    "required": lambda wanted, data, _schema, _root: not isinstance(data, dict) or all(n in data for n in wanted),
    "items": lambda wanted, data, _schema, root: (
        not isinstance(data, list) or all(_fits(wanted, item, root) for item in data)
    ),
    "minLength": lambda wanted, data, _schema, _root: not isinstance(data, str) or len(data) >= wanted,
    "maxLength": lambda wanted, data, _schema, _root: not isinstance(data, str) or len(data) <= wanted,
    "pattern": lambda wanted, data, _schema, _root: not isinstance(data, str) or found(wanted, data),
    "not": lambda wanted, data, _schema, root: not _fits(wanted, data, root),
    "anyOf": lambda wanted, data, _schema, root: any(_fits(one, data, root) for one in wanted),
}
"""Each exactly as the validator has it."""
