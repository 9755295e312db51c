"""COM001: an error of one handler keeps the event from the handlers after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import guarding_try, siblings
from reviewer.code.reach.links import class_of_value, definition
from reviewer.code.syntax import (
    Array,
    Assign,
    Await,
    Call,
    Expr,
    For,
    Function,
    Index,
    Jump,
    Literal,
    Member,
    Name,
    Node,
    Param,
    Return,
    Throw,
    Try,
    While,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, class_of, find, function_of, names_in, statement_of
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.event_tables import REFUSING, is_event, is_told, named
from reviewer.experts.communication.handlers.own_handlers import all_its_own
from reviewer.experts.communication.invocations import Invocation, invocations
from reviewer.experts.communication.isolation import in_task_group, isolated
from reviewer.experts.communication.pending import keeps_promise
from reviewer.experts.communication.vocabulary import (
    REGISTERS,
    TRIGGERS,
    first_word,
)
from reviewer.experts.paths import last_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_UNDOES: Final = frozenset(
    "unreg unregister unsubscribe unlisten off remove removers disposers dispose undo cleanup cleanups teardown".split()
)
"""Words of functions that take back what was put on, and hear of nothing."""
_PAST: Final = frozenset({"history", "historic", "replay", "replays", "backlog"})
"""Words of what has been told already, and is told once more to somebody who came late."""
_LAYERS: Final = frozenset({"handler", "next", "dispatch", "app", "application", "fn", "func", "endpoint", "inner"})
"""Words of a value that is run later: what each gives back is a layer around it."""
_COPIES: Final = frozenset({"copy", "deepcopy", "clone"})
_SENDS: Final = frozenset({"send", "postMessage", "sendMessage", "post_message", "send_json", "write", "put_nowait"})
"""Methods that hand a message to another process, thread or connection."""


@module_check("COM001", words=TRIGGERS)
def handler_not_isolated(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each loop that calls handlers for something that catches the error of a single one."""
    if module.is_test:
        return
    seen: set[int] = set()
    for found in invocations(inquiry, module):
        if found.loop is None or id(found.loop) in seen or isolated(found) or _sends_to_process(module, found):
            continue
        if _ends_waiting(module, found) or _settles_deferred(module, found) or _for_later(found):
            continue
        if (
            _is_of_compiler(module, found)
            or _makes_up_settings(module, found)
            or _is_the_only_one(found)
            or _is_spelled_out(found)
            or _answers_request(found)
            or not _PAST.isdisjoint(words(found.source.name))
        ):
            continue
        if all_its_own(module, found) or _of_one_call(module, found) or _wrapped_on_entry(module, found):
            continue
        if _checks_or_builds(found) or _works_on_copy(module, found) or _asks_its_parts(found):
            continue
        if words(found.call.name)[:1] == ("on",) and _tells_whom_to_call(module, found.call):
            continue
        if _is_branch_of_itself(found) or not _UNDOES.isdisjoint(words(found.source.name) + words(found.call.name)):
            continue
        if is_event(found):
            seen.add(id(found.loop))
            meant = Confidence.POSSIBLE if _says_whose(found) else _confidence(found)
            yield Match(_place(found), _message(module, found), confidence=meant)
        elif _changes_on_the_way(found):
            seen.add(id(found.loop))
            called = module.text_of(found.call.callee)[:60]
            yield Match(
                _place(found),
                f"An error in '{called}(…)' ends the way through '{found.source.name}': one plugin that fails keeps "
                "everybody from the result.",
                confidence=Confidence.POSSIBLE if _says_whose(found) else _confidence(found),
            )


def _checks_or_builds(found: Invocation) -> bool:
    """Tell whether each looks for mistakes, where one that fails must not pass for a yes, or is put in by its owner."""
    first = words(found.call.name)[:1]
    own = isinstance(found.call.receiver, Name) and found.call.receiver.id in ("self", "this")
    return first in (("validate",), ("verify",)) or (own and first in (("add",), ("register",), ("use",)))


