"""Ecosystems as data: how the manifest of each is recognised, and what its fields are called.

An ecosystem is a folder with a ``profile.toml``::

    name = "generic"                    # the name of the folder
    title = "Generic plugin"
    [manifest]
    files = ["plugin.json"]             # usual names, best first; a damaged file of such a name still counts
    schema = "manifest.schema.json"
    documents = ["hooks/hooks.json"]    # further data files that are read with it, as paths from the subject's folder
    pages = ["skills/**/*.md"]          # Markdown that is reviewed: a comment in it can silence rules
    packaging = true                    # files of the language's own packaging: any other manifest beside them
                                        # counts more, and the code tells whether it is a plugin or a host
    [fields]                            # field of the common model = field of this manifest
    entry = "main|entry"
    [[recognise]]                       # one that holds is enough
    files = ["*.json"]                  # names, or paths from the folder of the subject
    role = "registry"                   # it lists plugins; without it, it is the manifest of one
    part-of = ["assistant"]             # inside a subject of these ecosystems it is a part, no subject of its own
    not-files = ["package.json"]
    at = "plugin"                       # the manifest is the object under this field
    inherit = ["version"]               # fields that it takes from around it
    all = ["id|name", "permissions:object"]
    any = ["main", "contributes"]
    at-least = 2                        # of any
    none = ["manifest_version"]
    names-code = true                   # a member is the path of a source file that is there; a host has such, too
    [recognise.equals]
    type = "panel"
    [recognise.beyond]                  # objects with a member besides these; "." is the manifest itself
    "entry-points" = ["console_scripts"]
    [[foreign]]                         # the same, with product = "…": manifests of somebody else

A field is a dotted path, or a key that has the dots in itself; ``a|b`` is either, ``a:object`` asks
for a kind of value (each of several its own: ``a:string|b:object``). Everything else in the file is
kept in ``extra`` for those who know what to do with it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeVar

from msgspec import Struct, field

from reviewer.core.errors import UsageError
from reviewer.core.nearest import did_you_mean
from reviewer.subject.document import Value
from reviewer.subject.globs import glob_fits

GENERIC: Final = "generic"
"""The ecosystem that everything belongs to which belongs to no other."""


class Condition(Struct, frozen=True):
    """What a data file must hold to be a manifest; empty parts ask for nothing."""

    files: tuple[str, ...]
    not_files: tuple[str, ...] = ()
    at: str = ""
    inherit: tuple[str, ...] = ()
    all: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    at_least: int = 1
    none: tuple[str, ...] = ()
    names_code: bool = False
    equals: dict[str, Any] = field(default_factory=dict)
    beyond: dict[str, Any] = field(default_factory=dict)
    role: str = "manifest"
    part_of: tuple[str, ...] = ()
    product: str = ""
    """Whose manifest it is, for one that is foreign."""

    @property
    def weight(self) -> int:
        """How much it asks for; of several that hold, the weightiest is the most telling."""
        asked = len(self.all) + len(self.equals) + len(self.beyond)
        return asked + (self.at_least if self.any else 0) + 2 * bool(self.at)

    def base(self, path: str) -> str | None:
        """Return the folder of the subject, with ``/``, where the path fits, or None."""
        names = path.split("/")
        for glob in self.files:
            depth = glob.count("/") + 1
            tail = "/".join(names[-depth:])
            if glob_fits(glob, tail) and not any(glob_fits(other, names[-1]) for other in self.not_files):
                return "".join(f"{name}/" for name in names[:-depth])
        return None

    def manifest(self, root: Value) -> Value | None:
        """Return the manifest in a document, or None where the conditions do not hold."""
        held = _find(root, self.at) if self.at else root
        if held is None or not isinstance(held.data, dict):
            return None
        if self.inherit and isinstance(root.data, dict):
            outer = {key: root.data[key] for key in self.inherit if key in root.data}
            held = Value({**outer, **held.data}, held.location, held.key)
        if not all(_has(held, one) for one in self.all) or any(_has(held, one) for one in self.none):
            return None
        if self.any and sum(_has(held, one) for one in self.any) < self.at_least:
            return None
        for name, expected in self.equals.items():
            found = _find(held, name)
            if found is None or found.data != expected:
                return None
        if not all(_reaches(held, name, usual) for name, usual in self.beyond.items()):
            return None
        return held


class EcosystemProfile(Struct, frozen=True):
    """One ecosystem, as its ``profile.toml`` says."""

    name: str
    title: str
    folder: Path
    files: tuple[str, ...] = ()
    schema: Path | None = None
    documents: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    packaging: bool = False
    """Its manifests are those of the language's packaging, which say little of what the package is."""
    recognise: tuple[Condition, ...] = ()
    foreign: tuple[Condition, ...] = ()
    fields: dict[str, str] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)

    def named(self, path: str) -> bool:
        """Tell whether a file has one of the usual names of a manifest."""
        return self.base(path) is not None

    def base(self, path: str) -> str | None:
        """Return the folder of the subject whose manifest a file of a usual name is, with ``/``, else None."""
        for glob in self.files:
            *folders, name = path.split("/")
            *above, last = glob.split("/")
            if glob_fits(last, name) and folders[len(folders) - len(above) :] == above:
                return "".join(f"{folder}/" for folder in folders[: len(folders) - len(above)])
        return None

    def field(self, manifest: Value, name: str) -> Value | None:
        """Return a field of the common model from a manifest of this ecosystem, or None."""
        for path in self.fields.get(name, name).split("|"):
            found = _find(manifest, path)
            if found is not None:
                return found
        return None


