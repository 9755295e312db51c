"""LIF225: what an extension's background remembers between two events in a variable, and forgets when it is stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Call, If, Literal, Name, Node, Unary
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, function_of
from reviewer.experts.browser.api import has_api, path_of
from reviewer.experts.browser.background import is_stopped, listener_of
from reviewer.experts.check import Match, module_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_HARMLESS: Final = frozenset(
    "cache cached port ports timer timeout interval promise socket ws debug lock pending creating loading controller "
    "abort connection stream recorder logger once initialized initialised ready debounce throttle handle".split()
)
"""Words in names of variables that may well be empty after a start: what is only good for a moment, or made anew."""
_MOST: Final = 10


@module_check("LIF225", words={"listener"})
def state_of_worker(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the variables at the top of a background that one listener writes and another reads."""
    if not has_api(module) or not is_stopped(inquiry, module.path):
        return
    told = 0
    for declared in _variables(module):
        name = declared.target.id if isinstance(declared.target, Name) else ""
        if _HARMLESS & set(words(name)) or told >= _MOST:
            continue
        uses = [one for one in module.all(Name) if one.id == name and _is_top(module, one, declared)]
        written = [one for one in uses if _writes(one)]
        if not written or any(not _plain_write(module, one, name) for one in written):
            continue
        read = _read_elsewhere(module, uses, written)
        if read is not None and not _kept(module, name):
            told += 1
            yield Match(
                written[0],
                f"'{name}' is set for one event and read for another, and the browser stops the background in between: "
                "after a pause of 30 seconds it is what it was at the start.",
                related=((read, "read here"), (declared, "what it is at the start")),
            )


def _variables(module: Module) -> Iterator[Assign]:
    for assign in module.all(Assign):
        if assign.declare in ("let", "var") and function_of(assign) is None and isinstance(assign.target, Name):
            value = assign.value
            if value is None or (isinstance(value, Literal) and value.value in (None, 0, False, "", True)):
                yield assign


def _is_top(module: Module, name: Name, declared: Assign) -> bool:
    """Tell whether a name means the variable at the top, and none of a function around it."""
    if name is declared.target:
        return False
    function = function_of(name)
    while function is not None:
        bound = module.scopes.table(function).get(name.id, ())
        if any(not (isinstance(one, Assign) and not one.declare) for one in bound):
            return False
        function = function.outer
    return True


def _writes(name: Name) -> bool:
    parent = name.parent
    if isinstance(parent, Assign):
        return parent.target is name
    return isinstance(parent, Unary) and parent.op in ("++", "--")


def _plain_write(module: Module, name: Name, variable: str) -> bool:
    """Tell whether a write stands in a listener, and neither restores the value nor makes it at its first use."""
    if listener_of(module, name) is None:
        return False
    for around in ancestors(name):
        if isinstance(around, If) and any(one.id == variable for one in find(around.test, Name)):
            return False
        if isinstance(around, Call) and "storage." in path_of(module, around.callee):
            return False
    parent = name.parent
    return not (isinstance(parent, Assign) and parent.value is not None and _from_storage(module, parent.value))


def _from_storage(module: Module, value: Node) -> bool:
    return any("storage." in path_of(module, call.callee) for call in find(value, Call))


def _read_elsewhere(module: Module, uses: list[Name], written: list[Name]) -> Name | None:
    """Return a read in another listener than those that write, or None."""
    writers = {id(listener_of(module, one)) for one in written}
    for one in uses:
        if one in written:
            continue
        reader = listener_of(module, one)
        if reader is not None and id(reader) not in writers:
            return one
    return None


def _kept(module: Module, variable: str) -> bool:
    """Tell whether a variable is also kept in the storage, or filled from it."""
    for call in module.calls({"set", "get", "setItem"}):
        if "storage." in path_of(module, call.callee):
            said = {one.id for argument in call.args for one in find(argument, Name)}
            texts = {one.value for argument in call.args for one in find(argument, Literal)}
            if variable in said or variable in texts:
                return True
    return False
