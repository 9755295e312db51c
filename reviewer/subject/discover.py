"""Finds the subjects in a root: each folder with a manifest, and the code that remains."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from reviewer.core.errors import NothingToReviewError, UnreadableError
from reviewer.subject.candidates import Candidates
from reviewer.subject.ecosystem import GENERIC, known_profiles, profile_named
from reviewer.subject.evidence import MAX_TEXT, Evidence, weigh
from reviewer.subject.minified import is_minified
from reviewer.subject.model import NO_SIGNS, Subject
from reviewer.subject.package_evidence import weigh_packages
from reviewer.subject.sources import is_declaration, is_source, is_test, is_tooling

if TYPE_CHECKING:
    from reviewer.core.settings import Settings
    from reviewer.subject.ecosystem import EcosystemProfile
    from reviewer.subject.model import Root
    from reviewer.subject.recognise import Found

_BUILT: Final = frozenset({"dist", "build", "out", "release"})
_HOLDS_MANIFEST: Final = frozenset(
    {"public", "static", "assets", "resources", "src", "manifest", "manifests", "config"}
)
"""Folders in which a project keeps its manifest apart from its code."""
_NOT_OWN: Final = frozenset({"node_modules", "vendor", "third_party", "site-packages", "dist", "build"})
"""Folders whose code does not tell what a subject is, where there is other code."""
_INSTALLED: Final = ".obsidian/plugins/"
"""Where a vault keeps plugins: those inside of a plugin are somebody else's, in a vault to try it in."""
_MOST_WEIGHED: Final = 400
"""Source files that are weighed to tell a host from a plugin."""


def discover(root: Root, settings: Settings, profiles: tuple[EcosystemProfile, ...] | None = None) -> list[Subject]:
    """Return the subjects of a root, outer ones first; raises `NothingToReviewError` or `UsageError`.

    ``profiles`` are the known ecosystems; without them, those that ship and those in the
    settings' skill folders. ``settings.kind`` and ``settings.ecosystem`` overrule what is found.
    """
    if profiles is None:
        from reviewer import resources

        profiles = known_profiles(resources.skills() / "ecosystems", settings.skills)
    chosen = profile_named(settings.ecosystem, profiles) if settings.ecosystem else None
    candidates = Candidates(root, profiles, chosen)
    subjects = _Discovery(root, settings, candidates).subjects()
    if not subjects and (root.problems or any(one.matters for one in root.skipped)):
        why = "nothing in it could be read"
        kind = settings.kind or "plugin"
        subjects = [Subject(root, "", kind, settings.ecosystem or GENERIC, recognised_by=why, assumed=True)]
    if not subjects:
        raise NothingToReviewError(_nothing(root))
    return subjects


