"""Regular expressions in which one text can be divided in ever so many ways, and all of them are tried."""

from __future__ import annotations

from typing import Final, TypeAlias

from msgspec import Struct

_ALL: Final = frozenset(range(129))
"""The signs of ASCII, and one more that stands for all others."""
_DIGITS: Final = frozenset(range(48, 58))
_WORD: Final = _DIGITS | frozenset(range(65, 91)) | frozenset(range(97, 123)) | {95}
_SPACE: Final = frozenset({9, 10, 11, 12, 13, 32})
_CLASSES: Final = {"d": _DIGITS, "w": _WORD, "s": _SPACE}
_CONTROLS: Final = {"n": 10, "t": 9, "r": 13, "f": 12, "v": 11, "0": 0}
_LONGEST: Final = 2_000
_DEEPEST: Final = 30
_OFTEN: Final = 20
"""A part that may stand as often as this divides a text as one without end does."""
_BRACES: Final = 2


class Part(Struct, frozen=True):
    """One part of a pattern: a sign of a set, a group, an end (``$``), or something without a width."""

    signs: frozenset[int] | None = None
    ways: tuple[tuple[Part, ...], ...] = ()
    least: int = 1
    endless: bool = False
    end: bool = False

    @property
    def empty(self) -> bool:
        """Whether it may match nothing at all."""
        return self.least == 0 or (bool(self.ways) and any(all(one.empty for one in way) for way in self.ways))


Way: TypeAlias = tuple[Part, ...]


class _UnreadError(Exception):
    """The pattern has something whose meaning isn't known here."""


def splits(pattern: str, *, whole: bool = False) -> bool:
    """Tell whether a pattern takes a time that doubles with each sign of a text that doesn't fit it.

    ``whole`` is for patterns that must fit to the end of the text without saying so.
    """
    if len(pattern) > _LONGEST or pattern.count("(") == 0:
        return False
    try:
        reader = _Reader(pattern)
        ways = reader.ways(0)
        if reader.at < len(pattern):
            return False
    except (_UnreadError, IndexError):
        return False
    tail: Way = (Part(end=True, least=0),) if whole else ()
    return any(_way_splits(way, tail) for way in ways)


def _way_splits(way: Way, tail: Way) -> bool:
    for number, part in enumerate(way):
        if not part.ways:
            continue
        rest = way[number + 1 :] + tail
        if part.endless:
            pumped = _pumped(part.ways)
            if pumped and _may_fail(rest, pumped):
                return True
        if any(_way_splits(inner, rest) for inner in part.ways):
            return True
    return False


def _pumped(ways: tuple[Way, ...]) -> frozenset[int]:
    """Return the signs of which a row can be divided among the rounds of a group in more than one way."""
    found: set[int] = set()
    for way in ways:
        for core in way:
            others = [one for one in way if one is not core]
            if core.endless and core.signs is not None and all(one.empty and not one.end for one in others):
                found |= core.signs
    return frozenset(found)


def _may_fail(rest: Way, pumped: frozenset[int]) -> bool:
    """Tell whether what follows can refuse a row of signs, however it was divided."""
    for part in rest:
        if part.end:
            return True
        if part.empty:
            continue
        return part.signs is not None and bool(pumped - part.signs)
    return False


