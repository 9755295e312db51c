"""SEC055: a path is made below one folder, and held against the folder around it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits
from reviewer.code.syntax import Array, Assign, Binary, Call, Expr, If, Literal, Member, Name, Template, strip
from reviewer.code.walk import ancestors, find, function_of, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.security.values.made_paths import MAKES_PATHS, seen_through

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_ASKS: Final = ("startswith", "startsWith", "is_relative_to", "relative_to", "commonpath", "commonprefix", "relative")
_FOLDER_OF: Final = frozenset({"dirname"})
_SAME_PATH: Final = (MAKES_PATHS - {"joinpath"}) | _FOLDER_OF
"""Calls that give the path that they are given, or its folder."""
_AS_IT_IS: Final = frozenset({"str", "fspath", "realpath", "abspath", "normpath", "realpathSync"})
"""Calls that give the folder that they are given."""
_MOST: Final = 6
"""Steps in which a path is followed back."""


@module_check("SEC055", words={"relative", "parents", "starts", "startswith", "commonpath", "commonprefix"})
def contained_in_wider(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each test whether a path lies in a folder for the folder that the path was made below."""
    if module.is_test:
        return
    tests = list(_tests(module))
    for test, path, folder in tests:
        below = _made_below(module, path)
        if below is None or not _decides(test) or not _wider(module, folder, below):
            continue
        if any(_same(module, other, below) for _test, _path, other in tests):
            continue
        yield Match(
            test,
            f"The path is made below '{short(module.text_of(below))}' and held against "
            f"'{short(module.text_of(folder))}', the folder around it: '../' leads to whatever lies beside it.",
        )


def _tests(module: Module) -> Iterator[tuple[Expr, Expr, Expr]]:
    """Yield each test whether a path lies in a folder, with the path and the folder."""
    for call in module.calls(_ASKS):
        if call.name in ("commonpath", "commonprefix"):
            given = strip(call.args[0]) if call.args else None
            if isinstance(given, Array) and len(given.items) == 2:
                yield call, given.items[1], _without_separator(given.items[0])
                yield call, given.items[0], _without_separator(given.items[1])
        elif call.name == "relative" and len(call.args) == 2:
            yield call, call.args[1], call.args[0]
        elif call.receiver is not None and len(call.args) == 1 and not isinstance(strip(call.args[0]), Literal):
            yield call, call.receiver, _without_separator(call.args[0])
    for node in module.all(Binary) if module.language == "python" else ():
        within = strip(node.right)
        if node.op in ("in", "not in") and isinstance(within, Member) and within.name == "parents":
            yield node, within.object, node.left


def _without_separator(folder: Expr) -> Expr:
    """Return the folder of ``root + sep`` and of ``str(root)``."""
    made = strip(folder)
    if isinstance(made, Binary) and made.op == "+":
        return _without_separator(made.left)
    if isinstance(made, Template) and made.holes and made.items[0] is made.holes[0]:
        return strip(made.holes[0])
    if isinstance(made, Call) and made.name in _AS_IT_IS and len(made.args) == 1:
        return strip(made.args[0])
    return made


def _decides(test: Expr) -> bool:
    """Tell whether a test stops a path by an error or by leaving."""
    for around in ancestors(test):
        if isinstance(around, If):
            return exits(around.body)
        if isinstance(around, Assign) and isinstance(around.target, Name):
            name, function = around.target.id, function_of(test)
            tests = find(function.body, If) if function is not None else ()
            return any(name in names_in(one.test) and exits(one.body) for one in tests)
        if not isinstance(around, Expr):
            return False
    return False


def _made_below(module: Module, path: Expr) -> Expr | None:
    """Return the folder that a path was joined to; its own folder is seen through: ``dirname(join(folder, name))``."""
    made: object = seen_through(module, path)
    for _ in range(_MOST):
        if _is_resolved_of(made) and isinstance(made, Call) and made.receiver is not None:
            made = module.scopes.origin(strip(made.receiver))
        elif isinstance(made, Call) and made.name in _SAME_PATH and len(made.args) == 1:
            made = module.scopes.origin(strip(made.args[0]))
        else:
            break
    first = _first_of(made)
    return strip(first) if first is not None and isinstance(strip(first), Name | Member) else None


def _is_resolved_of(made: object) -> bool:
    """Tell whether a path is another one, resolved: ``(folder / name).resolve()``."""
    return isinstance(made, Call) and made.name in ("resolve", "absolute") and not made.args


def _first_of(made: object) -> Expr | None:
    """Return what a path is joined to: ``folder`` of ``join(folder, name)`` and ``folder / name``."""
    if isinstance(made, Binary) and made.op == "/":
        left = strip(made.left)
        return _first_of(left) or made.left
    if isinstance(made, Call) and made.name == "joinpath" and made.receiver is not None and made.args:
        return made.receiver
    if isinstance(made, Call) and made.name in ("join", "resolve") and len(made.args) > 1:
        return made.args[0]
    return None


def _wider(module: Module, folder: Expr, below: Expr) -> bool:
    """Tell whether one folder lies around another by how either is made."""
    around = seen_through(module, folder)
    if isinstance(around, Call) and around.name in _FOLDER_OF and around.args:
        return _same(module, around.args[0], below)
    if isinstance(around, Member) and around.name == "parent":
        return _same(module, around.object, below)
    made: object = module.scopes.origin(below)
    if _is_resolved_of(made) and isinstance(made, Call) and made.receiver is not None:
        made = module.scopes.origin(strip(made.receiver))
    first = _first_of(made)
    rest = made.right if isinstance(made, Binary) else made.args[-1] if isinstance(made, Call) and made.args else None
    named = rest is not None and not isinstance(module.scopes.origin(rest), Literal)
    return first is not None and named and _same(module, first, folder)


def _same(module: Module, one: Expr, other: Expr) -> bool:
    return module.text_of(strip(one)) == module.text_of(strip(other))
