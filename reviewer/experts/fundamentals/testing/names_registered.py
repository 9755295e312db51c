"""The names under which the code of a subject registers things, and names that are nearly one of them."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from reviewer.code.syntax import Array, Call, Literal, Node, Object, Template
from reviewer.code.text.words import words
from reviewer.core.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Value

REGISTERING: Final = frozenset(
    "register registers add set on once subscribe handle handles listen bind define provide contribute command hook "
    "attach tap use expose install declare observe route tool action setdefault own track".split()
)
"""First words of calls that put something under a name."""
_PARTS: Final = regex(r"[.:/]")
_DIGITS: Final = regex(r"\d+")
_MOST: Final = 5_000
_CLOSE: Final = 0.84
_STEM: Final = 4
"""Letters with which two words of one family begin: ``waitlist``, ``waiting``."""


class RegisteredNames(Struct):
    """What a subject knows by name: ``all`` its texts, ``names`` those that it registers something under."""

    all: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    pieced: set[tuple[str, str]] = field(default_factory=set)
    """Constant beginnings and ends of names that are pieced together."""

    def knows(self, name: str) -> bool:
        """Tell whether a name may be registered: spelled somewhere, or like one that is pieced together."""
        return name in self.all or any(name.startswith(head) and name.endswith(tail) for head, tail in self.pieced)

    def near(self, name: str) -> str:
        """Return the registered name that a name misspells, or an empty string."""
        bare = _DIGITS.sub("", name)
        candidates = sorted(one for one in self.names if _DIGITS.sub("", one) != bare)
        close = get_close_matches(name[:200], candidates, n=1, cutoff=_CLOSE)
        return close[0] if close else ""

    def relative(self, name: str) -> str:
        """Return a registered name of the same family, or an empty string."""
        return next(self._family(name), "")

    def meant(self, name: str, title: str) -> str:
        """Return the registered name of the same family whose last word a title says, or an empty string."""
        said = set(words(title))
        return next((one for one in self._family(name) if set(words(_PARTS.split(one)[-1])) <= said), "")

    def _family(self, name: str) -> Iterator[str]:
        """Yield the registered names that begin with the same part, be that in the plural.

        After them come those that end with the same part and begin much like it: ``tide-table.next`` for ``tide.next``.
        """
        parts = _singular(name)
        known = sorted(self.names) if parts else []
        yield from (one for one in known if _singular(one) == parts)
        yield from (one for one in known if _same_end(one, name) and _alike(_singular(one), parts))


def _same_end(one: str, other: str) -> bool:
    return _PARTS.split(one)[-1] == _PARTS.split(other)[-1]


def _alike(one: list[str], other: list[str]) -> bool:
    """Tell whether two beginnings of names have a word in common, all their letters, or begin with the same stem."""
    mine, theirs = set(words("-".join(one))), set(words("-".join(other)))
    whole, rest = "".join(one).replace("-", ""), "".join(other).replace("-", "")
    stem = whole[:_STEM] == rest[:_STEM] and len(whole) >= _STEM
    return bool(mine & theirs) or whole == rest or stem


def _singular(name: str) -> list[str]:
    """Return the parts of a name before its last, without the ``s`` of a plural: ``cue`` of ``cues.run``."""
    return [part.removesuffix("s") for part in _PARTS.split(name)[:-1]]


def registered_names(inquiry: Inquiry) -> RegisteredNames:
    """Return the names that the code of a subject, tests left out, and its manifest register; worked out once."""
    kept = inquiry.memory.get("fundamentals.names")
    if isinstance(kept, RegisteredNames):
        return kept
    found = RegisteredNames()
    for module in inquiry.project.modules():
        if not module.is_test:
            collect(module, found)
    if inquiry.manifest is not None:
        _of_value(inquiry.manifest.root, found, 0)
    inquiry.memory["fundamentals.names"] = found
    return found


def collect(module: Module, found: RegisteredNames) -> None:
    """Add the names that one module spells."""
    for literal in module.all(Literal)[:_MOST]:
        if isinstance(literal.value, str) and 2 < len(literal.value) <= 120:
            found.all.add(literal.value)
            if _registers(literal):
                found.names.add(literal.value)
    for template in module.all(Template)[:_MOST]:
        if len(template.items) > 1 and _registers(template):
            found.pieced.add((_constant(template.items[0]), _constant(template.items[-1])))


def _constant(part: Node) -> str:
    return part.value if isinstance(part, Literal) and isinstance(part.value, str) else ""


def _registers(node: Node) -> bool:
    """Tell whether a text is the first argument of a call that registers, or a key of an object that holds such."""
    parent = node.parent
    if isinstance(parent, Array):
        parent = parent.parent
    if isinstance(parent, Call):
        first = words(parent.name)
        return bool(first) and first[0] in REGISTERING and node in parent.args[:2]
    if isinstance(parent, Object):
        return any(key is node for key, _value in parent.entries)
    return False


def _of_value(value: Value, found: RegisteredNames, depth: int) -> None:
    if value.text:
        found.all.add(value.text)
        if _PARTS.search(value.text):
            found.names.add(value.text.split(":", 1)[-1] if value.text.startswith("on") else value.text)
    if depth < 8:
        for _key, inner in value.members():
            _of_value(inner, found, depth + 1)
        for inner in value.items():
            _of_value(inner, found, depth + 1)