def _find(root: Value, path: str) -> Value | None:
    whole = root.get(path)
    return whole if whole is not None else root.get(*path.split("."))


def _reaches(root: Value, path: str, usual: Iterable[str]) -> bool:
    """Tell whether an object has a member besides the usual ones."""
    found = root if path == "." else _find(root, path)
    return found is not None and any(key not in usual for key, _value in found.members())


def _has(root: Value, condition: str) -> bool:
    """Tell whether one of the fields of a condition is there, and is of the kind asked for."""
    for path, kind in either(condition):
        found = _find(root, path)
        if found is not None and (not kind or found.kind == kind):
            return True
    return False


def either(condition: str) -> tuple[tuple[str, str], ...]:
    """Split ``a|b:object`` into the paths of which one will do, each with the kind asked for or nothing."""
    parts = (one.partition(":") for one in condition.split("|"))
    return tuple((path, kind) for path, _colon, kind in parts)


@cache
def load_profiles(folder: Path) -> tuple[EcosystemProfile, ...]:
    """Read the profile of every folder in ``folder``, sorted by name; raises `UsageError`."""
    found = sorted(folder.glob("*/profile.toml")) if folder.is_dir() else []
    return tuple(_load(path) for path in found)


def known_profiles(shipped: Path, skills: Iterable[str]) -> tuple[EcosystemProfile, ...]:
    """Return the profiles that ship and those in further skill folders; the later of a name counts."""
    profiles = {profile.name: profile for profile in load_profiles(shipped)}
    for folder in skills:
        for own in (*load_profiles(Path(folder)), *load_profiles(Path(folder, "ecosystems"))):
            profiles[own.name] = own
    return tuple(profiles[name] for name in sorted(profiles))


def profile_named(name: str, profiles: Iterable[EcosystemProfile]) -> EcosystemProfile:
    """Return the profile of a name; raises `UsageError` with the nearest name."""
    by_name = {profile.name: profile for profile in profiles}
    if name in by_name:
        return by_name[name]
    known = ", ".join(sorted(by_name)) or "none"
    raise UsageError(f"there is no ecosystem {name!r}{did_you_mean(name, by_name)} (known: {known})")


def _load(path: Path) -> EcosystemProfile:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{path}: can't be read: {error}") from error
    reader = _Reader(path)
    name = reader.take(table, "name", str)
    if name != path.parent.name:
        raise UsageError(f"{path}: 'name' is {name!r}; expected the name of the folder, {path.parent.name!r}")
    manifest = reader.take(table, "manifest", dict, {})
    schema = reader.take(manifest, "schema", str, "")
    profile = EcosystemProfile(
        name=name,
        title=reader.take(table, "title", str, name),
        folder=path.parent,
        files=reader.texts(manifest, "files"),
        schema=path.parent / schema if schema else None,
        documents=reader.texts(manifest, "documents"),
        pages=reader.texts(manifest, "pages"),
        packaging=reader.take(manifest, "packaging", bool, False),
        recognise=reader.conditions(table, "recognise"),
        foreign=reader.conditions(table, "foreign"),
        fields=reader.take(table, "fields", dict, {}),
        extra={key: value for key, value in table.items() if key not in _KEYS},
    )
    if not all(isinstance(one, str) for one in profile.fields.values()):
        raise UsageError(f'{path}: every value in [fields] is a dotted path; write for example version = "version"')
    return profile


_KEYS: Final = frozenset({"name", "title", "recognise", "foreign", "fields"})
_CONDITION_KEYS: Final = {name.replace("_", "-"): name for name in Condition.__struct_fields__}
"""What a condition may say, and the field that holds it."""
_T = TypeVar("_T")


class _Reader:
    """Takes values of the right kind out of a profile."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def take(self, table: dict[str, Any], key: str, kind: type[_T], default: _T | None = None) -> _T:
        value = table.get(key, default)
        if not isinstance(value, kind):
            found = "nothing" if value is None else repr(value)
            raise UsageError(f"{self._path}: {key!r} is {found}; expected {_SAYS[kind]}")
        return value

    def texts(self, table: dict[str, Any], key: str) -> tuple[str, ...]:
        values = self.take(table, key, list, [])
        if not all(isinstance(value, str) for value in values):
            raise UsageError(f"{self._path}: {key!r} is {values!r}; expected a list of texts")
        return tuple(values)

    def conditions(self, table: dict[str, Any], key: str) -> tuple[Condition, ...]:
        return tuple(self._condition(one, key) for one in self.take(table, key, list, []))

    def _condition(self, table: Any, key: str) -> Condition:
        known = _CONDITION_KEYS
        if not isinstance(table, dict) or not self.texts(table, "files"):
            raise UsageError(f'{self._path}: every [[{key}]] needs files, for example files = ["plugin.json"]')
        for name in table:
            if name not in known:
                raise UsageError(f"{self._path}: [[{key}]] has no key {name!r}{did_you_mean(name, known)}")
        lists = ("files", "not-files", "part-of", "inherit", "all", "any", "none")
        texts = {known[one]: self.texts(table, one) for one in lists}
        beyond = self.take(table, "beyond", dict, {})
        return Condition(
            **texts,
            role=self.take(table, "role", str, "manifest"),
            at=self.take(table, "at", str, ""),
            names_code=self.take(table, "names-code", bool, False),
            at_least=self.take(table, "at-least", int, 1),
            equals=self.take(table, "equals", dict, {}),
            beyond={name: self.texts(beyond, name) for name in beyond},
            product=self.take(table, "product", str, ""),
        )


_SAYS: Final = {str: "a text", dict: "a table", list: "a list", int: "a number", bool: "true or false"}
