"""LIF032: a reload inside the same process keeps objects of the old module alive beside the new ones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import after, conditions, enclosing_loop, in_handler, returns_of
from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Comprehension,
    Delete,
    Expr,
    For,
    Function,
    Imported,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Statement,
    Template,
    Unary,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, function_of, names_in, walk
from reviewer.core.regex import regex
from reviewer.core.scale import Confidence
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.bringing.dependencies import callers
from reviewer.experts.lifecycle.bringing.loading import brings_in
from reviewer.experts.lifecycle.bringing.unloading import swaps
from reviewer.experts.lifecycle.hooks.hooks import kind_of_name

if TYPE_CHECKING:
    from reviewer.code.module import Module

_BUSTER: Final = regex(r"[?&#][\w-]*=?$")
_IMPORTS: Final = frozenset({"import_module", "__import__", "exec_module", "find_spec", "spec_from_file_location"})
_DIGESTS: Final = frozenset({"createHash", "digest", "sha1", "sha256", "md5", "hashOf", "xxhash"})
_DEEPEST: Final = 4
_PLUGINS: Final = frozenset(
    (
        "plugin plugins extension extensions addon addons addin addins widget skill skills integration integrations "
        "mods theme connector connectors activate deactivate hotreload"
    ).split()
)


@module_check("LIF032", words={"reload", "cache", "import", "modules", "decache", "fresh"})
def reload_keeps_old_module(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak at ``importlib.reload``, at a deleted ``require.cache`` entry and at an import with a changing query."""
    if module.is_test:
        return
    host = (
        inquiry.subject.kind == "host"
        or not _PLUGINS.isdisjoint(module.words)
        or any(
            kind_of_name(name) in ("start", "stop")
            for name in ("activate", "deactivate", "unload")
            if name in module.identifiers
        )
    )
    for at, message in _reloads(module):
        # inside of one process a module has no other way to the new version, and whoever goes it may have weighed that
        weighed = (isinstance(at, Call) and at.name == "import") or _with_its_children(at)
        yield Match(at, message, confidence=None if host and not weighed else Confidence.POSSIBLE)


def _with_its_children(at: Node) -> bool:
    """Tell whether the entries of all files of a plugin are taken out: in a loop over the cache, by where they are."""
    if isinstance(at, Call) and at.name != "pop":
        return False
    loop = next((one for one in ancestors(at) if isinstance(one, Comprehension | Statement)), None)
    tests = loop.tests if isinstance(loop, Comprehension) else []
    loop = loop if isinstance(loop, Comprehension) else enclosing_loop(at)
    over = loop.clauses[0][1] if isinstance(loop, Comprehension) else loop.iterable if isinstance(loop, For) else None
    if over is None:
        return False
    # A comprehension asks where it picks the names, a loop on the way to what it takes out, a helper where it lists.
    function, over = function_of(at), strip(over)
    lists = definition(function.module, over.callee) if function is not None and isinstance(over, Call) else None
    listed: list[Node] = [over, *(lists.body if isinstance(lists, Function) else ())]
    asked: list[Node] = [*(condition.test for condition in conditions(at)), *tests, *listed]
    return any(node.name in ("cache", "modules") for node in find(listed, Member)) and any(
        call.name in ("startsWith", "includes", "startswith") for test in asked for call in find(test, Call)
    )


def _reloads(module: Module) -> Iterator[tuple[Node, str]]:
    if module.language == "python":
        for call in module.calls(("reload",)):
            if function_of(call) is None:
                continue  # a package that is being reloaded reloads its own parts
            if call.args and isinstance(module.scopes.origin(call.args[0]), Imported):
                continue  # a module that the program itself names: no plugin
            if _is_part_of_named(call) or _is_named_library(module, call):
                continue
            if module.resolve(call.callee) in ("importlib.reload", "imp.reload"):
                yield (
                    call,
                    (
                        "importlib.reload() runs the new file inside the old module object: what others imported from "
                        "it, its submodules and the objects of the old classes stay in use beside the new ones."
                    ),
                )
        yield from _dropped_modules(module)
        yield from _run_again(module)
        return
    for call in module.calls(("import",)):
        source = call.arg(0)
        if source is not None and cache_busting(module, source) and not _of_content(module, source):
            yield (
                call,
                (
                    "An import with a query that changes loads the new version beside the old one: a module is never "
                    "unloaded, so every reload leaks the old code and its state."
                ),
            )
    yield from _deleted_cache(module)


