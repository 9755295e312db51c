"""SEC055: the address that a page asks for becomes a path of the host's disk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Call, Expr, Function, Name, Object, strip
from reviewer.code.walk import calls_in, find, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.security.values.guards import limited

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_SERVES: Final = frozenset({"registerFileProtocol", "interceptFileProtocol", "handle", "registerBufferProtocol"})
_READS: Final = frozenset({"readFile", "readFileSync", "createReadStream", "pathToFileURL"})
_MAKES: Final = frozenset({"join", "resolve"})


@module_check("SEC055", words={"protocol"})
def protocol_path(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the handlers of own schemes for a path that is made of the address."""
    if module.is_test or module.language == "python":
        return
    for call in module.calls(_SERVES):
        by = strip(call.args[1]) if len(call.args) > 1 else None
        if not isinstance(by, Function) or not by.params or "protocol" not in module.text_of(call.callee).lower():
            continue
        tainted = _tainted(by)
        for path in _paths(module, by):
            if names_in(path) & tainted and not limited(module, [path], path):
                yield Match(
                    path,
                    f"'{short(module.text_of(path))}' is made of the address that a page asks for, and nothing holds "
                    "it in its folder: '%2e%2e%2f' climbs out.",
                )
                break


def _tainted(by: Function) -> set[str]:
    """Return the names that hold the request, or what is made of it."""
    found = {by.params[0].name, *by.params[0].fields.values()} - {""}
    for assign in find(by.body, Assign):
        if isinstance(assign.target, Name) and assign.value is not None and names_in(assign.value) & found:
            found.add(assign.target.id)
    return found


def _paths(module: Module, by: Function) -> Iterator[Expr]:
    """Yield the paths of files that a handler serves."""
    for made in find(by.body, Object):
        path = made.get("path")
        if path is not None and isinstance(made.parent, Call) and _is_made(module, path):
            yield path
    for call in calls_in(by.body):
        if call.name in _READS and call.args and _is_made(module, call.args[0]):
            yield call.args[0]


def _is_made(module: Module, path: Expr) -> bool:
    made = module.scopes.origin(path)
    return isinstance(made, Call) and made.name in _MAKES
