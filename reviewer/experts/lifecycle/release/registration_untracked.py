"""LIF046: a context keeps what some registrations give back, so that it can undo them, and forgets others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.flow import use_of
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Assign,
    Call,
    Class,
    Delete,
    Expr,
    Field,
    Function,
    Index,
    Member,
    Name,
    Node,
    Param,
    Unary,
    strip,
)
from reviewer.code.tables import tables
from reviewer.code.text.ideas import HANDLER, LISTENS
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, class_of, find, function_of, inside, walk
from reviewer.core.scale import Confidence
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.guests.fills import is_function
from reviewer.experts.lifecycle.holding.fate import DROPPED, fates
from reviewer.experts.lifecycle.holding.listening import REGISTERS
from reviewer.experts.lifecycle.holding.undo_lists import is_undo
from reviewer.experts.lifecycle.values import last_word
from reviewer.experts.lifecycle.vocabulary import RELEASE_WORDS, has_word

if TYPE_CHECKING:
    from reviewer.code.module import Module

_KEEPS: Final = frozenset({"push", "append", "add", "unshift", "callback", "enter_context", "defer", "use"})
_VERBS: Final = (REGISTERS - {"set", "append", "prepend", "install", "add"}) | {"add_listener", "subscribe", "connect"}
_OF_SERVICES: Final = frozenset("add set install attach insert append every schedule cron watch at after".split())
"""Verbs by which a service takes a handler, and a list an item."""


_PUTS: Final = frozenset({"set", "add", "push", "append"})
_TAKES: Final = frozenset({"delete", "remove", "discard", "pop"})


class _Kept(Struct, frozen=True):
    """A list on which a context keeps what registrations give back.

    ``home`` is the class, the function or the whole module (None) that sees it, ``call`` where something is put on it.
    """

    name: str
    home: Class | Function | None
    call: Call


@module_check("LIF046", words={"push", "append", "add", "callback", "unshift", "defer"})
def registration_untracked(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak at a registration that is handed through to a service beside others that are kept to be undone."""
    if module.is_test:
        return
    told: set[int] = set()
    for kept in (*_lists(module), *_helpers(module)):
        for function in module.functions:
            if function is kept.home or not (kept.home is None or inside(function, kept.home)):
                continue
            call = _handed_through(module, function, kept)
            if call is None or _of_its_own(module, kept, call):
                continue
            if id(call) not in told and not _released_by_owner(module, kept, call):
                told.add(id(call))
                yield Match(
                    call,
                    f"'{function.name}' registers with '{module.text_of(call.callee)}' and does not put what it gives "
                    f"into '{kept.name}', as '{_name(function_of(kept.call))}' does: when the plugin ends, this one "
                    "stays.",
                    related=((kept.call, "kept here"),),
                    confidence=Confidence.POSSIBLE if _begun_with_undo(module, kept.name) else None,
                )


def _begun_with_undo(module: Module, name: str) -> bool:
    """Tell whether a list is made with something to undo on it, which may be for any registration."""
    return any(
        isinstance(one.value, Array)
        and any(isinstance(item, Function) for item in one.value.items)
        and isinstance(one.target, Name | Member)
        and last_word(one.target) == name
        for one in module.all(Assign)
    )


def _name(function: Function | None) -> str:
    return function.name if function is not None else ""


def _lists(module: Module) -> Iterator[_Kept]:
    """Yield each list of what is to be undone once, however it came to the function that fills it."""
    known: set[tuple[str, int]] = set()
    for call in module.calls(_KEEPS):
        function = function_of(call)
        if call.receiver is None or function is None:
            continue
        home = _home(module, strip(call.receiver), call)
        if not (_passes(function) or _keeps_handler(call, function)) and (
            home is function or not _keeps_undo(module, call, function)
        ):
            continue
        name = last_word(call.receiver)
        if is_undo(module, name) and (name, id(home)) not in known and _undone(module, name, home):
            known.add((name, id(home)))
            yield _Kept(name, home, call)


def _helpers(module: Module) -> Iterator[_Kept]:
    """Yield each function that only puts what it is given on such a list, with a place that hands it a registration."""
    for put in module.calls(_KEEPS):
        helper = function_of(put)
        given = strip(put.args[0]) if put.args else None
        if helper is None or not helper.name or put.receiver is None or not isinstance(given, Name):
            continue
        if [param.name for param in helper.params] != [given.id] or not is_undo(module, last_word(put.receiver)):
            continue
        for call in module.calls((helper.name,)):
            function = function_of(call)
            if function is not None and function is not helper and _keeps_handler(call, function):
                home = _home(module, strip(put.receiver), put)
                yield _Kept(helper.name, home, call)
                break


def _home(module: Module, holder: Expr, call: Call) -> Class | Function | None:
    """Return what sees a list: the class of a field, the function that is given it or makes it."""
    if isinstance(holder, Name):
        for binding in module.scopes.lookup(holder.id, holder):
            if isinstance(binding, Param):
                return binding.parent if isinstance(binding.parent, Function) else None
            return function_of(binding) if isinstance(binding, Node) else None
    around: Function | None = function_of(call)
    while around is not None and around.owner is None and around.outer is not None:
        around = around.outer
    return class_of(call) or around


def _undone(module: Module, name: str, home: Class | Function | None) -> bool:
    """Tell whether anything but putting on happens to a list; one that was handed in is somebody else's to undo."""
    if isinstance(home, Function) and any(param.name == name for param in home.params):
        return True
    return any(
        last_word(node) == name and not (isinstance(node.parent, Member) and node.parent.name in _KEEPS)
        for kind in (Name, Member)
        for node in module.all(kind)
        if not isinstance(node.parent, Assign | Field)
    )


