"""All source files of a subject, parsed on demand and let go again."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Final, TypeVar, cast

from reviewer.code.form.lent import lendable, seems_given
from reviewer.code.kept_modules import KEPT_BYTES, KeptModules
from reviewer.code.module import Module
from reviewer.code.reach.factory_types import factory_of
from reviewer.code.syntax import Assign, Export, Expr, ExprStatement, Member, Name, Node
from reviewer.code.text.class_names import ClassNames
from reviewer.code.text.importing import importers
from reviewer.code.text.languages import analysable, declared_language, is_test
from reviewer.code.text.naming import Holders
from reviewer.core.regex import regex

if TYPE_CHECKING:
    from reviewer.code.form.lent import Lent
    from reviewer.code.syntax import Imported

T = TypeVar("T")

_SCRIPT_ENDINGS: Final = ("", ".ts", ".tsx", ".js", ".mjs", ".cjs", ".jsx", ".mts", ".cts")
_TYPES: Final = (".d.ts", ".d.mts", ".d.cts")
"""Endings of files that say what a module offers, where its code is elsewhere."""
_AMBIENT: Final = regex(rb"""\bdeclare\s{1,9}module\s{1,9}['"]([^'"\n]{1,200})['"]""")
_MOST_DECLARATIONS: Final = 40
"""Declaration files that are searched for the modules that they describe; a package of more describes itself."""
_COMPILED: Final = {".js": (".ts", ".tsx"), ".mjs": (".mts",), ".cjs": (".cts",), ".jsx": (".tsx",)}


class Project:
    """The modules of one subject.

    ``files`` are all its paths, ``read`` gives the text of one as UTF-8 and raises
    `LookupError` for one that can't be used; what can't be used has no module.
    """

    def __init__(self, files: Sequence[str], read: Callable[[str], bytes], keeps: int = KEPT_BYTES) -> None:
        """Take the paths, and how much source text may have its modules kept at once; nothing is read yet."""
        self.files = tuple(files)
        self._known = frozenset(files)
        self._read = read
        self.kept = KeptModules(keeps)
        """The modules that are there; any other is parsed, and parsed again, when it is asked for."""
        self._constants: dict[str, Mapping[str, Lent]] = {}
        self._answers: dict[tuple[str, str], object] = {}
        """What files answered, by question and path."""
        self._shown: dict[tuple[str, Callable[[bytes], object]], bool] = {}
        self.passed: dict[tuple[str, int, int], str] = {}
        """What every call passes for a parameter, by path, function and position: it outlasts the modules."""
        self.sources = tuple(path for path in files if analysable(path))
        """The paths of the files that have a module, in order."""
        self.when_made: Callable[[Module], None] | None = None
        """Told of each module, once, while it is at hand: where all of them can't be kept."""
        self._untold: list[str] = []
        self._told: set[str] = set()
        self.named: frozenset[str] = frozenset()
        """Paths that the manifest leads to: they run, whatever their folder is called."""

    def module(self, path: str) -> Module | None:
        """Return the module of a path, or None where it is no readable source file.

        A file that only declares types has one as well, by which imports are understood; no check looks at it.
        """
        try:
            return self.kept[path]
        except KeyError:
            made: Module | None = None
        if path in self._known and (analysable(path) or declared_language(path)):
            try:
                made = Module(path, self._read(path), self)
            except LookupError:
                made = None
        self.kept.put(path, made)
        if made is not None and self.when_made is not None:
            self._tell(path, self.when_made)
        return made

    def _tell(self, path: str, when_made: Callable[[Module], None]) -> None:
        """Tell of what was parsed, and of what is parsed meanwhile, one after the other."""
        if path in self._told:
            return
        self._told.add(path)
        self._untold.append(path)
        if len(self._untold) > 1:
            return  # whoever was told first goes on with it
        while self._untold:
            module = self.kept.at_hand(self._untold[0])
            if module is not None:
                when_made(module)
            else:
                self._told.discard(self._untold[0])  # gone before its turn came: told of when it is parsed again
            self._untold.pop(0)

    def modules(
        self,
        naming: Collection[str] = (),
        *,
        tests: bool | None = None,
        using: str = "",
        showing: Callable[[bytes], object] | None = None,
    ) -> Iterator[Module]:
        """Yield the modules in the order of their paths; all of them, or those that are worth a look.

        With ``naming`` only those that hold one of these identifiers or lower-case words of
        identifiers, with ``tests`` only tests, or only what is none, with ``using`` only those that
        import this file, or what imports it, with ``showing`` only those in whose text it finds something. In a large
        subject the others are not parsed again for it.
        """
        for path in self.paths(naming, tests=tests, using=using, showing=showing):
            module = self.module(path)
            if module is not None:
                yield module

    def paths(
        self,
        naming: Collection[str] = (),
        *,
        tests: bool | None = None,
        using: str = "",
        showing: Callable[[bytes], object] | None = None,
    ) -> Iterator[str]:
        """Yield the paths of what `modules` yields, for those who remember what a file answered."""
        holds = self._holders.of(naming) if naming else None
        for path in self._users(using) if using else self.sources:
            if tests is not None and (path in self._tests) is not tests:
                continue
            if (holds is None or holds(path)) and (showing is None or self.shows(path, showing)):
                yield path

    def answers(
        self,
        question: str,
        work: Callable[[Module], T],
        naming: Collection[str] = (),
        *,
        tests: bool | None = None,
        using: str = "",
        showing: Callable[[bytes], object] | None = None,
    ) -> Iterator[T]:
        """Yield what each of the modules that `modules` yields answers to a question; each file is asked it once.

        An answer stays when its module goes, so it holds no node: names and places alone. What else the question
        is about, such as the name of a function, is a part of it.
        """
        for path in self.paths(naming, tests=tests, using=using, showing=showing):
            if (question, path) not in self._answers:
                module = self.module(path)
                if module is None:
                    continue
                self.answered(question, module, work)
            yield cast("T", self._answers[question, path])

    def answered(self, question: str, module: Module, work: Callable[[Module], object]) -> None:
        """Have a module that is at hand answer a question, unless it has."""
        if (question, module.path) not in self._answers:
            self._answers[question, module.path] = work(module)

    def shows(self, path: str, showing: Callable[[bytes], object]) -> bool:
        """Tell whether something is found in the text of a file, which is not parsed for it; looked for once."""
        if (path, showing) not in self._shown:
            try:
                self._shown[path, showing] = bool(showing(self.text(path)))
            except LookupError:
                return False
        return self._shown[path, showing]

    def once(self, question: str, work: Callable[[], T]) -> T:
        """Return the answer to a question about the whole subject, worked out once; like `answers` it holds no node."""
        if (question, "") not in self._answers:
            self._answers[question, ""] = work()
        return cast("T", self._answers[question, ""])

    def text(self, path: str) -> bytes:
        """Return the text of a file that is not parsed now; raises `LookupError` for one that can't be used."""
        return self._read(path)

    def texts(self, naming: Collection[str] = ()) -> Iterator[tuple[str, bytes]]:
        """Yield path and text of what `modules` yields, for those who need no more of it."""
        for path in self.paths(naming):
            try:
                text = self.text(path)
            except LookupError:
                continue
            yield path, text

    @cached_property
    def _tests(self) -> frozenset[str]:
        return frozenset(path for path in self.sources if is_test(path))

    @cached_property
    def _holders(self) -> Holders:
        return Holders(self.sources, self.text)

    def modules_with_class(self, name: str) -> Iterator[Module]:
        """Yield the modules, no tests, that seem to declare a class of a name; the others are not parsed for it."""
        for path in self.classes.files(name):
            module = self.module(path) if analysable(path) and not is_test(path) else None
            if module is not None:
                yield module

    @cached_property
    def classes(self) -> ClassNames:
        """The names of the subject's classes: who has no use for a function or a value needn't have its file parsed."""
        declaring = [path for path in self.files if analysable(path) or declared_language(path)]
        return ClassNames(declaring, self.text)

    # Imports between the subject's own files

    def _users(self, path: str) -> list[str]:
        direct = self._importers.get(path, frozenset())
        return sorted(direct.union(*(self._importers.get(one, ()) for one in direct)) - {path})

    @cached_property
    def _importers(self) -> Mapping[str, frozenset[str]]:
        return importers(self.sources, self.text, self.target)

    def target(self, importer: str, source: str) -> str:
        """Return the path of the file that an import means, or an empty string for one outside.

        Where the code is outside, or not built, the file that declares its types is meant.
        """
        if importer.endswith((".py", ".pyi")):
            return self._python_target(importer, source)
        if not source.startswith("."):
            return self._ambient.get(source, "")
        base = posixpath.normpath(posixpath.join(posixpath.dirname(importer), source))
        stem, ending = posixpath.splitext(base)
        candidates = [base + end for end in _SCRIPT_ENDINGS]
        candidates += [stem + end for end in _COMPILED.get(ending, ())]
        candidates += [f"{base}/index{end}" for end in _SCRIPT_ENDINGS[1:]]
        candidates += [bare + end for bare in (base, stem if ending in _COMPILED else base) for end in _TYPES]
        return next((path for path in candidates if path in self._known), "")

    @cached_property
    def _ambient(self) -> Mapping[str, str]:
        """The modules outside whose types a file of the subject declares: ``declare module "host-api" { … }``."""
        found: dict[str, str] = {}
        declaring = [path for path in self.files if path.endswith(_TYPES)]
        for path in declaring if len(declaring) <= _MOST_DECLARATIONS else ():
            try:
                text = self.text(path)
            except LookupError:
                continue
            for name in _AMBIENT.findall(text):
                found.setdefault(name.decode("utf-8", "replace"), path)
        return found

    def _python_target(self, importer: str, source: str) -> str:
        name = source.lstrip(".")
        dots = len(source) - len(name)
        folder = posixpath.dirname(importer)
        for _ in range(dots - 1):
            folder = posixpath.dirname(folder)
        tail = name.replace(".", "/")
        starts = [folder] if dots else [folder, "", "src"]
        for start in starts:
            base = posixpath.join(start, tail) if tail else start
            for path in (f"{base}.py", f"{base}/__init__.py", f"{base}.pyi"):
                if path in self._known:
                    return path
        return ""

    def constants(self, path: str, name: str) -> Mapping[str, Lent]:
        """Return the constants that a file of the subject may lend; it is not parsed where ``name`` is none of them."""
        known = self._constants.get(path)
        if known is None:
            if not self.shows(path, lambda text: seems_given(text, name)):
                return {}
            module = self.module(path)
            known = self._constants[path] = lendable(module) if module is not None else {}
        return known

    def is_only_user(self, user: str, path: str, name: str) -> bool:
        """Tell whether no file but one, tests apart, imports a file and names something that is in it."""
        others = self._importers.get(path, frozenset()) - {user}
        holds = self._holders.of({name})
        return not any(holds(other) for other in others if not is_test(other))

    def definition(self, module: Module, imported: Imported) -> Node | None:
        """Return what an imported name is in the file that it comes from, or None.

        Re-exports are followed a few steps.
        """
        return self._defined(module.path, imported.source, imported.name, 0)

    def _defined(self, importer: str, source: str, name: str, depth: int) -> Node | None:
        if depth > 4:
            return None
        path = self.target(importer, source)
        if not path and importer.endswith(".py"):  # from package import module
            path = ""
        module = self.module(path) if path else None
        if module is None:
            return None
        found = exported(module, name)
        if isinstance(found, tuple):
            return self._defined(module.path, found[0], found[1], depth + 1)
        return found


