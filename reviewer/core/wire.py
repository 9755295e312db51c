"""Frozen dataclasses to plain JSON data and back, strictly: for pipes between processes and for the cache.

What a class looks like on the wire follows from its type hints alone: a dataclass is an object
with exactly its fields, a tuple or list is an array, an enum is its value. Hints are resolved
once per class. Reading checks every type and every key, and builds nothing but the classes that
the hints name.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from enum import Enum
from math import isfinite
from typing import Any, TypeAlias, TypeVar, Union, cast

Plain: TypeAlias = "bool | int | float | str | list[Any] | dict[str, Any] | None"
"""What `json.dumps` takes and `json.loads` gives."""

_T = TypeVar("_T")
_Convert: TypeAlias = Callable[[Any], Any]
_ANY_DEPTH = 100
"""How deep data without a type of its own (a field hinted ``Any``) may nest."""
_WRITERS: dict[type, _Convert] = {}
_READERS: dict[type, _Convert] = {}


class WireError(ValueError):
    """The data does not have the shape of the class; the message names the field."""


def to_wire(value: object) -> Plain:
    """Return a dataclass instance as plain data; raises `WireError` where a value can't be written."""
    result: Plain = _writer(type(value))(value)
    return result


def from_wire(cls: type[_T], data: object) -> _T:
    """Build an instance of ``cls`` from plain data.

    Unknown keys, missing keys (fields with a default too) and values of another type raise
    `WireError`.
    """
    result: _T = _reader(cls)(data)
    return result


def _fields(cls: type) -> tuple[tuple[str, Any], ...]:
    """Return the (name, resolved hint) pairs of a dataclass in order of declaration."""
    if not (isinstance(cls, type) and dataclasses.is_dataclass(cls)):
        raise WireError(f"{getattr(cls, '__name__', cls)!r} is not a dataclass")
    hints = typing.get_type_hints(cls)
    return tuple((field.name, hints[field.name]) for field in dataclasses.fields(cls))


def _union(hint: object) -> tuple[Any, bool] | None:
    """Return (the one type besides None, whether None is allowed), or None where the hint is no union."""
    if typing.get_origin(hint) not in (Union, types.UnionType):
        return None
    options = typing.get_args(hint)
    others = [option for option in options if option is not type(None)]
    if len(others) != 1:
        raise WireError(f"the hint {hint} is ambiguous on the wire")
    return others[0], len(others) < len(options)


# Writing


def _writer(cls: type) -> _Convert:
    """Return the function that turns an instance of ``cls`` into an object."""
    known = _WRITERS.get(cls)
    if known is None:
        known = _WRITERS[cls] = _make_writer(cls)
    return known


def _make_writer(cls: type) -> _Convert:
    """Compile the hints of ``cls`` into one function."""
    plan = tuple((name, _write_hint(hint)) for name, hint in _fields(cls))

    def write(value: object) -> dict[str, Any]:
        # The order of keys is the order of declaration: equal values give equal bytes.
        return {
            name: getattr(value, name) if convert is None else convert(getattr(value, name)) for name, convert in plan
        }

    return write


def _write_hint(hint: object) -> _Convert | None:
    """Return the conversion for a hint, or None where the value goes as it is."""
    if hint in (str, int, bool, float, type(None)):
        return None
    if hint is Any:
        return _plain
    if (union := _union(hint)) is not None:
        return _optional(_write_hint(union[0]))
    origin = typing.get_origin(hint)
    arguments = typing.get_args(hint)
    if origin in (tuple, list):
        return _each(_write_hint(arguments[0]) if _uniform(origin, arguments) else _plain)
    if origin is dict:
        return _plain if arguments[1] is Any else _each_value(_write_hint(arguments[1]))
    if isinstance(hint, type) and issubclass(hint, Enum):
        return lambda value: value.value
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return _writer(hint)
    raise WireError(f"a field of type {hint} can't go over the wire")


def _optional(inner: _Convert | None) -> _Convert | None:
    """Let None through and convert the rest."""
    return None if inner is None else lambda value: None if value is None else inner(value)


def _each(inner: _Convert | None) -> _Convert:
    """Convert every item."""
    return list if inner is None else lambda value: [inner(item) for item in value]


def _each_value(inner: _Convert | None) -> _Convert:
    """Convert every value of a mapping."""
    return dict if inner is None else lambda value: {key: inner(item) for key, item in value.items()}


def _uniform(origin: object, arguments: tuple[Any, ...]) -> bool:
    """Tell whether every item has the same type; else it is a tuple of a fixed length."""
    return origin is list or (len(arguments) == 2 and arguments[1] is Ellipsis)


def _plain(value: object, depth: int = 0) -> Plain:
    """Copy data without a type of its own, and refuse what JSON can't carry."""
    if depth > _ANY_DEPTH:
        raise WireError(f"data is nested deeper than {_ANY_DEPTH}")
    if isinstance(value, Enum):
        return _plain(value.value, depth)
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float) and isfinite(value):
        return value
    if isinstance(value, list | tuple):
        return [_plain(item, depth + 1) for item in value]
    if isinstance(value, dict):
        for key in value:
            if not isinstance(key, str):
                raise WireError(f"a key of type {type(key).__name__} can't go over the wire")
        return {key: _plain(item, depth + 1) for key, item in value.items()}
    raise WireError(f"a value of type {type(value).__name__} can't go over the wire")