def _works_on_copy(module: Module, found: Invocation) -> bool:
    """Tell whether each changes a copy that is made here, and what all of them made of it is taken further."""
    given = strip(found.call.args[0]) if len(found.call.args) == 1 else None
    made = module.scopes.origin(given) if isinstance(given, Name) else None
    if not isinstance(given, Name) or not isinstance(made, Call) or _COPIES.isdisjoint(words(made.name)):
        return False
    loop = statement_of(found.loop) if found.loop is not None else None
    beside = siblings(loop) if loop is not None else []
    behind = beside[beside.index(loop) + 1 :] if loop in beside else []
    return any(given.id in names_in(one) for one in behind)


def _asks_its_parts(found: Invocation) -> bool:
    """Tell whether a thing made of others of its kind asks them all: ``for child in children: child.run()``."""
    own = found.function is not None and found.function.name == found.call.name
    return own and bool({"children", "child"} & set(words(found.source.name)))


def _is_of_compiler(module: Module, found: Invocation) -> bool:
    """Tell whether a loop stands in what a compiler puts beside the code: ``__runInitializers``."""
    return module.language != "python" and found.function is not None and found.function.name.startswith("__")


def _makes_up_settings(module: Module, found: Invocation) -> bool:
    """Tell whether what is called makes up or checks a configuration: with a part of it missing nothing can start."""
    stem = module.path.rsplit("/", 1)[-1].partition(".")[0]
    said = {word for arg in found.call.args for word in last_words(arg)[-1:]} | set(words(stem))
    return not said.isdisjoint({"config", "cfg", "configuration", "settings"})


def _tells_whom_to_call(module: Module, call: Call) -> bool:
    """Tell whether each is only told whom to call, or nobody any more: ``stream.on_recv(self.handle)``."""
    given = [strip(one) for one in call.args]
    return bool(given) and all(
        (isinstance(one, Literal) and one.value is None) or isinstance(definition(module, one), Function)
        for one in given
    )


def _is_spelled_out(found: Invocation) -> bool:
    """Tell whether all that is called stands in a constant of the program into which nothing is ever put."""
    table = found.source.table
    return found.source.name.lstrip("_").isupper() and (table is None or not table.of("write"))


def _answers_request(found: Invocation) -> bool:
    """Tell whether what is called are the layers that answer a request, of which each may end it by an error."""
    said = [set(words(arg.id)) for arg in map(strip, found.call.args) if isinstance(arg, Name)]
    return any(one & {"request", "req"} for one in said) and any(one & {"response", "res", "reply"} for one in said)


def _of_one_call(module: Module, found: Invocation) -> bool:
    """Tell whether the function makes the list itself each time, and puts functions of the program into it alone."""
    loop = found.loop
    gone_through = loop.iterable if isinstance(loop, For) else loop.receiver if isinstance(loop, Call) else None
    while isinstance(gone_through, Call | Member):  # jobs.reverse().forEach(…)
        gone_through = gone_through.receiver if isinstance(gone_through, Call) else gone_through.object
    if not isinstance(gone_through, Name):
        return False
    name = gone_through.id
    lists = [one.value for one in module.scopes.lookup(name, gone_through) if isinstance(one, Assign)]
    made = [one for one in map(_stripped, lists) if isinstance(one, Array)]
    function = function_of(made[0]) if made else None
    if function is None or len(made) < len(lists):
        return False
    given = [item for one in made for item in one.items]
    for call in calls_in(function.body):
        if call.name in ("push", "unshift", "append") and call.receiver is not None and _is_named(call.receiver, name):
            given.extend(call.args)
    return bool(given) and all(_is_of_program(module, one) for one in given)


def _stripped(value: Expr | None) -> Expr | None:
    return strip(value) if value is not None else None


def _is_named(expr: Expr, name: str) -> bool:
    held = strip(expr)
    return isinstance(held, Name) and held.id == name


def _is_of_program(module: Module, given: Expr) -> bool:
    """Tell whether a function stands in the program and runs nothing that was handed in, or drawn from a list."""
    value = strip(given)
    if not isinstance(value, Function):
        return isinstance(definition(module, value), Function) or module.resolve(value).startswith(".")
    roots = [root for call in calls_in(value.body) if isinstance(root := _root(call.callee), Name)]
    return not any(
        isinstance(binding, Param | For) for root in roots for binding in module.scopes.lookup(root.id, root)
    )


