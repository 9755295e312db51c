"""LIF046: a context keeps what some registrations give back, so that it can undo them, and forgets others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import use_of
from reviewer.code.syntax import Call, Class, Expr, Function, Name, strip
from reviewer.code.tables import tables
from reviewer.code.walk import calls_in, function_of, inside, walk
from reviewer.code.words import words
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.fate import DROPPED, fates
from reviewer.experts.lifecycle.listening import LISTENS, REGISTERS
from reviewer.experts.lifecycle.values import last_word
from reviewer.experts.lifecycle.vocabulary import RELEASE_WORDS, has_word

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.tables import Table

_UNDO: Final = frozenset(
    (
        "undo undos disposables disposable subscriptions cleanup cleanups cleaners disposers offs teardown teardowns "
        "releases registrations tracked owned finalizers unsubscribers handles scope stack exits closers leases"
    ).split()
)
_VERBS: Final = (REGISTERS - {"set", "append", "prepend", "install", "add"}) | {"add_listener", "subscribe"}


@module_check("LIF046", words=_UNDO)
def registration_untracked(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak at a registration that is handed through to a service beside others that are kept to be undone."""
    if module.is_test:
        return
    for table in tables(module):
        if table.kind not in ("list", "set", "map") or not _undone(table):
            continue
        kept = [a for a in table.of("write") if a.value is not None and a.function is not None and _passes(a.function)]
        if not kept:
            continue
        home = table.owner if table.owner is not None else table.scope
        for function in _siblings(module, home):
            call = _handed_through(module, function, table)
            if call is not None and not _released_by_owner(table, call):
                yield Match(
                    call,
                    f"'{function.name}' registers with '{module.text_of(call.callee)}' and does not put what it gives "
                    f"into '{table.name}', as '{_name(kept[0].function)}' does: when the plugin ends, this one stays.",
                    related=((kept[0].node, "kept here"),),
                )


def _name(function: Function | None) -> str:
    return function.name if function is not None else ""


def _undone(table: Table) -> bool:
    """Tell whether a table holds what is to be undone: by its name, or because its items are called in a loop."""
    if not has_word(table.name, _UNDO):
        return False
    return bool(table.of("iterate", "clear", "delete")) or any(a.how == "read" for a in table.accesses)


def _siblings(module: Module, home: Class | Function | None) -> Iterator[Function]:
    if isinstance(home, Class):
        yield from (method for method in home.methods if not method.signature_only)
        return
    for function in module.functions:
        if function is not home and (home is None or inside(function, home)):
            yield function


def _passes(function: Function) -> bool:
    """Tell whether a function gives one of its parameters, a handler, to somebody else."""
    return any(_registers(call, function) for call in calls_in(function.body))


def _registers(call: Call, function: Function) -> bool:
    receiver = call.receiver
    if receiver is None or not function.params or _own(receiver):
        return False
    first = words(call.name)[:1]
    if call.name not in LISTENS and not (first and first[0] in _VERBS):
        return False
    given = {param.name for param in function.params} - {""}
    return any(_carries(arg, given) for arg in call.args)


def _own(receiver: Expr) -> bool:
    """Tell whether something is put into a list or object of the context itself, not given to a service."""
    receiver = strip(receiver)
    return isinstance(receiver, Name) and receiver.id in ("this", "super")


def _carries(arg: Expr, given: set[str]) -> bool:
    """Tell whether an argument is a handler that came as a parameter, bare or wrapped in a function."""
    arg = strip(arg)
    names = {node.id for node in walk(arg) if isinstance(node, Name)} & given
    return bool(names) and (isinstance(arg, Function) or (isinstance(arg, Name) and _is_handler(arg.id)))


def _is_handler(name: str) -> bool:
    return has_word(
        name,
        frozenset(
            "handler handle listener callback cb fn func function run execute action observer subscriber hook".split()
        ),
    )


def _handed_through(module: Module, function: Function, table: Table) -> Call | None:
    """Return a registration of a function whose result is returned or dropped, where nothing is put on the table."""
    if any(access.function is function for access in table.accesses):
        return None
    for call in calls_in(function.body, into_functions=False):
        if _registers(call, function) and function_of(call) is function:
            how = use_of(call).how
            if how in ("returned", "dropped") or fates(module, call) == [DROPPED]:
                return call
    return None


def _released_by_owner(table: Table, call: Call) -> bool:
    """Tell whether the end that goes through the table also clears the same service by itself."""
    service = last_word(call.receiver) if call.receiver is not None else ""
    for access in table.of("iterate", "clear"):
        if access.function is None:
            continue
        for other in calls_in(access.function.body):
            receiver = other.receiver
            if receiver is not None and last_word(receiver) == service and has_word(other.name, RELEASE_WORDS):
                return True
    return False