def exported(module: Module, name: str) -> Node | tuple[str, str] | None:
    """Return what a module exports under a name: a node, or (source, name) of a re-export."""
    local = name
    if module.language != "python":
        for statement, inside in _exports_of(module, name):
            if statement.source:
                return (statement.source, name if inside == "*" else inside)
            if inside == "" and statement.body:
                return _value(statement.body[0])
            local = inside
        if local == name:
            assigned = _commonjs(module, name)
            if assigned is not None:
                return assigned
    bindings = module.scopes.table(None).get(factory_of(module, local) or local, [])
    if not bindings:
        return None
    binding = bindings[-1]
    if isinstance(binding, Assign):
        return binding.value
    if isinstance(binding, Node):
        return binding
    return (binding.source, binding.name)


def _exports_of(module: Module, name: str) -> list[tuple[Export, str]]:
    """Return the exports of a name, with the name inside; without any, what passes on everything."""
    exports = module.once("project.exports", lambda: _exports(module))
    return exports.get(name) or exports.get("*", [])


def _exports(module: Module) -> dict[str, list[tuple[Export, str]]]:
    found: dict[str, list[tuple[Export, str]]] = {}
    for statement in module.body:
        if isinstance(statement, Export):
            for outside, inside in statement.names:
                found.setdefault(outside, []).append((statement, inside))
    return found


