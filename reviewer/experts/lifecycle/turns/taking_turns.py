"""Whether calls of a function take turns: a lock, a queue, a promise that later callers wait for."""

from __future__ import annotations

from typing import Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Assign,
    Call,
    Comprehension,
    For,
    Function,
    Index,
    Member,
    Name,
    Node,
    Param,
    Statement,
    With,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, function_of, inside, walk
from reviewer.experts.lifecycle.bringing.dependencies import callers, outermost
from reviewer.experts.lifecycle.vocabulary import PENDING_WORDS

_DEEPEST: Final = 3
_LOCKS: Final = (
    frozenset(
        (
            "lock locks mutex mutexes exclusive exclusively serialize serialized serialise queue enqueue acquire "
            "semaphore once critical serially synchronized coalesce dedupe inflight singleflight limiter turn turns "
            "sequential"
        ).split()
    )
    | PENDING_WORDS
)


def locked(node: Node, function: Function) -> bool:
    """Tell whether a place is under a lock, or its function speaks of one."""
    for around in ancestors(node):
        if isinstance(around, With):
            return True
        if isinstance(around, Call) and not set(words(around.name)).isdisjoint(_LOCKS):
            return True
    said = {word for n in walk(function.body) if isinstance(n, Call | Member | Name) for word in _words(n)}
    return not said.isdisjoint(_LOCKS)


def _words(node: Node) -> tuple[str, ...]:
    if isinstance(node, Call):
        return words(node.name)
    return words(node.id) if isinstance(node, Name) else words(getattr(node, "name", ""))


def called_guarded(function: Function) -> bool:
    """Tell whether the function is only reached through others that take care."""
    found = list(callers(function))
    if not found:
        return False
    if _only_in_line(function, _DEEPEST):
        return True
    private = function.private or function.name.startswith(("_", "#"))
    guarded = [call for call in found if (f := function_of(call)) is not None and locked(call, f)]
    if guarded and (private or len(guarded) == len(found)):
        return True
    if all(_kept_under_way(call) for call in found):
        return True
    return (private or function.outer is not None) and all(_for_each(call) for call in found)


def _only_in_line(function: Function, depth: int) -> bool:
    """Tell whether whoever calls a function does so in its turn: ``this.next(() => this.start(id))``."""
    found = list(callers(function))
    return bool(found) and depth > 0 and all(_in_line(call, depth) for call in found)


def _in_line(call: Call, depth: int) -> bool:
    home = outermost(call)
    for around in ancestors(call):
        handed = isinstance(around, Call) and any(
            isinstance(one, Function) and inside(call, one) for one in around.args
        )
        if isinstance(around, Call) and handed:
            line = definition(home.module, around.callee) if home is not None else None
            if isinstance(line, Function) and lines_up(line):
                return True
    return home is not None and _only_in_line(home, depth - 1)


def _kept_under_way(call: Call) -> bool:
    """Tell whether the promise of a call is put into a table at once, where the next call finds it."""
    made: Node | None = call
    while made is not None and not isinstance(made, Assign | Statement):
        if isinstance(made.parent, Call) and made.parent.name in ("set", "setdefault") and made in made.parent.args:
            return True
        made = made.parent
    if not isinstance(made, Assign):
        return False
    if isinstance(made.target, Index):
        return True
    function, name = function_of(call), getattr(made.target, "id", "")
    puts = find(function.body, Call) if function is not None and not function.asynchronous else ()
    return any(put.name == "set" and any(getattr(arg, "id", "") == name for arg in put.args) for put in puts)


def _for_each(call: Call) -> bool:
    """Tell whether a call is made once for each item of a list: ``folders.map((folder) => bring(folder))``."""
    given, around = call.arg(0), function_of(call)
    if not isinstance(given, Name) or around is None:
        return False
    for binding in around.module.scopes.lookup(given.id, given):
        if isinstance(binding, For | Comprehension):
            return True
        callback = binding.parent if isinstance(binding, Param) else None
        if isinstance(callback, Function) and isinstance(callback.parent, Call) and callback.parent.name == "map":
            return True
    return False


def lines_up(function: Function) -> bool:
    """Tell whether a function does the work it is given behind that of before: ``last.then(job)``, or under a lock."""
    given = {param.name for param in function.params}
    for call in calls_in(function.body):
        handed = any(isinstance(one := strip(arg), Name) and one.id in given for arg in call.args)
        if call.name == "then" and handed:
            return True
        run = isinstance(call.callee, Name) and call.callee.id in given
        if run and any(isinstance(around, With) or _is_then(around) for around in ancestors(call)):
            return True
    return False


def _is_then(node: Node) -> bool:
    return isinstance(node, Call) and node.name == "then"
