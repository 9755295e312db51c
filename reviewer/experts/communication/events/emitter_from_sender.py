"""COM006: an event says that it comes from whom its sender names."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from reviewer.code.contexts import is_starter
from reviewer.code.flow import conditions
from reviewer.code.reach.links import definition, named_type
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Class,
    Expr,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Return,
    strip,
)
from reviewer.code.text.ideas import PLAIN_GUESTS, REGISTERING
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, function_of, walk
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.emissions import (
    caller_params,
    is_port_of_line,
    is_public,
    own_callers,
    publishers,
    speaks_beside_hearing,
)
from reviewer.experts.communication.events.event_forwarded import forwarded_events
from reviewer.experts.communication.events.stamps import (
    STAMPS,
    is_stamp,
    overwritten,
    preferred,
    taken_apart,
)
from reviewer.experts.communication.executing import command_executions
from reviewer.experts.communication.vocabulary import EVENTS, HANDLERS, PUBLISHES
from reviewer.experts.lifecycle.hooks.hooks import hooks_of
from reviewer.experts.paths import last_name, path_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Param
    from reviewer.experts.check import Inquiry


_HANDED = frozenset({"context", "ctx", "api", "facade", "surface"})
"""Parts of the names of classes whose instances plugins hold."""


@module_check("COM006", words=PUBLISHES | HANDLERS | {"put", "queue", "append"})
def emitter_from_sender(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that sends an event for who says where it comes from."""
    if module.is_test or inquiry.subject.kind == "plugin":
        return  # nobody else sends through what a plugin keeps to itself
    runs = {id(found.function) for found in command_executions(inquiry, module)}
    named = list(publishers(module))
    for function in named:
        if id(function) in runs or _takes_in(function):
            continue  # a command that is asked for: whoever asks is told by the host
        found = _taken_as_argument(inquiry, module, function) if is_public(function) else None
        found = found or overwritten(module, function) or preferred(module, function)
        if found is None and is_public(function):
            found = _taken_whole(inquiry, module, function) or _taken_apart(inquiry, module, function)
        if found is not None:
            yield found
    yield from _beside_hearing(inquiry, module, runs | {id(one) for one in named})
    for event, stamp, known in forwarded_events(module):
        yield Match(
            event,
            f"The event goes on as the plugin made it, with its '{stamp}': '{known}' says for whom this port was made, "
            "and nobody writes it on the event.",
        )


def _beside_hearing(inquiry: Inquiry, module: Module, known: set[int]) -> Iterator[Match]:
    """Look at the other end of each bus that handlers are given to, where its name says nothing of sending."""
    for function in module.functions:
        beside = speaks_beside_hearing(function) or is_port_of_line(function)
        if beside and id(function) not in known and is_public(function) and not _takes_in(function):
            registers = not REGISTERING.isdisjoint(words(function.name)[:1])  # takes somebody in, and tells nobody
            found = None if registers else overwritten(module, function)
            if found is not None and isinstance(found.at, Node) and _is_answered(found.at):
                found = None
            found = found or preferred(module, function) or _taken_apart(inquiry, module, function)
            if found is not None:
                yield found


def _is_answered(record: Node) -> bool:
    """Tell whether a record goes back to whoever asked for it, and so is told to nobody."""
    return any(isinstance(around, Return) for around in takewhile(_within, ancestors(record)))


def _within(around: Node) -> bool:
    return not isinstance(around, Function)


def _taken_apart(inquiry: Inquiry, module: Module, function: Function) -> Match | None:
    """Find a stamp that is taken out of what comes in, where no caller in the subject writes it."""
    found = taken_apart(module, function)
    return found if found is not None and not stamped_by_callers(inquiry, function) else None


def _takes_in(function: Function) -> bool:
    """Tell whether a function takes a plugin in, and sends nothing in its name: ``addPlugin(plugin, options)``."""
    said = words(function.name)
    if said[:1] in (("init",), ("load",), ("setup",)):
        return True
    return said[:1] in (("add",), ("register",), ("install",), ("use",)) and not PLAIN_GUESTS.isdisjoint(said)


