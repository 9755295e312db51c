"""The sender that the host writes on an event, and what the sender itself may write over it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Class,
    Expr,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Object,
    Spread,
    strip,
)
from reviewer.code.text.ideas import GUESTS, PLAIN_GUEST
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, function_of, inside, walk
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match
from reviewer.experts.communication.emissions import (
    names_caller,
    own_callers,
    owners_of_handlers,
    speaks_beside_hearing,
)
from reviewer.experts.communication.events.given_by_host import written_by_host
from reviewer.experts.communication.vocabulary import EVENTS, PLUGINS, PUBLISHES
from reviewer.experts.paths import surroundings

if TYPE_CHECKING:
    from reviewer.code.module import Module

STAMPS: Final = frozenset(
    "source sender emitter origin from by publisher emittedby sentby author issuer producer sourceid senderid "
    "originid".split()
)
"""Keys under which an event says who sent it, lower case without separators."""
SENDERS: Final = (STAMPS - {"from", "by", "author", "issuer", "producer"}) | {f"{one}id" for one in PLAIN_GUEST}
"""Those that say nothing else, whatever the record is called."""
_OF_ANYTHING: Final = frozenset({"source", "origin"})
"""Those that any record may have of what it was made from."""
_GIVEN: Final = frozenset("payload data body options opts meta input args e evt msg draft".split())
_TAILS: Final = frozenset({"id", "name", "key", "ref"})
_CLONES: Final = frozenset({"clone", "deepcopy", "copy", "freeze"})
_COPIES: Final = frozenset({"assign", "update", "merge", "extend"})


def is_stamp(key: Expr | None) -> bool:
    """Tell whether the key of a record says who sent it."""
    return isinstance(key, Literal) and isinstance(key.value, str) and says_sender(key.value)


def says_sender(key: str) -> bool:
    """Tell whether a key says who sent what it stands in."""
    flat = "".join(words(key))
    if flat in STAMPS or flat.removesuffix("id") in PLUGINS:
        return flat in STAMPS or names_caller(key)
    return len(words(key)) > 1 and names_caller(key)


def overwritten(module: Module, function: Function) -> Match | None:
    """Find a record in which what the sender gave is written over the stamp of the host."""
    for node in walk(function.body):
        found: tuple[str, Expr] | None = None
        if isinstance(node, Object):
            found = _spread_over(function, node)
        elif isinstance(node, Call) and node.name in _COPIES:
            found = _copied_over(module, function, node)
        elif isinstance(node, Binary | Assign) and node.op in ("|", "|="):
            found = _merged_over(module, function, node)
        if found is not None:
            stamp, given = found
            if _can_not_hold(function, given, stamp) or written_by_host(function, given, stamp):
                continue
            return Match(
                given if isinstance(node, Object) else node,
                f"'{module.text_of(given)}' is written over '{stamp}': a sender that puts a '{stamp}' into it speaks "
                "as somebody else.",
            )
    return None


def _can_not_hold(function: Function, given: Expr, stamp: str) -> bool:
    """Tell whether ``**said`` can't hold a name, because the function has a parameter that is called so."""
    held = strip(given.value) if isinstance(given, Spread) else strip(given)
    names = {param.name for param in function.params}
    return stamp in names and any(param.rest and param.name == _names(held) for param in function.params)


def _spread_over(function: Function, node: Object) -> tuple[str, Expr] | None:
    stamped = ""
    for key, value in node.entries:
        if is_stamp(key) or _known_around(function, key, value):
            stamped = str(getattr(key, "value", ""))
        elif key is None and stamped and _given(function, value):
            return stamped, value
    return None


def _known_around(function: Function, key: Expr | None, value: Expr) -> bool:
    """Tell whether a record says whom a function was made for: what a function around it was given, under its name.

    What the function is given itself says so where its name is one for guests, or stands beside their handlers.
    """
    value = strip(value)
    if not isinstance(key, Literal) or not isinstance(value, Name) or key.value != value.id:
        return False
    if any(param.name == value.id for param in function.params):
        return _is_guest(function, value.id)
    around = function.outer
    while around is not None:
        if any(param.name == value.id for param in around.params):
            return True
        around = around.outer
    return False


def _is_guest(function: Function, name: str) -> bool:
    """Tell whether a name is one of those that a host gives its guests, in general or in this file."""
    said = [word for word in words(name) if word not in _TAILS]
    return (bool(said) and GUESTS.issuperset(said)) or name in owners_of_handlers(function.module)


def _copied_over(module: Module, function: Function, call: Call) -> tuple[str, Expr] | None:
    """Look at ``Object.assign({source}, payload)``, ``record.update(payload)``."""
    onto = call.args[0] if len(call.args) > 1 else call.receiver
    given = call.args[1:] if len(call.args) > 1 else call.args
    stamp = _stamp_in(module, function, onto)
    over = next((g for g in given if _given(function, g)), None)
    return (stamp, over) if stamp and over is not None else None