class _Discovery:
    """Decides for every found document and every source file to which subject it belongs."""

    def __init__(self, root: Root, settings: Settings, candidates: Candidates) -> None:
        self._root = root
        self._settings = settings
        self._candidates = candidates
        self._paths = list(root.entries)

    def subjects(self) -> list[Subject]:
        owners = self._owners()
        subjects = [self._plugin(base, found, owners) for base, found in owners.items()]
        if "" not in owners:
            outer = self._outer(owners)
            if outer is not None:
                subjects.append(outer)
        if self._settings.kind not in ("plugin", "host"):
            subjects += self._registries()
            subjects += self._designs()
        self._overrule(subjects)
        return sorted(subjects, key=lambda one: (one.base.count("/"), one.base, one.kind))

    def _owners(self) -> dict[str, Found]:
        """Return the most telling manifest of every folder that has one, without copies."""
        owners: dict[str, Found] = {}
        found = [one for one in self._candidates.found if one.role == "manifest" or self._is_foreign_plugin(one)]
        written = {_identity(one) for one in found if not _is_built(one)} - {""}
        for one in sorted(found, key=lambda one: (one.base.count("/"), one.base, *self._candidates.order(one))):
            copied = _is_built(one) and _identity(one) in written
            inside = any(
                one.base.startswith(base) and _identity(one) in ("", _identity(outer)) for base, outer in owners.items()
            )
            part = any(one.base.startswith(base) and outer.ecosystem in one.part_of for base, outer in owners.items())
            tried = _INSTALLED in one.base and any(
                one.base.partition(_INSTALLED)[0].startswith(base) for base in owners
            )
            if one.base not in owners and not copied and not inside and not part and not tried:
                owners[one.base] = one
        return self._lifted(owners)

    def _is_foreign_plugin(self, one: Found) -> bool:
        """Tell whether somebody else's manifest stands for a plugin: with code, or with nothing else around."""
        if one.role != "foreign":
            return False
        code = [path for path in self._paths if is_source(path)]
        return not code or any(path.startswith(one.base) for path in code)

    def _lifted(self, owners: dict[str, Found]) -> dict[str, Found]:
        """Give a manifest that is kept apart from the code the folder that holds both."""
        lifted: dict[str, Found] = {}
        for base, found in owners.items():
            above, _, folder = base.rstrip("/").rpartition("/")
            above = f"{above}/" if above else ""
            alone = not any(other != base and other.startswith(above) for other in owners)
            apart = folder in _HOLDS_MANIFEST and alone and not any(map(is_source, self._files(base, ())))
            code = apart and any(is_source(path) for path in self._files(above, ()))
            lifted[above if code else base] = found
        return lifted

    def _plugin(self, base: str, found: Found, owners: dict[str, Found]) -> Subject:
        files = self._files(base, owners)
        subject = Subject(self._root, base, "plugin", found.ecosystem, files=files, recognised_by=found.why)
        if found.role == "foreign":
            subject.assumed = True
            subject.recognised_by = f"{found.why}, for which there is no profile; taken for a plugin without a manifest"
        else:
            subject.manifest = self._candidates.relative(found, base)
            subject.manifest_path = found.path[len(base) :]
            subject.manifest_error = self._candidates.relative_error(found, base)
            subject.assumed = found.by_code
        self._attach(subject)
        if self._candidates.is_packaging(found) or found.by_code:
            self._weigh_package(subject)
        return subject

    def _weigh_package(self, subject: Subject) -> None:
        """Make a host of a package whose code runs plugins: entry points of its own say nothing against that."""
        subject.other_documents = self._candidates.documents(subject.base, subject.files, "", subject.ecosystem)
        if self._settings.ecosystem or self._settings.kind:
            return
        code = [path for path in subject.files if is_source(path)]
        own = [path for path in code if not is_test(path) and not is_tooling(path)]
        evidence = self._weigh(subject, own or code)
        if evidence.is_host:
            subject.kind, subject.ecosystem, subject.assumed = "host", GENERIC, True
            subject.recognised_by = f"code that runs plugins: {evidence.why}"
            subject.manifest, subject.manifest_path = None, ""

    def _files(self, base: str, owners: Iterable[str]) -> tuple[str, ...]:
        tried = _INSTALLED if base in owners else "\n"
        inner = tuple(other for other in owners if other != base and other.startswith(base))
        return tuple(
            path[len(base) :]
            for path in self._paths
            if path.startswith(base) and not path.startswith(inner) and tried not in path[len(base) :]
        )

    def _attach(self, subject: Subject) -> None:
        subject.other_documents = self._candidates.documents(
            subject.base, subject.files, subject.manifest_path, subject.ecosystem
        )
        subject.pages = self._candidates.pages(subject.files, subject.ecosystem)

    def _outer(self, owners: dict[str, Found]) -> Subject | None:
        """Return the subject that holds what no manifest claims, or None where that is no code."""
        files = self._files("", owners)
        code = [path for path in files if is_source(path)]
        own = [path for path in code if not is_test(path) and not is_tooling(path)]
        subject = Subject(self._root, "", "plugin", GENERIC, files=files, assumed=True)
        if not code or (owners and not own):
            return self._registry(subject)
        self._attach(subject)
        evidence = self._weigh(subject, own or code)
        elsewhere = bool(owners) and all(map(self._candidates.has_host_elsewhere, owners.values()))
        if elsewhere and not (evidence.is_host and evidence.runs_plugins):
            subject.recognised_by = f"code beside the plugins in {', '.join(sorted(owners)[:3])}, which others run"
        elif evidence.is_host:
            subject.kind, subject.recognised_by = "host", f"code that runs plugins: {evidence.why}"
        elif owners and evidence.plugin < evidence.host + 4:
            subject.kind = "host"
            subject.recognised_by = f"code beside the plugins in {', '.join(sorted(owners)[:3])}"
        elif evidence.why:
            subject.recognised_by = f"code without a manifest: {evidence.why}"
        else:
            subject.recognised_by = NO_SIGNS
        return subject

    def _weigh(self, subject: Subject, code: list[str]) -> Evidence:
        running = [path for path in code if not is_declaration(path)] or code
        own = [path for path in running if not _NOT_OWN.intersection(path.split("/"))] or running
        evidence = weigh(_readable(subject, own[:_MOST_WEIGHED]))
        weigh_packages(subject.other_documents, evidence)
        subject.dialect = evidence.dialect if evidence.is_host else frozenset()
        return evidence

    def _registry(self, subject: Subject) -> Subject | None:
        """Make a registry of what remains where a document of it lists plugins, else return None."""
        found = sorted(
            (one for one in self._candidates.found if _is_generic_registry(one) and one.path in subject.files),
            key=lambda one: (one.path.count("/"), one.path),
        )
        if found:
            first = found[0]
            subject.kind, subject.recognised_by, subject.assumed = "registry", first.why, False
            subject.manifest, subject.manifest_path = first.document, first.path
            self._attach(subject)
            return subject
        tables = self._candidates.registry_tables(subject.files)
        if tables:
            subject.kind, subject.recognised_by = "registry", f"{tables} makes tables of plugins"
            self._attach(subject)
            return subject
        return None

    def _registries(self) -> list[Subject]:
        """Return the lists of plugins that an ecosystem knows: each is reviewed by itself, beside what it lists."""
        found = (one for one in self._candidates.found if one.role == "registry" and one.ecosystem != GENERIC)
        return [self._document(one, "registry") for one in found]

    def _designs(self) -> list[Subject]:
        return [self._document(one, "design") for one in self._candidates.found if one.role == "design"]

    def _document(self, found: Found, kind: str) -> Subject:
        """Return the subject that is one data file and no code."""
        path = found.path[len(found.base) :]
        return Subject(
            self._root,
            found.base,
            kind,
            found.ecosystem,
            manifest=self._candidates.relative(found, found.base),
            manifest_path=path,
            manifest_error=self._candidates.relative_error(found, found.base),
            files=(path,),
            recognised_by=found.why,
        )

    def _overrule(self, subjects: list[Subject]) -> None:
        """Let the settings have their way with the outermost subjects."""
        kind, ecosystem = self._settings.kind, self._settings.ecosystem
        if not subjects and kind and self._paths:
            subjects.append(self._named(kind))
        for subject in subjects:
            if ecosystem:
                subject.ecosystem, subject.assumed = ecosystem, False
            nested = subject.base and any(
                subject.base.startswith(other.base) for other in subjects if other is not subject
            )
            if kind and subject.kind != kind and (not nested or kind == "plugin") and subject.kind != "design":
                self._turn(subject, kind)

    def _named(self, kind: str) -> Subject:
        subject = Subject(self._root, "", kind, GENERIC, files=tuple(self._paths), assumed=True)
        self._turn(subject, kind)
        return subject

    @staticmethod
    def _is_code(subject: Subject) -> bool:
        """Tell whether a subject has sources of its own, beside its tests and its tools."""
        return any(is_source(path) and not is_test(path) and not is_tooling(path) for path in subject.files)

    def _turn(self, subject: Subject, kind: str) -> None:
        """Make a subject one of the kind that a person named, with the document that goes with it."""
        subject.kind, subject.recognised_by = kind, f"named a {kind} by the settings"
        if subject.manifest is None and kind in ("registry", "design"):
            if kind == "registry" and self._is_code(subject) and self._registry(subject) is None:
                subject.kind = "host"  # a registry is a document; code that keeps one is a part of a host
                subject.recognised_by = "named a registry by the settings; code that keeps one is reviewed as a host"
            elif subject.manifest is None:  # what lists plugins was found already, or there is none
                document = self._candidates.only_document(subject.base, subject.files)
                if document is not None:
                    subject.manifest, subject.manifest_path = document, document.path
        self._attach(subject)


def _readable(subject: Subject, paths: list[str]) -> Iterator[bytes]:
    """Yield the sources that a person wrote and that can be read; all that can be read where there is none."""
    generated: list[bytes] = []
    written = False
    for path in paths:
        try:
            data = subject.read(path)
        except UnreadableError:
            continue
        if is_minified(data):
            generated.append(data[:MAX_TEXT])
        else:
            written = True
            yield data
    if not written:
        yield from generated


def _is_generic_registry(found: Found) -> bool:
    return found.role == "registry" and found.ecosystem == GENERIC


def _is_built(found: Found) -> bool:
    return not _BUILT.isdisjoint(found.base.split("/"))


def _identity(found: Found) -> str:
    value = found.document.get("id") or found.document.get("name") if found.document else None
    return value.text if value else ""


def _nothing(root: Root) -> str:
    count = len(root.entries)
    what = f"{count} file{'' if count == 1 else 's'}" if count else "no file"
    skipped = f" ({len(root.skipped)} more skipped)" if root.skipped else ""
    return (
        f"{root.name}: nothing to review: {what}{skipped}, and none is a manifest, a registry, a design, or code in "
        "JavaScript, TypeScript or Python; name the folder of the plugin or host, or say what it is with --kind"
    )
