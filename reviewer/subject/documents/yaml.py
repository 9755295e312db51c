"""Reads YAML event by event, with the place of every key and value.

Only the plain data of YAML is accepted: anchors, aliases, merge keys and tags of one's own are
refused, because a few lines of them can stand for billions of values.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isinf, isnan
from typing import TYPE_CHECKING, Any, Final, NoReturn

from msgspec import Struct, field

from reviewer.core.location import Location
from reviewer.subject.document import Document, DocumentError, RepeatedKey, Value
from reviewer.subject.documents.places import decode_document, pointer_step

if TYPE_CHECKING:
    from yaml.events import Event

_MAX_DEPTH: Final = 50
_MAX_VALUES: Final = 20_000
"""Fewer than elsewhere: the pure reader takes a second for these."""
_MAX_NUMBER: Final = 400
"""Characters of a number."""
_CORE: Final = "tag:yaml.org,2002:"
_PLAIN_TAGS: Final = frozenset({"null", "bool", "int", "float", "str", "timestamp", "map", "seq"})
_TRUE: Final = frozenset({"yes", "true", "on"})


def parse_yaml(path: str, data: bytes) -> Document:
    """Read a YAML file of one document; raises `DocumentError` with the place.

    Dates stay text, and a key that is no text is taken as it is written.
    """
    return _Reader(path, decode_document(path, data)).document()


class _Open(Struct):
    """A mapping or sequence that is not closed yet."""

    data: dict[str, Value] | list[Value]
    start: tuple[int, int]
    end: tuple[int, int]
    flow: bool
    key: Location | None
    name: str | int
    waiting: tuple[str, Location] | None = None
    """A key whose value comes next."""
    keys: dict[str, Location] = field(default_factory=dict)


class _Reader:
    """Builds values from events with a stack of its own."""

    def __init__(self, path: str, text: str) -> None:
        self._path = path
        self._text = text
        self._lines: list[str] | None = None
        self._stack: list[_Open] = []
        self._root: Value | None = None
        self._repeated: list[RepeatedKey] = []
        self._values = 0

    def document(self) -> Document:
        import yaml

        self._resolver = yaml.SafeLoader("")
        self._constructor = yaml.constructor.SafeConstructor()
        documents = 0
        for event in self._events():
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._fail("a second document starts here; expected one", event.start_mark)
            elif isinstance(event, yaml.AliasEvent):
                self._fail(f"the alias *{event.anchor} is not accepted; write the value out", event.start_mark)
            elif isinstance(event, yaml.ScalarEvent):
                self._check(event)
                self._scalar(event)
            elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
                self._check(event)
                self._open(event, {} if isinstance(event, yaml.MappingStartEvent) else [])
            elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
                self._close(event)
        root = self._root or Value(None, Location(self._path, 1, 1, 1, 1))
        return Document(self._path, "yaml", root, tuple(self._repeated))

    def _events(self) -> Iterator[Event]:
        """Yield the parser's events; whatever it raises becomes a `DocumentError`."""
        import yaml

        try:
            yield from yaml.parse(self._text, Loader=yaml.SafeLoader)
        except DocumentError:
            raise
        except yaml.MarkedYAMLError as error:
            what = error.problem or error.context or "is no YAML"
            self._fail(what, error.problem_mark or error.context_mark)
        except yaml.reader.ReaderError as error:
            before = self._text[: error.position]
            line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
            what = f"holds the character U+{ord(self._text[error.position]):04X}, which YAML does not allow"
            raise DocumentError(what, Location(self._path, line, column, line, column + 1)) from error
        except (yaml.YAMLError, RecursionError, ValueError, IndexError, KeyError, AttributeError) as error:
            self._fail(f"can't be read as YAML ({type(error).__name__})", None, cause=error)

    def _check(self, event: Any) -> None:
        """Refuse anchors, tags of one's own, and what goes too deep or too far."""
        self._values += 1
        if self._values > _MAX_VALUES:
            self._fail(f"holds more than {_MAX_VALUES:,} values; stopped here", event.start_mark)
        if event.anchor is not None:
            what = f"the anchor &{event.anchor} is not accepted; write values out where they are used"
            self._fail(what, event.start_mark)
        tag = event.tag
        if tag is not None and tag != "!" and tag.removeprefix(_CORE) not in _PLAIN_TAGS:
            self._fail(f"the tag {tag[:80]!r} is not accepted; use plain values", event.start_mark)

    def _scalar(self, event: Any) -> None:
        place = self._place(_point(event.start_mark), self._end_of(event))
        holder = self._stack[-1] if self._stack else None
        if holder is not None and isinstance(holder.data, dict) and holder.waiting is None:
            self._key(holder, event, place)
            return
        self._add(self._plain(event), place)

    def _key(self, holder: _Open, event: Any, place: Location) -> None:
        name = event.value
        if name == "<<" and event.implicit[0]:
            self._fail("the merge key << is not accepted; write the keys out", event.start_mark)
        first = holder.keys.setdefault(name, place)
        if first is not place:
            steps = [one.name for one in self._stack[1:]]
            pointer = "".join(pointer_step(step) for step in [*steps, name])
            self._repeated.append(RepeatedKey(pointer, first, place))
        holder.waiting = (name, place)

    def _plain(self, event: Any) -> bool | int | float | str | None:
        """Return the value that a scalar stands for, as the safe loader does."""
        import yaml

        tag = event.tag
        if tag is None or tag == "!":
            resolve: Any = self._resolver.resolve
            tag = resolve(yaml.ScalarNode, event.value, event.implicit)
        kind = tag.removeprefix(_CORE)
        if kind == "null":
            return None
        if kind not in ("bool", "int", "float"):
            return str(event.value)
        if len(event.value) > _MAX_NUMBER:
            self._fail(f"a number of more than {_MAX_NUMBER} characters; expected a smaller one", event.start_mark)
        node = yaml.ScalarNode(tag, event.value, event.start_mark, event.end_mark)
        try:
            return self._number(kind, node)
        except (ValueError, KeyError, IndexError, AttributeError, OverflowError) as error:
            self._fail(f"{event.value[:40]!r} is no {kind}", event.start_mark, cause=error)

    def _number(self, kind: str, node: Any) -> bool | int | float:
        if kind == "bool":
            return bool(self._constructor.construct_yaml_bool(node))
        if kind == "int":
            return int(self._constructor.construct_yaml_int(node))
        number = float(self._constructor.construct_yaml_float(node))
        if isinf(number) or isnan(number):
            self._fail(f"{node.value[:40]!r} is no finite number", node.start_mark)
        return number

    def _open(self, event: Any, data: dict[str, Value] | list[Value]) -> None:
        if len(self._stack) >= _MAX_DEPTH:
            self._fail(f"nested deeper than {_MAX_DEPTH} levels; stopped here", event.start_mark)
        key, name = None, self._next_name()
        if self._stack:
            holder = self._stack[-1]
            if isinstance(holder.data, dict):
                if holder.waiting is None:
                    self._fail("a list or mapping as a key is not accepted; expected a text", event.start_mark)
                key = holder.waiting[1]
        start = _point(event.start_mark)
        self._stack.append(_Open(data, start, start, bool(event.flow_style), key, name))

    def _next_name(self) -> str | int:
        if not self._stack:
            return ""
        holder = self._stack[-1]
        if isinstance(holder.data, list):
            return len(holder.data)
        return holder.waiting[0] if holder.waiting else ""

    def _close(self, event: Any) -> None:
        done = self._stack.pop()
        end = _point(event.end_mark) if done.flow else done.end
        self._add(done.data, self._place(done.start, end))

    def _add(self, data: Any, place: Location) -> None:
        """Put a value where it belongs."""
        if not self._stack:
            self._root = Value(data, place)
            return
        holder = self._stack[-1]
        holder.end = max(holder.end, (place.end_line, place.end_column))
        if isinstance(holder.data, list):
            holder.data.append(Value(data, place))
        elif holder.waiting is not None:
            name, key = holder.waiting
            holder.waiting = None
            holder.data[name] = Value(data, place, key)

    def _end_of(self, event: Any) -> tuple[int, int]:
        """Return where a scalar ends; a block text ends with its last line, not on the next one."""
        line, column = _point(event.end_mark)
        if column > 1 or line == event.start_mark.line + 1 or event.style not in ("|", ">"):
            return line, column
        if self._lines is None:
            self._lines = self._text.split("\n")
        before = self._lines[line - 2] if line - 2 < len(self._lines) else ""
        return line - 1, len(before.rstrip("\r")) + 1

    def _place(self, start: tuple[int, int], end: tuple[int, int]) -> Location:
        return Location(self._path, *start, *max(start, end))

    def _fail(self, what: str, mark: Any, *, cause: Exception | None = None) -> NoReturn:
        line, column = _point(mark) if mark is not None else (1, 1)
        raise DocumentError(what, Location(self._path, line, column, line, column + 1)) from cause


def _point(mark: Any) -> tuple[int, int]:
    """Return line and column, from 1, of a mark of the parser, which counts from 0."""
    return mark.line + 1, mark.column + 1
