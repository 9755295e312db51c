"""Reads the metadata of Python packages: header files, and files of sections and keys."""

from __future__ import annotations

from typing import Any, Final

from reviewer.core.location import Location
from reviewer.subject.document import Document, DocumentError, RepeatedKey, Value
from reviewer.subject.documents.places import decode_document, pointer_step

_MAX_LINES: Final = 20_000


def parse_headers(path: str, data: bytes) -> Document:
    """Read ``METADATA`` or ``PKG-INFO``: an object from header name to text, or to a list of texts.

    The body after the first empty line is left out.
    """
    lines = _lines(path, data)
    found: dict[str, list[Value]] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            break
        if line[0] in " \t":
            continue
        name, colon, text = line.partition(":")
        if not colon or not name or " " in name:
            raise DocumentError("expected 'Name: value'", Location(path, number, 1, number, len(line) + 1))
        found.setdefault(name, []).append(_text(path, number, line, text, name))
    members: dict[str, Value] = {}
    for name, values in found.items():
        first = values[0]
        many = Value(list[Value](values), _around(first.location, values[-1].location), first.key)
        members[name] = first if len(values) == 1 else many
    return Document(path, "python", Value(members, _whole(path, lines)))


def parse_ini(path: str, data: bytes) -> Document:
    """Read ``entry_points.txt`` or ``setup.cfg``: an object of sections of texts.

    A value may go on over indented lines; it is then one text with line feeds in it.
    """
    lines = _lines(path, data)
    sections: dict[str, Value] = {}
    repeated: list[RepeatedKey] = []
    current: dict[str, Value] | None = None
    title = last = ""
    for number, line in enumerate(lines, 1):
        bare = line.strip()
        if not bare or bare[0] in "#;":
            continue
        if line[0] in " \t" and last and current is not None:
            current[last] = _longer(current[last], number, line)
        elif bare[0] == "[":
            title, last = _title(path, number, line), ""
            place = Location(path, number, 1, number, len(line.rstrip()) + 1)
            known = sections.setdefault(title, Value({}, place, place))
            current = known.data if isinstance(known.data, dict) else None
        elif current is None:
            raise DocumentError("expected a [section] first", Location(path, number, 1, number, len(line) + 1))
        else:
            last, value = _assignment(path, number, line)
            if last in current and value.key is not None:
                pointer = pointer_step(title) + pointer_step(last)
                repeated.append(RepeatedKey(pointer, current[last].key or value.key, value.key))
            current[last] = value
    return Document(path, "python", Value(sections, _whole(path, lines)), tuple(repeated))


def _lines(path: str, data: bytes) -> list[str]:
    lines = decode_document(path, data).replace("\r\n", "\n").split("\n")
    if len(lines) > _MAX_LINES:
        raise DocumentError(f"has more than {_MAX_LINES:,} lines", Location(path, 1, 1, 1, 1))
    return lines


def _whole(path: str, lines: list[str]) -> Location:
    return Location(path, 1, 1, len(lines), len(lines[-1]) + 1)


def _around(first: Location, last: Location) -> Location:
    return Location(first.path, first.line, first.column, last.end_line, last.end_column)


def _title(path: str, number: int, line: str) -> str:
    bare = line.strip()
    if not bare.endswith("]") or len(bare) < 3:
        raise DocumentError("expected '[section]'", Location(path, number, 1, number, len(line) + 1))
    return bare[1:-1].strip()


def _assignment(path: str, number: int, line: str) -> tuple[str, Value]:
    # The readers of entry points part at '=' alone: `certbot-route53:auth` is a name.
    signs = "=" if path.endswith("entry_points.txt") else "=:"
    marks = [at for sign in signs if (at := line.find(sign)) > 0]
    if not marks:
        raise DocumentError("expected 'name = value'", Location(path, number, 1, number, len(line) + 1))
    name, text = line[: min(marks)].rstrip(), line[min(marks) + 1 :]
    return name.strip(), _text(path, number, line, text, name)


def _text(path: str, number: int, line: str, text: str, name: str) -> Value:
    """Make the value of the text at the end of a line, under the name at its start."""
    start = len(line) - len(text.lstrip()) if text.strip() else len(line.rstrip())
    indent = len(name) - len(name.lstrip())
    place = Location(path, number, start + 1, number, max(start, len(line.rstrip())) + 1)
    return Value(text.strip(), place, Location(path, number, indent + 1, number, len(name) + 1))


def _longer(value: Value, number: int, line: str) -> Value:
    place = value.location
    end: Any = len(line.rstrip()) + 1
    longer = Location(place.path, place.line, place.column, number, end)
    return Value(f"{value.text}\n{line.strip()}", longer, value.key)
