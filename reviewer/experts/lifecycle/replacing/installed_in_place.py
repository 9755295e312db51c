"""LIF052: a package is unpacked right where the host looks for plugins."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Call, Expr, Function, Literal, Member, Name
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, function_of, walk
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.values import root_name
from reviewer.experts.lifecycle.vocabulary import PLUGIN_WORDS
from reviewer.experts.registry.unpacked_to import UNPACKS, unpacked_to, unpacks

if TYPE_CHECKING:
    from reviewer.code.module import Module

_WRITES: Final = frozenset("write_bytes copyfileobj writeFile writeFileSync createWriteStream ZipFile".split())
_MOVES: Final = frozenset(
    "rename replace move symlink swap promote commit publish link rename_to moveSync renameSync renames".split()
)
_STAGING: Final = frozenset(
    "staging stage staged tmp temp temporary mkdtemp mkdtempsync tempdir scratch partial incoming tempfile".split()
)
_INSTALLS: Final = frozenset("install installs installing upgrade update deploy add fetch".split())
_SURELY: Final = frozenset({"install", "installs", "installing", "upgrade", "deploy"})
"""Those of them that hardly mean anything else."""
_THINGS: Final = PLUGIN_WORDS | frozenset(
    "package packages pkg release releases version versions archive bundle bundles install installer store "
    "marketplace registry id".split()
)
"""Words of what is installed."""


@module_check("LIF052", words={"unzip", "extract", "unpack", "untar", "extractall", "decompress", "tar"})
def installed_in_place(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak at the unpacking in a function that installs, where nothing is moved into place afterwards."""
    if module.is_test:
        return
    for call in module.all(Call):
        function = function_of(call)
        if (
            function is None
            or (root_name(call.callee).startswith("this") and not _writes_files(module, call))
            or not unpacks(module, call)
            or not _installs(function)
        ):
            continue
        target = unpacked_to(call)
        if target is None or _moved(module, function) or _elsewhere(module, target):
            continue
        yield Match(
            call,
            f"'{module.text_of(call.callee)}' unpacks straight into '{module.text_of(target)[:60]}', where plugins are "
            "looked for: a crash or a full disk half-way leaves half a plugin that looks installed.",
        )


def _writes_files(module: Module, call: Call) -> bool:
    """Tell whether a call is of a method in the subject that opens an archive or writes what it holds."""
    own = definition(module, call.callee)
    if not isinstance(own, Function):
        return False
    return any(one.name in UNPACKS or one.name in _WRITES for one in calls_in(own.body))


def _installs(function: Function) -> bool:
    around: Function | None = function
    while around is not None:
        said = set(words(around.name))
        about = {word for param in around.params for word in words(param.name)} | said
        about |= set(words(around.owner.name)) if around.owner is not None else set()
        if said & _INSTALLS and (not said.isdisjoint(_SURELY) or about & _THINGS):
            return True
        around = around.outer
    return False


def _moved(module: Module, function: Function) -> bool:
    """Tell whether the function, or one that it calls, moves something into place or works on a copy beside."""
    for call in calls_in(function.body):
        said = {call.name, *words(call.name)}
        texts = call.name == "replace" and len(call.args) != 1  # of a text, not of a path
        if said & _MOVES and not texts:
            return True
        if {word.lower() for word in said} & _STAGING:
            return True
        target = definition(module, call.callee)
        if isinstance(target, Function) and any({c.name, *words(c.name)} & _MOVES for c in calls_in(target.body)):
            return True
    return False


def _elsewhere(module: Module, target: Expr) -> bool:
    """Tell whether a place is by its name, or by what it is made of, one where nothing is looked for."""
    origin = module.scopes.origin(target)
    parts = [target, *([origin] if isinstance(origin, Expr) else [])]
    said: set[str] = set()
    for node in walk(parts):
        if isinstance(node, Name):
            said.update(words(node.id))
        elif isinstance(node, Member):
            said.update(words(node.name))
        elif isinstance(node, Literal) and isinstance(node.value, str):
            said.update(words(node.value))
    return bool(said & _STAGING)
