"""Where a host goes through folders in search of plugins and reads their manifests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.flow import guarding_try, returns_of
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Call, Comprehension, Expr, For, Function, Literal, Name, Node, Template, Throw, strip
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, function_of
from reviewer.experts.data.patterns import found
from reviewer.experts.fundamentals.vocabulary import DEPENDENCIES, has

if TYPE_CHECKING:
    from reviewer.code.module import Module

_PARSES: Final = frozenset(
    "JSON.parse json.loads json.load tomllib.loads tomllib.load toml.loads toml.load yaml.safe_load yaml.load "
    "yaml.parse js-yaml.load JSON5.parse json5.parse toml.parse orjson.loads ujson.loads tomli.loads tomli.load "
    "fs-extra.readJson fs-extra.readJsonSync jsonc-parser.parse configparser.ConfigParser().read".split()
)
PARSERS: Final = ("parse", "loads", "load", "safe_load", "readJson", "readJsonSync", "readJSON")
"""Last names of calls that read a data file."""
_LISTINGS: Final = frozenset(
    "readdir readdirsync listdir iterdir scandir glob globsync rglob walk opendir fastglob globby readdirp sync".split()
)
_DEEPEST: Final = 3
"""Names and functions between a listing and who goes through it."""
_PLACES: Final = frozenset(
    "folder folders dir dirs directory directories path paths root roots location locations entry entries file files "
    "manifests candidates names subfolders subdirs children found sources".split()
)
_WRITES: Final = frozenset({"dumps", "stringify"})
_ROWS: Final = frozenset(
    "execute fetchone fetchall fetchmany prepare all get query fetchrow fetch each iterate".split()
)
_MANIFEST: Final = r"(?i)manifest|plugin|extension|add-?on|add-?in|\bskill|widget|descriptor|\bmods?\b"
_DATA: Final = r"(?i)manifest|json|package|descriptor|meta"
_ONE_EACH: Final = (
    r"""['"`](?:\*{1,2}/)[\w.-]{1,40}\.(?:json|toml|ya?ml)['"`]|, ?['"`][\w.-]{1,40}\.(?:json|toml|ya?ml)['"`]\)"""
)
"""A data file of one name that each folder has: what describes the folder."""


class Reading(Struct, frozen=True):
    """A call that reads one manifest, in a turn of a loop over what was found.

    ``turn`` is the node inside which an error has to be caught for the others to go on.
    """

    call: Call
    turn: Node
    whole: Node
    """The loop, or the call that goes through everything."""


def readings(module: Module) -> Iterator[Reading]:
    """Yield the manifests that a module reads in loops: by a parser, or by a function of the host that has one."""
    named = found(_MANIFEST, module.path) or any(found(_MANIFEST, name) for name in module.identifiers)
    if not named and not found(_ONE_EACH, module.source.decode("utf-8", "replace")):
        return
    yield from _in_loops(module)
    for call in module.calls(("map", "forEach", "flatMap")):
        callback = strip(call.args[0]) if call.args else None
        searched = call.receiver
        if searched is None and module.language == "python" and len(call.args) == 2:
            searched = call.args[1]  # map(read, folders)
        if searched is None or not is_search(module, searched):
            continue
        if isinstance(callback, Function):
            for inner in find(callback.body, Call, into_functions=False):
                if reads(module, inner):
                    yield Reading(inner, callback, call)
        elif callback is not None and _function_reads(module, callback, spoken=_of_manifest(module, call)):
            yield Reading(call, call, call)


def _in_loops(module: Module) -> Iterator[Reading]:
    for loop in module.all(For):
        if loop.iterable is not None and is_search(module, loop.iterable):
            for call in find(loop.body, Call, into_functions=False):
                if reads(module, call):
                    yield Reading(call, loop, loop)
    for made in module.all(Comprehension):
        if any(is_search(module, iterable) for _target, iterable in made.clauses):
            for call in find(made.element, Call):
                if reads(module, call):
                    yield Reading(call, made, made)


def is_search(module: Module, iterable: Expr) -> bool:
    """Tell whether what is gone through are folders or files that were looked for."""
    if any(has(name.id, DEPENDENCIES) for name in find(iterable, Name)):
        return False
    if is_listing(module, iterable):
        return True
    expr = _innermost(iterable)
    last = expr.id if isinstance(expr, Name) else getattr(expr, "name", "")
    said = words(last)
    return bool(said) and said[-1] in _PLACES


def is_listing(module: Module, iterable: Expr, depth: int = _DEEPEST) -> bool:
    """Tell whether what is gone through is what a call gave that lists a folder, by names and functions in between."""
    for call in [iterable, *find(iterable, Call)] if isinstance(iterable, Call) else find(iterable, Call):
        if "".join(words(call.name)) in _LISTINGS:
            return True
        target = definition(module, call.callee) if depth else None
        if isinstance(target, Function) and _lists(target, depth - 1):
            return True
    expr = _innermost(iterable)
    origin = module.scopes.origin(expr) if depth and isinstance(expr, Name) else None
    return isinstance(origin, Expr) and origin is not expr and is_listing(module, origin, depth - 1)


def _lists(function: Function, depth: int) -> bool:
    """Tell whether a function gives what a folder holds, at once or one after the other."""
    if any(one.value is not None and is_listing(function.module, one.value, depth) for one in returns_of(function)):
        return True
    loops = (one.iterable for one in find(function.body, For) if one.iterable is not None)
    return function.generator and any(is_listing(function.module, one, depth) for one in loops)


def _innermost(expr: Expr) -> Expr:
    """Return what a chain of calls begins with: ``names`` of ``sorted(names)`` and of ``names.filter(…)``."""
    expr = strip(expr)
    while isinstance(expr, Call) and (expr.receiver is not None or expr.args):
        expr = strip(expr.receiver if expr.receiver is not None else expr.args[0])
    return expr


def reads(module: Module, call: Call) -> bool:
    """Tell whether a call reads a manifest, by itself or in a function of the host, and lets errors through."""
    if is_parse(module, call):
        around = function_of(call)
        return _of_manifest(module, call) and not (around is not None and _own_row(around))
    return _function_reads(module, call.callee, spoken=_of_manifest(module, call))


def is_parse(module: Module, call: Call) -> bool:
    """Tell whether a call makes data of text and fails where the text is damaged."""
    if call.name in PARSERS and module.resolve(call.callee).removesuffix("()") in _PARSES:
        return True
    if call.name != "require" or not call.args or isinstance(strip(call.args[0]), Literal):
        return False
    named = strip(call.args[0])
    of_data = found(_DATA, module.text_of(named))  # what else is required is code, whose failure is no damaged text
    return of_data and not (isinstance(named, Template) and _begins_here(named))


def _begins_here(named: Template) -> bool:
    """Tell whether a file is one of the program's own, beside it: ``require(`./reporters/${name}`)``."""
    first = named.items[0] if named.items else None
    return isinstance(first, Literal) and str(first.value).startswith(("./", "../"))


