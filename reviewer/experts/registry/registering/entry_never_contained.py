"""REG408: the file that a manifest names is joined to the plugin's folder and run, wherever it leads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import declared_type, definition, named_type
from reviewer.code.reach.made import values_of
from reviewer.code.syntax import (
    Binary,
    Call,
    Expr,
    For,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Object,
    Param,
    Regex,
    strip,
)
from reviewer.code.walk import find
from reviewer.experts.api.manifest_shapes import is_manifest, manifest_shapes
from reviewer.experts.api.schema_documents import schema_documents
from reviewer.experts.api.vocabulary import MANIFESTS, VALIDATION, has, spelled
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.data.patterns import found
from reviewer.experts.fundamentals.held_patterns import held_patterns
from reviewer.experts.fundamentals.pattern_texts import text_of
from reviewer.experts.fundamentals.vocabulary import ENTRIES
from reviewer.experts.security.reaching.file_calls import appended
from reviewer.experts.security.values.guards import limited
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry
    from reviewer.experts.fundamentals.held_patterns import Held

_FIRST: Final = ("import", "require", "run_path", "Worker", "fork", "importModule")
_SECOND: Final = ("spec_from_file_location", "SourceFileLoader", "load_source")
"""Calls that run a file: named by their first argument, by their second."""
_PARSES: Final = frozenset({"parse", "loads", "load", "safe_load", "readJson", "readJSON", "readManifest"})
_FORMS: Final = frozenset({"href", "pathname"})
_ASKS: Final = frozenset(
    "test match fullmatch startsWith startswith includes is_relative_to relative_to commonpath isAbsolute is_absolute "
    "search exec".split()
)
"""Calls that ask where a path leads, or how a name is spelled."""
_CLIMBS: Final = "../../x.js"
_ENDINGS: Final = (".js", ".mjs", ".cjs", ".ts", ".py", "")
_SAYS: Final = (
    "pattern",
    "regex",
    "refine",
    "validator",
    "transform",
    "matches",
    "enum",
    "literal",
    "Literal",
    "const",
)


@module_check("REG408", words={"entry", "main", "entrypoint", "importlib", "runpy"})
def entry_never_contained(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each file that is run for a part of its path that a manifest names, and that nobody looked at."""
    if module.is_test or is_tooling(module) or inquiry.subject.kind != "host":
        return
    for call, path in _runs(module):
        for part in appended(module, path):
            name = spelled(part)
            if name not in ENTRIES or not _of_manifest(module, part) or _is_settled(inquiry, name):
                continue
            known = [part, path] if isinstance(path, Name) else [part]
            if limited(module, known, call):
                continue
            at = module.scopes.origin(path) if isinstance(path, Name) else call
            yield Match(
                at if isinstance(at, Expr) else call,
                f"'{short(module.text_of(part))}' names the file that runs, and nothing keeps it in the plugin's "
                "folder: with '../' in it code runs that was never part of the package.",
                related=((call, "run here"),) if at is not call else (),
            )
            break


def _runs(module: Module) -> Iterator[tuple[Call, Expr]]:
    """Yield the calls that run a file, with its path."""
    for call in module.calls((*_FIRST, *_SECOND)):
        path = call.arg(1, "location") if call.name in _SECOND else call.arg(0)
        if call.name in ("import", "require") and not isinstance(call.callee, Name):
            continue
        while isinstance(path, Member) and path.name in _FORMS:
            path = path.object
        if path is not None and not isinstance(strip(path), Literal):
            yield call, path
            yield from _handed_on(module, path)


def _handed_on(module: Module, path: Expr) -> Iterator[tuple[Call, Expr]]:
    """Yield what the calls of a function of the file hand to it, where it runs the path that it is told."""
    bound = module.scopes.lookup(path.id, path) if isinstance(path, Name) else []
    param = bound[0] if len(bound) == 1 else None
    function = param.parent if isinstance(param, Param) else None
    if not isinstance(param, Param) or not isinstance(function, Function) or not function.name:
        return
    place = function.params.index(param)
    for call in module.calls((function.name,)):
        given = call.arg(place, param.name)
        if given is not None and definition(module, call.callee) is function:
            yield call, given


def _of_manifest(module: Module, part: Expr) -> bool:
    """Tell whether a name is taken of a manifest: by what it is called, by its type, or because it was just parsed."""
    part = strip(part)
    holder = part.object if isinstance(part, Member | Index) else part.receiver if isinstance(part, Call) else None
    if holder is None or (isinstance(strip(holder), Name) and getattr(strip(holder), "id", "") == "this"):
        return False
    if has(spelled(holder), MANIFESTS) or _is_one_of_manifests(module, holder):
        return True
    declared = declared_type(module, holder)
    kind = declared.removeprefix("Promise<").split("<", 1)[0].split("|", 1)[0].strip(" >'\"")
    if kind and has(kind, MANIFESTS):
        return True
    shape = named_type(module, declared)
    if shape is not None and is_manifest([field.name for field in shape.fields], shape.name):
        return True
    return any(isinstance(made, Call) and made.name in _PARSES for _at, made in values_of(module, holder))


