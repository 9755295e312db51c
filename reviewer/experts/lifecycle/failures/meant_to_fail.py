"""Failures of one plugin that end a loop because the host wants them to, and promises whose failure ends none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import in_handler
from reviewer.code.reach.links import definition, is_async
from reviewer.code.syntax import Assign, Await, Call, Expr, Function, Handler, Index, Member, Name, Throw, Try, strip
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, function_of, names_in
from reviewer.experts.lifecycle.bringing.loading import loads
from reviewer.experts.lifecycle.hooks.doors import ways
from reviewer.experts.lifecycle.values import root_name, value_class
from reviewer.experts.lifecycle.vocabulary import starts, stops
from reviewer.experts.paths import word_set
from reviewer.experts.patterns.vocabulary import spelled

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import For, Node

_JOINS: Final = frozenset({"all", "allSettled", "gather", "wait"})
_PUTS: Final = frozenset({"push", "append", "add"})
_SETTINGS: Final = word_set("settings config configuration conf cfg cv")
_BRINGS: Final = word_set("load reload import require register install setup init initialize add boot discover use")
"""Words of a function that brings a plugin in."""
_PLACES: Final = frozenset({"__path__", "__file__", "__spec__", "__version__", "__name__"})
"""What a module says of itself, whatever is in it."""
_NOTES: Final = frozenset("add discard remove pop append set get has update setdefault push delete dict".split())
"""Calls that only write something down, or look it up."""
_ENDS: Final = frozenset({"exit", "abort", "fatal", "fatalError", "fatal_error", "die"})
"""Calls after which there is no host any more."""


def is_meant(module: Module, call: Call, loop: For) -> bool:
    """Tell whether a host says itself that one that does not start ends the start of all.

    It throws on what it catches of each, refuses one of them in the same loop, or goes by settings of its own.
    """
    return decides(call, loop) or _refuses(loop) or _of_settings(module, loop)


def decides(call: Call, loop: For) -> bool:
    """Tell whether what one throws is caught in the turn of the loop, and thrown on or answered by ending the host."""
    inner: Node = call
    for around in ancestors(call):
        if isinstance(around, Try) and any(inner is step for step in around.body) and any(map(_ends, around.handlers)):
            return True
        if around is loop:
            return False
        inner = around
    return False


def _ends(handler: Handler) -> bool:
    return any(isinstance(step, Throw) for step in find(handler.body, Throw)) or any(
        call.name in _ENDS for call in calls_in(handler.body)
    )


def _refuses(loop: For) -> bool:
    """Tell whether the loop itself throws about one of those that it goes through."""
    if any(in_handler(one) is None for one in find(loop.body, Throw, into_functions=False)):
        return True
    return any(call.name in _ENDS for call in calls_in(loop.body, into_functions=False))


def _of_settings(module: Module, loop: For) -> bool:
    """Tell whether the loop goes over what the settings of the whole program name: ``settings.SPAM_FILTERS``."""
    over = strip(loop.iterable) if loop.iterable is not None else None
    if isinstance(over, Name):
        origin = module.scopes.origin(over)
        over = strip(origin) if isinstance(origin, Expr) else over
    while isinstance(over, Call) and over.name in ("items", "values", "keys", "entries") and over.receiver is not None:
        over = strip(over.receiver)
    if isinstance(over, Member):
        return bool(set(spelled(root_name(over))) & _SETTINGS) and over.name.isupper()
    first = strip(over.args[0]) if isinstance(over, Call) and over.args else None
    said = str(getattr(first, "value", ""))
    return isinstance(over, Call) and bool(set(spelled(over.name)) & _SETTINGS) and said.isupper()


def put_aside(module: Module, call: Call, loop: For) -> bool:
    """Tell whether a promise is only put on a list here, that somebody waits for when the loop is through."""
    around = call.parent
    chained = False
    while isinstance(around, Member) or (isinstance(around, Call) and around.name in ("then", "catch", "finally")):
        chained = chained or isinstance(around, Call)
        around = around.parent
    if not isinstance(around, Call) or around.name not in _PUTS or around.receiver is None:
        return False
    if any(isinstance(one, Await) for one in (call.parent, around.parent)):
        return False
    listed, function = root_name(around.receiver), function_of(loop)
    if chained or is_async(module, call) is True or function is None:
        return True
    joined = (one for one in calls_in(function.body) if one.name in _JOINS)
    return any(listed in names_in(arg) for one in joined for arg in one.args)


def moves_on(call: Call) -> bool:
    """Tell whether a call only gives the next of what it is called on: ``part = part.rest()``."""
    made = call.parent
    held = strip(call.receiver) if call.receiver is not None else None
    return isinstance(made, Assign) and isinstance(held, Name) and names_in(made.target) == {held.id}


def takes_own_place(call: Call, loop: For) -> bool:
    """Tell whether what is loaded stands in for its own name in what is gone through: ``all[key] = require(all[key])``.

    So a text that names a file is read as what stands in that file; plugins are kept somewhere.
    """
    made = call.parent
    if not isinstance(made, Assign) or loop.iterable is None or loop.target is None:
        return False
    target = strip(made.target)
    return (
        isinstance(target, Index)
        and isinstance(strip(target.object), Name)
        and names_in(target.object) <= names_in(loop.iterable)
        and bool(names_in(target.key) & names_in(loop.target))
    )


def of_settings(module: Module, call: Call) -> bool:
    """Tell whether what is called is a function of the file that is about a setting: ``loadConfig(file)``."""
    last = spelled(call.name)
    return definition(module, call.callee) is not None and bool(set(last) & {"config", "configuration", "settings"})


def finds_out(module: Module, call: Call) -> bool:
    """Tell whether code is only brought in on the way to an answer: ``resolve_class(name)``, ``open_table(kind)``.

    Whoever needs the answer can't go on without it.
    """
    target = definition(module, call.callee)
    if not isinstance(target, Function) or loads(module, call) or ways(module, target):
        return False
    said = words(call.name)
    return not any(word in _BRINGS or starts(word) or stops(word) for word in said)


def asks_only_where(module: Module, call: Call) -> bool:
    """Tell whether a module is imported only to learn where it lies: ``import_module(name).__path__``."""
    made = call.parent
    if isinstance(made, Member):
        return made.name in _PLACES
    function = function_of(call)
    if not isinstance(made, Assign) or not isinstance(made.target, Name) or function is None:
        return False
    reads = [one for one in find(function.body, Name) if one.id == made.target.id and one is not made.target]
    return bool(reads) and all(isinstance(one.parent, Member) and one.parent.name in _PLACES for one in reads)


def only_notes(module: Module, call: Call) -> bool:
    """Tell whether what is called only writes something down, which can't fail: ``features.enable(key)``."""
    target: object = definition(module, call.callee)
    if target is None and call.receiver is not None and (kept := value_class(module, call.receiver)) is not None:
        target = kept.method(call.name)
    if not isinstance(target, Function) or target.asynchronous or not target.body or target.signature_only:
        return False
    steps = list(calls_in(target.body))
    return all(step.name in _NOTES or step.name[:1].isupper() for step in steps) and not any(find(target.body, Throw))
