"""Reads the names out of source text, fast and without parsing: who is defined, who is called on whom."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from msgspec import Struct, field

from reviewer.core.regex import regex

_TOKEN: Final = regex(r"([A-Za-z_$][\w$]*)[ \t]?(\(\)|[)\]]{0,3}[?!]?\.|[(,)=:]?)")
"""A word and what follows it: a call, an access, a separator."""
_PART: Final = regex(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_FUNCTION: Final = regex(
    r"^[ \t]{0,16}"
    r"(?:(?:export|default|async|public|private|protected|static|readonly|override|get|set)[ \t]{1,4}){0,4}"
    r"(?:(?:def|function)[ \t*]{1,4}([A-Za-z_$][\w$]{0,80})[ \t]{0,4}\(([^)\n]{0,200})"
    r"|(?:const|let|var)[ \t]{1,4}([A-Za-z_$][\w$]{0,80})[^=\n]{0,100}=[ \t]{0,4}(?:async[ \t]{0,4})?"
    r"(?:function\b|\(([^)\n]{0,200})\)[^=\n]{0,80}=>|[A-Za-z_$][\w$]{0,80}[ \t]{0,4}=>)"
    r"|[#*]?([A-Za-z_$][\w$]{0,80})(?:[ \t]{0,4}\(|:[ \t]{0,4}(?:async[ \t]{0,4})?\()([^)\n]{0,200})\)"
    r"[^;\n]{0,120}(?:\{|=>))",
    re.MULTILINE,
)
"""A function by declaration, by assignment, or as a member."""
_TYPE_STARTS: Final = frozenset({"class", "interface", "type", "struct", "enum"})
_NO_NAMES: Final = frozenset(
    {"if", "for", "while", "switch", "catch", "function", "return", "with", "super", "constructor", "async"}
)
_EXPORTED: Final = regex(
    r"exports(?:\.([A-Za-z_$][\w$]{0,80}))?[ \t]{0,4}=[ \t]{0,4}(?:async[ \t]{1,4})?"
    r"(?:function[ \t]{0,4}\w{0,80}[ \t]{0,4})?\(([^)\n]{0,200})\)[ \t]{0,4}(?:=>|\{)"
)
_DEFAULT: Final = regex(
    r"export default()[ \t]{1,4}(?:async[ \t]{1,4})?(?:function[ \t]{0,4}\w{0,80}[ \t]{0,4})?\(([^)\n]{0,200})\)"
)
_INTERFACE: Final = regex(r"interface[ \t]{1,4}(\w{1,80})[^{\n]{0,200}\{([^}]{0,2000})")
_PROTOCOL: Final = regex(
    r"class[ \t]{1,4}(\w{1,80})\([^)\n]{0,100}\b(?:Protocol|ABC)\b[^\n]{0,80}\n"
    r"((?:[ \t]{1,40}[^\n]{0,300}\n|[ \t]{0,40}\n){0,60})"
)
_SIGNATURE: Final = regex(r"([A-Za-z_]\w{0,60})\??[ \t]{0,4}[(:]")
_HOLDERS: Final = frozenset(
    {"Map", "Set", "WeakMap", "WeakSet", "dict", "Dict", "defaultdict", "OrderedDict", "Record", "list"}
)
"""Names of collections."""


class FunctionName(Struct, frozen=True):
    """A function as its head shows it: its name, the words in it, and its first two parameters or nothing."""

    name: str
    words: frozenset[str]
    first: str
    second: str = ""


class SourceWords(Struct):
    """The names of all files together."""

    counts: Counter[str] = field(default_factory=Counter)
    """How often each word stands there, comments and texts included."""
    types: dict[str, frozenset[str]] = field(default_factory=dict)
    """Defined types, each with the words in its name."""
    bases: set[str] = field(default_factory=set)
    functions: list[FunctionName] = field(default_factory=list)
    uses: set[tuple[str, str]] = field(default_factory=set)
    """Object and member, where the member is called or handed on."""
    contracts: dict[str, frozenset[str]] = field(default_factory=dict)
    """Interfaces and protocols, each with its members."""
    kept: set[str] = field(default_factory=set)
    """Names that hold a map, a set or a list."""
    looped: set[str] = field(default_factory=set)
    """Names that a loop goes through."""
    fetched: set[str] = field(default_factory=set)
    """Names for one thing out of many: a loop's variable, or what was got out of a collection."""
    called: set[str] = field(default_factory=set)
    """Names that are called by themselves."""
    texts: list[str] = field(default_factory=list)

    def add(self, text: str) -> None:
        """Take in one file."""
        self.texts.append(text)
        tokens: list[tuple[str, str]] = _TOKEN.findall(text)
        self.counts.update(name for name, _ in tokens)
        for number, ((name, mark), (following, after)) in enumerate(pairwise(tokens)):
            last = mark[-1:]
            if last == ".":
                if after and after[0] in "(,)":
                    self.uses.add((name, following))
            elif mark in ("(", "()"):
                self.called.add(name)
            elif last and last in "=:":
                self._add_assigned(name, tokens[number + 1 : number + 7])
            elif name in _TYPE_STARTS:
                self.types.setdefault(following, words_of(following))
            elif name == "extends":
                self.bases.update(part for part, _ in tokens[number + 1 : number + 3])
            elif name in ("of", "in") and any(part == "for" for part, _ in tokens[max(0, number - 6) : number]):
                self.looped.update(part for part, _ in tokens[number + 1 : number + 6])
                self.fetched.add(tokens[number - 1][0])
        self._add_functions(text)
        self._add_contracts(text)

    def _add_assigned(self, name: str, value: list[tuple[str, str]]) -> None:
        """Note a name that is given a collection, or something out of one."""
        if not _HOLDERS.isdisjoint(part for part, _ in value):
            self.kept.add(name)
        if any(part == "get" and mark in ("(", "()") for part, mark in value):
            self.fetched.add(name)

    def _add_functions(self, text: str) -> None:
        found = [(one[0] or one[2] or one[4], one[1] or one[3] or one[5]) for one in _FUNCTION.findall(text)]
        found += [(one[0] or "default", one[1]) for one in _places(text, "exports", _EXPORTED)]
        found += [("default", one[1]) for one in _places(text, "export default", _DEFAULT)]
        for name, parameters in found:
            if name not in _NO_NAMES:
                first, second = (*_parameters(parameters), "", "")[:2]
                self.functions.append(FunctionName(name, words_of(name), first, second))

    def _add_contracts(self, text: str) -> None:
        protocols = _places(text, "class ", _PROTOCOL) if "Protocol" in text or "ABC" in text else []
        for name, body in (*_places(text, "interface ", _INTERFACE), *protocols):
            self.contracts.setdefault(name, frozenset(_SIGNATURE.findall(body)))


def _places(text: str, start: str, pattern: re.Pattern[str]) -> list[tuple[str, str]]:
    """Return the two groups of a pattern wherever it stands; ``start`` is the literal it begins with."""
    found: list[tuple[str, str]] = []
    at = text.find(start)
    while at >= 0:
        match = pattern.match(text, at)
        if match:
            found.append((match.group(1) or "", match.group(2)))
        at = text.find(start, at + len(start))
    return found


def words_of(name: str) -> frozenset[str]:
    """Split an identifier into its words, in lower case."""
    return frozenset(part.lower() for part in _PART.findall(name[:100]))


def _parameters(parameters: str) -> Iterator[str]:
    """Yield the names of the parameters that are not the object itself."""
    for part in parameters.split(","):
        name = re.split(r"[:=?\s]", part.strip().lstrip("{*_."), maxsplit=1)[0]
        if name not in ("self", "cls", "this", ""):
            yield name.strip("_$")
