"""SEC055: a path is held against its folder before ``..`` in it is resolved, and every such path passes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions, use_of
from reviewer.code.syntax import Assign, Binary, Call, Expr, Literal, Name, Node, Param, strip
from reviewer.code.walk import find, function_of, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.security.provenance import trace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_RESOLVES: Final = frozenset({"resolve", "realpath", "normpath", "abspath", "absolute", "canonicalize"})
_JOINS: Final = frozenset({"joinpath", "Path", "PurePath", "PurePosixPath", "with_name", "with_suffix"})
_HOLDS: Final = frozenset({"is_relative_to", "relative_to"})


@module_check("SEC055", words={"relative"})
def contained_by_name(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each test whether a path lies in a folder for how the path was made."""
    if module.is_test or module.language != "python":
        return
    for call in module.calls(_HOLDS):
        if call.receiver is None or len(call.args) != 1:
            continue
        if call.name == "relative_to" and use_of(call).how != "dropped":
            continue  # somebody wants the rest of the path, and asks nothing
        made, within = _unresolved(module, call.receiver)
        if made is None or _looks_for_dots(module, call):
            continue
        if not any(trace(module, part).kinds() - {"environment", "file", "unknown", "constant"} for part in within):
            continue
        yield Match(
            call,
            f"'{short(module.text_of(call))}' compares the parts of the path as they are spelled: with '..' in it "
            f"'{short(module.text_of(made))}' begins with the folder and leads out of it. Resolve it first.",
            related=((made, "put together here"),) if made.line != call.line else (),
        )


def _unresolved(module: Module, path: Expr) -> tuple[Expr | None, list[Expr]]:
    """Return where a path is joined, and what is joined to it, when nothing resolves it before it is asked about."""
    path = strip(path)
    made: object = path
    if isinstance(path, Name):
        bound = module.scopes.lookup(path.id, path)
        only = bound[0] if len(bound) == 1 else None
        made = strip(only.value) if isinstance(only, Assign) and only.value is not None else None
    if not isinstance(made, Expr) or _is_resolved(made):
        return None, []
    if isinstance(made, Binary) and made.op == "/":
        return made, [made.right]
    if isinstance(made, Call) and made.name in _JOINS:
        bare = len(made.args) == 1 and made.name.endswith("Path") and isinstance(strip(made.args[0]), Name)
        bare = bare and isinstance(module.scopes.origin(made.args[0]), Param)
        return (None, []) if bare else (made, list(made.args[-1:]))  # a helper is asked of a path as its caller made it
    return None, []


def _is_resolved(made: Expr) -> bool:
    """Tell whether the whole path is resolved; that only the folder is says nothing of what is joined to it."""
    return isinstance(made, Call) and made.name in _RESOLVES


def _looks_for_dots(module: Module, call: Call) -> bool:
    """Tell whether the function refuses ``..`` by itself, or resolves the path once more."""
    function = function_of(call)
    body: list[Node] = list(function.body) if function is not None else []
    if any(isinstance(node, Literal) and node.value == ".." for node in walk(body)):
        return True
    if any(isinstance(node, Call) and node.name in _RESOLVES for c in conditions(call) for node in walk(c.test)):
        return True
    path = call.receiver
    return isinstance(path, Name) and any(
        other.name in _RESOLVES and isinstance(other.receiver, Name) and other.receiver.id == path.id
        for other in find(body, Call)
    )
