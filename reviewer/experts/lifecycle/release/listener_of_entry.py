"""LIF029: a host listens to its own bus for one plugin, and the end of that plugin leaves the listener there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import use_of
from reviewer.code.syntax import Assign, Call, Function, Member, Name, Object, strip
from reviewer.code.tables import tables
from reviewer.code.text.ideas import LISTEN_WORDS, LISTENS
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, function_of, inside, names_in
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.lifecycle.bringing.dependencies import outermost, with_helpers
from reviewer.experts.lifecycle.bringing.unloading import span
from reviewer.experts.lifecycle.holding.listening import OFFS

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.code.tables import Access, Table

_ENDS: Final = OFFS | {"abort", "removeAllListeners", "forget", "leave"}


@module_check("LIF029", words=LISTEN_WORDS)
def listener_of_entry(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at tables of running things for what is subscribed where one is entered, and not undone where it leaves."""
    heard = _subscriptions(module) if not module.is_test else {}
    for table in tables(module) if heard else ():
        found = _subscribed(module, table, heard) if table.kind == "map" else None
        removal = _removal(table) if found is not None else None
        if found is None or removal is None:
            continue
        function = outermost(removal.node)
        if function is None or _undoes(module, function, found):
            continue
        yield Match(
            span(module, removal.node, function.body[-1]),
            f"'{function.name}' takes one out of '{table.name}', and the listener that was added for it by "
            f"'{short(module.text_of(found.callee))}' stays: it goes on being called, and keeps what ended in memory.",
            related=((found, "added here"),),
        )


def _subscriptions(module: Module) -> dict[int, list[tuple[Call, Expr]]]:
    """Return the subscriptions that nobody keeps, with their handlers, by the function that they stand in."""
    found: dict[int, list[tuple[Call, Expr]]] = {}
    for call in module.calls(LISTENS & module.identifiers):
        handler = next((arg for arg in call.args if isinstance(strip(arg), Function)), None)
        function = outermost(call)
        if handler is None or function is None or len(call.args) != 2 or use_of(call).how != "dropped":
            continue
        if _lasts(module, function, call):
            found.setdefault(id(function), []).append((call, handler))
    return found


def _subscribed(module: Module, table: Table, heard: dict[int, list[tuple[Call, Expr]]]) -> Call | None:
    """Return a subscription on something that lasts, for what the same function enters into the table."""
    for access in table.of("write"):
        beside = heard.get(id(outermost(access.node)), [])
        if not beside or access.function is None or access.value is None or access.key is None:
            continue
        kept = _locals(module, access.function, access)
        for call, handler in beside:
            if names_in(handler) & kept:
                return call
    return None


def _locals(module: Module, function: Function, access: Access) -> set[str]:
    """Return the variables of a function that become part of an entry."""
    return {
        name
        for name in (names_in(access.value) if access.value is not None else ())
        for bound in module.scopes.lookup(name, access.node)
        if isinstance(bound, Assign) and function_of(bound) is function and not isinstance(bound.value, Object)
    }


def _lasts(module: Module, function: Function, call: Call) -> bool:
    """Tell whether what is listened to is there before and after the function: the object itself, or a part of it."""
    root: Expr | None = strip(call.receiver) if call.receiver is not None else None
    while isinstance(root, Member):
        root = strip(root.object)
    if not isinstance(root, Name):
        return False
    if root.id == "this":
        return True
    bound = module.scopes.lookup(root.id, root)
    return bool(bound) and all(isinstance(one, Assign) and not inside(one, function) for one in bound)


def _removal(table: Table) -> Access | None:
    """Return where one entry is taken out by the key that a function is given."""
    for access in table.of("delete"):
        function = outermost(access.node)
        named = (
            function is not None and access.key is not None and names_in(access.key) & {p.name for p in function.params}
        )
        if named and not any(write.function is access.function for write in table.of("write")):
            return access
    return None


def _undoes(module: Module, function: Function, found: Call) -> bool:
    """Tell whether the function that takes out ends a listening, or tells what is listened to whom it is about."""
    heard = module.text_of(found.receiver) if found.receiver is not None else ""
    given = {param.name for param in function.params}
    for one in with_helpers(function):
        for call in calls_in(one.body):
            if call.name in _ENDS - {"delete", "close", "clear", "remove"} or set(words(call.name)) & {
                "unsubscribe",
                "off",
            }:
                return True
            about = any(names_in(arg) & given for arg in call.args)
            if call.receiver is not None and module.text_of(call.receiver) == heard and about and heard != "this":
                return True
    return False
