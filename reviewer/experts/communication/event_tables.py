"""Which tables hold handlers of events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.contexts import is_stopper
from reviewer.code.flow import use_of
from reviewer.code.syntax import (
    Array,
    Assign,
    Await,
    Binary,
    Call,
    Comprehension,
    Expr,
    For,
    Function,
    If,
    Jump,
    Member,
    Name,
    Node,
    Param,
    Return,
    Spread,
    Throw,
    is_nothing,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, function_of, names_in, walk
from reviewer.experts.communication.isolation import chained, handed_to, isolated
from reviewer.experts.communication.kept_functions import handed_in_members, kept_as_they_come
from reviewer.experts.communication.vocabulary import (
    CLEANUPS,
    EMITS,
    EVENTS,
    HANDLERS,
    first_word,
)
from reviewer.experts.paths import last_name, name_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewer.experts.communication.invocations import Invocation

REFUSING: Final = frozenset(
    "validate validator validators check guard guards middleware middlewares interceptor interceptors authorize auth "
    "migrate migration migrations reducer reducers reduce step steps verify next lint linter linters".split()
)
"""Words of chains in which an error has to end the way."""
_CHOOSING: Final = frozenset({"filter", "filters"})
"""Words of what is asked for the answer."""
_LIMITS: Final = frozenset({"wait_for", "within", "limited"})
"""Calls that wait for what they are given, and answer with its answer."""
_ASKS_PROMISE: Final = frozenset(
    "isawaitable awaitable iscoroutine coroutine promise thenable resolve task future wait gather".split()
)
"""Words of calls that take a promise, or ask whether something is one."""
_JOINS: Final = frozenset({"all", "gather", "race", "any"})
_ANSWERED: Final = frozenset({"some", "every", "find", "filter", "reduce", "flatMap"})
"""Loops that are gone through for what each answers."""


def is_event(found: Invocation) -> bool:
    """Tell whether a loop hands something to many handlers, none of whose answers decides about the next."""
    name = found.function.name if found.function is not None else ""
    around = named(found.function)
    if is_stopper(around) or set(words(found.source.name)) & CLEANUPS - {"subscriptions", "subs"}:
        return False
    if _is_entered(found) or "startup" in (*words(found.source.name), *words(around)):
        return False  # without what begins it nothing can go on
    if not found.call.args and not found.call.keywords and (not found.says_handler or _takes_back(found)):
        return False
    if isinstance(found.loop, Call) and found.loop.name in _ANSWERED and not chained(found.loop):
        return False
    if not (_thrown_away(found) or chained(found.loop)) or _registers(found, around) or _makes_something(found):
        return False
    said = set(words(found.source.name)) | set(words(found.call.name)) | set(words(name)) | set(words(around))
    return (
        bool(said & (HANDLERS | EVENTS))
        or is_told(found)
        or first_word(around) in EMITS
        or _by_topic(found, said)
        or _as_they_come(found, said)
        or _of_record(found, said)
    )


def _is_entered(found: Invocation) -> bool:
    """Tell whether what is called gives a block that is entered: ``stack.enter_context(handler.bound())``."""
    around = found.call.parent
    return isinstance(around, Call) and around.name in ("enter_context", "enter_async_context")


def _takes_back(found: Invocation) -> bool:
    """Tell whether what is called, with nothing to tell it, takes back what was hung up: its name or its place says so.

    ``for undo in self._ears.pop(name): undo()``
    """
    over = found.loop.iterable if isinstance(found.loop, For) else None
    while isinstance(over, Binary) and over.op in ("or", "??"):
        over = strip(over.left)
    taken_out = isinstance(over, Call) and over.name in ("pop", "splice")
    return taken_out or bool(set(words(found.call.name)) & (CLEANUPS | {"undo", "off", "drop", "forget"}))


def is_told_one_by_one(found: Invocation) -> bool:
    """Tell whether functions that were handed in are called one by one, each kept from the others, for no answer."""
    table, function, callee = found.source.table, found.function, strip(found.call.callee)
    if table is None or function is None or not isinstance(callee, Name) or not found.call.args:
        return False
    if is_stopper(named(function)) or not _thrown_away(found) or not isolated(found):
        return False
    kept = [strip(one.value) for one in table.of("write") if one.value is not None]
    return bool(kept) and all(
        _is_loaded(one)
        or (
            isinstance(one, Name)
            and any(isinstance(bound, Param) for bound in function.module.scopes.lookup(one.id, one))
        )
        for one in kept
    )


def _is_loaded(value: Expr) -> bool:
    """Tell whether a value comes straight out of a file that is loaded: ``(await import(file)).default``."""
    while isinstance(value, Member):
        value = strip(value.object)
    return isinstance(value, Call) and value.name in ("import", "require", "import_module") and bool(value.args)


def _by_topic(found: Invocation, said: set[str]) -> bool:
    """Tell whether what is called was handed in and kept under the key by which it is looked up here."""
    table = found.source.table
    module = found.call.function.module if isinstance(found.call.function, Function) else None
    if table is None or module is None or not found.source.looked_up or not REFUSING.isdisjoint(said):
        return False
    return isinstance(found.call.callee, Name) and kept_as_they_come(module, table)


def _of_record(found: Invocation, said: set[str]) -> bool:
    """Tell whether a function is called that was handed in beside a name, in a record that can be taken out again."""
    table, function, called = found.source.table, found.function, strip(found.call.callee)
    if table is None or function is None or table.kind == "map" or not REFUSING.isdisjoint(said):
        return False
    name = called.name if isinstance(called, Member) else called.id if isinstance(called, Name) else ""
    if name not in handed_in_members(function.module) or not names_in(found.call.args) & _params_around(function):
        return False
    return bool(table.of("delete")) or any(
        last_name(assign.target) == table.name and isinstance(assign.value, Call) and assign.value.name == "filter"
        for assign in function.module.all(Assign)
    )


def _params_around(function: Function) -> set[str]:
    return {param.name for param in function.params}


def _as_they_come(found: Invocation, said: set[str]) -> bool:
    """Tell whether what was handed in, and can be taken out again, is called itself: ``for one in all: one(x)``."""
    table, callee = found.source.table, found.call.callee
    module = found.call.function.module if isinstance(found.call.function, Function) else None
    if table is None or module is None or not isinstance(callee, Name) or not found.call.args:
        return False
    if not REFUSING.isdisjoint(said) or table.kind == "map" or not table.of("delete"):
        return False
    return any(
        isinstance(given, Name) and bool(bound := module.scopes.lookup(given.id, given)) and isinstance(bound[0], Param)
        for access in table.of("write")
        if access.value is not None or access.key is not None
        for given in (strip(access.value or access.key),)  # type: ignore[arg-type]  # one of them is there
    )


def is_told(found: Invocation) -> bool:
    """Tell whether a method is called that is made for an event: ``onOpen``; ``on`` itself only subscribes."""
    return first_word(found.call.name) == "on" and found.call.name != "on"


def _registers(found: Invocation, around: str) -> bool:
    """Tell whether a handler is handed on to several hooks, each of which takes it in under the same verb."""
    return found.call.name == around and any(set(name_words(argument)) & HANDLERS for argument in found.call.args)


def named(function: Function | None) -> str:
    """Return the name of the nearest function around that has one and is no callback."""
    while function is not None:
        if function.name and not isinstance(function.parent, Call):
            return function.name
        function = function.outer
    return ""


def _thrown_away(found: Invocation) -> bool:
    """Tell whether the result of the handler is used for nothing but waiting."""
    use = found.use
    if use.how == "dropped" or _caught_and_dropped(found.call):
        return True
    if not _CHOOSING.isdisjoint(words(found.source.name)):
        return False
    if use.how == "assigned":
        return isinstance(use.by, Assign) and (_is_only_a_promise(use.by) or _is_only_collected(use.by))
    node: Node | None = found.call.parent
    inner: Node = found.call
    while isinstance(node, Await | Spread | Comprehension | Return | Call | Array):
        if isinstance(node, Return):
            if isinstance(found.loop, Call | Comprehension):
                return True
            runner = handed_to(node)
            return runner is not None and _waits(runner)
        if isinstance(node, Call) and inner is not node.callee:
            if node.name in _LIMITS and use_of(node).how in ("assigned", "tested"):
                return False  # what the handler answers decides something
            return _only_keeps_going(node)
        if isinstance(node, Comprehension):
            return _only_waited_for(node)
        inner, node = node, node.parent
    return False


def _only_keeps_going(call: Call) -> bool:
    """Tell whether what is given to a call is only waited for, put on a list, or begun as a task of its own."""
    return call.name in _JOINS | _LIMITS | {"append", "push", "create_task"} or _waits(call)


def _makes_something(found: Invocation) -> bool:
    """Tell whether a helper makes something of what the called one answers: ``add(tasks_of(creator(**given)))``."""
    answer = found.inner.parent if found.inner is not None else None
    answer = answer.parent if isinstance(answer, Await) else answer
    if not isinstance(answer, Call) or found.inner is answer.callee or _only_keeps_going(answer):
        return False
    return _ASKS_PROMISE.isdisjoint(words(answer.name))


def _is_only_collected(assign: Assign) -> bool:
    """Tell whether an answer is put on a list if there is one, and decides nothing: ``results.append(result)``."""
    function, name = function_of(assign), assign.target.id if isinstance(assign.target, Name) else ""
    uses = [one for one in find(function.body, Name) if one.id == name] if function is not None and name else []
    put = False
    for use in uses:
        around = use.parent
        if use is assign.target:
            continue
        if isinstance(around, Call) and use in around.args and around.name in ("append", "push"):
            put = True
        elif not (isinstance(around, Binary) and is_nothing(around.right) and isinstance(around.parent, If)):
            return False
    return put


def _caught_and_dropped(call: Call) -> bool:
    """Tell whether only the failure of a promise is dealt with: ``await listener(cue).catch(report);``."""
    node: Node = call
    while isinstance(node.parent, Member) and node.parent.name in ("catch", "finally"):
        around = node.parent.parent
        if not isinstance(around, Call) or around.callee is not node.parent:
            return False
        node = around
    return node is not call and isinstance(node, Call) and use_of(node).how == "dropped"


def _is_only_a_promise(made: Assign) -> bool:
    """Tell whether an answer is only asked whether it has to be waited for: ``if (answer instanceof Promise) …``."""
    function, target = function_of(made), made.target
    if function is None or not isinstance(target, Name):
        return False
    used = [one for one in find(function.body, Name) if one.id == target.id and one is not target]
    ways = [_promised(one) for one in used if one.start > made.start]
    if not ways or not all(ways):
        return False
    return not any(
        isinstance(left, Return | Throw) or (isinstance(left, Jump) and left.kind == "break")
        for branch in find(function.body, If, into_functions=False)
        if target.id in names_in(branch.test)
        for left in walk(branch.body, into_functions=False)
    )


def _promised(use: Name) -> bool:
    """Tell whether a value is used as a promise, or asked whether it is one."""
    around = use.parent
    if isinstance(around, Member):
        return around.name in ("then", "catch", "finally")
    if isinstance(around, Call):
        return use is not around.callee and bool(_ASKS_PROMISE & set(words(around.name)))
    return isinstance(around, Await) or (isinstance(around, Binary) and around.op in ("instanceof", "and"))


def _only_waited_for(made: Comprehension) -> bool:
    """Tell whether the results that a comprehension collects are used for nothing but waiting."""
    use = use_of(made)
    if use.how == "assigned" and isinstance(use.by, Assign) and isinstance(use.by.target, Name):
        function, name = function_of(made), use.by.target.id
        body = function.body if function is not None else []
        if any(_joins(call) and name in names_in(call.args) for call in calls_in(body)):
            return True
        return _only_counted(body, name, use.by)
    if isinstance(use.by, Call):
        return _joins(use.by) or use.by.name == "len"
    return use.how in ("dropped", "spread")


def _only_counted(body: Sequence[Node], name: str, kept: Assign) -> bool:
    """Tell whether of a list only the length is asked, after it was made."""
    read = [one for one in find(body, Name) if one.id == name and one.start >= kept.stop]
    return bool(read) and all(
        (isinstance(one.parent, Call) and one.parent.name == "len")
        or (isinstance(one.parent, Member) and one.parent.name == "length")
        for one in read
    )


def _joins(call: Call) -> bool:
    """Tell whether a call waits for many; Python's own ``any`` and ``all`` look at what came instead."""
    return call.name in _JOINS and (call.receiver is not None or call.name == "gather")


def _waits(call: Call) -> bool:
    """Tell whether a call that takes the result is itself only waited for."""
    return use_of(call).how == "dropped"