def _merged_over(module: Module, function: Function, node: Binary | Assign) -> tuple[str, Expr] | None:
    """Look at ``{"source": …} | payload`` and ``record |= payload``."""
    left, right = (node.left, node.right) if isinstance(node, Binary) else (node.target, node.value)
    stamp = _stamp_in(module, function, left)
    return (stamp, right) if stamp and right is not None and _given(function, right) else None


def _stamp_in(module: Module, function: Function, expr: Expr | None) -> str:
    """Return the key under which a record says who sent it, where the host wrote it, or an empty string."""
    if expr is None:
        return ""
    made = module.scopes.origin(strip(expr))
    if isinstance(made, Call) and made.name == "dict" and not made.args:
        return next(
            (
                name
                for name, value in made.keywords.items()
                if says_sender(name) or (_names(value) == name and _is_guest(function, name))
            ),
            "",
        )
    if not isinstance(made, Object):
        return ""
    return next(
        (
            str(getattr(key, "value", ""))
            for key, value in made.entries
            if is_stamp(key) or _known_around(function, key, value)
        ),
        "",
    )


def _names(value: Expr) -> str:
    value = strip(value)
    return value.id if isinstance(value, Name) else ""


def preferred(module: Module, function: Function) -> Match | None:
    """Find a stamp that is what the sender says, or is so unless the sender says nothing."""
    for node in walk(function.body):
        if isinstance(node, Object):
            for key, value in node.entries:
                said = str(getattr(key, "value", ""))
                found = (
                    _read_from_sender(function, value) if is_stamp(key) else _known_as_default(function, said, value)
                )
                if found is not None:
                    return _said_by_sender(value, said, *found)
        elif isinstance(node, Call) and (told := _of_record(module, function, node)) is not None:
            return told
        elif isinstance(node, Call) and node.name == "setdefault" and node.args and is_stamp(node.args[0]):
            if node.receiver is not None and _given(function, node.receiver):
                name = str(getattr(node.args[0], "value", ""))
                return _said_by_sender(node, name, module.text_of(node.receiver), True)
        elif isinstance(node, Assign) and isinstance(node.target, Member) and names_caller(node.target.name):
            found = _kept_if_there(module, function, node)
            if found is not None:
                return _said_by_sender(node, node.target.name, *found)
    return None


def _of_record(module: Module, function: Function, call: Call) -> Match | None:
    """Look at a record that is made by its class: ``Signal(name, body.get("origin", gadget), body)``."""
    given = dict(call.keywords)
    shape = definition(module, call.callee) if call.args or given else None
    if not isinstance(shape, Class):
        return None
    given.update(zip((field.name for field in shape.fields), call.args, strict=False))
    for name, value in given.items():
        says_who = "".join(words(name)) in STAMPS or name in own_callers(module)
        found = _read_from_sender(function, value) if says_who else _known_as_default(function, name, value)
        if found is not None:
            return _said_by_sender(value, name, *found)
    return None


def _known_as_default(function: Function, name: str, value: Expr) -> tuple[str, bool] | None:
    """Look at ``driver=values.pop("driver", driver)``: what the host was told of a guest only fills a gap."""
    value = strip(value)
    if isinstance(value, Call) and value.name in ("str", "String") and len(value.args) == 1:
        value = strip(value.args[0])
    given: Expr | None = None
    asked, known = "", ""
    if isinstance(value, Call) and value.name in ("get", "pop") and len(value.args) == 2:
        asked, known, given = str(getattr(strip(value.args[0]), "value", "")), _names(value.args[1]), value.receiver
    elif isinstance(value, Binary) and value.op in ("??", "or"):
        taken, known = strip(value.left), _names(value.right)
        if isinstance(taken, Member):
            asked, given = taken.name, taken.object
    if given is None or not name == known == asked or not _given(function, given):
        return None
    first = bool(function.params) and function.params[0].name == known and len(function.params) > 2
    told = any(param.name == known for param in function.params) and (first or _is_guest(function, known))
    return (f"{function.module.text_of(given)}.{name}", True) if told else None


def taken_apart(module: Module, function: Function) -> Match | None:
    """Find a stamp that is a field of what the sender gives, taken out where that comes in: ``{ from, ...data }``."""
    for param in function.params:
        said = {local: field for field, local in param.fields.items() if local and _says_sender(field)}
        if not said or not (len(param.fields) > 1 or "..." in module.text_of(param)):
            continue
        for held in find(function.body, Name):
            key = _stamps_with(module, held) if held.id in said and not _is_held_against(held) else ""
            if key:
                return _said_by_sender(held, key, said[held.id], False)
    return None


def _says_sender(field: str) -> bool:
    flat = "".join(words(field))
    return flat in STAMPS or flat.removesuffix("id") in PLUGINS


def _stamps_with(module: Module, held: Name) -> str:
    """Return as what a name goes into a record that says who sends, or to a helper that is told so; else nothing."""
    around = held.parent
    if isinstance(around, Object):
        key = next((key for key, value in around.entries if strip(value) is held), None)
        return str(getattr(key, "value", "")) if is_stamp(key) else ""
    target = definition(module, around.callee) if isinstance(around, Call) and held in around.args else None
    if isinstance(around, Call) and isinstance(target, Function) and around.args.index(held) < len(target.params):
        told = target.params[around.args.index(held)].name
        return told if "".join(words(told)) in STAMPS else ""
    return ""