def _keeps_handler(keep: Call, function: Function) -> bool:
    """Tell whether what is put on a list comes from a call that takes a handler in, whatever that is called."""
    given = {param.name for param in function.params} - {""}
    inner = [strip(arg) for arg in keep.args if isinstance(strip(arg), Call)]
    return any(isinstance(made, Call) and any(_carries(arg, given) for arg in made.args) for made in inner)


def _keeps_undo(module: Module, keep: Call, function: Function) -> bool:
    """Tell whether a member that is given a function keeps another, by which what it did with that is undone."""
    kept = module.scopes.origin(strip(keep.args[0])) if len(keep.args) == 1 else None
    undoes = isinstance(kept, Call) or (isinstance(kept, Function) and not kept.params)
    if undoes and any(is_function(function, param) for param in function.params):
        return True
    return isinstance(kept, Function) and not kept.params and _takes_back(kept, function)


def _takes_back(undo: Function, function: Function) -> bool:
    """Tell whether one function takes out of a table what another is given last and has put there."""
    given = function.params[-1].name if function.params else ""
    put = [
        one.target.object
        for one in find(function.body, Assign)
        if isinstance(one.target, Index) and isinstance(one.value, Name) and one.value.id == given
    ]
    for call in calls_in(function.body, into_functions=False):
        last = strip(call.args[-1]) if call.args else None
        if call.name in _PUTS and call.receiver is not None and isinstance(last, Name) and last.id == given:
            put.append(call.receiver)
    texts = {function.module.text_of(one) for one in put}
    return any(function.module.text_of(one) in texts for one in _taken_from(undo))


def _taken_from(undo: Function) -> Iterator[Expr]:
    """Yield what a function takes something out of: ``table.delete(key)``, ``delete table[key]``."""
    yield from (one.receiver for one in calls_in(undo.body) if one.name in _TAKES and one.receiver is not None)
    gone = [one.operand for one in find(undo.body, Unary) if one.op == "delete"]
    gone += [target for one in find(undo.body, Delete) for target in one.targets]
    yield from (held.object for one in gone if isinstance(held := strip(one), Index))


def _passes(function: Function) -> bool:
    """Tell whether a function gives one of its parameters, a handler, to somebody else."""
    return any(_registers(call, function) for call in calls_in(function.body))


def _registers(call: Call, function: Function) -> bool:
    receiver = call.receiver
    if receiver is None or not function.params or _own(receiver):
        return False
    first = words(call.name)[:1]
    if call.name not in LISTENS and not (first and (first[0] in _VERBS or _serves(function.module, call, first[0]))):
        return False
    given = {param.name for param in function.params} - {""}
    if call.name in LISTENS and len(call.args) > 1 and isinstance(last := strip(call.args[-1]), Name):
        return last.id in given  # what a listening is given behind its topic is what hears it
    return any(_carries(arg, given) for arg in call.args)


def _serves(module: Module, call: Call, verb: str) -> bool:
    """Tell whether a verb that lists have, too, is called of a service: ``menus.add``, ``scheduler.every``."""
    holder = last_word(call.receiver) if call.receiver is not None else ""
    return verb in _OF_SERVICES and bool(holder) and all(table.name != holder for table in tables(module))


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
    return has_word(name, HANDLER | {"handle", "fn", "func", "function", "run", "execute", "action"})


def _handed_through(module: Module, function: Function, kept: _Kept) -> Call | None:
    """Return a registration of a function whose result is returned or dropped, where the list is not spoken of."""
    if function.signature_only or kept.name not in module.text_of(kept.call):
        return None
    registers = [c for c in calls_in(function.body, into_functions=False) if _registers(c, function)]
    if not registers or kept.name in _spoken_names(function):
        return None
    for call in registers:
        if use_of(call).how in ("returned", "dropped") or fates(module, call) == [DROPPED]:
            return call
        if _only_returned(call, function):
            return call
    return None


def _only_returned(call: Call, function: Function) -> bool:
    """Tell whether a variable takes what a call gives, and nothing is done with that but giving it back."""
    held = use_of(call).by
    target = strip(held.target) if isinstance(held, Assign) and held.value is not None else None
    if not isinstance(target, Name):
        return False
    uses = [one for one in walk(function.body) if isinstance(one, Name) and one.id == target.id and one is not target]
    return bool(uses) and all(use_of(one).how == "returned" for one in uses)


def _spoken_names(function: Function) -> set[str]:
    """Return the last names of all that a function speaks of."""
    return {last_word(node) for node in walk(function.body) if isinstance(node, Name | Member)}


def _of_its_own(module: Module, kept: _Kept, call: Call) -> bool:
    """Tell whether the class that keeps the list has made the service itself, so that both go together."""
    service = strip(call.receiver) if call.receiver is not None else None
    whose = kept.call.receiver  # one of a record is of one plugin, and goes before the service does
    if not isinstance(kept.home, Class) or whose is None or not is_this_member(strip(whose)):
        return False
    if not isinstance(service, Member) or not is_this_member(service):
        return False
    made = module.scopes.field_values(kept.home, service.name)
    return bool(made) and all(isinstance(strip(one), Call) for one in made)


def _released_by_owner(module: Module, kept: _Kept, call: Call) -> bool:
    """Tell whether an end that goes through the list also clears the same service by itself."""
    service = last_word(call.receiver) if call.receiver is not None else ""
    for other in module.all(Call):
        receiver = other.receiver
        if receiver is None or last_word(receiver) != service or not has_word(other.name, RELEASE_WORDS):
            continue
        function = function_of(other)
        if function is not None and kept.name in _spoken_names(function) and function is not function_of(kept.call):
            return True
    return False
