"""PAT021: who does not answer a question about its health, or answers with an error, counts as well."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.syntax import Assign, Call, Function, Handler, Index, Literal, Object, Return, Throw, Try, strip
from reviewer.code.walk import calls_in, find, function_of
from reviewer.core.scale import Severity
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_name
from reviewer.experts.patterns.vocabulary import spelled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node
    from reviewer.experts.check import Inquiry

_ASKS: Final = frozenset(
    "health healthy healthz healthcheck ishealthy ready readyz readiness isready alive isalive ping probe heartbeat "
    "checkhealth gethealth".split()
)
"""Names, without separators, of what asks somebody how it is."""
_GOOD: Final = frozenset({"ok", "healthy", "up", "pass", "passing", "ready", "green", "good", "alive", "online"})
_NOBODY: Final = frozenset({"AttributeError", "NotImplementedError", "KeyError", "LookupError"})
"""Errors that say that one has no such question: who can't be asked may count as well."""
_PARTS: Final = ("ok", "healthy", "ready", "up", "alive", "status", "state")


@module_check(
    "PAT021", words={"health", "healthy", "healthz", "healthcheck", "ready", "readiness", "alive", "ping", "probe"}
)
def health_when_silent(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each question about health for a handler of its failure that says that all is well."""
    if module.is_test:
        return
    for attempt in module.all(Try):
        asked = next((call for call in calls_in(attempt.body) if _asks(call)), None)
        if asked is None:
            continue
        for handler in attempt.handlers:
            said = _says_well(handler)
            if said is not None:
                yield _match(module, asked, said)
                break
    for call in module.calls(("catch",)):
        given = strip(call.args[0]) if call.args else None
        inner = (
            next((one for one in calls_in(call.receiver) if _asks(one)), None) if call.receiver is not None else None
        )
        if inner is not None and isinstance(given, Function):
            answers = [one.value for one in returns_of(given)]
            if answers and all(one is not None and _is_good(one) for one in answers):
                yield _match(module, inner, given)


def _match(module: Module, asked: Call, said: Node) -> Match:
    return Match(
        said,
        f"Where '{short(module.text_of(asked.callee))}' fails or does not answer in time, this says that all is well: "
        "what is dead counts as healthy, and nobody is told.",
        related=((asked, "asked here"),),
        fix="Count who does not answer as unhealthy, or as unknown.",
        severity=Severity.MEDIUM,
    )


def _asks(call: Call) -> bool:
    """Tell whether a call asks one of several how it is: a method of what is not the host itself."""
    if call.receiver is None or call.name in ("get", "set"):
        return False
    return "".join(spelled(call.name)) in _ASKS


def _says_well(handler: Handler) -> Node | None:
    """Return where a handler says that all is well, and neither throws nor only hears that there is nobody to ask."""
    if handler.types and all(last_name(one) in _NOBODY for one in handler.types):
        return None
    if any(True for _ in find(handler.body, Throw)):
        return None
    function = function_of(handler)
    about = function is not None and bool(
        set(spelled(function.name)) & {"health", "healthy", "status", "ready", "alive"}
    )
    for node in handler.body:
        if isinstance(node, Return) and node.value is not None and _is_good(node.value):
            return node
        for assign in find(node, Assign, into_functions=False):
            if assign.value is not None and _is_good(assign.value) and (about or isinstance(assign.target, Index)):
                return assign
        for call in calls_in(node, into_functions=False):
            if call.name == "set" and len(call.args) == 2 and _is_good(call.args[1]):
                return call
    return None


def _is_good(value: Expr) -> bool:
    value = strip(value)
    if isinstance(value, Literal):
        return value.value is True or (isinstance(value.value, str) and value.value.lower() in _GOOD)
    if not isinstance(value, Object):
        return False
    said = [part for name in _PARTS if (part := value.get(name)) is not None]
    return bool(said) and all(_is_good(part) for part in said)
