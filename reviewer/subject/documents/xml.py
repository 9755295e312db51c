"""Reads XML manifests without DTD and entities; places are those of the elements' start tags."""

from __future__ import annotations

from typing import Any, Final

from msgspec import Struct, field

from reviewer.core.location import Location
from reviewer.subject.document import Document, DocumentError, Value
from reviewer.subject.documents.places import decode_document
from reviewer.subject.limits import MAX_DOCUMENT_VALUES

_MAX_DEPTH: Final = 64


class _Element(Struct):
    """An element that is not closed yet."""

    tag: str
    line: int
    column: int
    members: dict[str, Value] = field(default_factory=dict)
    text: list[str] = field(default_factory=list)


class _Builder:
    """Takes the parser's events; an element becomes an object."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.parser: Any = None
        self.root: tuple[str, Value] | None = None
        self._stack: list[_Element] = []
        self._count = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        line, column = self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1
        here = Location(self.path, line, column, line, column + len(tag) + 1)
        self._count += 1 + len(attributes)
        if len(self._stack) >= _MAX_DEPTH:
            raise DocumentError(f"nested deeper than {_MAX_DEPTH} elements", here)
        if self._count > MAX_DOCUMENT_VALUES:
            raise DocumentError(f"holds more than {MAX_DOCUMENT_VALUES:,} values", here)
        element = _Element(tag, line, column)
        for name, text in attributes.items():
            element.members[f"@{name}"] = Value(text, here, here)
        self._stack.append(element)

    def data(self, text: str) -> None:
        if self._stack:
            self._stack[-1].text.append(text)

    def end(self, tag: str) -> None:
        done = self._stack.pop()
        line, column = self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1
        key = Location(self.path, done.line, done.column, done.line, done.column + len(tag) + 1)
        place = Location(self.path, done.line, done.column, line, max(column, 1))
        text = "".join(done.text).strip()
        if text and done.members:
            done.members["#text"] = Value(text, place, key)
        value = Value(text if text and not done.members else done.members, place, key)
        if not self._stack:
            self.root = (tag, value)
            return
        members = self._stack[-1].members
        known = members.get(tag)
        if known is None:
            members[tag] = value
        elif isinstance(known.data, list):
            known.data.append(value)
        else:
            members[tag] = Value([known, value], known.location, known.key)

    def close(self) -> None:
        """Nothing is left to do at the end."""


def parse_xml(path: str, data: bytes) -> Document:
    """Read an XML file; raises `DocumentError` with the place.

    An element is an object of its attributes (``@name``), its children by tag (a list where a
    tag is repeated) and its text (``#text``); one that has text alone is that text. The root
    object has one member, the root element.
    """
    from xml.etree.ElementTree import ParseError

    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import DefusedXMLParser

    decode_document(path, data)
    builder = _Builder(path)
    parser = DefusedXMLParser(target=builder, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    builder.parser = parser.parser
    try:
        parser.feed(data)
        parser.close()
    except ParseError as error:
        line, column = error.position
        what = str(error).partition(": line ")[0]
        raise DocumentError(what, Location(path, line, column + 1, line, column + 2)) from error
    except DefusedXmlException as error:
        line = builder.parser.CurrentLineNumber
        what = "declares a document type or an entity, which is not accepted"
        raise DocumentError(what, Location(path, line, 1, line, 2)) from error
    except (ValueError, LookupError) as error:
        raise DocumentError(f"can't be read as XML: {error}"[:300], Location(path, 1, 1, 1, 1)) from error
    if builder.root is None:
        raise DocumentError("holds no element", Location(path, 1, 1, 1, 1))
    tag, value = builder.root
    return Document(path, "xml", Value({tag: value}, value.location))
