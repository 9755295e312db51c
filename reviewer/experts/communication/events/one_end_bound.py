"""COM502: what a plugin declares binds what it may say, or what it may hear, and not the other of the two."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits
from reviewer.code.reach.call_sites import callers
from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Binary,
    ExprStatement,
    Function,
    If,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Return,
    Template,
    Throw,
    strip,
)
from reviewer.code.text.ideas import GRANTS, LISTEN_WORDS, LISTENS, MANIFESTS, SEND_WORDS
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, names_in, statement_of
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.emissions import is_handler_param
from reviewer.experts.communication.vocabulary import EVENTS, PERMISSION, PUBLISHES
from reviewer.experts.lifecycle.values import root_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_SAYS: Final = SEND_WORDS | PUBLISHES
_HEARS: Final = LISTEN_WORDS | frozenset("receive attach join tune consume watch attend".split())
_DECLARED: Final = (
    MANIFESTS
    | GRANTS
    | (PERMISSION - {"can", "may", "require"})
    | frozenset(
        "declared declares declare emits publishes subscribes listens topics channels signals events announces fires "
        "provides consumes produces sends hears receives handles contract".split()
    )
)
"""Words of a list that says what one plugin has declared, or was granted."""
_TOPICS: Final = EVENTS | frozenset("name kind type subject key pattern room stream".split())
_MOST: Final = 12
"""Statements of a function that only stands between a plugin and a bus."""


@module_check("COM502", words=_SAYS | _HEARS)
def one_end_bound(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the two ends that a plugin has of a bus for whether both ask what it has declared."""
    if module.is_test:
        return
    for bound in module.functions:
        topic = _topic(bound) if _is_end(bound) else ""
        asked = _refusal(module, bound, topic) if topic else None
        if asked is None:
            continue
        hears = _hears(bound)
        for other in _beside(module, bound):
            if other is bound or not _is_end(other) or _hears(other) == hears or not (hears or _hears(other)):
                continue
            free = _topic(other)
            if not free or not _goes_on(other, free) or _asks(module, other, free):
                continue
            if _named_by_callers(module, other, free):
                continue
            if not _names_a_topic(other, free) and not _to_the_same(bound, topic, other, free):
                continue  # what is said to somebody else
            says, tells = ("hear", "said") if hears else ("say", "heard")
            yield Match(
                other,
                f"'{bound.name}' refuses what this plugin has not declared that it would {says}; '{other.name}' takes "
                f"any '{free}', so that whatever goes over the bus may be {tells} by it.",
                related=((asked, "asked here"),),
                confidence=_sure(module, asked),
            )
            return


def _beside(module: Module, function: Function) -> list[Function]:
    """Return the functions of the same object, class or closure."""
    if isinstance(function.parent, Object):
        return [one for _key, value in function.parent.entries if isinstance(one := strip(value), Function)]
    if function.owner is not None:
        return list(function.owner.methods)
    return [one for one in module.functions if one.outer is function.outer and one.owner is None and one.name]


def _is_end(function: Function) -> bool:
    """Tell whether a function is by its name one to say or to hear something with, and only stands in between."""
    if function.signature_only or len(function.params) < 1 or len(function.body) > _MOST:
        return False
    said = words(function.name)
    return bool(said) and (said[0] in _SAYS | _HEARS or function.name.lstrip("_#") in LISTENS)


def _hears(function: Function) -> bool:
    """Tell whether a function takes in somebody who wants to hear."""
    said = words(function.name)
    if any(is_handler_param(param) for param in function.params):
        return True
    return bool(said) and (said[0] in _HEARS or function.name.lstrip("_#") in LISTENS) and said[0] not in _SAYS


def _topic(function: Function) -> str:
    """Return the parameter that says of what something is said or heard."""
    given = [param for param in function.params if param.name and not is_handler_param(param)]
    named = next((param.name for param in given if set(words(param.name)) & _TOPICS), "")
    return named or (given[0].name if given else "")


def _refusal(module: Module, function: Function, topic: str) -> Node | None:
    """Return the question by which a function refuses a topic that is not in some list."""
    for test in find(function.body, If, into_functions=False):
        last = function.body[-1]
        refuses = _is_no(test) or (isinstance(last, Throw) and exits(test.body))
        if topic in names_in(test.test) and refuses and _seeks(module, test.test, topic):
            return test.test
    for call in calls_in(function.body, into_functions=False):
        alone = isinstance(call.parent, ExprStatement) and topic in names_in(call.args)
        target = definition(module, call.callee) if alone else None
        if isinstance(target, Function) and target is not function and _throws(target):
            return call
    return None


