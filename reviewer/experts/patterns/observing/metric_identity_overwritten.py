"""PAT018: labels that a plugin gives are laid over the ones that say whose measurement it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Expr,
    Function,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Param,
    Spread,
    strip,
)
from reviewer.code.walk import ancestors
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import word_set
from reviewer.experts.patterns.observing.metrics import METRICS, RECORDING, is_recording
from reviewer.experts.patterns.vocabulary import PLUGINS, TENANTS, spelled

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_WHOSE: Final = PLUGINS | TENANTS | {"version", "source", "host"}
_LABELS: Final = word_set("label labels tag tags attribute attributes dimensions dims")


@module_check("PAT018", words=METRICS | _LABELS)
def metric_identity_overwritten(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak where given labels come after the host's own in one object."""
    if module.is_test:
        return
    for node in module.some(Object, Binary, Call):
        given: Expr | None = _updated(module, node) if isinstance(node, Call) else None
        if isinstance(node, Object):
            given = _last_spread(node)
        elif isinstance(node, Binary) and node.op == "|" and isinstance(node.left, Object) and _own(node.left.keys):
            given = node.right
        elif given is None and isinstance(node, Call) and node.name == "assign" and len(node.args) > 1:
            own = [key for arg in node.args[:-1] if isinstance(arg, Object) for key in arg.keys]
            given = node.args[-1] if _own(own) else None
        if given is not None and _from_outside(module, given) and _measures(module, node):
            yield Match(
                given,
                f"'{short(module.text_of(given))}' is laid over the host's labels: a plugin that gives a label of the "
                "same name writes its numbers under somebody else's.",
            )


def _updated(module: Module, call: Call) -> Expr | None:
    """Return what ``labels.update(given)`` lays over the host's own labels."""
    made = module.scopes.origin(call.receiver) if call.name == "update" and call.receiver is not None else None
    return call.args[0] if isinstance(made, Object) and _own(made.keys) and len(call.args) == 1 else None


def _last_spread(node: Object) -> Expr | None:
    """Return a spread that comes after keys of the host which nothing later sets again."""
    before: list[str] = []
    found: Expr | None = None
    after: set[str] = set()
    for key, value in node.entries:
        if key is None:
            found = value if found is None and _own(before) else found
        elif isinstance(key, Literal):
            (after.add if found is not None else before.append)(str(key.value))
    if found is None or not [key for key in _own(before) if key not in after]:
        return None
    return found


def _own(keys: list[str]) -> list[str]:
    return [key for key in keys if set(spelled(key)) & _WHOSE]


def _from_outside(module: Module, given: Expr) -> bool:
    given = strip(given)
    if isinstance(given, Spread):
        given = strip(given.value)
    if isinstance(given, Binary) and given.op in ("or", "??"):
        given = strip(given.left)
    while isinstance(given, Member):
        given = strip(given.object)
    return isinstance(given, Name) and given.id != "this" and isinstance(module.scopes.origin(given), Param)


def _measures(module: Module, node: Node) -> bool:
    """Tell whether an object becomes the labels of a measurement."""
    for around in ancestors(node):
        if isinstance(around, Call) and is_recording(module, around):
            return True
        if isinstance(around, Assign) and isinstance(around.target, Name) and set(spelled(around.target.id)) & _LABELS:
            return True
        if isinstance(around, Function):
            return bool(set(spelled(around.name)) & _LABELS) or _for_measuring(around)
    return False


def _for_measuring(function: Function) -> bool:
    """Tell whether a function that records is one of what plugins measure with: ``metricsFor(plugin).count(…)``."""
    if function.name not in RECORDING:
        return False
    owner = function.owner
    names = [owner.name] if owner is not None else []
    outer = function.outer
    while outer is not None:
        names.append(outer.name)
        outer = outer.outer
    return any(set(spelled(name)) & METRICS for name in names)
