"""Everything that a subject offers to others: which of its modules they reach, and what those export."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.project import exported
from reviewer.code.syntax import Array, Assign, Call, Export, ExprStatement, Literal, Member, Name, Node, Object
from reviewer.code.text.words import words
from reviewer.core.location import Location
from reviewer.experts.interface.declarations import DECLARED
from reviewer.experts.interface.declared import offered
from reviewer.experts.interface.entries import entry_modules
from reviewer.experts.interface.member import Offered

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.project import Project
    from reviewer.experts.check import Inquiry

_DEEPEST: Final = 6
_MOST_NAMES: Final = 5_000
_PRIVATE: Final = frozenset("internal internals private impl vendor examples example scripts bench".split())
_CONTRACT: Final = frozenset(
    "context ctx api host plugin extension addon hook hooks event events command commands permission permissions "
    "capability capabilities scope scopes manifest contract sdk lifecycle registry services".split()
)
"""Words in the names of what a host hands to plugins, whether or not its entry exports it."""


def surface(inquiry: Inquiry, project: Project) -> dict[tuple[str, str], Offered]:
    """Return what is offered by (part, name); the part is a module or an entry of the package.

    ``project`` are the modules that say so: those of the subject, or its declaration files, too.
    What says of itself that it is internal is left out, with its members.
    """
    found: dict[tuple[str, str], Offered] = {}
    told: set[tuple[str, Location]] = set()
    for part, path, whole in (*_script_parts(inquiry, project), *_python_parts(project)):
        module = project.module(path)
        if module is None or module.is_test:
            continue
        hidden: set[str] = set()
        for name, owner, node in _exports(project, module, 0):
            if not whole and not _CONTRACT & set(words(name)):
                continue
            start = Location(path, 1, 1, 1, 1)
            for member in offered(owner, name, node) if node is not None else (Offered(name, "name", start),):
                if member.note.internal or member.owner in hidden:
                    hidden.add(member.name)
                elif len(found) < _MOST_NAMES and (whole or (member.name, member.place) not in told):
                    found.setdefault((part, member.name), member)
                    told.add((member.name, member.place))
    return found


def _script_parts(inquiry: Inquiry, project: Project) -> Iterator[tuple[str, str, bool]]:
    """Yield (part, path, whether all of it counts) of the modules that others reach.

    Those are the entries; without any that exports something, all modules. Of the other modules
    of a host what is named like a part of the contract counts, too: plugins are handed it.
    """
    known = frozenset(project.sources)
    entries = [(part, path) for part, path in entry_modules(inquiry, known) if not path.endswith(".py")]
    telling = [(part, path) for part, path in entries if _has_exports(project, path)]
    yield from ((part, path, True) for part, path in telling)
    if telling and inquiry.subject.kind != "host":
        return
    reached = {path for _part, path in telling}
    for path in project.sources:
        own = not path.endswith((".py", *DECLARED))
        if own and path not in reached and not _is_private(path):
            yield path.rsplit(".", 1)[0], path, not telling


def _python_parts(project: Project) -> Iterator[tuple[str, str, bool]]:
    for path in project.sources:
        if path.endswith(".py") and not _is_private(path) and not path.endswith(("setup.py", "conftest.py")):
            dotted = path.removesuffix(".py").removesuffix("/__init__").removeprefix("src/").replace("/", ".")
            yield dotted, path, True


def _is_private(path: str) -> bool:
    steps = path.split("/")
    name = steps[-1].rsplit(".", 1)[0]
    hidden = name.startswith("_") and name != "__init__"
    return hidden or any(step in _PRIVATE or step.startswith(("_", ".")) for step in steps[:-1])


def part_paths(inquiry: Inquiry, project: Project) -> dict[str, str]:
    """Return the module of each part."""
    return {part: path for part, path, _whole in (*_script_parts(inquiry, project), *_python_parts(project))}


def _has_exports(project: Project, path: str) -> bool:
    module = project.module(path)
    return module is not None and next(iter(_exports(project, module, 0)), None) is not None


def _exports(project: Project, module: Module, depth: int) -> Iterator[tuple[str, Module, Node | None]]:
    """Yield (name, module that defines it, definition) of everything that a module exports.

    What comes from outside the subject, or is made while the code runs, has no definition.
    """
    names = _python_names(module) if module.language == "python" else _script_names(project, module, depth)
    for name in dict.fromkeys(names):
        owner, node = _followed(project, module, name, 0)
        yield name, owner or module, node


def _followed(project: Project, module: Module, name: str, depth: int) -> tuple[Module | None, Node | None]:
    """Return what a name of a module is, and the module that defines it, through re-exports."""
    stars = list(_passed_on(module, name))
    found = exported(module, name) if not stars else None
    if not stars and not isinstance(found, tuple):
        return module, found
    for source, inside in stars or ([found] if isinstance(found, tuple) else []):
        path = project.target(module.path, source)
        target = project.module(path) if path and depth < _DEEPEST else None
        owner, node = _followed(project, target, inside, depth + 1) if target is not None else (None, None)
        if node is not None:
            return owner, node
    return None, None


def _passed_on(module: Module, name: str) -> Iterator[tuple[str, str]]:
    """Yield (source, name) of the modules of which everything is passed on, where a name is not exported by itself."""
    exports = [statement for statement in module.body if isinstance(statement, Export)]
    if not any(outside == name for statement in exports for outside, _inside in statement.names):
        yield from ((one.source, name) for one in exports if one.source and ("*", "*") in one.names)


def _script_names(project: Project, module: Module, depth: int) -> Iterator[str]:
    for statement in module.body:
        if isinstance(statement, Export):
            for outside, _inside in statement.names:
                if outside != "*":
                    yield outside
                elif depth < _DEEPEST:
                    path = project.target(module.path, statement.source)
                    target = project.module(path) if path else None
                    if target is not None:
                        yield from (name for name in _script_names(project, target, depth + 1) if name != "default")
        elif isinstance(statement, ExprStatement) and isinstance(statement.value, Assign):
            yield from _commonjs(statement.value)
        elif isinstance(statement, ExprStatement) and isinstance(statement.value, Call):
            yield from _compiled(project, module, statement.value, depth)


def _compiled(project: Project, module: Module, call: Call, depth: int) -> Iterator[str]:
    """Yield what a compiler's calls export: ``Object.defineProperty(exports, "x", …)``, ``__exportStar(…)``."""
    if call.name == "defineProperty" and len(call.args) > 1 and _is_exports(call.args[0]):
        named = call.args[1]
        if isinstance(named, Literal) and isinstance(named.value, str) and named.value != "__esModule":
            yield named.value
    elif call.name == "__exportStar" and call.args and isinstance(call.args[0], Call) and depth < _DEEPEST:
        source = call.args[0].arg(0)
        path = project.target(module.path, str(source.value)) if isinstance(source, Literal) else ""
        target = project.module(path) if path else None
        if target is not None:
            yield from (name for name in _script_names(project, target, depth + 1) if name != "default")