def _is_held_against(held: Name) -> bool:
    """Tell whether the function compares a name with something, or asks about it."""
    function = function_of(held)
    return function is not None and any(
        isinstance(one.parent, Binary) and one.parent.op in ("==", "!=", "in", "not in", "===", "!==")
        for one in find(function.body, Name)
        if one.id == held.id
    )


def _said_by_sender(at: Expr, name: str, taken: str, fallback: bool) -> Match:
    rest = "; the identity that the host knows is used only where it is silent" if fallback else ""
    return Match(
        at,
        f"The sender '{name}' of the event is read from '{taken}', which the sender itself fills in{rest}.",
        confidence=Confidence.POSSIBLE if name in _OF_ANYTHING and not _is_of_events(at) else None,
    )


def _is_of_events(at: Expr) -> bool:
    """Tell whether events are spoken of around a record, or what sends them."""
    function = function_of(at)
    said = surroundings(function)
    if function is not None:
        said.update(word for param in function.params for word in words(param.name))
    return bool(said & (EVENTS | PUBLISHES))


def _read_from_sender(function: Function, value: Expr) -> tuple[str, bool] | None:
    """Return the field that a stamp is read from, and whether the host's own knowledge is only the fallback."""
    first: Expr = strip(value)
    fallback = isinstance(first, Binary) and first.op in ("??", "or")
    if isinstance(first, Binary) and fallback:
        first = strip(first.left)
    elif isinstance(first, Call) and first.name == "get" and len(first.args) > 1:
        fallback = True
    taken = _member_of_param(function, first)
    return (taken, fallback) if taken else None


def _kept_if_there(module: Module, function: Function, node: Assign) -> tuple[str, bool] | None:
    """Look at ``event.source ??= id`` and ``if (!event.source) event.source = id``."""
    target = node.target
    if not isinstance(target, Member) or "".join(words(target.name)) not in STAMPS or node.value is None:
        return None
    if not _given(function, target.object):
        return None
    text = module.text_of(target)
    kept = isinstance(node.value, Binary) and node.value.op in ("or", "??") and module.text_of(node.value.left) == text
    asked = any(module.text_of(n) == text for c in conditions(node) for n in walk(c.test))
    return (text, True) if kept or asked or node.op in ("??=", "||=") else None


def _member_of_param(function: Function, expr: Expr) -> str:
    """Return ``event.source`` for a field that says who sends, read from a plain parameter; else an empty string."""
    name = ""
    base: Expr | None = None
    if isinstance(expr, Call) and expr.name in ("str", "String") and len(expr.args) == 1:
        expr = strip(expr.args[0])
    taken = function.module.scopes.origin(expr) if isinstance(expr, Name) else None
    if isinstance(taken, Member | Index | Call):
        expr = taken  # const { plugin, ...body } = structuredClone(message)
    if isinstance(expr, Member):
        name, base = expr.name, _uncopied(strip(expr.object))
    elif isinstance(expr, Index) and isinstance(expr.key, Literal):
        name, base = str(expr.key.value), strip(expr.object)
    elif isinstance(expr, Call) and expr.name in ("get", "pop") and isinstance(expr.arg(0), Literal):
        name, base = str(getattr(expr.arg(0), "value", "")), expr.receiver
    known = names_caller(name) and "".join(words(name)) in STAMPS | PLUGINS | {f"{p}id" for p in PLUGINS}
    if not isinstance(base, Name) or not (known or name in own_callers(function.module)):
        return ""
    if "".join(words(base.id)) in STAMPS:
        return ""  # ``emitter.tenant``: who sends is a parameter of its own, and nothing that the sender made
    said = set(words(base.id)) & (EVENTS | _GIVEN)
    plain = "".join(words(name)) in SENDERS and speaks_beside_hearing(function)
    return f"{base.id}.{name}" if (said or plain) and any(one.name == base.id for one in function.params) else ""


def _uncopied(expr: Expr) -> Expr:
    """Return what a copy was made of: ``message`` of ``structuredClone(message)``."""
    if isinstance(expr, Call) and len(expr.args) == 1 and _CLONES & set(words(expr.name)):
        return strip(expr.args[0])
    return expr


def _given(function: Function, value: Expr) -> bool:
    """Tell whether a value is what the caller of the function gave."""
    value = strip(value)
    if isinstance(value, Spread):
        value = strip(value.value)
    if isinstance(value, Call) and value.args:
        value = strip(value.args[0])
    if isinstance(value, Member):
        value = strip(value.object)
    if not isinstance(value, Name):
        return False
    return any(
        p.name == value.id or value.id in p.fields.values()
        for f in (function, *_inner(function, value))
        for p in f.params
    )


def _inner(function: Function, value: Expr) -> list[Function]:
    """Return the functions between a value and the function that sends, such as the ports that it hands out."""
    return [a for a in ancestors(value) if isinstance(a, Function) and inside(a, function)]
