"""COM023: whoever asks for a command waits as long as its handler likes."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import use_of
from reviewer.code.reach.links import callee
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Call, Field, Function, Literal, Name, Node, Object, With, strip
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, class_of, find, inside, walk
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.executing import Execution, command_executions, wrapped
from reviewer.experts.communication.handler_types import maybe_async
from reviewer.experts.communication.invocations import invocations
from reviewer.experts.communication.kept_answers import kept_answers
from reviewer.experts.communication.vocabulary import DEADLINES, GRANTS, spoken
from reviewer.experts.lifecycle.hooks.hooks import hooks_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_LIMITERS: Final = frozenset({"race", "wait_for", "timeout", "timeout_at", "fail_after", "move_on_after"})
_WITHIN: Final = frozenset({"within", "timeout", "deadline"})
"""Words of a helper that waits for what it is handed no longer than some time: ``within(plugin.start(), 5_000)``."""
_HANDED: Final = frozenset({"signal", "timeout", "deadline", "timeoutMs", "timeout_ms", "cancel", "cancellation"})
_LONGEST: Final = frozenset("longest timeout deadline patience limit budget grace seconds ms max most within".split())
"""Words of a constant that says how long something may take."""


@module_check("COM023")
def command_without_deadline(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each awaited command for something that ends the waiting."""
    if module.is_test:
        return
    by_call = {id(found.call): found for found in invocations(inquiry, module)}
    seen: set[int] = set()
    for execution in chain(command_executions(inquiry, module), kept_answers(inquiry, module)):
        function = execution.function
        if id(function) in seen or not execution.asked:
            continue
        found = by_call.get(id(execution.call))
        waits = use_of(execution.call).awaited or function.asynchronous
        if not waits and (found is None or not maybe_async(inquiry, found, module)):
            continue
        seen.add(id(function))
        if _bounded(module, execution) or _own_methods(execution):
            continue
        yield Match(
            execution.at,
            f"'{function.name}' waits for '{module.text_of(execution.call.callee)[:60]}(…)' without a deadline: a "
            "handler that never answers keeps its caller, and whoever waits for that one, for ever.",
            confidence=None
            if (_distrusts(module, execution) or _knows_deadlines(inquiry, module)) and not _of_one(module, execution)
            else Confidence.POSSIBLE,
        )


def _of_one(module: Module, execution: Execution) -> bool:
    """Tell whether the object runs one plugin alone, and so nobody's handlers but that one's: it is its own process."""
    cls = class_of(execution.function)
    return cls is not None and any(
        use.kind == "start" and is_this_member(strip(use.receiver)) and class_of(use.call) is cls
        for use in hooks_of(module)
    )


def _own_methods(execution: Execution) -> bool:
    """Tell whether the table holds methods of its own class alone: what they wait for is bounded where they do."""
    table = execution.table
    value = table.declared.value if table is not None and isinstance(table.declared, Assign | Field) else None
    written = strip(value) if value is not None else None
    return (
        isinstance(written, Object)
        and bool(written.entries)
        and all(is_this_member(strip(entry)) for _key, entry in written.entries)
        and table is not None
        and not [one for one in table.of("write") if not inside(one.node, written)]
    )


def _bounded(module: Module, execution: Execution) -> bool:
    call = execution.call
    if wrapped(module, call, DEADLINES) or _hands_over(call):
        return True
    for around in ancestors(call):
        if isinstance(around, With) and any(spoken(value) & DEADLINES for value, _target in around.items):
            return True
        if isinstance(around, Function) and around is execution.function:
            break
    if any(_limits(module, other, execution) for other in calls_in(execution.function.body)):
        return True
    return any(words(p.name)[:1] in (("timeout",), ("deadline",), ("signal",)) for p in execution.function.params)


def _limits(module: Module, call: Call, execution: Execution) -> bool:
    """Tell whether a call bounds a waiting: by its name, or by what its function does with the running command."""
    if {*words(call.name), call.name.lower()} & DEADLINES - {"limit", "cancel", "seconds", "ms", "budget"}:
        return True
    target = callee(module, call)
    if target is None or not any(inner.name in _LIMITERS for inner in calls_in(target.body)):
        return False
    return _takes_over(module, call, execution.call)


def _takes_over(module: Module, call: Call, run: Call) -> bool:
    """Tell whether a call is handed the running command, or what is to be run: ``self._within(task)``.

    A helper that bounds another waiting, such as that for a gate, does nothing for the command behind it.
    """
    handler = strip(run.callee)
    for name in (name for given in (*call.args, *call.keywords.values()) for name in find(given, Name)):
        if isinstance(handler, Name) and name.id == handler.id:
            return True
        bound = module.scopes.lookup(name.id, name)
        if any(isinstance(one, Assign) and one.value is not None and inside(run, one.value) for one in bound):
            return True
    return not call.args


def _hands_over(call: Call) -> bool:
    """Tell whether the handler is given a deadline or a signal of its own."""
    if _HANDED & set(call.keywords):
        return True
    for argument in call.args:
        for node in walk(argument):
            if isinstance(node, Object) and _HANDED & set(node.keys):
                return True
            if isinstance(node, Name) and (
                node.id in _HANDED or (node.id.isupper() and _LONGEST & set(words(node.id)))
            ):
                return True
    return False


def _says_how_long(name: str) -> bool:
    return name.isupper() and bool(_LONGEST & set(words(name)))


def _distrusts(module: Module, execution: Execution) -> bool:
    """Tell whether the code asks what somebody may before it runs what another has handed in: it trusts neither."""
    return execution.shaped and not GRANTS.isdisjoint(module.words)


def _knows_deadlines(inquiry: Inquiry, module: Module) -> bool:
    """Tell whether the subject bounds other waiting: a helper, a constant, a race."""
    key = "communication.deadlines"
    known = inquiry.memory.get(key)
    if not isinstance(known, bool):
        known = any(_limits_waiting(other) for other in inquiry.project.modules() if not other.is_test)
        inquiry.memory[key] = known
    return known


def _limits_waiting(module: Module) -> bool:
    if not module.words & {"timeout", "deadline", "race", "within", "wait"}:
        return False
    if any(_is_limit(call) for call in module.calls(_LIMITERS)):
        return True
    named = {name for name in module.identifiers if set(words(name)) & _WITHIN}
    return bool(named) and any(
        isinstance(strip(arg), Call | Function) for call in module.calls(named) for arg in call.args
    )


def _is_limit(call: Call) -> bool:
    first: Node | None = call.args[0] if call.args else None
    return bool(call.args or call.keywords) and not (isinstance(first, Literal) and first.value is None)
