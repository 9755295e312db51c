"""The data files of a root that can say what its subjects are, read once and within a budget."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from reviewer.core.errors import UnreadableError
from reviewer.core.regex import regex
from reviewer.core.review import Skipped
from reviewer.subject.document import Document, DocumentError, RepeatedKey, Value
from reviewer.subject.documents.read import document_format, read_document
from reviewer.subject.ecosystem import GENERIC, EcosystemProfile
from reviewer.subject.globs import PathGlobs
from reviewer.subject.limits import MAX_DOCUMENT_BYTES
from reviewer.subject.not_entered import not_entered
from reviewer.subject.recognise import Found, forced, recognise, recognise_damaged
from reviewer.subject.sources import is_test

if TYPE_CHECKING:
    from reviewer.core.location import Location
    from reviewer.subject.model import Root

_MOST_READ: Final = 400
"""Data files that are read to find subjects."""
_MOST_BYTES: Final = 8_000_000
_MOST_YAML_BYTES: Final = 100_000
"""Size of a YAML file that is read although its name says nothing: reading YAML is slow."""
_MOST_SCHEMAS: Final = 20
_DEPTH: Final = 3
"""Folders above a data file that can be a manifest; one more for a file of a usual name."""
_LOCKS: Final = regex(
    r"package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|.*\.lock\.(?:json|ya?ml)|.*-lock\.(?:json|ya?ml)"
    r"|tsconfig.*\.json|jsconfig.*\.json|\.eslintrc.*|\.prettierrc.*|tslint\.json|lerna\.json|nx\.json|turbo\.json"
    r"|composer\.(?:json|lock)|renovate\.json5?|\.pre-commit-config\.yaml|docker-compose.*|mkdocs\.ya?ml",
    re.IGNORECASE,
)
_OTHER_FOLDERS: Final = frozenset(
    {"locales", "locale", "_locales", "i18n", "translations", "docs", "vendor", "site-packages"}
)
_TABLE: Final = regex(
    rb"(?i)\bcreate[ \t\n]{1,20}table[ \t\n]{1,20}(?:if[ \t\n]{1,9}not[ \t\n]{1,9}exists[ \t\n]{1,20})?"
    rb"[\w.\"`\[\]]{0,60}"
    rb"(?:plugin|extension|add-?on|add-?in|registry)"
)


class Candidates:
    """What the data files of a root were found to be."""

    def __init__(self, root: Root, profiles: tuple[EcosystemProfile, ...], chosen: EcosystemProfile | None) -> None:
        """Read the files; ``chosen`` is the ecosystem that a person named, if any."""
        self._root = root
        self._profiles = profiles
        self._chosen = chosen
        self._packaging = frozenset(profile.name for profile in profiles if profile.packaging)
        # Several ecosystems know the same name: it stands where it comes first.
        self._names = {name: at for at, name in enumerate(dict.fromkeys(self._usual_names()))}
        self._documents: dict[str, Document] = {}
        self.found = list(self._find())

    def is_packaging(self, found: Found) -> bool:
        """Tell whether a manifest is one of the language's packaging, which any package of it may have."""
        return found.role == "manifest" and found.ecosystem in self._packaging

    def has_host_elsewhere(self, found: Found) -> bool:
        """Tell whether a manifest is for a host of its own name, a browser or an editor, and not for code beside it."""
        return found.role == "manifest" and found.ecosystem != GENERIC and found.ecosystem not in self._packaging

    def order(self, found: Found) -> tuple[bool, bool, bool, bool, int, int, str]:
        """Return where a document stands among those of one folder; the least is its manifest.

        A manifest comes before somebody else's, one that is made for plugins before the metadata
        of a package, a named ecosystem before the generic one, a readable file before a damaged
        one, a usual name before another.
        """
        usual = self._names.get(found.path.rsplit("/", 1)[-1], len(self._names))
        generic = found.ecosystem == GENERIC
        packaging = self.is_packaging(found)
        return found.role != "manifest", packaging, generic, found.document is None, usual, -found.weight, found.path

    def relative(self, found: Found, base: str) -> Document | None:
        """Return the document with places that count from the folder of its subject."""
        document = found.document
        return _moved(document, document.path.removeprefix(base)) if document else None

    def relative_error(self, found: Found, base: str) -> DocumentError | None:
        """Return the error of a damaged manifest with its place counted from the subject's folder."""
        error = found.error
        if error is None:
            return None
        return DocumentError(error.message, replace(error.location, path=error.location.path.removeprefix(base)))

    def documents(self, base: str, files: Iterable[str], manifest: str, ecosystem: str) -> dict[str, Document]:
        """Return the further data files of a subject that checks look at, by path from its folder."""
        named = (profile.documents for profile in self._profiles if profile.name == ecosystem)
        known = PathGlobs(f"/{one}" for globs in named for one in globs)
        registries = {one.path[len(base) :] for one in self.found if one.role == "registry"}
        documents: dict[str, Document] = {}
        schemas = 0
        for path in files:
            schema = path.endswith(".schema.json") and not is_test(path)
            data = _is_package_data(path) or schema or path in registries or known.match(path)
            if path == manifest or not data:
                continue
            schemas += schema
            if schema and schemas > _MOST_SCHEMAS:
                continue
            document = self._read(base + path)
            if document is not None:
                documents[path] = _moved(document, path)
        return documents

    def pages(self, files: Iterable[str], ecosystem: str) -> tuple[str, ...]:
        """Return the pages among some files that are reviewed, as the ecosystem says."""
        named = (profile.pages for profile in self._profiles if profile.name == ecosystem)
        globs = PathGlobs(f"/{one}" for several in named for one in several)
        return tuple(path for path in files if path.endswith(".md") and globs.match(path)) if globs else ()

    def registry_tables(self, files: Iterable[str]) -> str:
        """Return the path of an SQL file that makes tables of plugins, or an empty string."""
        for path in files:
            if path.lower().endswith(".sql"):
                try:
                    if _TABLE.search(self._root.read(path)[:MAX_DOCUMENT_BYTES]):
                        return path
                except UnreadableError:
                    continue
        return ""

    def only_document(self, base: str, files: Iterable[str]) -> Document | None:
        """Return the data file nearest to the top, for a subject that a person named the kind of."""
        named = [path for path in files if document_format(path) and not _LOCKS.fullmatch(path.rsplit("/", 1)[-1])]
        for path in sorted(named, key=lambda path: (path.count("/"), _is_package_data(path), path))[:_MOST_SCHEMAS]:
            document = self._read(base + path)
            if document is not None and document.root.kind in ("object", "array"):
                return _moved(document, path)
        return None

    def _usual_names(self) -> Iterator[str]:
        profiles = sorted(self._profiles, key=lambda profile: (profile is not self._chosen, profile.name == GENERIC))
        for profile in profiles:
            yield from (name.rsplit("/", 1)[-1] for name in profile.files)

    def _find(self) -> Iterator[Found]:
        left, size = _MOST_READ, 0
        for path in self._worth_reading():
            left, size = left - 1, size + self._root.entries[path].size
            if left < 0 or size > _MOST_BYTES:
                reason = "too many data files; this and those after it were not looked at for manifests"
                self._root.skipped.append(Skipped(path, reason))
                return
            found = self._recognised(path)
            if found is not None:
                yield found

    def _recognised(self, path: str) -> Found | None:
        try:
            data = self._root.read(path)
        except UnreadableError:
            return None
        if not self._is_usual(path) and not any(word in data for word in (b"version", b"decisions", b"inputs")):
            return None
        profiles = self._profiles if self._chosen is None else (self._chosen,)
        try:
            document = read_document(path, data)
        except DocumentError as error:
            return recognise_damaged(path, error, profiles)
        self._documents[path] = document
        if self._chosen is not None:
            found = forced(path, document, self._chosen)
            return found or recognise(path, document, ())
        return recognise(path, document, profiles, self._root.entries)

    def _worth_reading(self) -> list[str]:
        """Return the data files to read, those of usual names first, then the higher ones."""
        formats = ("json", "yaml", "toml", "xml", "front-matter")
        paths = [path for path in self._root.entries if document_format(path) in formats or self._is_usual(path)]
        worth = [path for path in paths if self._is_worth(path)]
        return sorted(worth, key=lambda path: (not self._is_usual(path), path.count("/"), path))

    def _is_worth(self, path: str) -> bool:
        *folders, name = path.split("/")
        if any(not_entered(folder) for folder in folders) or is_test(path):
            return False
        if self._is_usual(path):
            return len(folders) <= _DEPTH + 3
        if len(folders) > _DEPTH or _LOCKS.fullmatch(name[:200]) or document_format(path) == "xml":
            return False
        if any(folder.lower() in _OTHER_FOLDERS or folder.startswith(".") for folder in folders):
            return False
        largest = _MOST_YAML_BYTES if document_format(path) == "yaml" else MAX_DOCUMENT_BYTES
        return self._root.entries[path].size <= largest

    def _is_usual(self, path: str) -> bool:
        name = path.rsplit("/", 1)[-1]
        return name in self._names or name in ("package.json", "pyproject.toml") or name.startswith("plugin-design.")

    def _read(self, path: str) -> Document | None:
        """Return a data file, or None where it can't be read, which is then said in the coverage."""
        if path not in self._documents:
            try:
                self._documents[path] = read_document(path, self._root.read(path))
            except (DocumentError, UnreadableError) as error:
                known = any(one.path == path for one in self._root.skipped)
                if not known:
                    self._root.skipped.append(Skipped(path, f"can't be read: {error}"))
                return None
        return self._documents[path]


def _is_package_data(path: str) -> bool:
    folder, _, name = path.rpartition("/")
    if not folder:
        return name in ("package.json", "pyproject.toml", "setup.cfg", "PKG-INFO")
    return folder.endswith(".dist-info") and "/" not in folder and name in ("METADATA", "entry_points.txt")


def _moved(document: Document, path: str) -> Document:
    """Return a document with another path in all its places."""
    if document.path == path:
        return document
    repeated = tuple(RepeatedKey(one.pointer, _at(path, one.first), _at(path, one.again)) for one in document.repeated)
    return Document(path, document.format, _moved_value(document.root, path), repeated)


def _moved_value(value: Value, path: str) -> Value:
    data = value.data
    if isinstance(data, dict):
        data = {key: _moved_value(member, path) for key, member in data.items()}
    elif isinstance(data, list):
        data = [_moved_value(item, path) for item in data]
    return Value(data, _at(path, value.location), _at(path, value.key) if value.key else None)


def _at(path: str, place: Location) -> Location:
    return replace(place, path=path)
