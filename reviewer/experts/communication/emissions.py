"""Functions by which somebody sends an event, and functions that run a command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.links import definition
from reviewer.code.syntax import Call, Function, Node, Object, Param, Return
from reviewer.code.walk import calls_in, walk
from reviewer.code.words import words
from reviewer.experts.communication.invocations import Invocation, invocations
from reviewer.experts.communication.vocabulary import (
    CALLERS,
    EVENTS,
    EXECUTES,
    PLUGINS,
    PUBLISHES,
    first_word,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_IDENTITY_TAILS: Final = frozenset({"id", "name", "key", "ref", "slug", "ident", "identity", "info"})
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


def publishers(module: Module) -> Iterator[Function]:
    """Yield the functions by which an event is sent: by name, and what they are given."""
    for function in module.functions:
        if function.signature_only or first_word(function.name) not in PUBLISHES or not function.params:
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


def helpers(module: Module, function: Function) -> Iterator[Function]:
    """Yield the functions of the subject that a function calls itself."""
    for call in calls_in(function.body):
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
