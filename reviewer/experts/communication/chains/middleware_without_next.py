"""COM040: a middleware ends the chain on a way where it only meant to do nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions, exits, siblings
from reviewer.code.syntax import (
    Binary,
    Call,
    Case,
    Conditional,
    Function,
    Handler,
    If,
    Jump,
    Literal,
    Name,
    Node,
    Object,
    Return,
    Switch,
    Throw,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, inside, walk
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.chains.middleware import (
    ANSWERS,
    NEXTS,
    Exit,
    Middleware,
    message_names,
    middlewares,
)
from reviewer.experts.communication.vocabulary import spoken
from reviewer.experts.paths import path_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_REFUSALS: Final = frozenset(
    "allow allowed allows deny denied block blocked blocks spam limit limited limiter quota rate permission "
    "permissions permitted authenticated authorized authorised auth session token duplicate duplicates seen "
    "blocked muted banned valid invalid verified verify quota closed cancelled canceled aborted stopped "
    "handled forbidden reject rejected refuse refused drop dropped may policy consent trusted expired revoked "
    "blacklist denylist filtered veto vetoed finished done sent cached cache hit paused disabled maintenance "
    "busy".split()
)
"""Words of a condition under which ending the chain is meant."""
_NOT_ITS_OWN: Final = frozenset("muted seen done finished paused disabled busy sent hit handled cached valid".split())
"""Those of them by which a step only says that it has nothing to do."""
_GOES_ON: Final = frozenset(
    "go rest carry ahead onward onwards advance along downstream inner forward resume hand call following "
    "further".split()
)
"""Words of other names of what runs the rest of a chain."""
_RECEIVERS: Final = frozenset("middleware middlewares pipeline chain interceptors interceptor stack router app".split())


@module_check("COM040", words={"next", "proceed"} | _GOES_ON)
def middleware_without_next(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each way out of a middleware for one that neither goes on nor answers."""
    if module.is_test:
        return
    for found in middlewares(module):
        if found.calls and found.plain:
            for way in found.exits:
                match = _look(module, found, way)
                if match is not None:
                    yield match
                    break
        elif not found.calls and found.plain:
            yield from _never(module, found)


def _look(module: Module, found: Middleware, way: Exit) -> Match | None:
    if not any(count == 0 and not answered for count, answered in way.states):
        return None
    name = found.param.name
    if isinstance(way.at, Return):
        value = way.at.value
        test = _goes_on_only(found, value) if value is not None else None
        if test is not None:
            return None if _deliberate(_said(test)) else _only_where(module, found, test, way.at)
        if value is not None and not (isinstance(value, Literal) and value.value is None):
            return _handed_back(module, found, way.at, value)
        if _meant(way.at):
            return None
        return Match(
            way.at,
            f"This way out neither calls '{name}()' nor answers: the chain ends here, and what comes after never sees "
            "the message.",
        )
    forgotten = _forgotten_case(found)
    if forgotten is not None:
        return Match(
            forgotten,
            f"Other cases call '{name}()', this one neither calls it nor answers: the chain ends here, and what comes "
            "after never sees the message.",
        )
    listed = _listed_kinds(found)
    if listed is not None:
        return Match(
            listed,
            f"Only the cases that are listed call '{name}()': for every other message the chain ends here, and what "
            "comes after never sees it.",
        )
    place, holds = _skipping(found)
    if place is None or _deliberate(_said(place.test)) or _answers_inside(place, holds=holds):
        return None
    return _only_where(module, found, place.test, place, holds=holds)


def _only_where(module: Module, found: Middleware, test: Expr, at: Node, *, holds: bool = True) -> Match:
    return Match(
        at,
        f"'{found.param.name}()' is called only where '{module.text_of(test)[:60]}' "
        f"{'holds' if holds else 'does not hold'}; otherwise the chain ends "
        "here without an answer.",
        confidence=None if not found.function.returns else Confidence.LIKELY,
    )


def _goes_on_only(found: Middleware, value: Expr) -> Expr | None:
    """Return the test of ``test && next()`` or ``test ? next() : undefined``, where nothing is done otherwise."""
    value = strip(value)
    if isinstance(value, Binary) and value.op == "and" and strip(value.right) in found.calls:
        return value.left
    if isinstance(value, Conditional) and strip(value.then) in found.calls:
        other = strip(value.other)
        return value.test if isinstance(other, Literal) and other.value is None else None
    return None


def _handed_back(module: Module, found: Middleware, at: Return, value: Expr) -> Match | None:
    """Speak where the message itself is given back, and the others give what the rest of the chain makes of it."""
    ways = [way.at.value for way in found.exits if isinstance(way.at, Return) and way.at is not at]
    given = [module.scopes.origin(one) for one in ways if one is not None]  # return saved
    goes_on = any(isinstance(one, Node) and any(call in found.calls for call in find(one, Call)) for one in given)
    names = message_names(found.function)
    if not goes_on or not conditions(at) or not _is_message(module, value, names):
        return None
    return Match(
        at,
        f"This way out gives the message back without '{found.param.name}()', where the others give what the rest of "
        "the chain makes of it: what comes after never sees the message.",
        confidence=Confidence.POSSIBLE if _refused(at) else None,
    )


def _refused(at: Return) -> bool:
    """Tell whether a message is given back because it is turned away, or was answered.

    That a plugin has nothing to do with it (``muted``, ``paused``, ``seen``) is no reason to keep it from the others.
    """
    return _meant(at) and not any(_said(condition.test) & _NOT_ITS_OWN for condition in conditions(at)[:1])


