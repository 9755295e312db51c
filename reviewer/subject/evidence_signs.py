"""Turns of phrase in source text that say: this runs plugins, or: this is one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.core.regex import regex
from reviewer.subject import evidence_words as words
from reviewer.subject.source_words import words_of

if TYPE_CHECKING:
    from reviewer.subject.source_words import SourceWords

_NAMED: Final = r"[ \t\n]{0,8}(?!['\"`)])[\w$]"
"""Something in parentheses that is neither nothing nor a literal."""
_COMPOSED: Final = (
    r"(?![^`$\n]{0,40}(?:locale|lang|i18n|messages|translation|icon|asset|theme|style|page|view|route))"
    r"[^`$\n]{0,60}\$\{"
)
"""A path that is put together at run time, and leads to no texts, pictures or pages of the code's own."""
_LOADING: Final = (
    ("import_module(", regex(r"[ \t\n]{0,8}(?!['\"])")),
    ("__import__(", regex(r"[ \t\n]{0,8}(?!['\"])")),
    ("import(", regex(_NAMED)),
    ("require(", regex(_NAMED)),
    ("import(`", regex(_COMPOSED)),
    ("require(`", regex(_COMPOSED)),
    ("new Worker(", regex(r"[ \t\n]{0,8}(?!['\"]|new URL)[\w$]")),
    *((start, regex("")) for start in ("spec_from_file_location(", "exec_module(", "entry_points(")),
    *((start, regex("")) for start in ("createRequire(", "PluginManager(", "runpy.", "vm.Script", "vm.runIn")),
)
"""How code is loaded that is named at run time."""
_MAKING: Final = (".instantiate(", ".create(", ".make(", ".build(", ".construct(", "#load(", ".load(", "._load(")
_BY_NAME: Final = regex(
    r"[ \t]{0,4}(?:record|plugin|name|id|entry|manifest|descriptor|ext|spec|extension)\b"
    r"|[\w.]{1,60}\.(?:descriptor|manifest)\b"
)
_FAR: Final = 20_000
_LOADED: Final = regex(
    r"(?:const|let)[ ]([a-zA-Z_]\w{1,40})[ ]=[ ](?:await[ ])?(?:this\.)?[#_]{0,2}(?:load|fetch|import)\w{0,20}"
    r"\([ ]{0,2}[a-zA-Z_][\w.]{0,40},"
)
"""Something loaded by a name and more: ``const make = await this.loader(name, version)``."""
_MADE_FOR: Final = regex(r"(?:await[ ])?(?:this\.|self\.)?[#_]{0,2}([a-z]\w{0,40})\(([a-z_]\w{0,40})\)")
"""What is made for one name: ``await self._make(name)``."""
_NEAR: Final = 80
_MANIFEST_FILE: Final = regex(r"(?:plugin|manifest|addin|addon|extension)\.(?:json|ya?ml|toml)['\"`]")
_UNPACKED: Final = (
    "extractall(", "unpack_archive(", "ZipFile(", "tarfile.open(", "tar.extract(", "tar.x(", "AdmZip(", "unzipper."
)  # fmt: skip
_VERSIONED_TABLE: Final = regex(
    r"create\s{1,8}table\b[^;]{0,400}?\bversion\b|insert\s(?:or\s\w{1,8}\s)?into\s[^;]{0,200}?\bversion\b",
    re.IGNORECASE,
)
_OWN_NAME: Final = regex(
    r"([#\w]{1,40})(?:\[|\.set\()[ \t]{0,4}([a-zA-Z_]\w{0,40})\.\w{1,40}[ \t]{0,4}"
    r"(?:\][ \t]{0,4}=(?!=)|,)([^\n]{1,120})"
)
"""A table, a thing whose member is the key, and the rest of the line: ``parts[part.name] = part``."""
_COMPARED: Final = regex(r"(?i)(?:compare|by|cmp|newer|rank|order)_?(?:versions?|releases?|editions?|semver)\b")
_CONTRACT: Final = regex(
    r"typeof[ ]\w{1,40}(?:\?\.)?\[\w{1,40}\][ ]?[!=]==?[ ]?['\"`]function"
    r"|callable\(getattr\(\w{1,40},[ ][a-z_]\w{0,40},[ ]None\)\)"
)
"""Whether something that was handed in has the members of a list, each a function."""
_TYPEDEF: Final = regex(r"@typedef[ ]\{[Oo]bject\}[ ](\w{1,40})")
_DOES: Final = regex(r"@property[ ]\{\(?\([^\n]{0,120}?\)[ ]?=>")
_MANY: Final = regex(r"@type[ ]\{[^\n]{0,120}")
_NAMES: Final = regex(r"\w+")
_REFUSED: Final = regex(r"(?:status|code|error|statusCode)\W{1,12}403\b")
_SPEAKS: Final = ("plugin", "extension", "addon", "addin")
_TOOL_SHAPE: Final = regex(r"return[ \t]{0,4}\{[ \t\n]{0,40}name:[ \t]{0,4}['\"`]")
_HOST_MODULE: Final = regex(
    r"['\"](?:vscode|obsidian|joplin|atom|@[\w-]{1,40}/plugin[\w-]{0,40}|[\w-]{0,40}plugin-(?:sdk|api|kit)|fastify-plugin)['\"]"
)


