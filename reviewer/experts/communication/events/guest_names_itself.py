"""COM006: a member of a port sends what its guest gives, with the name of the sender that the guest writes there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition, named_type
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Cast,
    Conditional,
    Expr,
    ExprStatement,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Object,
    Param,
    Return,
    Spread,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.events.identity_given_way import WHO, gives_way, is_heard_of
from reviewer.experts.communication.events.laid_over import LAYS, copied_keys, laid_pairs
from reviewer.experts.communication.events.stamps import STAMPS, is_stamp, taken_apart
from reviewer.experts.communication.vocabulary import NOT_WHO
from reviewer.experts.data.messages import short
from reviewer.experts.paths import path_words
from reviewer.experts.security.handing.ports import is_inside_port, maker_names, says_for_whom
from reviewer.experts.security.vocabulary import AUDITS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_CLONES: Final = frozenset({"structuredClone", "deepcopy", "copy", "freeze", "dict", "cloneDeep"})
_TOLD_ELSEWHERE: Final = AUDITS | frozenset(
    "log logger logs logging metrics metric counter counters gauge histogram labels tags stats statsd".split()
)
"""Words of what takes records of which other rules speak: lines of a log, labels of a measurement."""


@module_check("COM006")
def guest_names_itself(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each member of what guests are handed for who writes the name of the sender."""
    if module.is_test or inquiry.subject.kind == "plugin":
        return
    for function in module.functions:
        if not function.params or not _may_send(function):
            continue
        found = _laid_over(module, function) or _handed_on(module, function) or _chosen(module, function)
        if found is None or not is_inside_port(module, function) or _is_said(module, function):
            continue
        yield found


def _may_send(function: Function) -> bool:
    return any(True for _ in calls_in(function.body))


def _is_said(module: Module, function: Function) -> bool:
    """Tell whether the looks at those who send an event find the same."""
    if is_heard_of(module, function) or taken_apart(module, function):
        return True
    if WHO.isdisjoint(module.words):
        return False
    nodes = find(function.body, Object | Call | Assign | Binary)  # type: ignore[arg-type]  # a union works as a kind
    return any(gives_way(module, function, one) is not None for one in nodes)


def _laid_over(module: Module, function: Function) -> Match | None:
    """Find ``{ driver: name, ...facts }`` where the port was made for ``name``, and the guest gives ``facts``."""
    for node in find(function.body, Object | Call | Binary):  # type: ignore[arg-type]  # a union works as a kind
        pairs = laid_pairs(module, node)
        known: dict[str, Expr] = {}
        for place, (key, value) in enumerate(pairs):
            if key:
                known.pop(key, None)
                if says_for_whom(module, function, value):
                    known[key] = value
            elif key is None and known and _is_given(module, function, value):
                later = {name for name, _value in pairs[place:]}
                lost = next((name for name in known if name not in later and not _has_param(function, name)), "")
                if lost and not _is_record_of_others(node):
                    return _spoken_as(module, node, value, lost, known[lost])
    for copied in copied_keys(module, function):
        told = (
            (key, value)
            for key, value in laid_pairs(module, copied.record)
            if key and says_for_whom(module, function, value)
        )
        lost, bound = next(told, ("", copied.given))
        if lost and not copied.written_later(lost) and _is_given(module, function, copied.given):
            return _spoken_as(module, copied.at, copied.given, lost, bound)
    return None


def _spoken_as(module: Module, at: Node, given: Expr, lost: str, bound: Expr) -> Match:
    return Match(
        at,
        f"'{short(module.text_of(given))}' comes from the guest and is laid over '{lost}', which says "
        f"for whom this was made ('{short(module.text_of(bound))}'): whoever writes a '{lost}' "
        "into it speaks as another.",
    )


def _chosen(module: Module, function: Function) -> Match | None:
    """Find ``rest.get("hand") or name``, where the port was made for ``name`` and the guest gives the rest."""
    for param in function.params:
        for name, own in param.fallbacks.items():
            if NOT_WHO.isdisjoint(words(name)) and says_for_whom(module, function, own):
                return _spoken_over(own, module.text_of(own), name)
    for node in find(function.body, Binary | Conditional | Call):  # type: ignore[arg-type]  # a union works as a kind
        said: Expr | None = None
        bound: Expr | None = None
        if isinstance(node, Binary) and node.op in ("or", "??"):
            said, bound = node.left, node.right
        elif isinstance(node, Conditional):
            said, bound = node.then, node.other
        elif isinstance(node, Call) and node.name in ("get", "pop") and len(node.args) == 2:
            said, bound = node, node.args[1]
        if said is None or bound is None or not _is_field(said) or not _is_given(module, function, said):
            continue
        if says_for_whom(module, function, bound):
            return _spoken_over(node, module.text_of(bound), module.text_of(said))
    return None


