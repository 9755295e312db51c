"""Who says that a manifest has an entry point, and who really reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.records import given_fields
from reviewer.code.syntax import (
    Array,
    Assign,
    Call,
    Comprehension,
    Conditional,
    Expr,
    ExprStatement,
    For,
    Function,
    If,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Param,
    Throw,
    Unary,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, function_of, inside
from reviewer.experts.api.manifest_shapes import is_manifest, manifest_shapes
from reviewer.experts.api.plugin_files import describes_plugin
from reviewer.experts.api.schema_documents import schema_documents
from reviewer.experts.fundamentals.vocabulary import ENTRIES, spelled

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_CHECKS: Final = frozenset(
    "validate check assert ensure is isinstance typeof test match fullmatch require expect verify must guard includes "
    "has log warn error debug info print push append problem report complain exists stat lstat access".split()
)
_ALSO: Final = (
    "script",
    "module",
    "worker",
    "file",
    "start",
    "starts",
    "program",
    "bundle",
    "executable",
    "run",
    "runs",
    "code",
)
"""Further names that manifests have for it, where no other member is it."""
_FIRST: Final = frozenset("main entry start plugin boot run load code".split())
_PARTS: Final = 3
_MOST_NAMES: Final = 3
"""Names that a value is followed through."""
_SEEN_THROUGH: Final = frozenset({"str", "String", "trim", "get", "join", "resolve", "normalize", "Path", "joinpath"})
"""Calls whose answer is still the entry point: what is only looked at behind a folder is only looked at."""
_NOT_MANIFESTS: Final = frozenset({"require", "process", "module", "import", "meta", "Deno", "unittest", "asyncio"})


def declared_entry(inquiry: Inquiry) -> str:
    """Return the member for the entry point that manifests of the subject have, or an empty string."""
    for shape in manifest_shapes(inquiry):
        named = _entry_among([*shape.fields])
        if named:
            return named
    for module in inquiry.project.modules(naming=(*ENTRIES, *_ALSO), tests=False):
        for cls in module.classes:
            names = [item.name for item in cls.fields]
            named = _entry_among(names)
            if named and (is_manifest(names, cls.name) or describes_plugin(inquiry.project, names)):
                return named
        for record in module.all(Object):
            named = next((name for name in ENTRIES if name in record.keys), "")
            value = record.get(named) if named else None
            known = isinstance(value, Name | Call) and len(record.keys) >= _PARTS + isinstance(value, Name)
            if known and is_manifest(record.keys):
                return named  # { id, version, entry, permissions } of what was just taken apart
        for array in module.all(Array):
            texts = [item.value for item in array.items if isinstance(item, Literal) and isinstance(item.value, str)]
            named = next((name for name in ENTRIES if name in texts), "")
            if named and len(texts) == len(array.items) and is_manifest(texts):
                return named
    for document in schema_documents(inquiry):
        members = document.get("properties")
        named = _entry_among([name for name, _value in members.members()] if members is not None else [])
        if named:
            return named
    return ""


def _entry_among(names: list[str]) -> str:
    """Return the member of a manifest that names what to load, by the usual names first, or an empty string."""
    usual = next((name for name in ENTRIES if name in names), "")
    return usual or next((name for name in names if name in _ALSO or _is_compound(name)), "")


def _is_compound(name: str) -> bool:
    """Tell whether a name has one of these words and says that it is a file: ``mainFile``, ``start_script``."""
    said = words(name)
    return len(said) == 2 and said[0] in _FIRST and said[1] in ("file", "script", "module", "path", "point")


def reads_entry(module: Module, name: str) -> bool:
    """Tell whether a module does anything with the entry point but look whether it is right."""
    if name not in module.identifiers:
        return False
    for param in module.all(Param):
        if name in param.fields and is_manifest([*param.fields], "manifest"):
            return True
    for node in (*module.all(Member), *module.all(Index), *module.all(Call)):
        if not (spelled(node) == name or _one_of_them(module, node, name)) or (
            isinstance(node, Call) and node.name not in ("get", "pop")
        ):
            continue
        if isinstance(node, Member) and spelled(node.object) in _NOT_MANIFESTS:
            continue
        if _written(node) or _idle(module, node, name):
            continue
        return True
    return any(
        isinstance(call.callee, Name) and call.callee.id == "getattr" and spelled_argument(call) == name
        for call in module.all(Call)
    )


def _one_of_them(module: Module, node: Node, name: str) -> bool:
    """Tell whether a member is taken by a variable that goes through names, this one among them."""
    key = strip(node.key) if isinstance(node, Index) else None
    if not isinstance(key, Name):
        return False
    for binding in module.scopes.lookup(key.id, key):
        given: Expr | None = None
        if isinstance(binding, For):
            given = binding.iterable
        elif isinstance(binding, Comprehension):
            given = next((each for target, each in binding.clauses if getattr(target, "id", "") == key.id), None)
        names = module.scopes.origin(given) if given is not None else None
        if isinstance(names, Array) and any(isinstance(one, Literal) and one.value == name for one in names.items):
            return True
    return False


def spelled_argument(call: Call) -> str:
    """Return the text of the second argument of a call."""
    second = call.arg(1)
    return second.value if isinstance(second, Literal) and isinstance(second.value, str) else ""


def _written(node: Node) -> bool:
    parent = node.parent
    return isinstance(parent, Assign) and parent.target is node


def _idle(module: Module, node: Expr, name: str, names: int = _MOST_NAMES) -> bool:
    """Tell whether a value is only looked at, told of, or copied under its own name; ``names`` more are followed."""
    inner: Node = node
    for around in ancestors(node):
        if isinstance(around, If | Conditional) and inner is around.test:
            return True
        if isinstance(around, Throw):
            return True
        if isinstance(around, Unary) and around.op in ("typeof", "not"):
            return True
        if isinstance(around, Object):
            key = next((k for k, v in around.entries if v is inner), None)
            return isinstance(key, Literal) and str(key.value) in (*ENTRIES, name)
        if isinstance(around, Call) and inner is not around.callee:
            given = (*around.keywords.items(), *given_fields(module, around))
            if any(value is inner and key in (*ENTRIES, name) for key, value in given):
                return True
            said = words(around.name)
            if (said and (said[0] in _CHECKS or said[-1] in _CHECKS)) or isinstance(around.parent, Throw):
                return True
            if around.name not in _SEEN_THROUGH:
                return False
        if isinstance(around, Assign):
            return names > 0 and _idle_assign(module, around, name, names - 1)
        if isinstance(around, Function | ExprStatement):
            return isinstance(around, ExprStatement) and inner is node
        inner = around
    return False


def _idle_assign(module: Module, assign: Assign, name: str, names: int) -> bool:
    target = strip(assign.target)
    if isinstance(target, Member):
        return target.name in (*ENTRIES, name)
    function = function_of(assign)
    if not isinstance(target, Name) or function is None:
        return False
    return all(
        other is target or inside(other, assign) or _idle(module, other, name, names)
        for other in find(function.body, Name)
        if other.id == target.id
    )
