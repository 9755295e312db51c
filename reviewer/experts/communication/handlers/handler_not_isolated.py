"""COM001: an error of one handler keeps the event from the handlers after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.contexts import is_stopper
from reviewer.code.flow import use_of
from reviewer.code.reach.links import class_of_value
from reviewer.code.syntax import (
    Array,
    Assign,
    Await,
    Call,
    Comprehension,
    For,
    Function,
    Member,
    Name,
    Node,
    Return,
    Spread,
    While,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, function_of, names_in
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.handlers.isolation import chained, handed_to, isolated
from reviewer.experts.communication.invocations import Invocation, invocations
from reviewer.experts.communication.kept_functions import kept_as_they_come
from reviewer.experts.communication.pending import keeps_promise
from reviewer.experts.communication.vocabulary import (
    CLEANUPS,
    EMITS,
    EVENTS,
    HANDLERS,
    REGISTERS,
    TRIGGERS,
    first_word,
)
from reviewer.experts.paths import name_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_REFUSING: Final = frozenset(
    "validate validator validators check guard guards middleware middlewares interceptor interceptors authorize auth "
    "migrate migration migrations reducer reducers reduce step steps verify next".split()
)
"""Words of chains in which an error has to end the way."""
_SENDS: Final = frozenset({"send", "postMessage", "sendMessage", "post_message", "send_json", "write", "put_nowait"})
"""Methods that hand a message to another process, thread or connection."""
_LIMITS: Final = frozenset({"wait_for", "within", "limited"})
"""Calls that wait for what they are given, and answer with its answer."""
_JOINS: Final = frozenset({"all", "gather", "race", "any"})
_ANSWERED: Final = frozenset({"some", "every", "find", "filter", "reduce", "flatMap"})
"""Loops that are gone through for what each answers."""


@module_check("COM001", words=TRIGGERS)
def handler_not_isolated(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each loop that calls handlers for something that catches the error of a single one."""
    if module.is_test:
        return
    seen: set[int] = set()
    for found in invocations(inquiry, module):
        if found.loop is None or id(found.loop) in seen or isolated(found) or _sends_to_process(module, found):
            continue
        if _ends_waiting(module, found) or _for_later(found):
            continue
        if is_event(found):
            seen.add(id(found.loop))
            yield Match(_place(found), _message(module, found), confidence=_confidence(found))
        elif _changes_on_the_way(found):
            seen.add(id(found.loop))
            called = module.text_of(found.call.callee)[:60]
            yield Match(
                _place(found),
                f"An error in '{called}(…)' ends the way through '{found.source.name}': one plugin that fails keeps "
                "everybody from the result.",
                confidence=_confidence(found),
            )


def _for_later(found: Invocation) -> bool:
    """Tell whether a loop only makes functions that call handlers: ``handlers.map((one) => () => one(event))``."""
    for around in ancestors(found.call):
        if around is found.loop:
            return False
        if isinstance(around, Function):
            kept = around.parent
            if isinstance(kept, Return) or (isinstance(kept, Assign) and kept.value is around):
                return True
    return False


def _sends_to_process(module: Module, found: Invocation) -> bool:
    """Tell whether what is called is the host's own object, which only sends the event to where the plugin runs."""
    table = found.source.table
    for access in table.of("write") if table is not None else ():
        held = class_of_value(module, access.value) if access.value is not None else None
        method = held.method(found.call.name) if held is not None and held.kind == "class" else None
        if method is not None:
            return any(call.name in _SENDS for call in calls_in(method.body))
    return False


def _ends_waiting(module: Module, found: Invocation) -> bool:
    """Tell whether what is called only settles a promise that somebody waits for, which throws nothing."""
    table = found.source.table
    return table is not None and any(keeps_promise(module, entry) for entry in table.of("write"))


def is_event(found: Invocation) -> bool:
    """Tell whether a loop hands something to many handlers, none of whose answers decides about the next."""
    name = found.function.name if found.function is not None else ""
    around = _named(found.function)
    if is_stopper(around) or set(words(found.source.name)) & CLEANUPS - {"subscriptions", "subs"}:
        return False
    if not found.call.args and not found.call.keywords and not found.says_handler:
        return False
    if isinstance(found.loop, Call) and found.loop.name in _ANSWERED and not chained(found.loop):
        return False
    if not (_thrown_away(found) or chained(found.loop)) or _registers(found, around):
        return False
    said = set(words(found.source.name)) | set(words(found.call.name)) | set(words(name)) | set(words(around))
    return bool(said & (HANDLERS | EVENTS)) or _is_told(found) or first_word(around) in EMITS or _by_topic(found, said)