def _spoken_over(node: Node, own: str, said: str) -> Match:
    return Match(
        node,
        f"'{short(own)}' says for whom this was made, and '{short(said)}', which the guest gives, stands before it: "
        "whoever writes another name there speaks as that one.",
    )


def _is_field(said: Expr) -> bool:
    """Tell whether something is a member of a record, and no value of its own: a label that may well be chosen."""
    held = strip(said)
    if isinstance(held, Call):
        key = strip(held.args[0]) if held.args and held.name in ("get", "pop") else None
        name = str(key.value) if isinstance(key, Literal) else ""
    else:
        name = held.name if isinstance(held, Member) else ""
        if isinstance(held, Index) and isinstance(held.key, Literal):
            name = str(held.key.value)
    return bool(name) and NOT_WHO.isdisjoint(words(name))


def _handed_on(module: Module, function: Function) -> Match | None:
    """Find a whole event that goes on as the guest made it, where its type says who sends and the port was told."""
    if function.outer is None:
        return None
    for call in calls_in(function.body):
        for place, arg in enumerate(call.args):
            event = _whole(module, function, arg)
            stamp = _stamp(module, call, place, event) if event is not None else ""
            if event is None or not stamp or _written(arg, stamp):
                continue
            names = maker_names(module, function)
            if names and not any(name.id in names for name in find(function.body, Name)):
                return Match(
                    arg,
                    f"The event goes on as the guest made it, with its '{stamp}': the port was made for one "
                    f"'{min(names)}', and nobody writes that on the event.",
                )
    return None


def _whole(module: Module, function: Function, arg: Expr) -> Param | None:
    """Return the parameter that is passed on as a whole: itself, a copy of it, or spread first into a new record."""
    value = strip(arg)
    while isinstance(value, Call) and value.name in _CLONES and len(value.args) == 1:
        value = strip(value.args[0])
    if isinstance(value, Object) and value.entries and value.entries[0][0] is None:
        value = strip(value.entries[0][1])
    bound = module.scopes.lookup(value.id, value) if isinstance(value, Name) else []
    only = bound[0] if len(bound) == 1 else None
    return only if isinstance(only, Param) and only.parent is function else None


def _stamp(module: Module, call: Call, place: int, event: Param) -> str:
    """Return the member by which what is handed on says who sent it: by its type, or by that of who takes it."""
    target = definition(module, call.callee)
    taken = target.params[place] if isinstance(target, Function) and place < len(target.params) else None
    home = target.module if isinstance(target, Function) else module
    for where, param in ((module, event), (home, taken)):
        shape = named_type(where, param.type) if param is not None and param.type else None
        for field in shape.fields if shape is not None else ():
            if "".join(words(field.name)) in STAMPS:
                return field.name
    return ""


def _written(arg: Expr, stamp: str) -> bool:
    return any(
        (isinstance(key, Literal) and key.value == stamp) or is_stamp(key)
        for record in find(arg, Object)
        for key, _value in record.entries
    )


def _is_given(module: Module, function: Function, value: Expr) -> bool:
    """Tell whether a value is what the guest gives to a member of its port, or a part or a copy of that."""
    inner = strip(value)
    for _ in range(4):
        if isinstance(inner, Spread | Cast):
            inner = strip(inner.value)
        elif isinstance(inner, Binary) and inner.op in ("or", "??"):
            inner = strip(inner.left)
        elif isinstance(inner, Call) and inner.name in _CLONES and inner.args:
            inner = strip(inner.args[0])
        elif isinstance(inner, Call) and inner.name in ("get", "pop") and inner.receiver is not None:
            inner = strip(inner.receiver)
        elif not isinstance(inner, Name) and hasattr(inner, "object"):
            inner = strip(inner.object)
        else:
            break
    bound = module.scopes.lookup(inner.id, inner) if isinstance(inner, Name) else []
    only = bound[0] if len(bound) == 1 else None
    if isinstance(only, Assign) and only.start <= inner.start < only.stop:
        return False  # metadata = metadata || {}
    if isinstance(only, Assign) and only.value is not None and function_of(only) is function:
        return not isinstance(strip(only.value), Object) and _is_given(module, function, only.value)
    return isinstance(only, Param) and only.parent is function


def _has_param(function: Function, name: str) -> bool:
    """Tell whether ``**facts`` can't hold a name, because the function has a parameter that is called so."""
    return any(param.name == name for param in function.params)


def _is_record_of_others(node: Expr) -> bool:
    """Tell whether a record goes to a log or a measurement, or back to the guest itself."""
    for around in ancestors(node):
        if isinstance(around, Call) and path_words(around.callee) & _TOLD_ELSEWHERE:
            return True
        if isinstance(around, Call) and around.name not in _CLONES | LAYS:
            return False
        if isinstance(around, Return):
            return True
        if isinstance(around, ExprStatement | Function):
            return isinstance(around, Function)
    return False