def _throws(target: Function) -> bool:
    tests = list(find(target.body, If, into_functions=False))
    return len(target.body) <= 3 and any(
        any(isinstance(one, Throw) for one in test.body) and names_in(test.test) & {p.name for p in target.params}
        for test in tests
    )


def _is_no(test: If) -> bool:
    """Tell whether a statement refuses: it throws, or answers that it was not done."""
    if any(isinstance(one, Throw) for one in (*test.body, *test.orelse)):
        return True
    said = test.body[-1] if exits(test.body) and test.body else None
    return isinstance(said, Return) and isinstance(said.value, Object) and bool(said.value.entries)


def _seeks(module: Module, test: Node, topic: str) -> bool:
    """Tell whether a condition seeks a topic in a list: ``allowed.has(topic)``, ``topic not in self._topics``."""
    for part in find(test, Binary):
        if part.op in ("in", "not in") and topic in names_in(part.left):
            return not (isinstance(right := strip(part.right), Name) and right.id.isupper())
    for call in calls_in(test):
        if topic in names_in(call.args) and (
            call.receiver is None or call.name in ("has", "includes", "some", "every")
        ):
            holder = strip(call.receiver) if call.receiver is not None else None
            return not (isinstance(holder, Name) and holder.id.isupper())
    return False


def _goes_on(function: Function, topic: str) -> bool:
    """Tell whether a function hands a topic on, or puts something under it."""
    return any(topic in names_in(call.args) for call in calls_in(function.body, into_functions=False))


def _named_by_callers(module: Module, function: Function, topic: str) -> bool:
    """Tell whether all callers put a topic together that begins with whose it is: ``f"{self._name}.{topic}"``."""
    at = next((place for place, param in enumerate(function.params) if param.name == topic), -1)
    given = [
        one.arg(at, topic)
        for place in (module, *callers(module, function.name))
        for one in place.calls((function.name,))
        if len(one.args) + len(one.keywords) == len(function.params)
    ]
    return bool(given) and all(one is not None and _begins_with_a_name(one) for one in given)


def _begins_with_a_name(given: Expr) -> bool:
    made = strip(given)
    return isinstance(made, Template) and len(made.items) > 1 and not isinstance(made.items[0], Literal)


def _names_a_topic(function: Function, topic: str) -> bool:
    """Tell whether a parameter says by its name that it is the topic of what is said."""
    return any(set(words(param.name)) & _TOPICS for param in function.params if param.name == topic)


def _to_the_same(bound: Function, topic: str, other: Function, free: str) -> bool:
    """Tell whether both ends hand their topics to the same thing: ``bus.on(…)`` and ``bus.emit(…)``."""
    return bool(_takers(bound, topic) & _takers(other, free))


def _takers(function: Function, topic: str) -> set[str]:
    """Return the names of what a function hands a topic to; an empty text where that is no member of anything."""
    taken = [call for call in calls_in(function.body, into_functions=False) if topic in names_in(call.args)]
    return {root_name(call.receiver) for call in taken if call.receiver is not None} or {""}


def _asks(module: Module, function: Function, topic: str) -> bool:
    """Tell whether a function, or one that it hands the topic to, asks anything about that."""
    if any(topic in names_in(test.test) for test in find(function.body, If)):
        return True
    if function.decorators:
        return True
    for call in calls_in(function.body):
        if topic not in names_in(call.args):
            continue
        if set(words(call.name)) & (PERMISSION | {"check", "ensure", "assert", "verify", "validate"}):
            return True
        target = definition(module, call.callee)
        if isinstance(target, Function) and target is not function and any(True for _ in find(target.body, Throw)):
            return True
        alone = statement_of(call)
        if target is None and isinstance(alone, ExprStatement) and call.name.startswith(("_check", "_ensure")):
            return True
    return False


def _sure(module: Module, asked: Node) -> Confidence | None:
    """Say how sure it is that what is asked for is what this plugin has declared."""
    said = set(words(module.text_of(asked)))
    for name in find(asked, Name):
        made = module.scopes.origin(name)
        said |= set(words(module.text_of(made))) if isinstance(made, Node) and not isinstance(made, Literal) else set()
    for member in find(asked, Member):
        made = module.scopes.origin(member)
        said |= set(words(module.text_of(made))) if isinstance(made, Node) and made is not member else set()
    return None if said & _DECLARED else Confidence.POSSIBLE
