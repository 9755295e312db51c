"""PAT016: the value of a metric's label can be anything."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import callee
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Conditional,
    Expr,
    Function,
    Handler,
    Index,
    Literal,
    Member,
    Name,
    Object,
    Param,
    Template,
    strip,
)
from reviewer.code.walk import names_in
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import word_set
from reviewer.experts.patterns.observing.labels_of_guests import (
    chosen_by_guest,
    is_any_text,
    is_said_to_be_text,
    out_of_arguments,
    tests_before,
)
from reviewer.experts.patterns.observing.metrics import METRICS, labels, last_name, recordings
from reviewer.experts.patterns.vocabulary import PLUGINS, last_spelled, names_tenant, spelled

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_ENDLESS: Final = word_set(
    "message msg stack trace text url uri path pathname href query search body payload args arguments params "
    "input email ip userid sessionid requestid docid documentid messageid orderid traceid uuid filename file "
    "content title prompt question answer comment remark sentence phrase plate vin isbn iban phone telephone "
    "barcode nickname surname ssn passport coordinates latitude longitude mmsi imei imsi iccid isin callsign"
)
"""Names of values without a limit to how many there are."""
_ENDLESS_IDS: Final = word_set(
    "user session request document doc message order trace event job item note customer file ticket checkout cart "
    "basket invoice payment transaction shipment parcel booking reservation build run execution invocation span "
    "correlation upload download batch chunk record comment post thread conversation chat visit alert incident attempt "
    "delivery query task transfer purchase appointment patient visitor guest member recipient device cell row reading "
    "principal subscriber"
)
"""Things of which there is no end, so that their ids have none."""
_PERSONS: Final = word_set(
    "user pupil student patient visitor guest passenger employee reader player person recipient principal"
)
"""People, of whom a label names one where it is called so and no more."""
_SENT_ONES: Final = word_set(
    "user student pupil patient visitor passenger employee person vessel ship vehicle car order customer "
    "ticket basket cart invoice payment transaction shipment parcel booking "
    "reservation document appointment subscriber sender recipient account"
)
"""Things of which there is no end, where a label is called by one and a message says which."""
_SENT: Final = word_set("data payload body args arguments params event message msg evt detail fields")
"""What code calls that which somebody has sent."""
_COUNTS: Final = frozenset({"add", "inc", "incr", "increment", "count"})
"""Calls that count, in an entry of its own for each of what stands behind the name of the count."""
_LABELS: Final = frozenset({"labels", "label", "tags", "tag", "dimensions", "attributes", "parts"})
_GIVEN_ONCE: Final = PLUGINS | word_set(
    "context ctx config configuration options opts settings host env meta info self this server client service"
)
"""What holds the fields that a program is set up with."""
_FEW: Final = word_set(
    "region zone node host shard worker type kind category queue topic channel route command group role lane line "
    "gauge sensor station store location server instance room floor machine depot area section model language process "
    "thread partition connection cluster datacenter"
)
"""Things of which there are few, so that their ids have an end."""
_FIXED: Final = frozenset(
    {"bucket", "kind", "classify", "normalize", "normalise", "group", "known", "allowed", "family"}
)


@module_check("PAT016", words=METRICS | {"count", "inc", "increment", "observe"})
def metric_label_unbounded(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak where a message, an address, an id of a document or a person becomes a label."""
    if module.is_test:
        return
    for call in recordings(module):
        for name, value in (*labels(call), *_further(module, call)):
            why = _endless(module, name, value) or _endless_field(module, value) or _chosen_by_plugin(module, value)
            why = why or _sent_one(module, name, value)
            why = why or out_of_arguments(module, call, value)
            told = "" if why else chosen_by_guest(module, call, value)
            if why or told:
                given = _given_message(module, strip(value))
                yield Match(
                    given or value,
                    f"'{short(module.text_of(value))}' becomes {'the label ' + repr(name) if name else 'a label'}: "
                    f"there is {why or told}, and each new one is a new series for ever.",
                    confidence=Confidence.POSSIBLE if told and not is_said_to_be_text(module, value) else None,
                )
                break