def _function_reads(module: Module, callee: Expr, depth: int = 0, *, spoken: bool = False) -> bool:
    """Tell whether a function reads a data file; ``spoken`` tells that its caller speaks of manifests."""
    target = definition(module, callee)
    if not isinstance(target, Function) or depth > 2 or target.signature_only:
        return False
    for call in find(target.body, Call, into_functions=False):
        if caught_for_good(call) or _nets(call):
            continue
        if is_parse(target.module, call) and not _own_row(target) and (spoken or _of_manifest(target.module, call)):
            return True
        again = not call.name or definition(target.module, call.callee) is target
        if not again and _function_reads(target.module, call.callee, depth + 1, spoken=spoken):
            return True
    return False


def caught_for_good(call: Call) -> bool:
    """Tell whether the error of a call is caught in its function by somebody who throws no other in its place."""
    guard = guarding_try(call)
    if guard is None:
        return False
    return any(not any(isinstance(last, Throw) for last in handler.body[-1:]) for handler in guard.handlers)


def _own_row(function: Function) -> bool:
    """Tell whether a text is a column of a row that the same file wrote: it was made by a serialiser, not by hand."""
    if not any(True for _ in function.module.calls(_WRITES)):
        return False
    asked = {one.name for one in find(function.body, Call)}
    statements = (text.value for text in find(function.body, Literal) if isinstance(text.value, str))
    return bool(asked & _ROWS) and any(found(r"(?i)^\s*select\s", text) for text in statements)


def _nets(call: Call) -> bool:
    """Tell whether a promise that a call is a part of is caught where it stands."""
    return any(isinstance(around, Call) and around.name == "catch" for around in ancestors(call))


def _of_manifest(module: Module, call: Call) -> bool:
    """Tell whether the function around a call speaks of manifests or of plugins."""
    around = function_of(call)
    text = module.text_of(around) if around is not None else module.text_of(call)
    return found(_MANIFEST, text[:4_000]) or found(_ONE_EACH, text[:4_000])
