"""Weighs cheap signs in source text: whether it runs plugins, or is one.

Nothing is parsed. Names of types and functions, and a few turns of phrase, each count once for
what they say; the sums decide, and the strongest signs are told to the person.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Struct, field

from reviewer.subject import evidence_words as words
from reviewer.subject.dialect import dialect
from reviewer.subject.evidence_signs import brought_by_name, host_signs, loading_signs, plugin_signs, tells_of_itself
from reviewer.subject.opposites import undoes
from reviewer.subject.source_words import FunctionName, SourceWords, words_of

MAX_TEXT: Final = 100_000
"""Bytes of one file that are looked at."""
MAX_ALL_TEXT: Final = 500_000
"""Bytes of all files together that are looked at."""
NAMED: Final = 5
"""Points for a plugin of a package that is called one."""
_ALL_ABOUT_PLUGINS: Final = 16
"""Points of code that does little but take in plugins, check them, and decide about them."""
_HANDLES: Final = "handles plugins"
_ENOUGH: Final = 4
_SOME: Final = 2
_KINDS: Final = ("dict[str, type[", "Dict[str, Type[", "Mapping[str, type[", "Mapping[str, Type[")
"""How Python says that a table holds classes."""
"""Points that are enough where nothing points to a plugin."""


class Evidence(Struct):
    """What was found: points for a host and for a plugin, each with its reasons."""

    host: int = 0
    plugin: int = 0
    host_reasons: list[tuple[int, str]] = field(default_factory=list)
    plugin_reasons: list[tuple[int, str]] = field(default_factory=list)
    published: str = ""
    """Why the package counts as published as a plugin, in words; empty where it does not."""
    by_name_alone: bool = False
    """Whether nothing but its name says that it is published as a plugin: so are called what plugins are for, too."""
    dialect: frozenset[tuple[str, str]] = frozenset()
    """The words that the code has of its own, each with the plain word."""
    machinery: str = ""
    """A type that is named for the running of plugins, ``ExtensionManager`` for instance."""
    loads: bool = False
    """Whether code is loaded that is named at run time."""
    calls: bool = False
    """Whether what others wrote is called, or what they have to write is declared."""

    def for_host(self, points: int, reason: str) -> None:
        """Add points for a host."""
        if points > 0:
            self.host += points
            self.host_reasons.append((points, reason))

    def for_plugin(self, points: int, reason: str) -> None:
        """Add points for a plugin."""
        if points > 0:
            self.plugin += points
            self.plugin_reasons.append((points, reason))

    @property
    def runs_plugins(self) -> bool:
        """Tell whether plugins are brought in and called; words alone speak of those that somebody else runs, too."""
        return self.loads and self.calls

    @property
    def takes_in(self) -> bool:
        """Tell whether plugins are loaded, or functions say that something is done to them."""
        return self.loads or any(reason.endswith(_HANDLES) for _, reason in self.host_reasons)

    @property
    def is_host(self) -> bool:
        """Tell whether the signs of a host are enough, and clearly outweigh those of a plugin.

        What is published as a plugin is one, unless it defines the machinery that runs plugins, or all of its code is
        about plugins, which only its name says that it is.
        """
        if self.published and not self.machinery:
            return self.by_name_alone and self.host >= _ALL_ABOUT_PLUGINS and self.plugin <= NAMED
        enough = _ENOUGH if self.plugin else _SOME
        return self.host >= enough and 2 * self.host > 3 * self.plugin

    @property
    def why(self) -> str:
        """The strongest reasons for the verdict, in words; empty where there is none."""
        reasons = self.host_reasons if self.is_host else self.plugin_reasons
        strongest = [reason for _, reason in sorted(reasons, key=lambda one: -one[0])]
        if self.published and not self.is_host:
            strongest.insert(0, self.published)
        return "; ".join(list(dict.fromkeys(strongest))[:3])


def weigh(sources: Iterable[bytes]) -> Evidence:
    """Weigh the source files of a subject, within `MAX_TEXT` and `MAX_ALL_TEXT`."""
    seen = SourceWords()
    left = MAX_ALL_TEXT
    for data in sources:
        text = data[: min(MAX_TEXT, left)].decode("utf-8", "replace")
        left -= len(text)
        seen.add(text)
        if left <= 0:
            break
    found = Evidence(dialect=dialect(seen))
    _weigh_types(seen, found)
    _weigh_functions(seen, found)
    _weigh_life(seen, found)
    found.for_host(2 if ("plugin" in dict(found.dialect).values()) else 0, "has a word of its own for plugins")
    for points, reason in loading_signs(seen):
        found.for_host(points, reason)
        found.loads = True
    for points, reason in host_signs(seen):
        found.for_host(points, reason)
    for points, reason in plugin_signs(seen):
        found.for_plugin(points, reason)
    found.published = "extends PluginConfig, which says what a plugin is" if tells_of_itself(seen) else ""
    for points, reason in sorted(set(_entrances(seen)), reverse=True)[:2]:
        found.for_plugin(points, reason)
    return found


def _weigh_types(seen: SourceWords, found: Evidence) -> None:
    """A type is named for what it does: registry, loader, grants, …; each word counts once."""
    counted: set[str] = set()
    points = 0
    best: tuple[int, str] = (0, "")
    for name in sorted(seen.types):
        parts = seen.types[name]
        here = [part for part in parts if part in words.TYPE_WORDS and part not in counted]
        counted.update(here)
        value = sum(words.TYPE_WORDS[part] for part in here)
        if len(parts) == 1 and parts <= words.PLURALS:
            value += 3
        if here and not parts.isdisjoint(words.PLUGIN_NOUNS):
            value += 2
            if any(words.TYPE_WORDS[part] > 1 for part in here):
                found.machinery = found.machinery or name
        points += value
        best = max(best, (value, name))
    found.for_host(min(points, 7), f"a type called {best[1]}")


def _weigh_functions(seen: SourceWords, found: Evidence) -> None:
    """What functions are called for, by groups of verbs and nouns; a group counts up to its cap."""
    groups: dict[str, list[str]] = {}
    for function in seen.functions:
        for group in _groups(function):
            groups.setdefault(group, []).append(function.name)
    for group, points, most, what in (
        ("handles", 3, 6, _HANDLES),
        ("makes", 3, 4, "makes what a plugin is handed"),
        ("commands", 3, 6, "is done to something"),
        ("rights", 2, 4, "decides about rights"),
        ("orders", 2, 2, "orders by dependency"),
        ("versions", 1, 1, "compares versions"),
        ("way back", 1, 1, "has a way back"),
    ):
        names = groups.get(group)
        if names:
            found.for_host(min(points * len(set(names)), most), f"{names[0]}() {what}")
    if "sends" in groups and "receives" in groups:
        found.for_host(3, f"{groups['receives'][0]}() and {groups['sends'][0]}() pass messages on")


def _groups(function: FunctionName) -> Iterator[str]:
    """Yield the groups that the words of a function's name belong to."""
    own, first = function.words, function.first
    given = first in words.GIVEN or "context" in first.lower()
    if first and not given and function.name.lstrip("_") in words.DONE_TO_PLUGINS:
        yield "commands"
    if own in ({"can"}, {"may"}):
        yield "rights"
    if own & words.HOST_VERBS and len(own) > 1 and own & words.GUEST_NOUNS:
        yield "handles"
    if own & words.HANDED and len(own) > 1 and own & words.MAKING_VERBS:
        yield "makes"
    for group, names in (
        ("rights", words.RIGHTS),
        ("orders", words.ORDERING),
        ("versions", words.VERSIONS),
        ("way back", words.AFTERLIFE),
        ("sends", words.SENDING),
        ("receives", words.RECEIVING),
    ):
        if own & names:
            yield group