def _is_named_library(module: Module, call: Call) -> bool:
    """Tell whether a library that the program names is reloaded: ``black = reload(black)``, or all that is in it.

    ``for name in list(sys.modules): if name.startswith("black."): reload(sys.modules[name])``
    """
    given = strip(call.args[0]) if call.args else None
    if isinstance(given, Name):
        return any(isinstance(one, Imported) for one in module.scopes.lookup(given.id, given))
    return isinstance(given, Index) and any(
        isinstance(asked, Call)
        and asked.name == "startswith"
        and any(isinstance(strip(one), Literal) for one in asked.args)
        for one in conditions(call)
        for asked in find(one.test, Call)
    )


def _is_part_of_named(call: Call) -> bool:
    """Tell whether one of several parts of a package is reloaded, each spelt out: ``reload(mpl.units)``."""
    part = strip(call.args[0]) if call.args else None
    function = function_of(call)
    if not isinstance(part, Member) or not isinstance(part.object, Name) or function is None:
        return False
    if isinstance(enclosing_loop(call), For):
        return False
    others = (one for one in find(function.body, Call) if one.name == "reload" and one is not call and one.args)
    parts = [strip(one.args[0]) for one in others]
    return any(
        isinstance(one, Member) and isinstance(one.object, Name) and one.object.id == part.object.id for one in parts
    )


def _run_again(module: Module) -> Iterator[tuple[Node, str]]:
    """Yield where a file is run in what was looked up among the modules that are loaded already."""
    for call in module.calls(("exec_module",)) if "modules" in module.identifiers else ():
        given = strip(call.args[0]) if call.args else None
        if not isinstance(given, Name) or any(given.id in names_in(one.test) for one in conditions(call)):
            continue
        made = [one.value for one in module.scopes.lookup(given.id, given) if isinstance(one, Assign) and one.value]
        looked = [
            one.receiver if isinstance(one, Call) else one.object for one in made if isinstance(one, Call | Index)
        ]
        if any(holder is not None and module.resolve(holder) == "sys.modules" for holder in looked):
            message = (
                "This runs the new file inside the module object that is there already: what others imported from it, "
                "its submodules and the objects of the old classes stay in use beside the new ones."
            )
            yield call, message


def _is_itself(node: Unary) -> bool:
    """Tell whether a file takes out itself, so that each who asks for it has one of his own: ``__filename``."""
    key = strip(node.operand.key) if isinstance(node.operand, Index) else None
    return isinstance(key, Name) and key.id == "__filename"


def _is_data(node: Unary) -> bool:
    """Tell whether what is read anew is a file of settings or data, by its name: ``require.cache[confPath]``."""
    key = node.operand.key if isinstance(node.operand, Index) else None
    said = {word for name in (names_in(key) if key is not None else ()) for word in words(name)}
    return not said.isdisjoint({"json", "conf", "config", "configuration", "settings", "pkg", "package"})


def _is_config(module: Module) -> bool:
    """Tell whether a file is about settings that are read anew, or puts in its own way to compile what is loaded."""
    stem = module.path.rsplit("/", 1)[-1].partition(".")[0]
    return "config" in words(stem) or b"require.extensions[" in module.source


def _is_tried_again(node: Unary) -> bool:
    """Tell whether a load is tried a second time after the first has failed, and nobody holds the old module."""
    said = {word for one in conditions(node) for name in names_in(one.test) for word in words(name)}
    return not said.isdisjoint({"attempt", "attempts", "retry", "retries", "tries"})


def _of_content(module: Module, source: Expr) -> bool:
    """Tell whether an address differs by the content of the file, so that there is one module for each version."""
    edge: list[Expr] = [source]
    for _ in range(_DEEPEST):
        if any(call.name in _DIGESTS for one in edge for call in find(one, Call)):
            return True
        made: list[Node | Imported | None] = [module.scopes.origin(n) for one in edge for n in find(one, Name)]
        made += [definition(module, call.callee) for one in edge for call in find(one, Call)]
        edge = [one for one in made if isinstance(one, Expr)]
        edge += [given.value for one in made if isinstance(one, Function) for given in returns_of(one) if given.value]
    return False


def _dropped_modules(module: Module) -> Iterator[tuple[Node, str]]:
    message = (
        "Taking a module out of sys.modules loads a second copy beside the first: objects of the old classes and "
        "submodules that others imported stay in use."
    )
    if "modules" not in module.identifiers or "sys" not in module.identifiers:
        return
    for call in module.calls(("pop",)):
        if call.receiver is not None and module.resolve(call.receiver) == "sys.modules" and _loads_anew(module, call):
            yield call, message
    for hit in re.finditer(rb"\bdel\s+sys\s*\.\s*modules", module.source):
        for node in module.covering(hit.start()):
            if isinstance(node, Delete) and _loads_anew(module, node):
                yield node, message


