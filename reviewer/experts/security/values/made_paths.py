"""Paths that code makes below a folder, and the texts that it holds them against."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Binary, Call, Expr, Function, Literal, Member, Name, Param, Template, strip
from reviewer.code.walk import walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module

MAKES_PATHS: Final = frozenset(
    "resolve realpath realpathSync normalize abspath normpath join joinpath absolute".split()
)
"""Calls that give a path without a separator at its end."""
_TEXTS: Final = frozenset({"str", "String", "fspath", "toString", "as_posix", "native"})


def seen_through(module: Module, expr: Expr) -> object:
    """Return what a value was made by, whatever only turned it into a text left out."""
    return module.scopes.origin_by(expr, _as_text)


def _as_text(made: Expr) -> Expr | None:
    """Return what was only turned into a text."""
    if isinstance(made, Call) and made.name in _TEXTS:
        return made.arg(0) or made.receiver
    return made.holes[0] if isinstance(made, Template) and len(made.items) == len(made.holes) == 1 else None


def is_path_maker(made: object) -> bool:
    """Tell whether something is a call that makes a path; ``resolve`` and ``join`` are also of promises and texts."""
    if not isinstance(made, Call) or made.name not in MAKES_PATHS:
        return False
    holder = made.receiver
    return not isinstance(holder, Literal | Template) and not (isinstance(holder, Name) and holder.id == "Promise")


def made_below(module: Module, path: Expr, folder: Expr) -> bool:
    """Tell whether a path is made of the very folder, by its name, and of something more.

    Whoever is handed both is asked at its calls: ``const within = (child, parent) => child.startsWith(parent)``.
    """
    made, around = seen_through(module, path), _plain(folder)
    if isinstance(made, Param) and isinstance(module.scopes.origin(around), Param):
        return _handed_so(module, made, module.scopes.origin(around))
    if not isinstance(made, Call) or not is_path_maker(made) or not isinstance(around, Name | Member):
        return False
    base = module.scopes.origin(around)
    if isinstance(base, Template | Literal) or (isinstance(base, Binary) and base.op != "/"):
        return False  # whatever it ends with is told there
    said = module.text_of(around)
    named = [one for one in walk(made) if isinstance(one, Name | Member) and module.text_of(one) == said]
    parts = {module.text_of(one) for one in walk(made) if isinstance(one, Name) and one.id not in said.split(".")}
    return bool(named) and bool(parts)


def _plain(expr: Expr) -> Expr:
    """Return an expression without what only turns it into a text."""
    expr = strip(expr)
    while True:
        if isinstance(expr, Call) and expr.name in _TEXTS and (expr.arg(0) or expr.receiver):
            expr = strip(expr.arg(0) or expr.receiver or expr)
        elif isinstance(expr, Template) and len(expr.items) == len(expr.holes) == 1:
            expr = strip(expr.holes[0])
        else:
            return expr


def _handed_so(module: Module, path: Param, folder: object) -> bool:
    """Tell whether a function is called with a path and the folder that it was made below."""
    function = path.parent
    if not isinstance(folder, Param) or folder.parent is not function or not isinstance(function, Function):
        return False
    places = function.params.index(path), function.params.index(folder)
    for call in module.calls((function.name,)) if function.name else ():
        if len(call.args) > max(places) and definition(module, call.callee) is function:
            child, parent = call.args[places[0]], call.args[places[1]]
            if not isinstance(seen_through(module, child), Param) and made_below(module, child, parent):
                return True
    return False


def asked_anywhere(module: Module) -> Iterator[tuple[Expr, Expr, Expr]]:
    """Yield each test whether a text stands anywhere in another, as test, whole and part."""
    for node in module.some(Binary, Call):
        if isinstance(node, Binary) and node.op in ("in", "not in") and module.language == "python":
            yield node, node.right, node.left
        elif isinstance(node, Call) and node.name == "includes" and node.receiver is not None and node.args:
            yield node, node.receiver, node.args[0]