def _taken_whole(inquiry: Inquiry, module: Module, function: Function) -> Match | None:
    """Find a public ``publish(event)`` that takes the whole event, its sender included, from whoever calls it."""
    for param in function.params:
        shape = named_type(module, param.type) if param.type else None
        stamp = next((f.name for f in shape.fields if "".join(words(f.name)) in STAMPS), "") if shape else ""
        if not set(words(param.type)) & (EVENTS - {"signal", "signals"}) or (
            function.owner is None and not function.outer
        ):
            continue
        handed = function.owner is not None and bool(set(words(function.owner.name)) & _HANDED)
        if not stamp or _writes(function, stamp) or (not handed and stamped_by_callers(inquiry, function)):
            continue
        return Match(
            param,
            f"'{function.name}' takes the event with its '{stamp}' from its caller as it is: any plugin that holds the "
            "bus can send in the name of another.",
            confidence=None if handed else Confidence.POSSIBLE,
        )
    return None


def _writes(function: Function, stamp: str) -> bool:
    """Tell whether a function writes or compares the sender itself."""
    for node in walk(function.body):
        if isinstance(node, Object) and any(is_stamp(key) for key, _value in node.entries):
            return True
        if isinstance(node, Member) and node.name == stamp and isinstance(node.parent, Assign | Binary):
            return True
    return False


def stamped_by_callers(inquiry: Inquiry, function: Function) -> bool:
    """Tell whether a caller in the subject makes the event, and so writes the sender."""
    name = function.name
    return any(inquiry.project.answers(f"stamps {name}", lambda other: _stamps(other, name), naming={name}))


def _stamps(module: Module, name: str) -> bool:
    """Tell whether a file makes the event that it calls a function of this name with."""
    for call in module.calls((name,)):
        if any(isinstance(n, Object) and any(is_stamp(k) for k, _v in n.entries) for n in walk(call.args)):
            return True
        if any(isinstance(strip(argument), Call) for argument in call.args):
            return True
    return False


def _taken_as_argument(inquiry: Inquiry, module: Module, function: Function) -> Match | None:
    """Find a parameter of a public ``publish`` that says who sends, with nothing that ties it to the caller."""
    if len(function.params) < 2 or (function.outer is not None and function.owner is None):
        return None
    params = caller_params(function) or [p for p in function.params if p.name in own_callers(module)]
    topics = [p for p in function.params if p not in params]
    if not params or not topics or not _stamped(function, params[0]):
        return None
    if _verified(function, params[0]) or _bound_elsewhere(inquiry, module, function, params[0]):
        return None
    return Match(
        params[0] if params[0].raw is not None else function,
        f"'{function.name}' is told by its caller who sends the event ('{params[0].name}'): any plugin that holds "
        "the bus can send in the name of another.",
        confidence=Confidence.POSSIBLE
        if _starts_plugins(module, function) or _kept_by_host(inquiry, function)
        else None,
    )


def _starts_plugins(module: Module, function: Function) -> bool:
    """Tell whether a function is the host's own: its class starts plugins, and hands none of them itself or this."""
    owner = function.owner
    if owner is None or not any(use.frame is not None and use.frame.owner is owner for use in hooks_of(module)):
        return False
    itself = any(
        node.id == "this" and not (isinstance(node.parent, Member) and node.parent.object is node)
        for node in find(owner.methods, Name)
    )
    return not itself and all(
        isinstance(node.parent, Call) and node.parent.callee is node
        for node in find(owner.methods, Member)
        if node.name == function.name
    )


def _kept_by_host(inquiry: Inquiry, function: Function) -> bool:
    """Tell whether the host itself calls the function, and nothing hands what it belongs to on to a plugin."""
    name, own = function.name, _place(function.owner)
    called = inquiry.project.answers(f"holders of {name}", lambda other: _holders(other, name), {name}, tests=False)
    holders = {holder for found in called for holder, owner in found if owner != own}
    return bool(holders) and not any(_is_handed_on(inquiry, holder) for holder in holders)


def _holders(module: Module, name: str) -> frozenset[tuple[str, tuple[str, int] | None]]:
    """Return what a file calls a function of this name on, each with the place of the class that does so."""
    found = set()
    for call in module.calls((name,)):
        around = function_of(call)
        if call.receiver is not None and around is not None:
            found.add((last_name(call.receiver).lstrip("#_"), _place(around.owner)))
    return frozenset(found)


def _place(owner: Class | None) -> tuple[str, int] | None:
    return (owner.module.path, owner.raw.start_byte) if owner is not None else None


def _is_handed_on(inquiry: Inquiry, name: str) -> bool:
    asked = f"hands on {name}"
    return any(inquiry.project.answers(asked, lambda other: _hands_on(other, name), naming={name}, tests=False))