def _loads_anew(module: Module, node: Node) -> bool:
    """Tell whether a module is taken out to be loaded again, and not at its end or after its import failed.

    The function says so by its name, or it loads something afterwards, itself or in one that calls it.
    """
    function = function_of(node)
    if in_handler(node) is not None or _is_put_back(module, node):
        return False
    if function is None or swaps(function.name) or _brings_in_after(module, node):
        return True
    return any(_brings_in_after(module, call) or swaps(home.name) for call, home in _called_from(function))


def _taken_out_to_load(module: Module, node: Node) -> bool:
    """Tell the same of an entry that a loop's callback takes out: what follows the loop counts, too."""
    if _loads_anew(module, node):
        return True
    function = function_of(node)
    while function is not None and not function.name and isinstance(function.parent, Call):
        loop = function.parent
        if _loads_anew(module, loop):
            return True
        function = function_of(loop)
    return False


def _is_put_back(module: Module, node: Node) -> bool:
    """Tell whether the module that is taken out is kept, and put in again afterwards."""
    kept = node.parent
    if not isinstance(kept, Assign) or not isinstance(kept.target, Name):
        return False
    name = kept.target.id
    return any(
        isinstance(later, Assign)
        and isinstance(later.target, Index)
        and module.resolve(later.target.object) == "sys.modules"
        and isinstance(later.value, Name)
        and later.value.id == name
        for later in after(node)
    )


def _brings_in_after(module: Module, node: Node) -> bool:
    calls = (later for later in after(node) if isinstance(later, Call))
    return any(call.name in _IMPORTS or brings_in(module, call) for call in calls)


def _called_from(function: Function) -> Iterator[tuple[Call, Function]]:
    for call in callers(function):
        home = function_of(call)
        if home is not None and in_handler(call) is None:
            yield call, home


def cache_busting(module: Module, source: Expr) -> bool:
    """Tell whether a specifier gets a part that differs from one load to the next."""
    if _query_set(source):
        return True
    origin = module.scopes.origin(source)
    source = strip(origin) if isinstance(origin, Expr) else strip(source)
    if isinstance(source, Template):
        for text, hole in zip(source.items, source.items[1:], strict=False):
            if isinstance(text, Literal) and isinstance(text.value, str) and _BUSTER.search(text.value):
                return not isinstance(hole, Literal)
        return False
    if isinstance(source, Binary) and source.op == "+":
        return any(
            isinstance(node, Binary)
            and isinstance(_last(node.left), Literal)
            and _BUSTER.search(str(getattr(_last(node.left), "value", ""))) is not None
            for node in walk(source)
        )
    return False


def _query_set(source: Expr) -> bool:
    """Tell whether an address is imported whose query was set before: ``url.searchParams.set("v", count)``."""
    holder = strip(source.object) if isinstance(source, Member) and source.name == "href" else strip(source)
    if isinstance(holder, Call) and holder.name in ("toString", "String"):
        holder = strip(holder.receiver or holder.args[0])
    function = function_of(source)
    if not isinstance(holder, Name) or function is None:
        return False
    for call in find(function.body, Call):
        receiver = call.receiver
        if call.name in ("set", "append") and isinstance(receiver, Member) and receiver.name == "searchParams":
            changes = len(call.args) > 1 and not isinstance(strip(call.args[1]), Literal)
            if isinstance(receiver.object, Name) and receiver.object.id == holder.id and changes:
                return True
    return False


def _last(expr: Expr) -> Expr:
    while isinstance(expr, Binary):
        expr = expr.right
    return expr


def _deleted_cache(module: Module) -> Iterator[tuple[Node, str]]:
    if not {"require", "cache"} <= module.identifiers or _is_config(module):
        return
    for hit in re.finditer(rb"\bdelete\s+[\w.]*require\s*\.\s*cache", module.source):
        for node in module.covering(hit.start()):
            if isinstance(node, Unary) and node.op == "delete" and isinstance(node.operand, Index | Member):
                if not _taken_out_to_load(module, node) or _is_data(node) or _is_tried_again(node) or _is_itself(node):
                    break
                yield (
                    node,
                    (
                        "Deleting an entry of require.cache loads a second copy beside the first: its children, and "
                        "all who hold objects of the old module, go on with the old code."
                    ),
                )
                break
