"""COM560: whether an event may be trusted is asked of what its sender wrote into it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.forwarding import end_of
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Assign, Binary, Call, Expr, Function, If, Index, Literal, Member, Name, Param, strip
from reviewer.code.text.ideas import LISTEN_WORDS, LISTENS
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, inside
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.constants import fixed_text
from reviewer.experts.communication.events.stamps import STAMPS
from reviewer.experts.data.messages import short
from reviewer.experts.lifecycle.targets import target_function
from reviewer.experts.paths import last_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_BUSES: Final = frozenset("bus events event messaging signals hub broker messages emitter context ctx host api".split())
_CARRIED: Final = frozenset("payload data body content detail details args".split())
"""How an event calls what its sender put into it."""
_SAYS: Final = frozenset("sender emitter plugin pluginid caller emittedby sentby publisher senderid fromplugin".split())
_MAY_BE_OF_ANYTHING: Final = frozenset({"source", "origin", "from", "issuer", "producer"})
"""Those that say as often where the thing itself comes from."""
_TRUST: Final = frozenset("trusted trust allowed allow known approved friends senders sources plugins".split())


@module_check("COM560", words=LISTEN_WORDS)
def trusted_by_payload(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each handler of events for a question about the sender that the payload answers."""
    if module.is_test:
        return
    told: set[int] = set()
    for call in module.calls(LISTENS):
        if len(call.args) < 2 or call.receiver is None or not _is_bus(module, call.receiver):
            continue
        handler = target_function(module, call.args[-1]) or definition(module, call.args[-1])
        if not isinstance(handler, Function) or not handler.params or handler.module is not module:
            continue
        function, param = end_of(module, handler, handler.params[0])
        if id(function) in told or _reads_stamp(function, param):
            continue
        told.add(id(function))
        for read, name in _said_inside(function, param):
            if _is_decided_by(module, read, name):
                yield Match(
                    read,
                    f"'{short(module.text_of(read))}' is what the sender wrote itself: whoever knows the name that is "
                    "expected here is taken for it. Ask the sender that the host writes on the event.",
                    related=((call, "subscribed here"),),
                )
                break


def _is_bus(module: Module, receiver: Expr) -> bool:
    return module.resolve(receiver).startswith("context") or not _BUSES.isdisjoint(words(last_name(strip(receiver))))


def _reads_stamp(function: Function, param: Param) -> bool:
    """Tell whether a handler looks at the sender that stands on the event itself."""
    if any("".join(words(name)) in STAMPS for name in param.fields):
        return True
    return any(
        isinstance(strip(one.object), Name) and getattr(strip(one.object), "id", "") == param.name
        for one in find(function.body, Member)
        if "".join(words(one.name)) in STAMPS
    ) and not _CARRIED.issuperset(words(param.name)[-1:])


def _said_inside(function: Function, param: Param) -> Iterator[tuple[Expr, str]]:
    """Yield what a handler reads of the payload that says who sends, with the name of it."""
    payloads = {local for key, local in param.fields.items() if key in _CARRIED}
    if _CARRIED.issuperset(words(param.name)[-1:]):
        payloads.add(param.name)
    for one in find(function.body, Assign):
        if isinstance(one.target, Name) and one.value is not None and _is_payload(one.value, param.name, payloads):
            payloads.add(one.target.id)
    payloads.discard("")
    for node in find(function.body, Expr):
        name, holder = _read(node)
        flat = "".join(words(name))
        if holder is not None and flat in _SAYS | _MAY_BE_OF_ANYTHING and _is_payload(holder, param.name, payloads):
            yield node, flat


def _read(node: Expr) -> tuple[str, Expr | None]:
    """Return the name and the holder of ``payload.sender``, ``payload["sender"]``, ``payload.get("sender")``."""
    if isinstance(node, Member):
        return node.name, node.object
    if isinstance(node, Index) and isinstance(node.key, Literal):
        return str(node.key.value), node.object
    if (
        isinstance(node, Call)
        and node.name == "get"
        and node.args
        and isinstance(first := strip(node.args[0]), Literal)
    ):
        return str(first.value), node.receiver
    return "", None


def _is_payload(expr: Expr, whole: str, payloads: set[str]) -> bool:
    held = strip(expr)
    if isinstance(held, Name):
        return held.id in payloads
    name, holder = _read(held)
    root = strip(holder) if holder is not None else None
    return name in _CARRIED and isinstance(root, Name) and root.id == whole and bool(whole)


def _is_decided_by(module: Module, read: Expr, name: str) -> bool:
    """Tell whether a test holds what was read against the id of a plugin, or a list of those that are trusted."""
    names = {one.target.id for one in ancestors(read) if isinstance(one, Assign) and isinstance(one.target, Name)}
    function = next((one for one in ancestors(read) if isinstance(one, Function)), None)
    places = [read, *(n for n in find(function.body, Name) if n.id in names and n is not read)] if function else [read]
    return any(_is_asked(module, place, name) for place in places)


def _is_asked(module: Module, place: Expr, name: str) -> bool:
    around = place.parent
    if isinstance(around, Binary) and around.op in ("==", "!=", "===", "!=="):
        other = around.right if strip(around.left) is place else around.left
        if not _is_id(module, other, name):
            return False
    elif isinstance(around, Binary) and around.op in ("in", "not in"):
        if around.left is not place or _TRUST.isdisjoint(words(last_name(strip(around.right)))):
            return False
    elif isinstance(around, Call) and around.name in ("has", "includes", "get") and around.receiver is not None:
        if _TRUST.isdisjoint(words(last_name(strip(around.receiver)))):
            return False
    else:
        return False
    return any(isinstance(one, If) and inside(around, one.test) for one in ancestors(around))


def _is_id(module: Module, expr: Expr, name: str) -> bool:
    text = fixed_text(module, expr)
    if text:
        return name in _SAYS or "." in text
    held = last_name(strip(expr))
    return held.isupper() and len(held) > 1