def _root(expr: Expr) -> Expr:
    held = strip(expr)
    while isinstance(held, Member | Index):
        held = strip(held.object)
    return held


def _is_branch_of_itself(found: Invocation) -> bool:
    """Tell whether a class asks the like of itself: ``if (branch.isFull()) branch.prune()``, which both are its own.

    One member alone doesn't show it, for who tells all plugins of an event has a member of the event's name.
    """
    if (found.inner or found.call).name.startswith("_"):
        return True
    cls, entry = class_of(found.call), _root(found.call.callee)
    if cls is None or found.loop is None or not isinstance(entry, Name):
        return False
    asked = {
        call.name
        for call in calls_in(found.loop)
        if isinstance(call.callee, Member) and _is_named(call.callee.object, entry.id)
    }
    return len(asked) > 1 and all(cls.method(name) is not None for name in asked)


def _says_whose(found: Invocation) -> bool:
    """Tell whether the error goes on on purpose, under the name of the one that failed."""
    guard = guarding_try(found.call)
    thrown = [one for handler in guard.handlers for one in find(handler.body, Throw)] if guard is not None else []
    names = names_in(found.loop.target) if isinstance(found.loop, For) and found.loop.target is not None else set()
    return any(one.value is not None and not names_in(one.value).isdisjoint(names) for one in thrown)


def _wrapped_on_entry(module: Module, found: Invocation) -> bool:
    """Tell whether an emitter's listeners were each put into a function of their own that catches."""
    over = found.loop.iterable if isinstance(found.loop, For) else None
    if not isinstance(over, Call) or over.name not in ("listeners", "rawListeners"):
        return False
    return any(
        isinstance(made.parent, Call) and made is not made.parent.callee and any(call.name in given for call in guarded)
        for made in module.functions
        if made.outer is not None
        for given in ({param.name for param in made.outer.params},)
        for guarded in ([call for one in find(made.body, Try) for call in calls_in(one.body)],)
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


def _settles_deferred(module: Module, found: Invocation) -> bool:
    """Tell whether what is told keeps the errors of all that listen to itself: a Deferred, a subscriber of RxJS."""
    if found.call.name in ("next", "error", "complete"):
        return b"rxjs" in module.source
    return found.call.name in ("callback", "errback") and b"twisted" in module.source


def _is_the_only_one(found: Invocation) -> bool:
    """Tell whether the loop looks for one handler, and ends behind the first that it calls."""
    statement = statement_of(found.call)
    beside = siblings(statement) if statement is not None and isinstance(found.loop, For | While) else []
    behind = beside[beside.index(statement) + 1 :] if statement in beside else []
    return bool(behind) and isinstance(behind[0], Jump) and behind[0].kind == "break"


def _changes_on_the_way(found: Invocation) -> bool:
    """Tell whether each of those that were taken in gives the next version of one value: ``html = run(html)``."""
    table, value = found.source.table, _carried(found)
    if table is None or not value or not _LAYERS.isdisjoint(words(value)):
        return False  # who puts a layer around what runs later does so once, at the start
    around = words(named(found.function)) + words(found.source.name) + words(found.call.name)
    if not set(around).isdisjoint(REFUSING):
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


def _place(found: Invocation) -> Node:
    task = found.call.parent
    if isinstance(task, Call) and in_task_group(task):
        return task  # it is the group that ends for all of them
    call = found.inner or found.call
    return call.parent if isinstance(call.parent, Await) else call


def _confidence(found: Invocation) -> Confidence | None:
    says = found.says_handler or is_told(found)
    sure = found.source.table is not None or (says and not _is_argument(found))
    return None if sure else Confidence.POSSIBLE


def _is_argument(found: Invocation) -> bool:
    """Tell whether the handlers came in as an argument, so that somebody else may take their errors."""
    function = found.function
    while function is not None:
        if any(param.name == found.source.name for param in function.params):
            return True
        function = function.outer
    return False


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