def _is_message(module: Module, value: Expr, names: set[str]) -> bool:
    """Tell whether a value is the message, or a copy of it with other fields."""
    value = strip(value)
    if isinstance(value, Object):
        spread = [part for key, part in value.entries if key is None]
        return any(isinstance(inner := strip(part), Name) and inner.id in names for part in spread)
    if isinstance(value, Call) and value.name in ("dict", "replace", "model_copy", "assign"):
        given = [*value.args, *([value.receiver] if value.receiver is not None else [])]
        return any(isinstance(inner := strip(part), Name) and inner.id in names for part in given)
    return isinstance(value, Name) and value.id in names


def _meant(at: Return) -> bool:
    """Tell whether the way to a ``return`` says that the message is refused or was answered."""
    around = next(ancestors(at), None)
    if isinstance(around, Handler):
        return any(map(_answering, around.body))
    known = conditions(at)
    nearest = known[:1]
    if any(_hands_over_reply(condition.test) for condition in nearest):
        return True
    if any(_deliberate(_said(condition.test)) for condition in nearest):
        return True
    if isinstance(around, If):
        body = around.body if any(s is at for s in around.body) else around.orelse
        return any(_answering(s) for s in body)
    return not known and not any(isinstance(outer, Case) for outer in ancestors(at))


def _said(test: Node) -> set[str]:
    """Return the words of a condition, those of the keys that it asks for included."""
    texts = {w for text in find(test, Literal) if isinstance(text.value, str) for w in words(text.value)}
    return spoken(test) | texts


def _deliberate(said: set[str]) -> bool:
    return bool(said & _REFUSALS)


def _hands_over_reply(test: Node) -> bool:
    """Tell whether a condition asks a helper that was handed the reply: ``if (answered(error, res)) return``."""
    return any(
        isinstance(strip(arg), Name) and path_words(arg) & {"res", "response", "reply"}
        for call in find(test, Call)
        for arg in call.args
    )


def _answering(node: Node) -> bool:
    for call in find(node, Call):
        if call.name == "emit" and call.args and getattr(strip(call.args[0]), "value", None) == "error":
            return True  # a stream ends with it
        said = path_words(call.callee)
        if set(words(call.name)) & ANSWERS or said & {"res", "response", "reply"}:
            return True
        handed = {word for arg in call.args if isinstance(strip(arg), Name) for word in path_words(arg)}
        sends = handed & {"ctx", "context"} and spoken(call.callee) & {"send", "serve"}
        if sends or handed & {"res", "response", "reply"}:
            return True  # a helper is given what answers: send(ctx, file), this.showHome(req, res)
    return False


def _answers_inside(place: If, *, holds: bool) -> bool:
    """Tell whether the other branch than the one that goes on answers, or leaves."""
    other = place.orelse if holds else place.body
    if holds and exits(place.body):
        beside = siblings(place)
        behind = beside[beside.index(place) + 1 :] if place in beside else []
        other = [*other, *behind]  # a timer, too, may answer behind it
    return any(_answering(s) for s in other) or (not holds and exits(other))


def _forgotten_case(found: Middleware) -> Case | None:
    """Return the case of a ``switch`` that does something and ends the chain, where other cases go on."""
    switches = {id(a.parent): a.parent for c in found.calls for a in ancestors(c) if isinstance(a, Case)}
    for switch in switches.values():
        for case in switch.cases if isinstance(switch, Switch) else ():
            work = [statement for statement in case.body if not isinstance(statement, Jump)]
            goes_on = any(inside(call, case) for call in found.calls)
            leaves = any(isinstance(node, Return | Throw) for node in walk(case.body, into_functions=False))
            said = {word for test in case.tests for word in _said(test)}
            if work and not goes_on and not leaves and not _deliberate(said) and not any(map(_answering, work)):
                return case
    return None


def _listed_kinds(found: Middleware) -> Switch | None:
    """Return the ``switch`` without a default whose cases hold all calls of next, and behind which nothing is done."""
    around = {id(a): a for c in found.calls for a in ancestors(c) if isinstance(a, Switch)}
    only = next(iter(around.values())) if len(around) == 1 else None
    if only is None or not all(inside(call, only) for call in found.calls):
        return None
    whole = any(not case.tests for case in only.cases)
    last = bool(found.function.body) and found.function.body[-1] is only
    return None if whole or not last or _deliberate(_said(only.subject)) else only


def _skipping(found: Middleware) -> tuple[If | None, bool]:
    """Return the ``if`` that alone holds the call of next, and whether that stands where its test holds."""
    for call in found.calls:
        inner: Node = call
        for around in ancestors(call):
            if isinstance(around, If):
                if any(inner is statement for statement in around.body):
                    return around, True
                return (around, False) if any(inner is statement for statement in around.orelse) else (None, True)
            inner = around
            if isinstance(around, Function):
                break
    return None, True


def _never(module: Module, found: Middleware) -> Iterator[Match]:
    """Find a middleware given to a chain that takes ``next`` and never calls it."""
    call = found.function.parent
    if not isinstance(call, Call) or call.name not in ("use", "add", "register", "append", "push", "intercept"):
        return
    if not path_words(call.receiver) & (_RECEIVERS - {"router", "app"}) or len(found.function.params) > 2:
        return
    if "".join(words(found.param.name)) not in NEXTS or _answering(found.function):
        return
    if any(
        isinstance(r, Return) and r.value is not None for r in find(found.function.body, Return, into_functions=False)
    ):
        return
    yield Match(
        found.function,
        f"This middleware never calls '{found.param.name}()': every message ends here, and what comes after never sees "
        "one.",
    )
