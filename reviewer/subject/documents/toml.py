"""Reads TOML: the values by the standard library, the places by a scan of the same text."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Any, Final, NoReturn

from msgspec import Struct, field

from reviewer.core.location import Location
from reviewer.core.regex import regex
from reviewer.subject.document import Document, DocumentError, Value
from reviewer.subject.documents.places import Places, decode_document
from reviewer.subject.documents.toml_tokens import Token, tokens_of
from reviewer.subject.limits import MAX_DOCUMENT_VALUES

_MAX_DEPTH: Final = 100
_AT: Final = regex(r"^(.*) \(at (?:line (\d+), column (\d+)|end of document)\)$", re.DOTALL)
"""How the parser ends its messages."""


def parse_toml(path: str, data: bytes) -> Document:
    """Read a TOML file; raises `DocumentError` with the place. Dates stay text."""
    text = decode_document(path, data)
    places = Places(path, text)
    tokens = tokens_of(text, places)
    values = _values(path, text, places)
    scan = _Scan(text, places, tokens, values)
    return Document(path, "toml", scan.root())


def _values(path: str, text: str, places: Places) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _AT.match(str(error))
        if found is None:
            raise DocumentError(str(error), Location(path, 1, 1, 1, 1)) from error
        what, line_text, column_text = found.groups()
        line, column = (int(line_text), int(column_text)) if line_text else places.point(len(text))
        what = what[:1].lower() + what[1:]
        raise DocumentError(what, Location(path, line, column, line, column + 1)) from error
    except (ValueError, RecursionError, MemoryError, OverflowError) as error:
        why = "a number is too long" if "digits" in str(error) else f"{error or type(error).__name__}"[:200]
        raise DocumentError(f"can't be read as TOML: {why}", Location(path, 1, 1, 1, 1)) from error


class _Table(Struct):
    """A table or an array whose places are being gathered."""

    data: dict[str, Any] | list[Any]
    start: int
    end: int
    depth: int
    key: Location | None = None
    members: dict[str, _Table | Value] = field(default_factory=dict)
    items: list[_Table | Value] = field(default_factory=list)

    def value(self, places: Places) -> Value:
        """Return the value with its places."""
        data: dict[str, Value] | list[Value]
        if isinstance(self.data, dict):
            data = {name: _finished(member, places) for name, member in self.members.items()}
        else:
            data = [_finished(item, places) for item in self.items]
        return Value(data, places.span(self.start, self.end), self.key)


def _finished(member: _Table | Value, places: Places) -> Value:
    return member if isinstance(member, Value) else member.value(places)


class _Scan:
    """Follows the text beside the values that the parser found in it; the text is known to be valid."""

    def __init__(self, text: str, places: Places, tokens: list[Token], values: dict[str, Any]) -> None:
        self._text = text
        self._places = places
        self._tokens = tokens
        self._at = 0
        self._count = 0
        self._root = _Table(values, 0, len(text), 0)

    def root(self) -> Value:
        """Go through all lines and return the root table."""
        table = self._root
        while (token := self._peek()) is not None:
            if token.kind == "line":
                self._at += 1
            elif token.kind == "[":
                table = self._header()
            else:
                self._member(table)
        return self._root.value(self._places)

    def _peek(self) -> Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _header(self) -> _Table:
        """Read ``[a.b]`` or ``[[a.b]]`` and return the table that it opens."""
        start = self._tokens[self._at].start
        double = self._text[start : start + 2] == "[["
        self._at += 2 if double else 1
        parts = self._key()
        closing = self._tokens[self._at + (1 if double else 0)]
        self._at += 2 if double else 1
        holder = self._descend(self._root, parts[:-1])
        name, key = parts[-1]
        if double:
            array = self._table(holder, name, key)
            array.end = closing.end
            one = _Table(_item(array.data, len(array.items)), start, closing.end, array.depth + 1, key)
            array.items.append(one)
            return one
        table = self._table(holder, name, key)
        if not table.members:
            table.start, table.key = start, key
        table.end = max(table.end, closing.end)
        return table

    def _key(self) -> list[tuple[str, Location]]:
        """Read a dotted key; return each part with its place."""
        parts: list[tuple[str, Location]] = []
        while True:
            token = self._tokens[self._at]
            self._at += 1
            name = self._text[token.start : token.end]
            if token.kind == "text":
                name = name[1:-1] if name[0] == "'" or "\\" not in name else _unquoted(name)
            parts.append((name, self._places.span(token.start, token.end)))
            following = self._peek()
            if following is None or following.kind != ".":
                return parts
            self._at += 1

    def _descend(self, table: _Table, parts: list[tuple[str, Location]]) -> _Table:
        """Go down along a key; in an array of tables that is its last table."""
        for name, key in parts:
            table = self._table(table, name, key)
            if isinstance(table.data, list):
                last = table.items[-1]
                table = last if isinstance(last, _Table) else table
        return table

    def _table(self, holder: _Table, name: str, key: Location) -> _Table:
        """Return the table or array of a name, made where it is new."""
        known = holder.members.get(name)
        if isinstance(known, _Table):
            return known
        self._counted(holder.depth)
        token = self._tokens[self._at - 1]
        made = _Table(_member(holder.data, name), token.start, token.end, holder.depth + 1, key)
        holder.members[name] = made
        return made

    def _member(self, table: _Table) -> None:
        """Read ``a.b = value`` into a table."""
        parts = self._key()
        holder = self._descend(table, parts[:-1])
        name, key = parts[-1]
        self._at += 1
        value = self._value(_member(holder.data, name), key, holder.depth)
        holder.members[name] = value
        end = self._tokens[self._at - 1].end
        holder.end = max(holder.end, end)
        table.end = max(table.end, end)

    def _value(self, data: Any, key: Location | None, depth: int) -> _Table | Value:
        self._counted(depth)
        token = self._tokens[self._at]
        if token.kind in "[{":
            holder = _Table(data, token.start, 0, depth + 1, key)
            self._at += 1
            return self._array(holder) if token.kind == "[" else self._inline(holder)
        start = token.start
        while (token_now := self._peek()) is not None and token_now.kind not in ("line", ",", "]", "}"):
            token = token_now
            self._at += 1
        if isinstance(data, date | datetime | time):
            data = self._text[start : token.end]
        return Value(data, self._places.span(start, token.end), key)

    def _array(self, array: _Table) -> _Table:
        while (token := self._tokens[self._at]).kind != "]":
            if token.kind in ("line", ","):
                self._at += 1
            else:
                array.items.append(self._value(_item(array.data, len(array.items)), None, array.depth))
        array.end = token.end
        self._at += 1
        return array

    def _inline(self, table: _Table) -> _Table:
        while (token := self._tokens[self._at]).kind != "}":
            if token.kind in ("line", ","):
                self._at += 1
            else:
                self._member(table)
        table.end = token.end
        self._at += 1
        return table

    def _counted(self, depth: int) -> None:
        if depth >= _MAX_DEPTH:
            self._refuse(f"nested deeper than {_MAX_DEPTH} levels")
        self._count += 1
        if self._count > MAX_DOCUMENT_VALUES:
            self._refuse(f"holds more than {MAX_DOCUMENT_VALUES:,} values; stopped here")

    def _refuse(self, what: str) -> NoReturn:
        token = self._tokens[min(self._at, len(self._tokens) - 1)]
        raise DocumentError(what, self._places.span(token.start, token.end))


def _member(data: Any, name: str) -> Any:
    return data[name]


def _item(data: Any, index: int) -> Any:
    return data[index]


def _unquoted(name: str) -> str:
    """Return a quoted key with its escapes resolved."""
    import tomllib

    (key,) = tomllib.loads(f"{name} = 0")
    return key
