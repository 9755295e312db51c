"""COM005: each hearer gets a record of its own, or one for all, and what lies in it is what the sender holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Array,
    Call,
    Comprehension,
    Expr,
    For,
    Function,
    Name,
    Object,
    Param,
    Spread,
    strip,
)
from reviewer.code.walk import find, inside
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.emissions import named_function, speaks_beside_hearing
from reviewer.experts.communication.event_tables import is_event, is_told_one_by_one
from reviewer.experts.communication.events.payload_shared import ANYTHING, COPIES, is_changeable
from reviewer.experts.communication.invocations import invocations
from reviewer.experts.communication.isolation import isolated
from reviewer.experts.communication.vocabulary import spoken

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
from reviewer.experts.check import Inquiry

_PUTS: Final = frozenset({"put_nowait", "put", "push", "append", "offer", "enqueue", "write"})
_SHUTS: Final = frozenset({"freeze", "MappingProxyType"})


@module_check("COM005")
def envelope_shared(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the records that a host makes for those who hear of an event for what it was handed itself."""
    if module.is_test or inquiry.subject.kind != "host":
        return
    for found in invocations(inquiry, module):
        sender = named_function(found.function)
        if found.loop is None or sender is None or not isolated(found) or _copies(module, sender):
            continue
        if not (is_event(found) or is_told_one_by_one(found) or speaks_beside_hearing(sender)):
            continue
        shared = next((held for arg in found.call.args if (held := _held(module, sender, arg)) is not None), None)
        if shared is not None:
            yield _match(found.inner or found.call, shared)
    yield from _put_in_lines(module)


def _copies(module: Module, sender: Function) -> bool:
    """Tell whether a function, or one that calls it, copies what is told; to shut its outside is no copy."""
    copying = COPIES - {"freeze", "frozen", "immutable", "mappingproxytype"}
    asking = [call for call in module.calls((sender.name,)) if isinstance(call.function, Function)]
    around = [call.function for call in asking if isinstance(call.function, Function) and call.function is not sender]
    return any(spoken(one) & copying for one in (sender, *around[:8]))


def _match(at: Call, shared: Name) -> Match:
    return Match(
        shared,
        f"What every hearer gets holds the same '{shared.id}', which the sender holds, too: what one of them writes "
        "into it, the others read.",
        related=((at, "told here"),),
        confidence=Confidence.LIKELY,
    )


def _put_in_lines(module: Module) -> Iterator[Match]:
    """Find what is put into the lines of all who hear, one after the other: ``line.put_nowait({"body": body})``."""
    for call in module.calls(_PUTS & module.identifiers):
        base = strip(call.receiver) if call.receiver is not None else None
        bound = module.scopes.lookup(base.id, base) if isinstance(base, Name) else []
        loop = next((one for one in bound if isinstance(one, For) and inside(call, one)), None)
        sender = named_function(call.function if isinstance(call.function, Function) else None)
        if loop is None or sender is None or _copies(module, sender) or not call.args or len(_puts(loop)) != 1:
            continue
        shared = _held(module, sender, call.args[0])
        if shared is not None:
            yield _match(call, shared)


def _puts(loop: For) -> list[Call]:
    return [call for call in find(loop.body, Call) if call.name in _PUTS]


def _held(module: Module, sender: Function, argument: Expr) -> Name | None:
    """Return what lies in a record as somebody handed it in, and may be an object that can be written to."""
    record = _record(module, argument)
    members: list[tuple[Expr | str | None, Expr]] = []
    if isinstance(record, Object):
        members = [(key, value) for key, value in record.entries]
    elif record is not None:
        members = [(key, value) for key, value in record.keywords.items()]
    if any(_is_copy(value) for key, value in members if key is not None):
        return None  # who copies one member knows which of the others need none
    for key, held in members:
        given = strip(held)
        bound = module.scopes.lookup(given.id, given) if isinstance(given, Name) else []
        param = bound[0] if len(bound) == 1 else None
        around = param.parent if isinstance(param, Param) else None
        if key is None or not isinstance(given, Name) or not isinstance(param, Param):
            continue
        if isinstance(around, Function) and _may_be_any(around, param, given) and is_changeable(module, param, given):
            return given
    return None


def _is_copy(value: Expr) -> bool:
    """Tell whether a member is made anew: ``[dict(row) for row in rows]``, ``[...tags]``, ``dict(body)``."""
    made = strip(value)
    if isinstance(made, Call):
        return made.name in ("dict", "list", "tuple", "frozenset", "from", "map", "slice", "fromEntries") and bool(
            made.args or made.receiver
        )
    if isinstance(made, Comprehension):
        return True
    return isinstance(made, Array | Object) and any(True for _ in find(made, Spread))


def _may_be_any(function: Function, param: Param, given: Name) -> bool:
    """Tell whether a parameter may be any object: its type says so, or it has none and is only handed on."""
    declared = param.type.strip().strip("'\"")
    if declared:
        return declared.startswith((*ANYTHING, "dict", "Any")) and param.name == given.id
    uses = [name for name in find(function.body, Name) if name.id == given.id]
    return len(uses) == 1 and not param.default and function.name != ""


def _record(module: Module, argument: Expr) -> Object | Call | None:
    """Return the record that an argument is: made in place, before, or by the function that hands it down."""
    made = module.scopes.origin(strip(argument))
    if isinstance(made, Param) and isinstance(made.parent, Function) and made.parent.name:
        at = made.parent.params.index(made) if made in made.parent.params else -1
        calls = [call for call in module.calls((made.parent.name,)) if 0 <= at < len(call.args)]
        made = module.scopes.origin(strip(calls[0].args[at])) if len(calls) == 1 else None
    if isinstance(made, Call) and made.name in _SHUTS and made.args:
        made = strip(made.args[0])
    if isinstance(made, Call):  # dict(topic=topic, body=body)
        return made if made.name == "dict" and made.receiver is None and not made.args and made.keywords else None
    return made if isinstance(made, Object) else None
