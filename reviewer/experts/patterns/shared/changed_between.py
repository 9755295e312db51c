"""PAT100: a stored value is read, changed and written back, and nothing keeps a second change out in between."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.contexts import is_starter, is_stopper
from reviewer.code.syntax import Assign, Await, Call, Function, Name, Node, strip
from reviewer.code.walk import ancestors, calls_in, find, function_of, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import path_words
from reviewer.experts.patterns.alone import alone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_STORES: Final = frozenset(
    "storage store stores kv shelf memento vault state globalstate workspacestate settings drawer repository repo "
    "persistence cabinet locker".split()
)
_READS: Final = frozenset("get read load getItem fetch".split())
_WRITES: Final = frozenset("set put write save store setItem update".split())


@module_check("PAT100", words=_STORES)
def changed_between(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that writes back what it has made of what it read."""
    if module.is_test:
        return
    for write in module.calls(_WRITES):
        function = function_of(write)
        if function is None or len(write.args) < 2 or not function.asynchronous or not _many_times(function):
            continue
        if write.receiver is None or not path_words(write.receiver) & _STORES or alone(module, function):
            continue
        read = _read_before(module, function, write)
        if read is not None:
            yield Match(
                write,
                f"What is written under '{short(module.text_of(write.args[0]))}' was made of what '{read.name}' gave "
                "before an await: of two changes at the same time, the second one drops the first.",
                related=((read, "read here"),),
            )


def _many_times(function: Function) -> bool:
    """Tell whether a function can run a second time before it is through."""
    around: Function | None = function
    while around is not None:
        if is_starter(around.name) or is_stopper(around.name) or around.kind == "constructor":
            return around is not function
        around = around.outer
    return True


def _read_before(module: Module, function: Function, write: Call) -> Call | None:
    """Return the awaited read of the same key that the written value is made of."""
    holder, key = module.text_of(write.receiver), module.text_of(write.args[0])  # type: ignore[arg-type]  # the caller saw to it
    for read in calls_in(function.body, into_functions=False):
        if (
            read.name not in _READS
            or not read.args
            or read.receiver is None
            or read.raw.start_byte > write.raw.start_byte
        ):
            continue
        if module.text_of(read.receiver) != holder or module.text_of(read.args[0]) != key:
            continue
        kept = next((one for one in ancestors(read) if isinstance(one, Assign)), None)
        awaited = any(isinstance(one, Await) for one in _up_to(read, kept))
        if kept is None or not awaited or not isinstance(kept.target, Name):
            continue
        if _made_of(module, write.args[1], kept.target.id, 3):
            return read
    return None


def _up_to(node: Node, end: Node | None) -> Iterator[Node]:
    for around in ancestors(node):
        if around is end:
            return
        yield around


def _made_of(module: Module, value: Node, name: str, depth: int) -> bool:
    """Tell whether a value is made of a variable, through others on the way."""
    names = names_in(value)
    if name in names:
        return True
    if depth == 0:
        return False
    for one in find(value, Name):
        for bound in module.scopes.lookup(one.id, one)[:3]:
            made = bound.value if isinstance(bound, Assign) else None
            if made is not None and _made_of(module, strip(made), name, depth - 1):
                return True
    return False
