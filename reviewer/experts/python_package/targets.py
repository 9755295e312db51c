"""What an entry point leads to, found by reading the files of the package; nothing is imported."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from msgspec import Struct

from reviewer.code.syntax import Class, Imported, Node
from reviewer.subject.sources import is_test

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry
    from reviewer.experts.python_package.entry_points import EntryPoint

_COMPILED: Final = (".pyx", ".so", ".pyd", ".pyi", ".c", ".cpp", ".rs")
_MAKES_NAMES: Final = frozenset({"__getattr__", "globals", "setattr", "exec", "vars"})
"""Names with which a module may define others that can't be read."""


class Target(Struct, frozen=True):
    """What is known of a target.

    ``state`` is ``found``, ``elsewhere`` (no module of this package), ``unread`` (it is there, and
    can't be looked into), ``no-module`` or ``no-attribute``. ``path`` is the module's file, where
    there is one; ``deepest`` is the part of the dotted module that does exist.
    """

    state: str
    path: str = ""
    deepest: str = ""


def target(inquiry: Inquiry, entry: EntryPoint) -> Target:
    """Return what the reference of an entry point leads to."""
    reference = entry.reference
    if reference is None:
        return Target("unread")
    module, attribute, _extras = reference
    module = module.removesuffix(".__init__")  # the same file under a second name
    place = module_file(inquiry, module)
    if not place:
        return _missing(inquiry, module)
    code = inquiry.project.module(place) if place.endswith(".py") else None
    if not attribute:
        return Target("found", place)
    if code is None or code.problems:
        return Target("unread", place)
    return Target(_attribute(inquiry, code, module, attribute), place)


def entry_modules(inquiry: Inquiry, group: str) -> dict[str, EntryPoint]:
    """Return the files of the modules that are entry points of a group themselves, without an attribute."""
    from reviewer.experts.python_package.entry_points import entry_points

    found: dict[str, EntryPoint] = {}
    for entry in entry_points(inquiry):
        reference = entry.reference
        if entry.group == group and reference is not None and not reference[1]:
            path = module_file(inquiry, reference[0])
            if path.endswith(".py"):
                found.setdefault(path, entry)
            elif not path:
                found.update((one, entry) for one in _beside(inquiry, reference[0]) if one not in found)
    return found


def _beside(inquiry: Inquiry, module: str) -> Iterator[str]:
    """Yield the files that stand where a missing module would, any of which may be the one that is meant."""
    deepest = _missing(inquiry, module).deepest
    folder = module_file(inquiry, deepest).removesuffix("__init__.py") if deepest else ""
    for path in _paths(inquiry) if folder.endswith("/") else ():
        if path.startswith(folder) and path.endswith(".py") and "/" not in path[len(folder) :] and not is_test(path):
            yield path


def module_file(inquiry: Inquiry, module: str) -> str:
    """Return the file of a dotted module, or of a folder without ``__init__`` its path with ``/``, else nothing."""
    tail = module.replace(".", "/")
    best = ""
    for path in _python_paths(inquiry).get(tail.rsplit("/", 1)[-1], ()):
        stem = path.removesuffix("/__init__.py") if path.endswith("/__init__.py") else path.rpartition(".")[0]
        if (stem == tail or stem.endswith(f"/{tail}")) and _better(path, best):
            best = path
    return best or _folder(inquiry, tail)


def _better(path: str, best: str) -> bool:
    if not best:
        return True
    return (is_test(path), path.count("/"), path) < (is_test(best), best.count("/"), best)


def _folder(inquiry: Inquiry, tail: str) -> str:
    for path in _paths(inquiry):
        if path.startswith(f"{tail}/") or f"/{tail}/" in path:
            return f"{path[: path.find(tail)]}{tail}/"
    return ""


def _paths(inquiry: Inquiry) -> tuple[str, ...]:
    """Return every path below the subject, those of subjects inside it too."""
    base = inquiry.subject.base
    return tuple(path[len(base) :] for path in inquiry.subject.root.entries if path.startswith(base))


def _python_paths(inquiry: Inquiry) -> dict[str, tuple[str, ...]]:
    """Return the files that may be modules, by the last part of the module's name; worked out once."""
    known = inquiry.memory.get("python.module_files")
    if known is None:
        found: dict[str, list[str]] = {}
        for path in _paths(inquiry):
            if path.endswith((".py", *_COMPILED)):
                parts = path.split("/")
                name = parts[-2] if parts[-1] == "__init__.py" and len(parts) > 1 else parts[-1].split(".", 1)[0]
                found.setdefault(name, []).append(path)
        known = inquiry.memory["python.module_files"] = {name: tuple(paths) for name, paths in found.items()}
    return cast("dict[str, tuple[str, ...]]", known)


def _missing(inquiry: Inquiry, module: str) -> Target:
    """Tell a module that is missing from one that belongs to another distribution."""
    parts = module.split(".")
    for length in range(len(parts) - 1, 0, -1):
        deepest = ".".join(parts[:length])
        if module_file(inquiry, deepest):
            return Target("no-module", deepest=deepest)
    return Target("elsewhere")


def top_modules(inquiry: Inquiry) -> list[str]:
    """Return the names of the packages and modules at the top of the package's code."""
    found: set[str] = set()
    for path in inquiry.subject.files:
        parts = path.removeprefix("src/").split("/")
        if path.endswith("/__init__.py") and len(parts) == 2:
            found.add(parts[0])
        elif path.endswith(".py") and len(parts) == 1 and not is_test(path) and parts[0] != "setup.py":
            found.add(parts[0].removesuffix(".py"))
    return sorted(found - {"tests", "test", "docs", "examples"})


def _attribute(inquiry: Inquiry, code: Module, module: str, attribute: str) -> str:
    first, _, rest = attribute.partition(".")
    bindings = code.scopes.table(None).get(first, [])
    if not bindings:
        return "unread" if _open(code) or module_file(inquiry, f"{module}.{first}") else "no-attribute"
    held = bindings[-1]
    if not rest:
        return "found"
    member = rest.partition(".")[0]
    if isinstance(held, Class) and isinstance(held, Node) and not held.bases and not held.decorators:
        known = {method.name for method in held.methods} | {one.name for one in held.fields}
        return "found" if member in known or held.rest else "no-attribute"
    return "unread"


def _open(code: Module) -> bool:
    """Tell whether a module may have names that do not stand in it."""
    stars = any(isinstance(one, Imported) and one.local == "*" for one in code.imports)
    return stars or b"import *" in code.source or not _MAKES_NAMES.isdisjoint(code.identifiers)
