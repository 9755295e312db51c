"""Splits a page into its front matter (TOML between ``+++``, YAML between ``---``) and its body."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from reviewer.core.regex import regex
from reviewer.library.toml_lines import KeyLines, key_lines

if TYPE_CHECKING:
    from yaml.nodes import Node

    from reviewer.library.mistakes import Mistakes

_LIMIT: Final = 65_536
"""Characters of front matter."""
_DOTS: Final = 64
"""Dots between two ``=`` of one line; the standard parser's cost grows with the square of a key's parts."""
_YAML_DEPTH: Final = 8
_TOML_PLACE: Final = regex(r"\s*\(at (?:line (\d+), column \d+|end of document)\)")


class Page(Struct, frozen=True):
    """A page taken apart; ``body_line`` is the file's line on which the body begins."""

    path: str
    data: dict[str, Any]
    lines: KeyLines
    body: str = ""
    body_line: int = 1


def toml_page(path: str, text: str, mistakes: Mistakes) -> Page | None:
    """Read a page with TOML front matter; None where it can't be read, with the mistake noted."""
    parts = _split(path, text, "+++", mistakes)
    if parts is None:
        return None
    front, body, body_line = parts
    data = toml_data(path, front, mistakes, first=2)
    if data is None:
        return None
    return Page(path, data, key_lines(front, first=2), body, body_line)


def toml_file(path: str, text: str, mistakes: Mistakes) -> Page | None:
    """Read a whole TOML file as a page without body."""
    data = toml_data(path, text, mistakes, first=1)
    return None if data is None else Page(path, data, key_lines(text))


def toml_data(path: str, text: str, mistakes: Mistakes, first: int) -> dict[str, Any] | None:
    """Parse TOML within limits; a mistake in it is noted with its line in the file."""
    if len(text) > _LIMIT:
        mistakes.add(path, first, f"{len(text)} characters of TOML; at most {_LIMIT} are read")
        return None
    for number, line in enumerate(text.split("\n"), start=first):
        if any(piece.count(".") > _DOTS for piece in line.split("=")):
            mistakes.add(path, number, f"more than {_DOTS} dots in one key or value")
            return None
    try:
        return tomllib.loads(text)
    except RecursionError:
        mistakes.add(path, first, "brackets are nested too deeply")
    except ValueError as error:
        message = str(error)
        place = _TOML_PLACE.search(message)
        line_in_text = int(place[1]) if place and place[1] else text.count("\n") + 1
        mistakes.add(path, first + line_in_text - 1, f"not valid TOML: {_TOML_PLACE.sub('', message)}")
    return None


def yaml_page(path: str, text: str, mistakes: Mistakes) -> Page | None:
    """Read a page with YAML front matter; scalars stay text, as the Agent Skills format has them."""
    parts = _split(path, text, "---", mistakes)
    if parts is None:
        return None
    front, body, body_line = parts
    if len(front) > _LIMIT:
        mistakes.add(path, 1, f"{len(front)} characters of front matter; at most {_LIMIT} are read")
        return None
    import yaml  # start-up never needs it

    try:
        root = yaml.compose(front, Loader=yaml.SafeLoader)
    except RecursionError:
        mistakes.add(path, 2, "brackets are nested too deeply")
        return None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "it can't be parsed"
        mistakes.add(path, 2 + (mark.line if mark else 0), f"not valid YAML: {problem}")
        return None
    reader = _YamlReader()
    data = reader.plain(root, (), 0)
    if reader.aliased:
        mistakes.add(path, reader.aliased, "YAML aliases are not read; write the value out")
        return None
    if not isinstance(data, dict):
        mistakes.add(path, 2, "the front matter must be a table of keys, for example name: security")
        return None
    return Page(path, data, reader.lines, body, body_line)


def _split(path: str, text: str, fence: str, mistakes: Mistakes) -> tuple[str, str, int] | None:
    """Return front matter, body and the body's first line."""
    lines = text.split("\n")
    if lines[0].rstrip() != fence:
        mistakes.add(path, 1, f"a page begins with front matter between two lines of {fence}")
        return None
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() == fence:
            return "\n".join(lines[1:number]), "\n".join(lines[number + 1 :]), number + 2
    mistakes.add(path, 1, f"the front matter is not closed by a line of {fence}")
    return None


class _YamlReader:
    """Turns YAML nodes into texts, lists and dicts, and notes where each key stands."""

    def __init__(self) -> None:
        self.lines = KeyLines()
        self.aliased = 0
        """Line of the first node that is used twice: unfolding aliases has no bound."""
        self._seen: set[int] = set()

    def plain(self, node: Node | None, steps: tuple[str | int, ...], depth: int) -> object:
        from yaml.nodes import MappingNode, ScalarNode, SequenceNode

        if node is None or depth >= _YAML_DEPTH:
            return None
        if id(node) in self._seen:
            self.aliased = self.aliased or node.start_mark.line + 2
            return None
        self._seen.add(id(node))
        if isinstance(node, ScalarNode):
            return node.value
        if isinstance(node, SequenceNode):
            return [self.plain(item, (*steps, index), depth + 1) for index, item in enumerate(node.value)]
        data: dict[str, object] = {}
        if isinstance(node, MappingNode):
            for key, value in node.value:
                name = key.value if isinstance(key, ScalarNode) else ""
                self.lines.keys[(*steps, name)] = key.start_mark.line + 2
                data[name] = self.plain(value, (*steps, name), depth + 1)
        return data
