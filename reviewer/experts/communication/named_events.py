"""The events of a subject by name: what is sent and what is listened to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import field

from reviewer.code.reach.links import class_of_value, declared_member, definition
from reviewer.code.syntax import Array, Assign, Call, Expr, Function, Imported, Member, Node, Object, strip
from reviewer.code.text.ideas import HOLDERS, LISTENS, PLAIN_GUEST, SENDS
from reviewer.code.text.words import words
from reviewer.experts.communication.constants import fixed_text
from reviewer.experts.communication.named_commands import NamedUse
from reviewer.experts.communication.vocabulary import EVENTS, NAMED_BY
from reviewer.experts.drawn import Drawn, Fact
from reviewer.experts.paths import last_name, name_words
from reviewer.experts.place import locate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_SENDS: Final = SENDS - {"announce"}
_SENDS_TO_BUS: Final = frozenset({"send", "post", "notify", "push", "raise_event", "announce"})
_LISTENS: Final = LISTENS | {"once"}
_NAMES: Final = _SENDS | _SENDS_TO_BUS | _LISTENS | {"dispatchEvent"}
_STANDARD: Final = frozenset(
    "data error close end open message exit disconnect connect connection finish drain ready change click "
    "input submit load unload abort timeout request response upgrade line pause resume readable pipe unpipe "
    "keydown keyup focus blur scroll resize online offline listening spawn uncaughtException "
    "unhandledRejection SIGINT SIGTERM beforeExit".split()
)
"""Events of platforms, whose sender is not in the subject."""
_LISTENING: Final = frozenset({"on", "once", "when", "hear", "listen", "subscribe", "follow", "observe"})
"""First words of a name by which somebody listens to what a part of the subject tells."""
_ACTORS: Final = HOLDERS | PLAIN_GUEST | frozenset("from who caller source sender subscriber by by_plugin".split())
"""Names of a parameter that says for whom something is."""
_BUSES: Final = frozenset({"emitter", "emittery", "event", "events", "bus", "hub", "target", "mitt"})
_WIRES: Final = frozenset({"socket", "sock", "ws", "websocket"})
_MOST: Final = 2_000


class NamedEvents(Fact, frozen=True):
    """What a subject says about its events: the places where each name is sent and listened to."""

    sent: dict[str, list[NamedUse]] = field(default_factory=dict)
    heard: dict[str, list[NamedUse]] = field(default_factory=dict)


def named_events(inquiry: Inquiry) -> NamedEvents:
    """Return the named events of a subject, worked out once."""
    known = inquiry.memory.get("communication.named_events")
    if not isinstance(known, NamedEvents):
        known = NamedEvents()
        for part in _EVENTS.of(inquiry):
            for mine, others in ((known.sent, part.sent), (known.heard, part.heard)):
                for name, uses in others.items():
                    mine.setdefault(name, []).extend(uses)
        inquiry.memory["communication.named_events"] = known
    return known


def _collect(_inquiry: Inquiry, module: Module) -> NamedEvents:
    found = NamedEvents()
    own = {name for name in module.identifiers if _hands_to_bus(name)}
    kept = frozenset(_kept_senders(module))
    for count, call in enumerate(module.calls(_NAMES | own | kept)):
        if count > _MOST:
            break
        if call.name in _LISTENS and len(call.args) > 1:
            if is_wire(call.receiver) or _is_of_another(module, call.receiver):
                continue  # whoever sends it is no part of the subject
            place = found.heard
        elif call.name in own:
            if len(call.args) < 2 or not isinstance(strip(call.args[1]), Function):
                continue
            place = found.heard
        elif _sends(call) or call.name in kept:
            place = found.sent
        else:
            continue
        position = _position(module, call)
        for name, at in _names(module, call.args[position] if len(call.args) > position else None):
            if name not in _STANDARD:
                place.setdefault(name, []).append(NamedUse(name, locate(module, at)))
    return found


def _kept_senders(module: Module) -> Iterator[str]:
    """Yield the fields and variables that hold the function by which a bus is told: ``self._emit = bus.emit``."""
    for made in module.all(Assign):
        value = strip(made.value) if made.value is not None else None
        if isinstance(value, Member) and value.name in _SENDS and not EVENTS.isdisjoint(name_words(value.object)):
            name = last_name(made.target)
            if name and name not in _NAMES:
                yield name


def is_wire(receiver: Expr | None) -> bool:
    """Tell whether what is emitted on an object goes to the other end of a connection, and not to who listens on it."""
    return not _WIRES.isdisjoint(name_words(receiver)[-1:])


def _is_of_another(module: Module, receiver: Expr | None) -> bool:
    """Tell whether what is listened to is an object of another package, and no plain bus of one: ``new PQueue()``."""
    made = module.scopes.origin(receiver) if receiver is not None else None
    kind = module.scopes.origin(made.callee) if isinstance(made, Call) and made.new else None
    foreign = isinstance(kind, Imported) and not kind.source.startswith((".", "/", "@/", "~"))
    return foreign and isinstance(made, Call) and _BUSES.isdisjoint(words(made.name))


def _hands_to_bus(name: str) -> bool:
    """Tell whether a name is one by which a part of the subject lets others listen to its bus: ``onNews``."""
    said = words(name)
    return len(said) > 1 and said[0] in _LISTENING and name not in _NAMES


def _position(module: Module, call: Call) -> int:
    """Return where a call names the event: second where the bus of the subject is told first for whom it is."""
    target = definition(module, call.callee)
    if not isinstance(target, Function) and call.receiver is not None:
        owner = class_of_value(module, call.receiver)
        target = declared_member(owner, call.name) if owner is not None else None
    if not isinstance(target, Function) or len(target.params) < 2:
        return 0
    first, second = (set(words(param.name)) for param in target.params[:2])
    return 1 if first & _ACTORS and second & (EVENTS | {"name", "type", "subject", "kind"}) else 0


_EVENTS: Final = Drawn("events", _collect, NamedEvents, _NAMES, tests=False)


def _sends(call: Call) -> bool:
    if call.name in _SENDS_TO_BUS:
        return bool(set(name_words(call.receiver)) & EVENTS)
    return call.name in _SENDS or call.name == "dispatchEvent"


def _names(module: Module, given: Expr | None) -> Iterator[tuple[str, Node]]:
    """Yield the event names in the first argument: a text, a list of texts, or the type of an event object."""
    if given is None:
        return
    made = module.scopes.origin(given)
    given = made if isinstance(made, Object) else strip(given)
    if isinstance(given, Array):
        for item in given.items:
            if name := fixed_text(module, item):
                yield name, item
    elif isinstance(given, Object):
        for key in NAMED_BY:
            value = given.get(key)
            if value is not None:
                if name := fixed_text(module, value):
                    yield name, value
                return
    elif isinstance(given, Call) and given.args and (given.new or given.name[:1].isupper()):
        if set(words(given.name)) & EVENTS and (name := fixed_text(module, given.args[0])):
            yield name, given.args[0]
    elif name := fixed_text(module, given):
        yield name, given