def _calls_what_it_loads(text: str) -> bool:
    """Tell whether something is loaded by its name and called: ``make = await load(name); thing = make({…})``."""
    return any(
        any(f"{before}{found[1]}(" in text[found.end() :] for before in " (") for found in _LOADED.finditer(text[:_FAR])
    )


def _documents_many(text: str) -> bool:
    """Tell whether a comment says which functions something has, and another that many of that are kept."""
    if "@typedef" not in text or len(_DOES.findall(text)) < 2:
        return False
    names = set(_TYPEDEF.findall(text))
    return any(
        ("[]" in said or "Map<" in said or "Record<" in said) and names.intersection(_NAMES.findall(said))
        for said in _MANY.findall(text)
    )


def brought_by_name(text: str, thing: str) -> bool:
    """Tell whether something is made by what was handed in, for a name, and kept under it.

    ``const pump = await make(id)``, later ``pumps.set(id, { pump })``.
    """
    for found in _places(text, f"{thing} = "):
        made = _MADE_FOR.match(text, found)
        if made and any(
            thing in _NAMES.findall(text[at : at + _NEAR].partition("\n")[0])
            for put in (f".set({made[2]}, ", f"[{made[2]}] = ")
            for at in _places(text, put)
        ):
            return f"def {made[1]}(" not in text and f"function {made[1]}(" not in text
    return False


def _places(text: str, start: str) -> Iterator[int]:
    """Yield where a text goes on behind each of the first places of a start."""
    at = text.find(start)
    for _ in range(200):
        if at < 0:
            return
        yield at + len(start)
        at = text.find(start, at + 1)


def loading_signs(seen: SourceWords) -> Iterator[tuple[int, str]]:
    """Yield (points, what it says) for each sign that code is brought in by a name."""
    if any(_follows(text, start, pattern) for text in seen.texts for start, pattern in _LOADING):
        yield 4, "loads code that is named at run time"
    if any(_follows(text, start, _BY_NAME) for text in seen.texts for start in _MAKING):
        yield 2, "makes instances by name"
    if any(map(_calls_what_it_loads, seen.texts)):
        yield 3, "calls what a loader gives for a name"


def host_signs(seen: SourceWords) -> Iterator[tuple[int, str]]:
    """Yield (points, what it says) for each other sign of a host."""
    if _kept(seen.kept):
        yield 2, f"keeps {_kept(seen.kept)}"
    if _kept(seen.looped):
        yield 2, f"goes through {_kept(seen.looped)}"
    identified = sum(count for name, count in seen.counts.items() if _identifies(name))
    if identified >= 2:
        yield 2, "knows plugins by their id or name"
    if any(_MANIFEST_FILE.search(text) for text in seen.texts if "manifest" in text or ".json" in text):
        yield 2, "reads manifests"
    if any(map(_enters_by_own_name, seen.texts)):
        yield 2, "enters what it is handed under a name of its own"
    if any(map(_documents_many, seen.texts)):
        yield 2, "documents what others have to write, and keeps many of it"
    if any(_CONTRACT.search(text) for text in seen.texts if "typeof " in text or "callable(" in text):
        yield 2, "holds what it is handed against a list of members"
    if _refuses(seen):
        yield 2, "refuses what is not permitted"
    if _distributes(seen):
        yield 2, "unpacks or lists versions of packages"
    if any(map(_keeps_releases, seen.texts)):
        yield 2, "keeps the releases of what others bring by name, and compares them"
    yield from _soft_signs(seen)


def _enters_by_own_name(text: str) -> bool:
    """Tell whether things are kept under a name that each carries, and one is asked for or taken out by it."""
    return any(
        thing in _NAMES.findall(rest)
        and any(use in text for use in (f"{table}.pop(", f"{table}.delete(", f"{table}.has("))
        for table, thing, rest in _OWN_NAME.findall(text)
    )