class _Reader:
    """Reads a pattern of JavaScript or Python from left to right."""

    def __init__(self, pattern: str) -> None:
        self.pattern, self.at = pattern, 0

    def ways(self, depth: int) -> tuple[Way, ...]:
        """Read the alternatives up to the end of the group."""
        if depth > _DEEPEST:
            raise _UnreadError
        found: list[Way] = []
        now: list[Part] = []
        while self.at < len(self.pattern) and self.pattern[self.at] != ")":
            if self.pattern[self.at] == "|":
                self.at += 1
                found.append(tuple(now))
                now = []
            else:
                now.extend(self._often(self._part(depth)))
        return (*found, tuple(now))

    def _part(self, depth: int) -> Part | tuple[Part, ...]:
        sign = self.pattern[self.at]
        self.at += 1
        if sign == "(":
            return self._group(depth)
        if sign == "[":
            return Part(signs=self._set())
        if sign == "\\":
            return self._escape()
        if sign == "$":
            return Part(end=True, least=0)
        if sign == "^":
            return Part(least=0)
        if sign == ".":
            return Part(signs=_ALL - {10})
        if sign in "*+?":
            raise _UnreadError
        return Part(signs=frozenset({min(ord(sign), 128)}))

    def _group(self, depth: int) -> Part:
        around = self.pattern[self.at : self.at + 3]
        looks = around.startswith(("?=", "?!", "?<=", "?<!"))
        if around.startswith("?"):
            if around.startswith("?:"):
                self.at += 2
            elif looks:
                raise _UnreadError
            elif around.startswith(("?P<", "?<")):
                self.at = self.pattern.index(">", self.at) + 1
            else:
                raise _UnreadError
        ways = self.ways(depth + 1)
        if self.pattern[self.at] != ")":
            raise _UnreadError
        self.at += 1
        return Part(ways=ways)

    def _often(self, part: Part | tuple[Part, ...]) -> tuple[Part, ...]:
        if isinstance(part, tuple):
            return part
        sign = self.pattern[self.at : self.at + 1]
        least, endless = part.least, False
        if sign and sign in "*+?":
            self.at += 1
            least, endless = (0 if sign in "*?" else 1), sign != "?"
        elif sign == "{":
            end = self.pattern.find("}", self.at)
            bounds = self.pattern[self.at + 1 : end].split(",") if end > 0 else []
            if not bounds or len(bounds) > _BRACES or not all(one.strip().isdigit() or not one for one in bounds):
                return (part,)  # a brace that stands for itself is read next
            self.at = end + 1
            least = int(bounds[0] or 0)
            endless = len(bounds) == _BRACES and (not bounds[1] or int(bounds[1]) - least >= _OFTEN)
        else:
            return self._inlined(part)
        if self.pattern[self.at : self.at + 1] == "+":
            raise _UnreadError  # what it has taken it doesn't give back
        if self.pattern[self.at : self.at + 1] == "?":
            self.at += 1
        return (Part(signs=part.signs, ways=part.ways, least=least, endless=endless, end=part.end and least > 0),)

    @staticmethod
    def _inlined(part: Part) -> tuple[Part, ...]:
        """Return the parts of a group that only holds together what would be the same without it."""
        return part.ways[0] if len(part.ways) == 1 else (part,)

    def _escape(self) -> Part:
        sign = self.pattern[self.at]
        self.at += 1
        if sign in "bBA":
            return Part(least=0)
        if sign in "zZ":
            return Part(end=True, least=0)
        if sign.lower() in _CLASSES:
            named = _CLASSES[sign.lower()]
            return Part(signs=named if sign.islower() else _ALL - named)
        return Part(signs=frozenset({self._sign(sign)}))

    @staticmethod
    def _sign(sign: str) -> int:
        if sign in _CONTROLS:
            return _CONTROLS[sign]
        if sign.isalnum():
            raise _UnreadError  # a reference to what was matched, a property, a code
        return min(ord(sign), 128)

    def _set(self) -> frozenset[int]:
        turned = self.pattern[self.at] == "^"
        self.at += turned
        found: set[int] = set()
        first, last = True, -1
        while first or self.pattern[self.at] != "]":
            first = False
            sign = self.pattern[self.at]
            self.at += 1
            if sign == "\\":
                named = self.pattern[self.at]
                self.at += 1
                if named.lower() in _CLASSES:
                    group = _CLASSES[named.lower()]
                    found |= group if named.islower() else _ALL - group
                    last = -1
                    continue
                code = 8 if named == "b" else self._sign(named)
            elif sign == "-" and last >= 0 and self.pattern[self.at] not in "]\\":
                code = min(ord(self.pattern[self.at]), 128)
                self.at += 1
                found |= set(range(last, code + 1))
                last = -1
                continue
            else:
                code = min(ord(sign), 128)
            found.add(code)
            last = code
        self.at += 1
        return frozenset(_ALL - found if turned else found)
