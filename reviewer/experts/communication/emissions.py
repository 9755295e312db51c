"""Functions by which somebody sends an event, and functions that run a command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.branches import exclusive
from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    Cast,
    Expr,
    Function,
    Index,
    Member,
    Name,
    Node,
    Object,
    Param,
    Return,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, names_in, walk
from reviewer.experts.communication.invocations import Invocation, invocations
from reviewer.experts.communication.vocabulary import (
    CALLERS,
    EVENTS,
    EXECUTES,
    HANDLERS,
    PLUGINS,
    PUBLISHES,
    first_word,
)
from reviewer.experts.paths import last_name
from reviewer.experts.security.vocabulary import AUDITS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_IDENTITY_TAILS: Final = frozenset({"id", "name", "key", "ref", "slug", "ident", "identity", "info"})
_RECORDS: Final = AUDITS | {"log", "logger", "logs", "history"}
"""What is written for people to read, and sends nothing on."""
_PUTS: Final = frozenset({"put", "put_nowait", "append", "push", "enqueue"})
_SUBJECTS: Final = EVENTS | frozenset("kind type pattern filter priority order weight once key subject".split())
"""What a handler waits for, and how: never whose it is."""
_MOST_BESIDE: Final = 2
"""Names beside a handler; of more, none says whose it is more than the others."""
_NO_FUNCTIONS: Final = frozenset("id ids name period url type kind price count time key data text".split())
"""Last words of what belongs to a handler and is called by nobody: ``callbackQueryId``."""
_KEEPS: Final = frozenset("push append add set setdefault unshift insert put prepend".split())
"""Calls that put a record into a table."""
_OUTSIDE: Final = frozenset("email emails mail mails sms smtp http https webhook webhooks".split())
"""Words of functions that send something out of the program, where no plugin hears it."""
_DATA_TYPES: Final = frozenset(
    "str bytes int float bool list List dict Dict set Set tuple Tuple Sequence Mapping Iterable string number boolean "
    "string[] number[] Array Record Map".split()
)
"""Types of parameters that hold values: a ``keyword_filter: list[str]`` is called by nobody."""
_CALLED: Final = HANDLERS | {"callable", "function", "fn"}
_NOT_CALLERS: Final = frozenset({"target", "to", "callee", "receiver", "recipient", "dest", "destination"})


def names_caller(name: str, *, plugins: bool = True) -> bool:
    """Tell whether a name says who acts: ``caller``, ``pluginId``, ``from_plugin``, ``source``."""
    split = words(name)
    if not split or set(split) & _NOT_CALLERS:
        return False
    head = tuple(word for word in split if word not in _IDENTITY_TAILS) or split
    known = CALLERS | PLUGINS if plugins else CALLERS
    return all(word in known | {"calling", "sending", "requesting", "emitting", "owning", "_"} for word in head)


def caller_params(function: Function, *, plugins: bool = True) -> list[Param]:
    """Return the parameters by which a function is told who acts."""
    return [
        param
        for param in function.params
        if names_caller(param.name, plugins=plugins)
        or (
            param.type
            and words(param.type)
            and words(param.type)[-1] in ("caller", "principal", "requester", "identity")
        )
    ]


def own_callers(module: Module) -> frozenset[str]:
    """Return what a file calls those who act: ``desk``, where handlers are kept as ``(desk, listener)``."""
    return module.once("communication.own_callers", lambda: frozenset(_beside_handlers(module)))


def _beside_handlers(module: Module) -> Iterator[str]:
    """Yield the parameters that a function keeps in one record with a handler."""
    for function in module.functions:
        handlers = {param.name for param in function.params if is_handler_param(param)}
        others = {param.name for param in function.params} - handlers
        for record in find(function.body, Array | Object | Call, into_functions=False) if handlers and others else ():  # type: ignore[arg-type]  # a union works as a kind
            if isinstance(record, Call) and not (record.new or record.name[:1].isupper()):
                continue
            held = names_in(record, into_functions=False)
            if held & handlers and _is_kept(function, record):
                yield from _who_acts(held & others)


def owners_of_handlers(module: Module) -> frozenset[str]:
    """Return what a file calls those whose handlers it keeps, also where one is the key of the other."""
    return module.once("communication.owners_of_handlers", lambda: own_callers(module) | frozenset(_keyed(module)))


def _keyed(module: Module) -> Iterator[str]:
    for function in module.functions:
        handlers = {param.name for param in function.params if is_handler_param(param)}
        others = {param.name for param in function.params} - handlers
        for put in find(function.body, Assign | Call, into_functions=False) if handlers and others else ():  # type: ignore[arg-type]  # a union works as a kind
            key, value = _put_under(put)
            if {key, value} & handlers:
                yield from _who_acts({key, value} & others)


def _put_under(put: Assign | Call) -> tuple[str, str]:
    """Return the names of what goes into a table under what: ``listeners[listener] = kit``, ``set(listener, kit)``."""
    target = put.target if isinstance(put, Assign) else None
    key = target.key if isinstance(target, Index) else None
    value = put.value if isinstance(put, Assign) else None
    if isinstance(put, Call) and put.name == "set" and len(put.args) == 2:
        key, value = put.args
    names = [strip(one) if one is not None else None for one in (key, value)]
    first, second = (one.id if isinstance(one, Name) else "" for one in names)
    return (first, second) if first and second else ("", "")


def _is_kept(function: Function, record: Node, *, named: bool = False) -> bool:
    """Tell whether a record goes into a table or a field, and is not sent to somebody at once."""
    inner, around = record, record.parent
    if isinstance(around, Assign) and isinstance(around.target, Name) and not named:
        name = around.target.id
        return any(_is_kept(function, one, named=True) for one in find(function.body, Name) if one.id == name)
    while isinstance(around, Array | Object | Cast):
        inner, around = around, around.parent
    if isinstance(around, Assign):
        return around.value is inner and isinstance(around.target, Member | Index)
    return isinstance(around, Call) and around.name in _KEEPS and inner is not around.callee


def _who_acts(kept: set[str]) -> set[str]:
    """Return those of the names beside a handler that can say whose it is, and not what it waits for."""
    known = {name for name in kept if names_caller(name)}
    others = {name for name in kept if _SUBJECTS.isdisjoint(words(name))}
    return known or (others if len(others) <= _MOST_BESIDE else set())


def is_handler_param(param: Param) -> bool:
    """Tell whether a parameter takes what is called when something happens, and is declared as nothing else."""
    declared = param.type.strip("'\"").removeprefix("Optional[")
    if declared.split("[")[0].split("<")[0].split(" ")[0] in _DATA_TYPES:
        return "=>" in param.type or not _CALLED.isdisjoint(words(param.type))
    said = words(param.name)
    called = bool(set(said) & (HANDLERS | {"fn"})) and said[-1] not in _NO_FUNCTIONS
    return called or param.type.startswith("Callable") or "=>" in param.type


def _puts_in_line(function: Function) -> bool:
    """Tell whether a method of a class that keeps handlers puts a record in line, whatever the method is called."""
    owner = function.owner
    if owner is None or function.kind != "method" or any(map(is_handler_param, function.params)):
        return False
    if not any(is_handler_param(param) for method in owner.methods for param in method.params):
        return False
    called = {call.name for method in owner.methods for call in calls_in(method.body) if call.receiver is not None}
    if any(param.name in called for param in function.params):
        return False  # ``place(driver, step)``, of which another method calls each ``placed.step(…)``
    return any(
        call.name in _PUTS
        and isinstance(strip(call.args[0]), Object | Call)
        and call.receiver is not None
        and is_this_member(strip(call.receiver))
        and _RECORDS.isdisjoint(words(last_name(call.receiver)))
        for call in find(function.body, Call, into_functions=False)
        if call.args
    )


def is_port_of_line(function: Function) -> bool:
    """Tell whether a function that another makes for somebody puts a record in line, beside one that keeps handlers.

    ``def port_of(tool): def write(heading, text): line.put_nowait({...})``: what it is called says nothing.
    """
    maker, module = function.outer, function.module
    if maker is None or not maker.params or not function.params or any(map(is_handler_param, function.params)):
        return False
    if not any(one is not function and any(map(is_handler_param, one.params)) for one in module.functions):
        return False
    return any(
        call.name in _PUTS
        and isinstance(strip(call.receiver), Name | Member)
        and _RECORDS.isdisjoint(words(last_name(call.receiver)))
        and _is_record(function, call.args[0])
        for call in find(function.body, Call, into_functions=False)
        if call.args and call.receiver is not None
    )


def _is_record(function: Function, given: Expr) -> bool:
    """Tell whether what is put in line was made for it here, at the place or just before."""
    made = function.module.scopes.origin(strip(given))
    return isinstance(made, Object) or (isinstance(made, Binary) and isinstance(strip(made.left), Object))


def speaks_beside_hearing(function: Function) -> bool:
    """Tell whether a function is a member beside one that takes a handler in, and takes none itself.

    Such are the two ends of a bus, whatever they are called: ``hear(subject, ear)`` and ``from_guest(subject, data)``.
    """
    if function.signature_only or not function.params or function.kind == "constructor":
        return False
    if any(map(is_handler_param, function.params)):
        return False
    return any(one is not function and any(map(is_handler_param, one.params)) for one in _beside(function))


def _beside(function: Function) -> list[Function]:
    """Return the members of the object, or the methods of the class, that a function stands in."""
    if isinstance(function.parent, Object):
        return [one for _key, value in function.parent.entries if isinstance(one := strip(value), Function)]
    return list(function.owner.methods) if function.owner is not None and function.kind == "method" else []


def publishers(module: Module) -> Iterator[Function]:
    """Yield the functions by which an event is sent: by name, and what they are given."""
    for function in module.functions:
        if function.signature_only or not function.params or not _OUTSIDE.isdisjoint(words(function.name)):
            continue
        if first_word(function.name) not in PUBLISHES:
            if _puts_in_line(function):
                yield function
            continue
        said = {w for p in function.params for w in (*words(p.name), *words(p.type))}
        around = set(words(function.owner.name)) if function.owner is not None else set()
        around |= {w for outer in _outers(function) for w in words(outer.name)} | set(words(function.name))
        if said & (EVENTS | {"payload", "data", "body", "detail"}) or around & EVENTS:
            yield function


def _outers(function: Function) -> Iterator[Function]:
    outer = function.outer
    while outer is not None:
        yield outer
        outer = outer.outer


def executions(inquiry: Inquiry, module: Module) -> Iterator[Invocation]:
    """Yield the calls of one handler that was looked up by name, in functions that run commands."""
    for found in invocations(inquiry, module):
        if found.loop is None and found.source.looked_up and found.function is not None:
            yield found


def named_function(function: Function | None) -> Function | None:
    """Return the nearest function around that has a name of its own and is no callback."""
    while function is not None:
        if function.name and not isinstance(function.parent, Call):
            return function
        function = function.outer
    return None


def runs_command(function: Function) -> bool:
    """Tell whether a function by its name runs something that was asked for by name."""
    return first_word(function.name) in EXECUTES


def helpers(module: Module, function: Function, at: Node | None = None) -> Iterator[Function]:
    """Yield the functions of the subject that a function calls itself; not those on the other way than a node is on."""
    for call in calls_in(function.body):
        if at is not None and exclusive(call, at):
            continue
        target = definition(module, call.callee)
        if isinstance(target, Function) and target is not function:
            yield target


def records(function: Function) -> Iterator[Object]:
    """Yield the object literals of a function: the messages that it makes."""
    for node in walk(function.body):
        if isinstance(node, Object) and node.entries:
            yield node


def is_public(function: Function) -> bool:
    """Tell whether others than the class itself can call a function."""
    return not function.private and not function.name.startswith(("_", "#"))


def made_by(function: Function) -> Iterator[Node]:
    """Yield what a function returns, of the function itself."""
    for node in walk(function.body, into_functions=False):
        if isinstance(node, Return) and node.value is not None:
            yield node.value
