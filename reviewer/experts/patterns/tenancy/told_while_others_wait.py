"""PAT009: a context manager says in a variable of the module for whom it works, and its block waits for others."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.call_sites import call_sites
from reviewer.code.syntax import Assign, Await, Function, Literal, Name, Param, With, Yield, strip
from reviewer.code.walk import ancestors, find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.patterns.feeds import feeds
from reviewer.experts.patterns.sharing import home
from reviewer.experts.patterns.tenancy.tenant_in_shared_variable import read_elsewhere, says_who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Call
    from reviewer.experts.check import Inquiry

_MOST: Final = 20
"""Blocks of one context manager that are looked at."""


@module_check("PAT009", words={"contextmanager", "asynccontextmanager"})
def told_while_others_wait(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each context manager that keeps what it is told in a global, and puts back what was there before."""
    if module.is_test or module.language != "python":
        return
    for function in module.functions:
        if not any("contextmanager" in module.text_of(one) for one in function.decorators):
            continue
        yielded = next(iter(find(function.body, Yield, into_functions=False)), None)
        if yielded is None:
            continue
        kept = [node for node in find(function.body, Assign, into_functions=False) if isinstance(node.target, Name)]
        for node in kept:
            name = node.target.id if isinstance(node.target, Name) else ""
            lives = home(module, name, node)
            told = lives is not None and lives.scope is None and node.start < yielded.start and _is_told(module, node)
            again = any(one.start > yielded.start and getattr(one.target, "id", "") == name for one in kept)
            if not told or lives is None or not again or says_who(name) or not read_elsewhere(module, function, name):
                continue
            waits = _waiting_block(module, function)
            if waits is not None:
                declared = [one for one in lives.bindings if isinstance(one, Assign) and function_of(one) is None]
                yield Match(
                    declared[0] if declared else node,
                    f"'{name}' is one for all requests at once: while the block of '{function.name}' waits, another "
                    "one sets it, and the first goes on with what belongs to the other. Use a ContextVar.",
                    related=((node, "written here"),),
                )
                break


def _is_told(module: Module, node: Assign) -> bool:
    """Tell whether what is kept comes from a parameter of the context manager."""
    function = function_of(node)
    if node.value is None or isinstance(strip(node.value), Literal):
        return False
    return any(isinstance(feed.root, Param) and feed.root.parent is function for feed in feeds(module, node.value))


def _waiting_block(module: Module, function: Function) -> Call | None:
    """Return a call whose block, in a function that several run at once, waits for something."""
    for _other, call in islice(call_sites(module, function) or (), _MOST):
        around = function_of(call)
        block = next((one for one in ancestors(call) if isinstance(one, With | Function)), None)
        if around is None or not around.asynchronous or not isinstance(block, With):
            continue
        if any(True for _ in find(block.body, Await, into_functions=False)):
            return call
    return None
