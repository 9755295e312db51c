"""A data file with the exact place of every value and every key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from msgspec import Struct, field

from reviewer.core.location import Location

Plain: TypeAlias = "bool | int | float | str | list[Plain] | dict[str, Plain] | None"
"""JSON-like data without places."""


class Value(Struct, frozen=True):
    """One value of a data file.

    ``data`` is a scalar, a list of `Value`, or a dict from key to `Value` (of a repeated key
    the last). ``location`` is the value's span, ``key`` the span of the key it stands under.
    """

    data: bool | int | float | str | list[Value] | dict[str, Value] | None
    location: Location
    key: Location | None = None

    @property
    def kind(self) -> str:
        """The JSON type: ``object``, ``array``, ``string``, ``boolean``, ``number`` or ``null``."""
        return _KINDS[type(self.data)]

    @property
    def text(self) -> str:
        """The string, or an empty string where the value is something else."""
        return self.data if isinstance(self.data, str) else ""

    @property
    def place(self) -> Location:
        """The span of key and value together: what a finding about a member points at."""
        if self.key is None:
            return self.location
        end = self.location
        return Location(self.key.path, self.key.line, self.key.column, end.end_line, end.end_column)

    def get(self, *path: str | int) -> Value | None:
        """Follow keys and indexes from here; None where there is nothing."""
        value: Value = self
        for step in path:
            found = value._member(step)
            if found is None:
                return None
            value = found
        return value

    def _member(self, step: str | int) -> Value | None:
        if isinstance(self.data, dict):
            return self.data.get(step) if isinstance(step, str) else None
        if isinstance(self.data, list) and isinstance(step, int) and -1 < step < len(self.data):
            return self.data[step]
        return None

    def members(self) -> Iterator[tuple[str, Value]]:
        """Yield the (key, value) pairs of an object in source order; nothing for another kind."""
        if isinstance(self.data, dict):
            yield from self.data.items()

    def items(self) -> Iterator[Value]:
        """Yield the items of an array; nothing for another kind."""
        if isinstance(self.data, list):
            yield from self.data

    def plain(self) -> Plain:
        """The same data without places, for schema validation."""
        if isinstance(self.data, dict):
            return {key: value.plain() for key, value in self.data.items()}
        if isinstance(self.data, list):
            return [value.plain() for value in self.data]
        return self.data


_KINDS: dict[type, str] = {
    dict: "object",
    list: "array",
    str: "string",
    bool: "boolean",
    int: "number",
    float: "number",
    type(None): "null",
}


class RepeatedKey(Struct, frozen=True):
    """A key that stands twice in one object."""

    pointer: str
    """JSON Pointer of the member."""
    first: Location
    again: Location


class Document(Struct, frozen=True):
    """One parsed data file. ``format`` is ``json``, ``jsonc``, ``yaml``, ``toml``, ``xml`` or ``python``."""

    path: str
    format: str
    root: Value
    repeated: tuple[RepeatedKey, ...] = field(default=())

    def get(self, *path: str | int) -> Value | None:
        """Follow keys and indexes from the root; None where there is nothing."""
        return self.root.get(*path)


class DocumentError(Exception):
    """A data file that can't be parsed, with the place where it breaks."""

    def __init__(self, message: str, location: Location) -> None:
        """Keep the message for a person and the place."""
        super().__init__(message)
        self.message = message
        self.location = location