def _is_one_of_manifests(module: Module, holder: Expr) -> bool:
    """Tell whether a loop goes through manifests, or pairs with one: ``for home, data in manifests(folder)``."""
    name = strip(holder)
    bound = module.scopes.lookup(name.id, name) if isinstance(name, Name) else []
    loop = bound[0] if len(bound) == 1 else None
    over = strip(loop.iterable) if isinstance(loop, For) and loop.iterable is not None else None
    said = over.name if isinstance(over, Call) else spelled(over)
    return has(said, MANIFESTS) or has(said.removesuffix("s"), MANIFESTS)


def _is_settled(inquiry: Inquiry, name: str) -> bool:
    """Tell whether some code or schema of the subject says how an entry has to be spelled."""
    kept = inquiry.memory.setdefault("registry.settled_entries", {})
    if not isinstance(kept, dict):
        return False
    if name not in kept:
        kept[name] = _by_schema(inquiry, name) or _by_code(inquiry, name)
    return bool(kept[name])


def _by_schema(inquiry: Inquiry, name: str) -> bool:
    for document in schema_documents(inquiry):
        pattern = document.get("properties", name, "pattern")
        if pattern is not None and not found(pattern.text, _CLIMBS):
            return True
    for shape in manifest_shapes(inquiry):
        field = shape.fields.get(name)
        patterns = _patterns(field) if field is not None else []
        if field is None:
            continue
        if any(not _lets_climb(one) for one in patterns):
            return True
        if not patterns and any(word in shape.module.text_of(field) for word in _SAYS):
            return True
    return False


def _patterns(described: Node) -> list[str]:
    """Return the patterns in what describes a member, whatever the helper is called that takes them."""
    texts = [one.value for one in find(described, Literal) if isinstance(one.value, str) and one.value.startswith("^")]
    return [*texts, *(one.pattern for one in find(described, Regex))]


def _lets_climb(pattern: str) -> bool:
    """Tell whether a pattern lets a path through that leaves its folder."""
    import re2

    try:
        return any(found(pattern, f"{_CLIMBS.removesuffix('.js')}{ending}") for ending in _ENDINGS)
    except re2.error:
        return False


def _by_code(inquiry: Inquiry, name: str) -> bool:
    """Tell whether an entry is asked about somewhere, or the whole manifest by a check of which nothing is known."""
    for module in inquiry.project.modules(naming={name}, tests=False):
        for call in module.calls(_ASKS):
            asked = [*call.args, *([call.receiver] if call.receiver is not None else [])]
            if any(spelled(node) == name for each in asked for node in (each, *find(each, Member))):
                return True
        if any(one.key == name and not _may_climb(one) for one in held_patterns(module)):
            return True  # text(raw, "entry", ENTRY)
        if any(_climbs(node) or _is_bare(node, name) for node in module.all(Binary)) or _names_it_itself(module, name):
            return True
    schemas = schema_documents(inquiry) or manifest_shapes(inquiry)
    return not schemas and any(
        call.args and "manifest" in spelled(call.args[0]).lower()
        for module in inquiry.project.modules(naming=VALIDATION, tests=False)
        for call in module.calls(("validate", "check", "verify", "safeParse", "parse"))
    )


def _may_climb(held: Held) -> bool:
    """Tell whether what a helper holds an entry against lets a way out through, or can't be read."""
    text = text_of(held.pattern.module, held.pattern.expr)
    return not text or _lets_climb(f"^(?:{text})$" if held.check.name == "fullmatch" else text)


def _names_it_itself(module: Module, name: str) -> bool:
    """Tell whether the host itself says which file is run: ``{ folder, main: "index.js" }``."""
    made = (record.get(name) for record in module.all(Object))
    return any(isinstance(value, Literal) and found(r"^[\w-]+\.\w{2,3}$", str(value.value)) for value in made)


def _is_bare(node: Binary, name: str) -> bool:
    """Tell whether a comparison asks whether an entry is a name alone: ``basename(one.main) !== one.main``."""
    for one, other in ((node.left, node.right), (node.right, node.left)):
        cut = strip(other)
        alone = (isinstance(cut, Member) and cut.name == "name") or (isinstance(cut, Call) and cut.name == "basename")
        if alone and spelled(one) == name and any(spelled(part) == name for part in find(cut, Expr)):
            return True
    return False


def _climbs(node: Binary) -> bool:
    """Tell whether a comparison is about the way out of a folder."""
    return any(isinstance(side, Literal) and side.value == ".." for side in (strip(node.left), strip(node.right)))
