"""SEC055: a name is searched for ``..`` alone, and one that begins at the root takes the place of the whole path."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits
from reviewer.code.syntax import Binary, Call, Expr, If, Literal, Name, Param, strip
from reviewer.code.walk import calls_in, find, function_of, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Function
    from reviewer.experts.check import Inquiry

_CLIMBS: Final = frozenset({"..", "../", "..\\"})
_LOOKS: Final = frozenset({"includes", "startswith", "startsWith", "has", "contains", "some"})
_CONTAINS: Final = frozenset(
    "is_absolute isAbsolute isabs is_relative_to relative relative_to relpath commonpath realpath fullmatch match test "
    "basename lstrip removeprefix isalnum isidentifier secure_filename sanitize exec search".split()
)
"""Calls by which a name is kept from the root in another way."""
_JOINS: Final = frozenset({"path.resolve", "os.path.join", "posixpath.join", "node:path.resolve"})
"""Calls that begin anew at a part which is absolute."""


@module_check("SEC055", words={"path", "join", "resolve", "parts", "folder", "root", "home", "dir", "base"})
def absolute_passes(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each refusal of names with ``..`` for what else is asked of the name before it is joined."""
    if module.is_test:
        return
    for test in module.all(If):
        name = _climbing(test.test)
        function = function_of(test)
        if name is None or function is None or not exits(test.body):
            continue
        if not any(isinstance(one, Param) for one in module.scopes.lookup(name.id, name)) or _is_kept(module, function):
            continue
        join = next((one for one in _joins(module, function, name.id) if one.start > test.start), None)
        if join is None or _asks_more(test.test, name.id):
            continue
        yield Match(
            test,
            f"Only '..' is looked for in '{name.id}': one that begins with '/' takes the place of all that stands "
            f"before it in '{short(module.text_of(join))}', and leads to any file of the machine.",
            related=((join, "joined here"),),
            fix="Resolve the joined path and ask whether it lies in its folder: is_relative_to(root), path.relative().",
        )


def _climbing(test: Expr) -> Name | None:
    """Return the name in which a test looks for ``..``, itself or by its parts."""
    for node in find(test, Binary):
        if node.op == "in" and _is_climb(node.left):
            return _only_name(node.right)
    for call in calls_in(test):
        if call.name in _LOOKS and call.args and _is_climb(call.args[0]) and call.receiver is not None:
            return _only_name(call.receiver)
    return None


def _is_climb(expr: Expr) -> bool:
    value = strip(expr)
    return isinstance(value, Literal) and value.value in _CLIMBS


def _only_name(expr: Expr) -> Name | None:
    """Return the one name that an expression is about: ``Path(name).parts``, ``name.split("/")``."""
    found = [one for one in find(expr, Name) if one.id not in ("Path", "PurePath", "PurePosixPath", "path", "str")]
    return found[0] if len({one.id for one in found}) == 1 else None


def _is_kept(module: Module, function: Function) -> bool:
    """Tell whether the function keeps a path in its folder by anything else."""
    called = {call.name for call in calls_in(function.body)}
    return bool(called & _CONTAINS) or (module.language == "python" and "resolve" in called)


def _asks_more(test: Expr, name: str) -> bool:
    """Tell whether a test also asks how the name begins, or which signs are in it."""
    texts = [
        one.value
        for one in find(test, Literal)
        if isinstance(one.value, str) and not (isinstance(one.parent, Call) and one.parent.name == "split")
    ]
    compared = any(one.op in ("==", "!=") and name in names_in(one) for one in find(test, Binary))
    return compared or any(text[:1] in ("/", "\\", "~", ":") for text in texts)


def _joins(module: Module, function: Function, name: str) -> Iterator[Expr]:
    """Yield where the name is joined to a folder such that it may begin anew."""
    for node in find(function.body, Binary):
        if node.op == "/" and module.language == "python" and _is_it(node.right, name):
            yield node
    for call in calls_in(function.body):
        rooted = (
            call.args[1:] if module.resolve(call.callee) in _JOINS else call.args if call.name == "joinpath" else []
        )
        if any(_is_it(one, name) for one in rooted):
            yield call


def _is_it(expr: Expr, name: str) -> bool:
    value = strip(expr)
    if isinstance(value, Call) and value.name in ("Path", "str", "PurePath") and len(value.args) == 1:
        value = strip(value.args[0])
    return isinstance(value, Name) and value.id == name
