"""LIF052: a package is unpacked right where the host looks for plugins."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Call, Expr, Function, Literal, Member, Name, Object, Template, strip
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, function_of, walk
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.values import root_name
from reviewer.experts.lifecycle.vocabulary import PLUGIN_WORDS

if TYPE_CHECKING:
    from reviewer.code.module import Module

_UNPACKS: Final = frozenset(
    {"unzip", "extract", "unpack", "untar", "extractall", "extractAll", "decompress", "inflate"}
)
_WRITES: Final = frozenset("write_bytes copyfileobj writeFile writeFileSync createWriteStream ZipFile".split())
_TAKEN: Final = frozenset(
    "opts options args arguments params callback text texts data info name names value values ids keys key url".split()
)
"""Words of what is extracted where no archive is opened."""
_SHORT: Final = frozenset({"tar.x", "tar-fs.extract", "tar.default.x"})
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
            or not (module.resolve(call.callee) in _SHORT or _unpacks(call))
            or not _installs(function)
        ):
            continue
        target = _target(call)
        if target is None or _moved(module, function) or _elsewhere(module, target):
            continue
        yield Match(
            call,
            f"'{module.text_of(call.callee)}' unpacks straight into '{module.text_of(target)[:60]}', where plugins are "
            "looked for: a crash or a full disk half-way leaves half a plugin that looks installed.",
        )


def _unpacks(call: Call) -> bool:
    """Tell whether a call opens an archive by its name; arguments and texts are extracted from others, too."""
    said = words(call.name)
    return call.name in _UNPACKS or (not _UNPACKS.isdisjoint(said) and _TAKEN.isdisjoint(said))


def _writes_files(module: Module, call: Call) -> bool:
    """Tell whether a call is of a method in the subject that opens an archive or writes what it holds."""
    own = definition(module, call.callee)
    if not isinstance(own, Function):
        return False
    return any(one.name in _UNPACKS or one.name in _WRITES for one in calls_in(own.body))


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


def _target(call: Call) -> Expr | None:
    """Return where something is unpacked to."""
    for keyword in ("path", "dir", "cwd", "dest", "target", "output", "extract_dir"):
        if keyword in call.keywords:
            return call.keywords[keyword]
    args = [strip(arg) for arg in call.args]
    options = next((arg for arg in args if isinstance(arg, Object)), None)
    for name in ("cwd", "C", "dir", "path", "target", "dest"):
        if options is not None and (given := options.get(name)) is not None:
            return given
    alone = call.receiver is not None and all(isinstance(arg, Literal | Object) for arg in args[1:])
    place = args[0] if args and alone else args[1] if len(args) > 1 else None
    return place if isinstance(place, Name | Member | Call | Template) else None


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