def _keeps_many(name: str, texts: Iterable[str]) -> bool:
    kinds = (f"Map<string, {name}", f"Map<string, Promise<{name}", f"dict[str, {name}", f"Dict[str, {name}")
    return any(kind in text for text in texts for kind in kinds)


def _made_by_name(name: str, texts: Iterable[str]) -> bool:
    """Tell whether somebody else's function gives an instance for a name: ``(id: string) => Promise<Gauge>``."""
    return any(f": string) => {given}{name}" in text for text in texts for given in ("", "Promise<"))


def _weigh_life(seen: SourceWords, found: Evidence) -> None:
    """Somebody else's life cycle: declared as a contract, or called."""
    for name, members in seen.contracts.items():
        pair = next((pair for pair in words.LIFE_PAIRS if members.issuperset(pair)), None)
        if pair:
            found.for_host(4, f"{name} declares {pair[0]} and {pair[1]} for others to implement")
            found.calls = True
            break
    many = next((name for name in seen.contracts if _keeps_many(name, seen.texts)), "")
    found.for_host(3 if many else 0, f"keeps many of {many}")
    several = (name for name, does in seen.contracts.items() if len(does) > 1)
    made = next((name for name in several if _made_by_name(name, seen.texts)), "")
    found.for_host(3 if made else 0, f"is handed what makes {made} for a name")
    direct = sorted(seen.fetched & seen.called - words.OWN_RECEIVERS)
    found.for_host(3 if direct else 0, f"calls each {''.join(direct[:1])} out of many")
    found.for_host(1 if _keeps_kinds(seen) else 0, "keeps classes of others by name")
    members = frozenset(member for holder, member in seen.uses if holder.lower().strip("_$") not in words.OWN_RECEIVERS)
    called = next((pair for pair in words.LIFE_PAIRS if members.issuperset(pair)), None) or _lives(seen)
    single = sorted(members & words.LIFE_CALLS)
    found.calls = found.calls or bool(made or direct or called or single)
    if called:
        found.for_host(3, f"calls {called[0]} and {called[1]} of others")
    elif single:
        found.for_host(2, f"calls {single[0]} of others")