def _further(module: Module, call: Call) -> Iterator[tuple[str, Expr]]:
    """Yield what a call hands over for the ``*labels`` of a function of the subject, or behind the name of a count."""
    target = callee(module, call)
    rest = target.params[-1] if target is not None and target.params else None
    if target is None and call.name in _COUNTS and call.args and isinstance(strip(call.args[0]), Literal):
        for argument in call.args[1:]:
            if isinstance(strip(argument), Name | Member):
                yield "", argument
    if target is None or rest is None or not rest.rest or not set(spelled(rest.name)) & _LABELS:
        return
    for argument in call.args[len(target.params) - 1 :]:
        yield "", argument


def _chosen_by_plugin(module: Module, value: Expr) -> str:
    """Return why a label has no end that is what the caller of a facade hands in, as it is."""
    value = strip(value)
    if not isinstance(value, Name):
        return ""
    bound = module.scopes.lookup(value.id, value)
    param = bound[0] if len(bound) == 1 else None
    function = param.parent if isinstance(param, Param) else None
    if not isinstance(param, Param) or not isinstance(function, Function) or function.outer is None:
        return ""
    free = is_any_text(param) and isinstance(function.parent, Object)
    maker = function.outer
    made_for = maker.params and any(set(spelled(one.name)) & PLUGINS for one in maker.params)
    tested = any(
        isinstance(node, Call | Binary) and value.id in names_in(node) for node in tests_before(function, value)
    )
    return "no end to what a plugin may hand in" if free and made_for and not tested else ""


def _endless(module: Module, name: str, value: Expr) -> str:
    """Return why there is no end to the values of a label, or an empty string."""
    value = strip(value)
    if isinstance(value, Literal | Index):
        return ""
    if isinstance(value, Call):
        words = set(spelled(value.name))
        if words & _FIXED:
            return ""
        if value.name in ("String", "str", "repr") and value.args:
            inner = strip(value.args[0])
            if last_spelled(inner) & {"err", "error", "exc", "exception", "e", "ex", "reason"} or _caught(
                module, inner
            ):
                return "no end to error messages"
            return _endless(module, name, inner)
        if value.name in ("stringify", "dumps"):
            return "no end to texts of arguments"
        if value.name in ("get", "header") and value.args and isinstance(strip(value.args[0]), Literal):
            asked = set(spelled(str(getattr(strip(value.args[0]), "value", ""))))  # headers.get("x-user")
            return "one for each of them" if asked & (_PERSONS | {"session", "address"}) else ""
        if value.name in ("toString", "slice", "trim", "lower", "toLowerCase", "get") and value.receiver is not None:
            return _endless(module, name, value.receiver)
        return ""
    parts = _parts(value)
    if parts:
        return next((why for part in parts if (why := _endless(module, name, part))), "")
    told = _caught(module, value) or _given_message(module, value) is not None
    return "no end to error messages" if told else endless_name(value)


def _parts(value: Expr) -> list[Expr]:
    """Return what a text is made of, and what it may be: of a template, a choice, or a fallback."""
    if isinstance(value, Template):
        return list(value.holes)
    if isinstance(value, Conditional):
        return [value.then, value.other]
    return [value.left, value.right] if isinstance(value, Binary) and value.op in ("??", "or") else []


def _caught(module: Module, value: Expr) -> bool:
    """Tell whether a name is that of the error that a handler has caught."""
    return isinstance(value, Name) and any(isinstance(b, Handler) for b in module.scopes.lookup(value.id, value))


def _given_message(module: Module, value: Expr) -> Assign | None:
    """Return where a variable is given the text of a caught error: ``outcome = str(err)[:60]``."""
    for one in module.scopes.lookup(value.id, value) if isinstance(value, Name) else ():
        if isinstance(one, Assign) and one.value is not None and _is_message(module, one.value):
            return one
    return None


def _is_message(module: Module, value: Expr) -> bool:
    """Tell whether a text is that of a caught error, or a part of it, or that where there is one."""
    value = strip(value)
    if isinstance(value, Binary):
        return value.op in ("+", "or", "??") and (_is_message(module, value.left) or _is_message(module, value.right))
    if isinstance(value, Conditional):
        return _is_message(module, value.then) or _is_message(module, value.other)
    if isinstance(value, Template):
        return any(_is_message(module, hole) for hole in value.holes)
    if isinstance(value, Index):
        return _is_message(module, value.object)
    if isinstance(value, Member):
        return value.name in ("message", "stack") and _caught(module, strip(value.object))
    if isinstance(value, Call) and value.name in ("String", "str", "repr"):
        return bool(value.args) and _caught(module, strip(value.args[0]))
    if isinstance(value, Call) and value.receiver is not None:
        return value.name in _PARTS_OF_TEXT and _is_message(module, value.receiver)
    return False