def _keeps_releases(text: str) -> bool:
    """Tell whether things are kept by a name of their own, each in several versions, of which one is picked."""
    if not _COMPARED.search(text):
        return False
    return any(
        thing in _NAMES.findall(rest) and f"{table}.get(" in text and f"{thing}." in text and _versioned(text, thing)
        for table, thing, rest in _OWN_NAME.findall(text)
    )


def _versioned(text: str, thing: str) -> bool:
    return any(f"{thing}.{word}" in text for word in ("version", "release", "edition"))


def _distributes(seen: SourceWords) -> bool:
    """Tell whether code keeps versions for others: brings and unpacks what a digest names, or has a table of them."""
    if sum(seen.counts[name] for name in ("version", "versions")) < 3:
        return False
    hashed = any(seen.counts[name] for name in ("sha256", "sha512", "digest", "integrity", "hexdigest"))
    if hashed and any(call in text for text in seen.texts for call in _UNPACKED):
        return True
    if hashed and any(seen.counts[name] for name in ("maxSatisfying", "max_satisfying", "SpecifierSet")):
        return True
    if hashed and len({act for function in seen.functions for act in function.words & words.DISTRIBUTION}) > 1:
        return True
    tables = [text for text in seen.texts if "create table" in text.lower() or "insert " in text.lower()]
    return hashed and any(_VERSIONED_TABLE.search(text) for text in tables)


def _soft_signs(seen: SourceWords) -> Iterator[tuple[int, str]]:
    """Yield the signs that can stand in a plugin, too."""
    rights = plugins = 0
    for name, count in seen.counts.items():
        lower = name.lower()
        rights += count if any(stem in lower for stem in words.RIGHT_STEMS) else 0
        plugins += count if any(stem in lower for stem in _SPEAKS) else 0
    if rights >= 4:
        yield 2, "is about permissions"
    if plugins >= 3:
        yield 1 if plugins < 12 else 3, "speaks of plugins"
    for names, at_least, what in words.SOFT_WORDS:
        if sum(seen.counts[name] for name in names) >= at_least:
            yield 1, what


def plugin_signs(seen: SourceWords) -> Iterator[tuple[int, str]]:
    """Yield (points, what it says) for each sign of a plugin."""
    base = next((name for name in sorted(seen.bases) if _is_plugin_class(name) and name not in seen.types), None)
    if base:
        yield 5, f"extends {base}"
    if any(_has_tool_shape(text) for text in seen.texts) or any(seen.counts[name] for name in words.TOOL_NAMES):
        yield 4, "has the shape of a plugin of a known tool"
    elif any(name.startswith("pytest_") for name in seen.counts):
        yield 4, "implements hooks of pytest"
    if any(_HOST_MODULE.search(text[:20_000]) for text in seen.texts):
        yield 4, "imports the interface of a host"
    used = "context" in seen.counts and any(holder in words.SERVICES for holder, _ in seen.uses)
    if used and not any("context" in parts for parts in seen.types.values()):
        yield 3, "uses the services of a context"


def tells_of_itself(seen: SourceWords) -> bool:
    """Tell whether a class says what the whole package is as a plugin, for a host that is somebody else's."""
    return "PluginConfig" not in seen.types and any(
        ".plugins import PluginConfig" in text and "(PluginConfig)" in text for text in seen.texts
    )


def _follows(text: str, start: str, pattern: re.Pattern[str]) -> bool:
    """Tell whether the pattern stands right after one of the first places of a start."""
    at = text.find(start)
    for _ in range(200):
        if at < 0:
            return False
        if pattern.match(text, at + len(start)):
            return True
        at = text.find(start, at + 1)
    return False


def _kept(names: set[str]) -> str:
    """Return a name that says that things of others are kept under it, or an empty string."""
    return next((name for name in sorted(names) if not words.KEPT.isdisjoint(words_of(name))), "")


def _identifies(name: str) -> bool:
    parts = words_of(name)
    return len(parts) > 1 and bool(parts & words.PLUGIN_NOUNS) and bool(parts & words.IDENTITIES)


def _refuses(seen: SourceWords) -> bool:
    if any(seen.counts[name] for name in words.REFUSALS) or any(
        "403" in text and _REFUSED.search(text) for text in seen.texts
    ):
        return True
    return any(
        phrase in text for text in seen.texts for phrase in ("may not ", "not permitted", "not entitled", "not granted")
    )


def _has_tool_shape(text: str) -> bool:
    return "return {" in text and bool(_TOOL_SHAPE.search(text))


def _is_plugin_class(name: str) -> bool:
    return name.endswith(("Plugin", "Extension", "Addon", "AddIn", "AddOn", "PluginBase", "BasePlugin"))