def _keeps_kinds(seen: SourceWords) -> bool:
    """Tell whether classes that others write are kept under a name each: ``shelf: dict[str, type[Skill]]``."""
    return any(kinds in text for text in seen.texts for kinds in _KINDS)


def _lives(seen: SourceWords) -> tuple[str, str] | None:
    """Return two opposite calls of what is named as a plugin: ``instance.open(desk)``, ``instance.close()``.

    Where kinds are kept by name, whatever is one of many is as good as named.
    """
    many = seen.fetched if _keeps_kinds(seen) else frozenset()
    held: dict[str, set[str]] = {}
    for holder, member in seen.uses:
        if len(holder) > 1:
            held.setdefault(holder, set()).add(member.strip("_$#"))
    for holder, members in sorted(held.items()):
        pairs = ((one, other) for one in sorted(members) for other in sorted(members))
        pair = next(((one, other) for one, other in pairs if undoes(one.lower(), other.lower())), None)
        known = words_of(holder) & words.LOADED or holder in many
        if pair and (known or any(brought_by_name(text, holder) for text in seen.texts)):
            return pair
    return None


_ACTIVATING: Final = frozenset({"activate", "onActivate", "onload", "onLoad", "on_load", "on_activate", "onEnable"})
_ENTERING: Final = frozenset({"setup", "register", "install", "apply", "init", "start", "mount", "default", "plugin"})
_LEAVING: Final = frozenset({"deactivate", "onunload", "onUnload", "on_unload", "onDisable"})


def _entrances(seen: SourceWords) -> Iterator[tuple[int, str]]:
    """Yield the functions through which a host would come into a plugin."""
    for function in seen.functions:
        name, first = function.name, function.first
        given = first in words.GIVEN or "context" in first.lower()
        if name in _ACTIVATING and (given or (not first and name.startswith("on"))):
            yield 6, f"{name}({first}) is an entrance for a host"
        elif name in _ENTERING and first in words.GIVEN:
            yield 3, f"{name}({first}) is an entrance for a host"
        elif name in _LEAVING and not first:
            yield 2, f"{name}() is an entrance for a host"
