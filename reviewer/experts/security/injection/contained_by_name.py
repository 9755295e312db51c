"""SEC055: a path is held against its folder before ``..`` in it is resolved, and every such path passes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions, use_of
from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    Comprehension,
    Expr,
    Literal,
    Member,
    Name,
    Node,
    Param,
    Template,
    strip,
)
from reviewer.code.walk import find, function_of, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.security.values.keeping_inside import keeps_out
from reviewer.experts.security.values.listed import list_of
from reviewer.experts.security.values.provenance import trace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_RESOLVES: Final = frozenset({"resolve", "realpath", "normpath", "abspath", "canonicalize"})
_JOINS: Final = frozenset({"joinpath", "Path", "PurePath", "PurePosixPath", "with_name", "with_suffix"})
_HOLDS: Final = frozenset({"is_relative_to", "relative_to"})
_ENTRIES: Final = frozenset(
    {"infolist", "namelist", "getmembers", "getnames", "getEntries", "entries", "ZipFile", "open"}
)
"""Calls that give the entries of an archive."""


@module_check("SEC055", words={"relative", "parents", "starts", "startswith", "commonpath"})
def contained_by_name(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each test whether a path lies in a folder for how the path was made."""
    if module.is_test:
        return
    for test, path in _tests(module):
        made, within = _unresolved(module, path)
        if made is None or _looks_for_dots(module, test, path):
            continue
        handed = bool(within) and isinstance(module.scopes.origin(within[-1]), Param) and keeps_out(module, test)
        if not any(_from_elsewhere(module, part) for part in within) and not handed:
            continue
        yield Match(
            test,
            f"'{short(module.text_of(test))}' compares the parts of the path as they are spelled: with '..' in it "
            f"'{short(module.text_of(made))}' begins with the folder and leads out of it. Resolve it first.",
            related=((made, "put together here"),) if made.line != test.line else (),
        )


def _tests(module: Module) -> Iterator[tuple[Expr, Expr]]:
    """Yield each test whether a path lies in a folder, with the path: by its parts, its parents, or its text."""
    for call in module.calls((*_HOLDS, "startswith", "startsWith", "commonpath")):
        if call.name == "commonpath":
            given = strip(call.args[0]) if call.args else None
            if isinstance(given, Array):
                yield from ((call, one) for one in given.items[:2])
        elif call.receiver is None or len(call.args) != 1 or isinstance(strip(call.args[0]), Literal):
            continue
        elif call.name in _HOLDS:
            if module.language == "python" and (call.name != "relative_to" or use_of(call).how == "dropped"):
                yield call, call.receiver  # who wants the rest of the path asks nothing
        elif _begins_with(module, call.receiver, call.args[0]):
            yield call, _as_text(call.receiver)
    if module.language == "python":
        for node in module.all(Binary):
            within = strip(node.right)
            chosen = isinstance(node.parent, Comprehension)  # only some of a list are taken, and nobody is let in
            if node.op in ("in", "not in") and isinstance(within, Member) and within.name == "parents" and not chosen:
                yield node, within.object


def _begins_with(module: Module, path: Expr, folder: Expr) -> bool:
    """Tell whether a path is put together of the very folder that it is asked to begin with."""
    made = _put_together(_bound(module, _as_text(path)))
    folder = _as_text(folder)
    if isinstance(folder, Binary) and folder.op == "+":
        folder = _as_text(folder.left)  # root + sep
    elif isinstance(folder, Template) and folder.holes and folder.items[0] is folder.holes[0]:
        folder = _as_text(folder.holes[0])  # `${root}/`
    return bool(made) and module.text_of(_as_text(made[0])) == module.text_of(folder)


def _as_text(path: Expr) -> Expr:
    """Return the path of which a text is made: ``target`` of ``str(target)`` and ``target.as_posix()``."""
    path = strip(path)
    if isinstance(path, Call) and path.name in ("str", "fspath", "String") and len(path.args) == 1:
        return strip(path.args[0])
    if isinstance(path, Call) and path.name == "as_posix" and path.receiver is not None:
        return strip(path.receiver)
    return path


