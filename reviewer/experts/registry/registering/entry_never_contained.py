"""REG408: the file that a manifest names is joined to the plugin's folder and run, wherever it leads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import declared_type, definition, named_type
from reviewer.code.reach.made import values_of
from reviewer.code.syntax import (
    Call,
    Expr,
    For,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Param,
    strip,
)
from reviewer.experts.api.manifest_shapes import is_manifest
from reviewer.experts.api.vocabulary import MANIFESTS, has, spelled
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.fundamentals.vocabulary import ENTRIES
from reviewer.experts.registry.settled_entries import is_settled
from reviewer.experts.security.reaching.file_calls import appended
from reviewer.experts.security.values.guards import limited
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_FIRST: Final = ("import", "require", "run_path", "Worker", "fork", "importModule")
_SECOND: Final = ("spec_from_file_location", "SourceFileLoader", "load_source")
"""Calls that run a file: named by their first argument, by their second."""
_PARSES: Final = frozenset({"parse", "loads", "load", "safe_load", "readJson", "readJSON", "readManifest"})
_FORMS: Final = frozenset({"href", "pathname"})


@module_check("REG408", words={"entry", "main", "entrypoint", "importlib", "runpy"})
def entry_never_contained(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each file that is run for a part of its path that a manifest names, and that nobody looked at."""
    if module.is_test or is_tooling(module) or inquiry.subject.kind != "host":
        return
    for call, path in _runs(module):
        for part in appended(module, path):
            name = spelled(part)
            if name not in ENTRIES or not _of_manifest(module, part) or is_settled(inquiry, name):
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