def _is_exports(node: Node) -> bool:
    return isinstance(node, Name) and node.id == "exports"


def _commonjs(assign: Assign) -> Iterator[str]:
    target = assign.target
    if not isinstance(target, Member):
        return
    base = target.object
    if isinstance(base, Name) and base.id == "module" and target.name == "exports":
        yield from assign.value.keys if isinstance(assign.value, Object) else ("default",)
    elif (isinstance(base, Name) and base.id == "exports") or (isinstance(base, Member) and base.name == "exports"):
        yield target.name
    if isinstance(assign.value, Assign):  # exports.a = exports.b = …
        yield from _commonjs(assign.value)


def _python_names(module: Module) -> Iterator[str]:
    """Yield the public names of a Python module: those of ``__all__``, else what it defines without an underscore."""
    table = module.scopes.table(None)
    listed = table.get("__all__", ())
    last = listed[-1] if listed else None
    if isinstance(last, Assign) and isinstance(last.value, Array):
        yield from (str(item.value) for item in last.value.items if isinstance(item, Literal))
        return
    package = module.path.endswith("__init__.py")
    for name, bindings in table.items():
        if name.startswith("_") or not bindings:
            continue
        binding = bindings[-1]
        if isinstance(binding, Node) or (package and binding.source.startswith(".")):
            yield name