def _from_elsewhere(module: Module, part: Expr) -> bool:
    """Tell whether somebody else names a part of a path; names of the entries of an archive are given with it."""
    if trace(module, part).kinds() - {"environment", "file", "unknown", "constant"}:
        return True
    value = strip(part)
    if {"extract_tb", "tb_frame", "FrameSummary"} & module.identifiers and _last_word(value) in ("filename", "path"):
        return False  # where the code itself lies
    if not isinstance(value, Member) or value.name not in ("filename", "name", "entryName", "fileName", "path"):
        return False
    many = list_of(module, value.object)
    made = module.scopes.origin(many) if many is not None else None
    return any(isinstance(n, Call) and n.name in _ENTRIES for n in walk(made)) if isinstance(made, Expr) else False


def _last_word(value: Expr) -> str:
    return value.name if isinstance(value, Member) else value.id if isinstance(value, Name) else ""


def _put_together(made: object) -> list[Expr]:
    """Return the parts of a path that is joined without anything being resolved."""
    if isinstance(made, Binary) and made.op in ("/", "+"):
        return [*(_put_together(strip(made.left)) or [made.left]), made.right]
    if isinstance(made, Template) and made.holes and made.items[0] is made.holes[0]:
        return list(made.holes)
    if isinstance(made, Call) and made.name == "join" and len(made.args) > 1:
        return list(made.args)
    if isinstance(made, Call) and made.name == "joinpath" and made.receiver is not None:
        return [made.receiver, *made.args]
    return []


def _bound(module: Module, path: Expr) -> object:
    """Return what a name was given where it is given anything once, and otherwise the path as it is spelled."""
    path = strip(path)
    if not isinstance(path, Name):
        return path
    bound = module.scopes.lookup(path.id, path)
    only = bound[0] if len(bound) == 1 else None
    return strip(only.value) if isinstance(only, Assign) and only.value is not None else None


def _unresolved(module: Module, path: Expr) -> tuple[Expr | None, list[Expr]]:
    """Return where a path is joined, and what is joined to it, when nothing resolves it before it is asked about."""
    made = _bound(module, path)
    anchored = isinstance(made, Call) and made.name == "absolute" and made.receiver is not None
    if isinstance(made, Call) and made.receiver is not None and anchored:
        made = strip(made.receiver)  # which only puts the working folder in front, and leaves every '..' in place
    if not isinstance(made, Expr) or _is_resolved(made):
        return None, []
    parts = _put_together(made)
    if parts and (module.language == "python" or not isinstance(made, Call)):  # Node's own join resolves '..'
        return made, parts[1:]
    if isinstance(made, Call) and made.name in _JOINS:
        bare = len(made.args) == 1 and made.name.endswith("Path") and isinstance(strip(made.args[0]), Name)
        bare = bare and isinstance(module.scopes.origin(made.args[0]), Param) and not anchored
        if bare or (made.args and _is_resolved(strip(made.args[-1]))):
            return None, []  # a helper is asked of a path as its caller made it
        return made, list(made.args[-1:])
    return None, []


def _is_resolved(made: Expr) -> bool:
    """Tell whether the whole path is resolved; that only the folder is says nothing of what is joined to it."""
    return isinstance(made, Call) and made.name in _RESOLVES


def _looks_for_dots(module: Module, test: Expr, path: Expr) -> bool:
    """Tell whether the function refuses ``..`` by itself, or resolves the path before, or to ask once more."""
    function = function_of(test)
    body: list[Node] = list(function.body) if function is not None else []
    if any(isinstance(node, Literal) and node.value == ".." for node in walk(body)):
        return True
    if any(isinstance(node, Call) and node.name in _RESOLVES for c in conditions(test) for node in walk(c.test)):
        return True
    return isinstance(path, Name) and any(
        other.name in _RESOLVES
        and (other.raw.start_byte < test.raw.end_byte or isinstance(other.parent, Assign))
        and any(isinstance(one, Name) and one.id == path.id for one in (other.receiver, *other.args))
        for other in find(body, Call)
    )
