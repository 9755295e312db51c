"""LIF015: an end leaves early, or fails early, and what stands behind that line is never released."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits, guarding_try
from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Await,
    Call,
    ExprStatement,
    For,
    Function,
    If,
    Member,
    Name,
    Node,
    Statement,
    Throw,
    Try,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of, walk
from reviewer.core.scale import Confidence
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.lifecycle.holding.fate import spoken
from reviewer.experts.lifecycle.holding.owners import owners
from reviewer.experts.lifecycle.holding.undo_lists import gives_up_each, undoes_each
from reviewer.experts.lifecycle.values import last_word
from reviewer.experts.lifecycle.vocabulary import RELEASE_WORDS, STOPS

if TYPE_CHECKING:
    from reviewer.code.module import Module

_NETWORK: Final = frozenset("fetch axios.post axios.get axios.put httpx.post requests.post requests.get".split())
_VERBS: Final = frozenset("get post put patch delete request fetch getjson postjson".split())
_CLIENTS: Final = frozenset("http https axios rest client".split())
_SAVING: Final = frozenset(
    "save flush persist set put store write sync upload report send commit publish notify emit export".split()
)
_STORING: Final = frozenset("save flush persist set put store write sync".split())
_DONE: Final = frozenset(
    (
        "stopped disposed started active running activated enabled initialized initialised ready mounted loaded closed "
        "destroyed ended alive open context ctx opened installed registered attached connected listening bound using "
        "closing stopping disposing ending shutting"
    ).split()
)
"""Words of tests that ask whether there is anything to end."""
_PLAIN_CLEARS: Final = frozenset({"off", "unsubscribe", "dispose", "cleanup", "undo", "release", "stop"})
"""Names of functions that somebody was given to release a thing with."""
_CLEARS: Final = RELEASE_WORDS | {"unwatch", "unhook", "unobserve", "unlisten", "unbind", "end"}


_MAYBE: Final = Confidence.POSSIBLE


@module_check("LIF015", words=STOPS | {"unload"})
def release_skipped(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak at an early return that has nothing to do with what is released behind it."""
    if module.is_test:
        return
    seen: set[int] = set()
    for owner in owners(inquiry, module):
        for end in owner.ends:
            if end.params and any(not other.params for other in owner.ends):
                continue  # it ends one of several things, and the whole is ended by another
            if owner.plugin and id(end) not in seen:
                seen.add(id(end))
                yield from _leaves(inquiry, module, end)


def _leaves(inquiry: Inquiry, module: Module, end: Function) -> Iterator[Match]:
    for position, statement in enumerate(end.body):
        releases = [step for later in end.body[position + 1 :] for step in released_by(later)]
        if not releases:
            return
        ending = [one for one in releases if not _only_forgets([one])] or releases
        first, names = ending[0][0], {name for _node, found in ending for name in found}
        leaving = _leaving_branch(statement)
        if isinstance(statement, If) and leaving is not None:
            if _unrelated(statement, names) and not any(True for inner in leaving for _ in released_by(inner)):
                yield Match(
                    statement if leaving is statement.body else leaving[-1],
                    f"'{end.name}' leaves here, and what is released from line {first.line} on has nothing to do with "
                    "this test: it stays whenever the test holds.",
                    related=((first, "not reached"),),
                )
                return
        elif undoes_each(module, statement) and (left := _left_over(releases)) is not None:
            yield Match(
                statement,
                f"The first of these that throws ends '{end.name}': the rest of them stay, and "
                f"'{short(module.text_of(left))}' is never reached. Put a 'try' around each.",
                related=((left, "not reached"),),
                # What is called as it is may be a step of the plugin's own that never throws; and who hosts plugins of
                # a known kind may well hand out such things.
                confidence=None if inquiry.subject.ecosystem == "generic" and gives_up_each(statement) else _MAYBE,
            )
            return
        elif _may_fail(module, statement):
            yield Match(
                statement,
                f"When this step of '{end.name}' throws, '{short(module.text_of(first))}' is never reached: release "
                "first, or put the release into a finally block.",
                related=((first, "not reached"),),
                confidence=None
                if _on_network(module, statement) or (_asks_host(module, statement) and not _only_forgets(releases))
                else _MAYBE,
            )
            return


def _leaving_branch(statement: Statement) -> list[Statement] | None:
    """Return the one branch of a test that leaves the function."""
    if not isinstance(statement, If):
        return None
    if exits(statement.body):
        return None if statement.orelse and exits(statement.orelse) else statement.body
    return statement.orelse if statement.orelse and exits(statement.orelse) else None