_PARTS_OF_TEXT: Final = frozenset({"slice", "substring", "trim", "strip", "lower", "toLowerCase", "toString"})


def _endless_field(module: Module, value: Expr) -> str:
    """Return why a field of what somebody has sent has no end: the id of one of the things that it tells of."""
    value = strip(value)
    name = value.name if isinstance(value, Member) else ""
    if isinstance(value, Index) and isinstance(value.key, Literal):
        name = str(value.key.value)
    if not isinstance(value, Member | Index) or names_tenant(name) or set(spelled(name)) & (PLUGINS | _FEW):
        return ""
    sent = module.scopes.origin(value.object)
    told = isinstance(sent, Param) and not (last_spelled(value.object) | set(spelled(sent.type))) & _GIVEN_ONCE
    return "one for each of them" if told and "id" in spelled(name)[-2:-1] else ""


def _sent_one(module: Module, name: str, value: Expr) -> str:
    """Return why a label has no end that is called by a thing, and holds which of them a message is about."""
    said = spelled(name)
    value = strip(value)
    while isinstance(value, Call) and value.name in ("str", "String", "toString"):
        inner = value.args[0] if value.args else value.receiver
        if inner is None:
            return ""
        value = strip(inner)
    if isinstance(value, Call) and value.name == "get" and value.receiver is not None and value.args:
        holder, key = value.receiver, strip(value.args[0])
    elif isinstance(value, Index):
        holder, key = value.object, strip(value.key)
    elif isinstance(value, Member):
        holder, key = value.object, value
    else:
        return _of_what_came(module, said, value)
    named = value.name if key is value and isinstance(value, Member) else str(getattr(key, "value", ""))
    if not said or said[-1] not in _SENT_ONES or not named or set(spelled(named)) & _SORTS:
        return ""
    return "one for each of them" if _is_sent(module, holder) else ""


def _of_what_came(module: Module, said: tuple[str, ...], value: Expr) -> str:
    """Return the same for a part of the event that a handler takes apart: ``onWeighed({ yard, tag })``."""
    bound = module.scopes.lookup(value.id, value) if isinstance(value, Name) else []
    param = bound[0] if len(bound) == 1 else None
    function = param.parent if isinstance(param, Param) else None
    if not isinstance(param, Param) or not isinstance(function, Function) or not param.fields:
        return ""
    named = next((key for key, local in param.fields.items() if isinstance(value, Name) and local == value.id), "")
    hears = spelled(function.name)[:1] and spelled(function.name)[0] in ("on", "handle", "handles")
    if not named or not hears or not said or said[-1] not in _SENT_ONES or set(spelled(named)) & _SORTS:
        return ""
    return "one for each of them"


_SORTS: Final = word_set(
    "type kind class code status method plugin command outcome version category model tier plan role"
)


def _is_sent(module: Module, holder: Expr) -> bool:
    """Tell whether an object is a part of a message: ``event.data``."""
    root = strip(holder)
    while isinstance(root, Member | Index):
        root = strip(root.object)
    return bool(last_spelled(holder) & _SENT) and isinstance(root, Name) and module.scopes.is_param(root)


def endless_name(value: Expr) -> str:
    """Say why there is no end to what a value so named can be, or return an empty string."""
    last = last_name(value)
    if not last or last.isupper():
        return ""
    words = set(spelled(last))
    holder = last_spelled(value.object) if isinstance(value, Member) else set()
    if words & {"type", "kind", "class", "code", "status", "method", "plugin", "command", "outcome", "version", "name"}:
        return ""
    if words & _ENDLESS:
        return f"no end to what '{last}' can be"
    one = "id" in words and (words | holder) & _ENDLESS_IDS
    if isinstance(value, Name | Member) and (one or words <= _PERSONS):
        return "one for each of them"
    return ""