def _hands_on(module: Module, name: str) -> bool:
    """Tell whether a file puts something of this name within reach of a plugin: into its context, or its view."""
    for node in module.all(Assign):
        value = node.value
        if isinstance(node.target, Member) and not node.target.name.startswith(("_", "#")):
            taken = isinstance(value, Member) and value.name.lstrip("_#") == name
            if taken and isinstance(value, Member) and isinstance(value.object, Name) and value.object.id != "this":
                return True
    for made in module.all(Object):
        if any(last_name(value).lstrip("#_") == name for _key, value in made.entries):
            return True
    return any(
        last_name(one).lstrip("#_") == name
        for call in module.all(Call)
        if is_starter(call.name) or set(words(call.name)) & (_HANDED | {"desk", "port", "services"})
        for one in (*call.args, *call.keywords.values())
    )


def _stamped(function: Function, param: Param) -> bool:
    """Tell whether a parameter becomes part of what is sent."""
    for node in walk(function.body):
        if isinstance(node, Name) and node.id == param.name:
            around = node.parent
            if isinstance(around, Object):
                return True
            if isinstance(around, Call) and node is not around.callee and _makes_record(around):
                return True
            if isinstance(around, Assign) and isinstance(around.target, Member | Index) and around.value is node:
                return True
    return False


def _makes_record(call: Call) -> bool:
    if call.new or call.name in ("dict", "push", "append", "put", "put_nowait", "enqueue"):
        return True
    if call.name[:1].isupper():
        return True
    return bool(
        set(words(call.name)) & (EVENTS | {"handler", "listener", "callback", "fn", "cb", "deliver", "h", "dispatch"})
    )


def _verified(function: Function, param: Param) -> bool:
    """Tell whether the function compares the parameter with something, or hands it to a check."""
    for node in walk(function.body):
        if isinstance(node, Name) and node.id == param.name:
            around = node.parent
            if isinstance(around, Binary) and around.op in ("==", "!=", "in", "not in"):
                other = around.right if around.left is node else around.left
                if not isinstance(strip(other), Literal) and not _is_recipient(node):
                    return True
            if isinstance(around, Call) and node is not around.callee:
                said = set(words(around.name))
                if said & {
                    "verify",
                    "authenticate",
                    "assert",
                    "check",
                    "token",
                    "authorize",
                    "authorise",
                    "identify",
                    "require",
                }:
                    return True
    return False


def _is_recipient(node: Node) -> bool:
    """Tell whether a comparison only keeps an event from its own sender."""
    function = function_of(node)
    return function is not None and any("self" in path_words(c.test) for c in conditions(node))


def _bound_elsewhere(inquiry: Inquiry, module: Module, function: Function, param: Param) -> bool:
    """Tell whether a facade of the subject calls the function with an identity that it was itself bound to."""
    name, position = function.name, function.params.index(param)
    itself = (module.path, function.raw.start_byte)
    found = inquiry.project.answers(
        f"binds {name} {position} {param.name}",
        lambda other: _binders(other, name, position, param.name),
        naming={name},
    )
    return any(not binders <= {itself} for binders in found)


def _binders(module: Module, name: str, position: int, keyword: str) -> frozenset[tuple[str, int]]:
    """Return the places of the functions of a file that call one of this name with an identity of their own."""
    found = {(module.path, -1)} if _is_prepared(module, name, position) else set()
    for call in module.calls((name,)):
        around = function_of(call)
        if around is None or (definition(module, call.callee) is None and call.receiver is None):
            continue
        given = call.arg(position, keyword)
        if given is None or isinstance(strip(given), Literal):
            continue
        own = {p.name for p in around.params} | {n for p in around.params for n in p.fields.values()}
        base = _base(given)
        forwards = any(isinstance(n, Name) and n.id in own for a in call.args for n in walk(a))
        if base and base not in own and forwards:
            found.add((module.path, around.raw.start_byte))
    return frozenset(found)


def _is_prepared(module: Module, function: str, position: int) -> bool:
    """Tell whether the identity is put in before the function is handed on: ``partial(bus.publish, plugin_id)``."""
    for call in module.calls({"partial", "bind"}):
        if call.name == "bind":
            prepared, given = call.receiver, call.args[1:]
        else:
            prepared, given = (call.args[0] if call.args else None), call.args[1:]
        known = given[position] if position < len(given) else None
        if last_name(prepared) == function and known is not None and not isinstance(strip(known), Literal):
            return True
    return False


def _base(expr: Expr) -> str:
    expr = strip(expr)
    while isinstance(expr, Member | Index):
        expr = strip(expr.object)
    return expr.id if isinstance(expr, Name) else ""