def _by_topic(found: Invocation, said: set[str]) -> bool:
    """Tell whether what is called was handed in and kept under the key by which it is looked up here."""
    table = found.source.table
    module = found.call.function.module if isinstance(found.call.function, Function) else None
    if table is None or module is None or not found.source.looked_up or not _REFUSING.isdisjoint(said):
        return False
    return isinstance(found.call.callee, Name) and kept_as_they_come(module, table)


def _is_told(found: Invocation) -> bool:
    """Tell whether a method is called that is made for an event: ``onOpen``; ``on`` itself only subscribes."""
    return first_word(found.call.name) == "on" and found.call.name != "on"


def _changes_on_the_way(found: Invocation) -> bool:
    """Tell whether each of those that were taken in gives the next version of one value: ``html = run(html)``."""
    table, value = found.source.table, _carried(found)
    if table is None or not value:
        return False
    around = words(_named(found.function)) + words(found.source.name) + words(found.call.name)
    if not set(around).isdisjoint(_REFUSING):
        return False
    taken_in = any(
        access.function is not None and first_word(access.function.name) in REGISTERS for access in table.of("write")
    )
    return taken_in and any(value in names_in(arg) for arg in found.call.args)


def _carried(found: Invocation) -> str:
    """Return the name that carries a value from one handler to the next: in a loop, or in a ``reduce``."""
    use, step = found.use, found.function
    if isinstance(found.loop, For) and use.how == "assigned" and isinstance(use.by, Assign):
        return use.by.target.id if isinstance(use.by.target, Name) else ""
    folded = isinstance(found.loop, Call) and found.loop.name == "reduce" and use.how == "returned"
    return step.params[0].name if folded and step is not None and step.parent is found.loop and step.params else ""


def _registers(found: Invocation, around: str) -> bool:
    """Tell whether a handler is handed on to several hooks, each of which takes it in under the same verb."""
    return found.call.name == around and any(set(name_words(argument)) & HANDLERS for argument in found.call.args)


def _named(function: Function | None) -> str:
    """Return the name of the nearest function around that has one and is no callback."""
    while function is not None:
        if function.name and not isinstance(function.parent, Call):
            return function.name
        function = function.outer
    return ""


def _thrown_away(found: Invocation) -> bool:
    """Tell whether the result of the handler is used for nothing but waiting."""
    use = found.use
    if use.how == "dropped":
        return True
    if use.how == "assigned":
        return False
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
            return node.name in _JOINS | {
                "append",
                "push",
                "create_task",
                "wait_for",
                "within",
                "limited",
            } or _waits(node)
        if isinstance(node, Comprehension):
            return _only_waited_for(node)
        inner, node = node, node.parent
    return False


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


def _place(found: Invocation) -> Node:
    call = found.inner or found.call
    return call.parent if isinstance(call.parent, Await) else call


def _confidence(found: Invocation) -> Confidence | None:
    says = found.says_handler or _is_told(found)
    sure = found.source.table is not None or (says and not _is_argument(found))
    return None if sure else Confidence.POSSIBLE


def _is_argument(found: Invocation) -> bool:
    """Tell whether the handlers came in as an argument, so that somebody else may take their errors."""
    return found.function is not None and any(p.name == found.source.name for p in found.function.params)


def _message(module: Module, found: Invocation) -> str:
    called = module.text_of(found.call.callee)[:60]
    if isinstance(found.loop, For | While) or (isinstance(found.loop, Call) and found.loop.name == "forEach"):
        return (
            f"An error in '{called}(…)' leaves the loop over '{found.source.name}': "
            "the handlers after it never get the event, and the sender gets the error."
        )
    return (
        f"An error in one '{called}(…)' rejects the whole round over '{found.source.name}': "
        "the sender gets the error of a stranger, and nobody sees what became of the others."
    )
