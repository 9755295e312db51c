"""COM520: the way back of one subscription takes out those of everybody under the same name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.syntax import (
    Array,
    Assign,
    Call,
    Delete,
    Expr,
    Function,
    Index,
    Name,
    Node,
    Object,
    Unary,
    strip,
)
from reviewer.code.text.ideas import LISTENS
from reviewer.code.text.words import words
from reviewer.code.walk import find, names_in, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_ADDS: Final = frozenset({"add", "push", "append", "appendleft", "unshift"})
_TAKES: Final = frozenset({"delete", "pop"})
_FETCHES: Final = frozenset({"get", "setdefault"})
_ALL_OFF: Final = frozenset({"removeAllListeners", "remove_all_listeners", "$off", "off_all", "offAll"})
_LEAVES: Final = word_set("off un unsubscribe unlisten unregister remove detach disconnect drop leave cancel")
"""First words of a function by which one of those who listen leaves."""
_MANY: Final = word_set("all every everyone everything each")


@module_check(
    "COM520", words={"add", "push", "append", "appendleft", "unshift", "on", "listen", "subscribe", "observe"}
)
def way_back_for_all(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that undoes what one caller put in, for one that empties the whole place."""
    if module.is_test:
        return
    shared = _shared_places(module)
    for function in module.functions:
        if function.outer is not None and function.outer.params:
            yield from _way_back(module, function, function.outer)
        leaves = bool(set(words(function.name)[:1]) & _LEAVES) or _undoes_another(module, function)
        if leaves and len(function.params) > 1:
            yield from _leave(module, function, shared)


def _undoes_another(module: Module, function: Function) -> bool:
    """Tell whether a function is called after another one of the file that it undoes: ``untap`` after ``tap``."""
    done = function.name.lstrip("_#").lower().removeprefix("un").lstrip("_")
    return done != function.name.lower() and any(one.name.lstrip("_#").lower() == done for one in module.functions)


def _way_back(module: Module, back: Function, adds: Function) -> Iterator[Match]:
    """Yield where the function that another one makes takes out more than that one put in."""
    added = next(_added(module, adds), None)
    if added is None:
        return
    call, holder, key = added
    own = {name for arg in (*call.args[-1:],) for name in names_in(arg)}
    if own & names_in(back.body):
        return
    for node in _emptied(module, back, holder, key):
        yield Match(
            node,
            f"This is the way back of one that was put in under '{key}', and it takes out everything there: what "
            "others put in under the same name is gone with it.",
            related=((call, "one of them is put in here"),),
        )
        return


def _leave(module: Module, function: Function, shared: set[str]) -> Iterator[Match]:
    """Yield where a function is told which one leaves, never reads that, and takes out all under the name."""
    key, leaver = function.params[0].name, function.params[1].name
    said = set(words(function.name))
    if not key or not leaver or leaver.startswith("_") or said & _MANY or leaver in names_in(function.body):
        return
    for holder in shared:
        for node in _emptied(module, function, holder, key):
            yield Match(
                node,
                f"'{function.name}' is told which '{leaver}' leaves and never reads it: everything under '{key}' is "
                "taken out, what others put in as well.",
            )
            return


def _added(module: Module, function: Function) -> Iterator[tuple[Call, str, str]]:
    """Yield the calls that put one thing among others under a key, with the text of the holder and of the key."""
    params = {param.name for param in function.params}
    for call in find(function.body, Call, into_functions=False):
        if call.receiver is None or not call.args:
            continue
        key = strip(call.args[0])
        if call.name in LISTENS and len(call.args) == 2 and isinstance(key, Name) and key.id in params:
            yield call, module.text_of(call.receiver), key.id
        elif call.name in _ADDS:
            yield from ((call, *place) for place in _places(module, call.receiver) if place[1] in params)


def _places(module: Module, bucket: Expr) -> Iterator[tuple[str, str]]:
    """Yield (holder, key) where a collection is what a table holds under a key: ``this.heard.get(topic)``."""
    made = strip(bucket)
    bound = module.scopes.lookup(made.id, made) if isinstance(made, Name) else []
    given = [one.value for one in bound if isinstance(one, Assign) and one.value is not None]
    for value in given or [made]:
        for node in walk(value):
            if isinstance(node, Index) and isinstance(strip(node.key), Name):
                yield module.text_of(node.object), module.text_of(node.key)
            elif (
                isinstance(node, Call)
                and node.name in ("get", "setdefault")
                and node.receiver is not None
                and node.args
            ):
                yield module.text_of(node.receiver), module.text_of(node.args[0])


def _shared_places(module: Module) -> set[str]:
    """Return the texts of the tables of a module that hold several things under one key."""
    return {
        holder
        for call in module.calls(_ADDS & module.identifiers)
        if call.receiver is not None
        for holder, _key in _places(module, call.receiver)
    }


def _emptied(module: Module, function: Function, holder: str, key: str) -> Iterator[Node]:
    """Yield where all under a key is taken out without a question asked before."""
    for node in walk(function.body, into_functions=False):
        if _empties(module, node, holder, key) and not conditions(node):
            yield node


def _empties(module: Module, node: Node, holder: str, key: str) -> bool:
    if isinstance(node, Call) and node.receiver is not None:
        of, first = module.text_of(node.receiver), module.text_of(node.args[0]) if node.args else ""
        if node.name in _TAKES or node.name in _ALL_OFF:
            return of == holder and first == key
        if node.name == "clear":
            return (holder, key) in set(_places(module, node.receiver))
        emptied = node.name == "set" and len(node.args) == 2 and _is_empty(node.args[1])
        return emptied and of == holder and first == key
    targets: list[Expr] = []
    if isinstance(node, Delete):
        targets = list(node.targets)
    elif isinstance(node, Unary) and node.op == "delete":
        targets = [node.operand]
    elif isinstance(node, Assign) and node.value is not None and _is_empty(node.value):
        targets = [node.target]
    return any(
        isinstance(one, Index) and module.text_of(one.object) == holder and module.text_of(one.key) == key
        for one in map(strip, targets)
    )


def _is_empty(value: Expr) -> bool:
    made = strip(value)
    if isinstance(made, Array):
        return not made.items
    if isinstance(made, Object):
        return not made.entries
    return isinstance(made, Call) and made.name in ("Set", "Map", "set", "list", "dict") and not made.args
