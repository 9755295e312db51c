"""Where the keys of a TOML text stand; the standard library's parser keeps no places."""

from __future__ import annotations

from typing import Final, TypeAlias

from msgspec import Struct, field

from reviewer.core.regex import regex

Steps: TypeAlias = tuple[str | int, ...]
"""The way from the root to a value: keys, and indexes into lists."""

_PART: Final = r"""(?:[A-Za-z0-9_-]+|"(?:\\.|[^"\\])*"|'[^']*')"""
_KEY: Final = rf"{_PART}(?:[ \t]*\.[ \t]*{_PART})*"
_ASSIGNMENT: Final = regex(rf"[ \t]*({_KEY})[ \t]*=")
_LIST_HEADER: Final = regex(rf"[ \t]*\[\[[ \t]*({_KEY})[ \t]*\]\]")
_HEADER: Final = regex(rf"[ \t]*\[[ \t]*({_KEY})[ \t]*\]")
_TOKEN: Final = regex(r"""\"{3}|'{3}|"(?:\\.|[^"\\])*"|'[^']*'|#.*|[\[\]{}]""")
_PARTS: Final = regex(_PART)


class KeyLines(Struct):
    """Line of every key, and of the first line of every multi-line string, counting from 1."""

    keys: dict[Steps, int] = field(default_factory=dict)
    texts: dict[Steps, int] = field(default_factory=dict)

    def line(self, *steps: str | int) -> int:
        """Return the line of the value at these steps, else of the nearest thing around it, else 1."""
        for end in range(len(steps), 0, -1):
            if steps[:end] in self.keys:
                return self.keys[steps[:end]]
        return 1

    def text_line(self, *steps: str | int) -> int:
        """Return the line on which the text of this string begins."""
        return self.texts.get(steps) or self.line(*steps)


def key_lines(text: str, first: int = 1) -> KeyLines:
    """Find the keys of a valid TOML text whose first line has the number ``first``."""
    scan = _Scan()
    for number, line in enumerate(text.split("\n"), start=first):
        scan.take(line, number)
    return scan.found


class _Scan:
    """Walks a TOML text line by line and remembers what is still open."""

    def __init__(self) -> None:
        self.found = KeyLines()
        self.table: Steps = ()
        self.counts: dict[Steps, int] = {}
        self.quote = ""
        self.depth = 0
        self.key: Steps = ()

    def take(self, line: str, number: int) -> None:
        rest = line
        if not self.quote and self.depth == 0:
            rest = self._statement(line, number)
        self._skip_value(rest, number)

    def _statement(self, line: str, number: int) -> str:
        """Read a header or the key of an assignment; return what is left of the line."""
        if match := _LIST_HEADER.match(line):
            path = self._resolve(_split(match[1]))
            index = self.counts.get(path, 0)
            self.counts[path] = index + 1
            self.table = (*path, index)
            self.found.keys.setdefault(path, number)
            self.found.keys[self.table] = number
            return ""
        if match := _HEADER.match(line):
            self.table = self._resolve(_split(match[1]))
            self.found.keys[self.table] = number
            return ""
        if match := _ASSIGNMENT.match(line):
            self.key = (*self.table, *_split(match[1]))
            for end in range(len(self.table) + 1, len(self.key) + 1):
                self.found.keys.setdefault(self.key[:end], number)
            return line[match.end() :]
        return ""

    def _resolve(self, parts: Steps) -> Steps:
        """Follow lists of tables: ``[a.b]`` below ``[[a]]`` means the last ``a``."""
        path: Steps = ()
        for position, part in enumerate(parts):
            path = (*path, part)
            if path in self.counts and position < len(parts) - 1:
                path = (*path, self.counts[path] - 1)
        return path

    def _skip_value(self, rest: str, number: int) -> None:
        """Pass over strings, comments and brackets, so that the next key is known for one."""
        position = 0
        while position < len(rest):
            if self.quote:
                end = _closing(rest, self.quote, position)
                if end < 0:
                    return
                position, self.quote = end, ""
                continue
            match = _TOKEN.search(rest, position)
            if match is None:
                return
            found, position = match[0], match.end()
            if found in {'"""', "'''"}:
                self.quote = found
                self.found.texts[self.key] = number if rest[position:] else number + 1
            elif found in "[{":
                self.depth += 1
            elif found in "]}":
                self.depth = max(0, self.depth - 1)


def _closing(text: str, quote: str, start: int) -> int:
    """Return the position after the closing quotes, or -1; a backslash escapes in ``\"\"\"`` alone."""
    position = start
    while position < len(text):
        if quote == '"""' and text[position] == "\\":
            position += 2
        elif text.startswith(quote, position):
            return position + len(quote)
        else:
            position += 1
    return -1


def _split(key: str) -> Steps:
    """Return the parts of a dotted key without their quotes."""
    return tuple(part.strip("\"'") for part in _PARTS.findall(key))