def _left_over(releases: list[tuple[Node, set[str]]]) -> Node | None:
    """Return what is released behind a loop by a step of its own: not a list that is emptied, nor another loop."""
    steps = (one for one in releases if not isinstance(one[0], For) and not _only_forgets([one]))
    return next((step for step, _names in steps), None)


def _only_forgets(releases: list[tuple[Node, set[str]]]) -> bool:
    """Tell whether all that stands behind only empties what the plugin itself holds: ``this.#notes.clear()``."""
    return all(
        isinstance(step, Call)
        and step.name == "clear"
        and not step.args
        and isinstance(held := strip(step.receiver) if step.receiver is not None else None, Member)
        and is_this_member(held)
        for step, _names in releases
    )


def released_by(statement: Statement) -> Iterator[tuple[Node, set[str]]]:
    """Yield the releasing calls of a statement with the names they speak of."""
    if isinstance(statement, For) and statement.iterable is not None:
        called = [n for n in walk(statement.body) if isinstance(n, Call)]
        if called:
            yield statement, spoken(statement.iterable)
        return
    for node in walk(statement, into_functions=False):
        if isinstance(node, Call):
            callee = strip(node.callee)
            if isinstance(callee, Name) and callee.id.lower() in _PLAIN_CLEARS:
                yield node, spoken(node)
                continue
            field = isinstance(callee, Member) and is_this_member(callee) and not node.args  # this.off()
            if not _CLEARS.isdisjoint(words(node.name)) or (field and "off" in words(node.name)):
                yield node, spoken(node)


def _unrelated(statement: If, names: set[str]) -> bool:
    said = spoken(statement.test)
    if not said or said & names:
        return False
    return all(_DONE.isdisjoint(words(name)) for name in said)


def _asks_server(call: Call) -> bool:
    """Tell whether a call sends a request by something that the plugin was handed: ``context.http.post(…)``."""
    by = words(last_word(call.receiver)) if call.receiver is not None else ()
    return call.name.lower() in _VERBS and not _CLIENTS.isdisjoint(by)


def _may_fail(module: Module, statement: Statement) -> bool:
    """Tell whether a statement awaits a saving or a sending, with nothing around it that catches."""
    if isinstance(statement, Try | For | If) or not isinstance(statement, ExprStatement):
        return False
    for node in walk(statement, into_functions=False):
        if isinstance(node, Await) and isinstance(strip(node), Call):
            call = strip(node)
            if isinstance(call, Call) and call.name != "catch" and not _SAVING.isdisjoint(words(call.name)):
                return not _catches_all(module, call)
    return _on_network(module, statement) or _stores_at_once(module, statement)


def _stores_at_once(module: Module, statement: Statement) -> bool:
    """Tell whether a service of the host is asked without any wait in Python, where its error is thrown here."""
    call = strip(statement.value) if isinstance(statement, ExprStatement) else None
    function = function_of(statement)
    if module.language != "python" or not isinstance(call, Call) or function is None or function.asynchronous:
        return False
    return _is_service(module, call) and not _STORING.isdisjoint(words(call.name))


def _catches_all(module: Module, call: Call) -> bool:
    """Tell whether a call runs a function of the subject in which all that is waited for stands in a ``try``."""
    own = definition(module, call.callee)
    if not isinstance(own, Function) or any(find(own.body, Throw)):
        return False
    waits = list(find(own.body, Await, into_functions=False))
    return bool(waits) and all((guard := guarding_try(one)) is not None and guard.handlers for one in waits)


def _asks_host(module: Module, statement: Statement) -> bool:
    """Tell whether a step waits for a service of the host, itself or in a function of its own that catches nothing.

    ``await self._context.storage.set("counts", counts)``
    """
    if _stores_at_once(module, statement):
        return True
    for wait in find(statement, Await, into_functions=False):
        call = strip(wait)
        if not isinstance(call, Call):
            continue
        if _is_service(module, call):
            return True
        own = definition(module, call.callee)
        inner = find(own.body, Await, into_functions=False) if isinstance(own, Function) else ()
        if any(
            isinstance(asked := strip(one), Call) and _is_service(module, asked) and guarding_try(one) is None
            for one in inner
        ):
            return True
    return False


def _is_service(module: Module, call: Call) -> bool:
    return module.resolve(call.callee).startswith("context.") and not _SAVING.isdisjoint(words(call.name))


def _on_network(module: Module, statement: Statement) -> bool:
    return any(
        isinstance(node, Call) and (module.resolve(node.callee) in _NETWORK or _asks_server(node))
        for node in walk(statement, into_functions=False)
    ) and not any(isinstance(node, Call) and node.name == "catch" for node in walk(statement))