def _value(node: Node) -> Node:
    return node.value if isinstance(node, ExprStatement) else node


def _commonjs(module: Module, name: str) -> Node | None:
    """Return the value of ``module.exports = …`` or ``exports.name = …``."""
    for statement in module.body:
        value = statement.value if isinstance(statement, ExprStatement) else None
        if not isinstance(value, Assign) or not isinstance(value.target, Member):
            continue
        target = value.target
        base = target.object
        whole = isinstance(base, Name) and base.id == "module" and target.name == "exports"
        if whole and name in ("default", "*"):
            return _bound(module, value.value)
        if whole and value.value is not None:
            entry: Expr | None = getattr(value.value, "get", lambda _n: None)(name)
            if entry is not None:
                return _bound(module, entry)
        holder = (isinstance(base, Name) and base.id == "exports") or (
            isinstance(base, Member) and base.name == "exports"
        )
        if holder and target.name == name:
            return _bound(module, value.value)
    return None


def _bound(module: Module, value: Expr | None) -> Node | None:
    """Return what a value is that a module gives away: for a name what it is bound to at the top level."""
    if not isinstance(value, Name):
        return value
    bound = module.scopes.table(None).get(value.id, [])
    last = bound[-1] if bound else None
    if isinstance(last, Assign):
        return last.value
    return last if isinstance(last, Node) else None
