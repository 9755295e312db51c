"""Structs to plain JSON data and back, strictly: for pipes between processes and for the cache.

What a class looks like on the wire follows from its type hints alone: a struct is an object with
its fields in order of declaration, a tuple or list is an array, an enum is its value. Reading
checks every type and builds nothing but the classes that the hints name.
"""

from __future__ import annotations

from _thread import allocate_lock
from typing import Any, Final, TypeAlias, TypeVar, cast

from msgspec import Struct, ValidationError, convert, to_builtins

Plain: TypeAlias = "bool | int | float | str | list[Any] | dict[str, Any] | None"
"""What `json.dumps` takes and `json.loads` gives."""

_S = TypeVar("_S", bound=Struct)
_ONE_AT_A_TIME: Final = allocate_lock()
"""The first time, a class is looked up to its last field; two threads that do so together end the process."""


class WireError(ValueError):
    """The data does not have the shape of the class; the message names the field."""


def to_wire(value: Struct) -> Plain:
    """Return a struct as plain data; raises `WireError` where a value can't be written."""
    try:
        return cast("Plain", to_builtins(value, str_keys=True))
    except (TypeError, RecursionError) as error:
        raise WireError(f"{type(value).__name__}: {error}") from error


def from_wire(cls: type[_S], data: object) -> _S:
    """Build an instance of ``cls`` from plain data.

    Values of another type and keys that are missing raise `WireError`; the message says where.
    """
    try:
        with _ONE_AT_A_TIME:
            return convert(data, cls)
    except (ValidationError, TypeError, RecursionError) as error:
        raise WireError(f"{cls.__name__}: {error}") from error