# Reading


def _reader(cls: type) -> _Convert:
    """Return the function that builds an instance of ``cls`` from an object."""
    known = _READERS.get(cls)
    if known is None:
        known = _READERS[cls] = _make_reader(cls)
    return known


def _make_reader(cls: type) -> _Convert:
    """Compile the hints of ``cls`` into one function.

    Most fields are plain scalars. They are checked in place: a call for each would take half
    of the time.
    """
    plan = tuple((name, hint if hint in _SCALARS else None, _read_hint(hint)) for name, hint in _fields(cls))
    known = frozenset(name for name, _, _ in plan)

    def read(data: object) -> object:
        if type(data) is not dict:
            raise WireError(f"{cls.__name__}: expected an object, found {_kind(data)}")
        if data.keys() != known:
            raise WireError(f"{cls.__name__}: {_wrong_keys(data.keys(), known)}")
        values = []
        for name, scalar, convert in plan:
            value = data[name]
            if scalar is None or type(value) is not scalar:
                try:
                    value = convert(value)
                except WireError as error:
                    raise WireError(f"{cls.__name__}.{name}: {error}") from None
            values.append(value)
        return cls(*values)

    return read


def _wrong_keys(found: AbstractSet[Any], known: frozenset[str]) -> str:
    """Say which keys are missing and which are not known."""
    missing = sorted(known - found)
    unknown = sorted(repr(key)[:80] for key in found - known)
    parts = []
    if missing:
        parts.append(f"missing {', '.join(missing)}")
    if unknown:
        parts.append(f"unknown {', '.join(unknown[:10])}")
    return "; ".join(parts)


def _read_hint(hint: object) -> _Convert:
    """Return the checking conversion for a hint."""
    if hint is Any:
        return _plain
    if hint is float:
        return _read_float
    if hint in (str, int, bool, type(None)):
        return _exactly(hint)
    if (union := _union(hint)) is not None:
        inner = _read_hint(union[0])
        return (lambda data: None if data is None else inner(data)) if union[1] else inner
    origin = typing.get_origin(hint)
    if origin in (tuple, list):
        return _read_items(origin, typing.get_args(hint))
    if origin is dict:
        return _read_mapping(_read_hint(typing.get_args(hint)[1]))
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _read_enum(hint)
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return _reader(hint)
    raise WireError(f"a field of type {hint} can't come over the wire")


def _exactly(kind: type) -> _Convert:
    """Accept values of one scalar type alone: True is no number here."""

    def read(data: object) -> object:
        if type(data) is not kind:
            raise WireError(f"expected {_NAMES[kind]}, found {_kind(data)}")
        return data

    return read


def _read_float(data: object) -> float:
    """Accept finite numbers."""
    if type(data) not in (int, float) or not isfinite(number := cast("float", data)):
        raise WireError(f"expected a number, found {_kind(data)}")
    return float(number)


def _read_items(origin: type, arguments: tuple[Any, ...]) -> _Convert:
    """Accept arrays: of one type and any length, or of fixed types."""
    if _uniform(origin, arguments):
        inner = _read_hint(arguments[0])

        def read(data: object) -> object:
            if type(data) is not list:
                raise WireError(f"expected an array, found {_kind(data)}")
            return origin([inner(item) for item in data])

        return read
    inners = tuple(_read_hint(argument) for argument in arguments)

    def read_fixed(data: object) -> object:
        if type(data) is not list or len(data) != len(inners):
            raise WireError(f"expected an array of {len(inners)}, found {_kind(data)}")
        return tuple([convert(item) for convert, item in zip(inners, data, strict=True)])

    return read_fixed


def _read_mapping(inner: _Convert) -> _Convert:
    """Accept objects whose values all have one type."""

    def read(data: object) -> dict[str, Any]:
        if type(data) is not dict or not all(type(key) is str for key in data):
            raise WireError(f"expected an object, found {_kind(data)}")
        return {key: inner(item) for key, item in data.items()}

    return read


def _read_enum(kind: type[Enum]) -> _Convert:
    """Accept the values of an enumeration."""
    members = {member.value: member for member in kind}

    def read(data: object) -> object:
        # A number that equals another type's value (True and 1) must not pass for it.
        member = members.get(data) if isinstance(data, str | int) else None
        if member is None or type(member.value) is not type(data):
            raise WireError(f"{_kind(data)} is not a {kind.__name__}")
        return member

    return read


_SCALARS = (str, int, bool)
_NAMES = {str: "a string", int: "a whole number", bool: "true or false", type(None): "null"}


def _kind(data: object) -> str:
    """Describe a value that does not fit, briefly."""
    if isinstance(data, list | dict):
        return f"{'an array' if isinstance(data, list) else 'an object'} of {len(data)}"
    return repr(data)[:80]
