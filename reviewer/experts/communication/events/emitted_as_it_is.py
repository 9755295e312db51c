"""COM005: what an emitter tells its guests is one object for all of them, shut at most on its outside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import declared_type, definition
from reviewer.code.syntax import Binary, Call, Expr, Function, Member, Name, Object, Param, strip
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, function_of
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.emitters import told_by_emitter
from reviewer.experts.communication.vocabulary import spoken
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_COPIES: Final = frozenset(
    "clone cloned copy copied deepcopy deepfreeze structuredclone snapshot immutable stringify dumps serialize "
    "serialise json".split()
)
_WRITES: Final = frozenset({"stringify", "json", "dumps"})
_SHUTS: Final = frozenset({"freeze", "MappingProxyType"})
_SIMPLE: Final = frozenset("string number boolean bigint symbol str int float bool bytes".split())
_PAYLOADS: Final = frozenset(
    "payload data detail details body message msg event evt content args value values state item record entry packet "
    "notice change changes update".split()
)


@module_check("COM005", words={"emitter", "mitt", "eventemitter"})
def emitted_as_it_is(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what the listeners of guests on an emitter are told for an object of somebody else's that is shared."""
    if module.is_test or inquiry.subject.kind != "host":
        return
    seen: set[int] = set()
    for told in told_by_emitter(module):
        through = None if told.bare else _handing_on(module, told.listener)
        delivers = None if told.bare or through else _delivering(module, told.listener)
        if not (told.bare or through or delivers) or _copies(function_of(told.listener)):
            continue
        for emit in told.emits:
            sender = function_of(emit)
            given = next((one for arg in emit.args[1:] if (one := _of_sender(module, arg))), None)
            if sender is None or given is None or id(emit) in seen or _copied_on_the_way(module, sender):
                continue
            seen.add(id(emit))
            yield Match(
                emit,
                f"All who listen on '{short(told.name)}' get the same '{given.id}', which its sender holds as well: "
                "what one of them writes into it, those behind it and the sender read.",
                related=((through, "and handed on") if through else (told.listener, "a guest listens here"),),
                # What is frozen looks as if it were shut, and whose errors are caught is a stranger.
                confidence=Confidence.LIKELY if through or delivers or _shuts(emit) else None,
            )


def _of_sender(module: Module, arg: Expr) -> Name | None:
    """Return the object from outside that is handed over inside of an envelope, which is frozen at most itself."""
    made = strip(arg)
    origin = module.scopes.origin(made) if isinstance(made, Name) else made
    envelope = origin if isinstance(origin, Expr) else made
    if isinstance(envelope, Call) and envelope.name in _SHUTS and len(envelope.args) == 1:
        envelope = strip(envelope.args[0])
    for _key, value in envelope.entries if isinstance(envelope, Object) else ():
        held = strip(value)
        if isinstance(held, Binary) and held.op in ("??", "or"):
            held = strip(held.left)  # data ?? {}
        bound = module.scopes.lookup(held.id, held) if isinstance(held, Name) else []
        if not isinstance(held, Name) or len(bound) != 1 or not isinstance(bound[0], Param):
            continue
        declared = (bound[0].type or declared_type(module, held)).strip()
        if declared.lower() in _SIMPLE or declared.startswith(("Readonly", "readonly", "DeepReadonly", "Mapping")):
            continue
        if set(words(held.id)) & _PAYLOADS:
            return held
    return None


def _shuts(emit: Call) -> bool:
    return bool(_SHUTS & {call.name for call in calls_in(emit.args)})


def _handing_on(module: Module, listener: Expr) -> Call | None:
    """Return where a function around a guest's listener hands on what it is told itself, whatever it catches."""
    around = module.scopes.origin(strip(listener))
    told = {param.name for param in around.params if param.name} if isinstance(around, Function) else set()
    for call in calls_in(around.body) if isinstance(around, Function) else ():
        handler = strip(call.callee)
        bound = module.scopes.lookup(handler.id, handler) if isinstance(handler, Name) else []
        given = len(bound) == 1 and isinstance(bound[0], Param) and bound[0].parent is not around
        if given and any(isinstance(one := strip(arg), Name) and one.id in told for arg in call.args):
            return call
    return None


def _delivering(module: Module, listener: Expr) -> Function | None:
    """Return the function of the file that a guest's listener is handed to, and that copies nothing."""
    around = module.scopes.origin(strip(listener))
    told = {param.name for param in around.params if param.name} if isinstance(around, Function) else set()
    for call in calls_in(around.body) if isinstance(around, Function) else ():
        target = definition(module, call.callee)
        if not isinstance(target, Function) or _copies(target) or _copies_given(call):
            continue
        if any(isinstance(one := strip(arg), Name) and one.id in told for arg in call.args):
            return target
    return None


def _copies_given(call: Call) -> bool:
    return any(set(words(one.name)) & _COPIES or one.name in _COPIES for one in calls_in(call.args))


def _copies(function: Function | None) -> bool:
    said = spoken(function) & _COPIES if function is not None else frozenset()
    return bool(said) and not (said <= _WRITES and function is not None and _only_measures(function))


def _only_measures(function: Function) -> bool:
    """Tell whether a text is only made of an object to see how long that is: ``JSON.stringify(body).length``."""
    written = [call for call in calls_in(function.body) if set(words(call.name)) & _WRITES]
    return bool(written) and all(
        (isinstance(one.parent, Member) and one.parent.name == "length")
        or (isinstance(one.parent, Call) and one.parent.name in ("len", "byteLength"))
        for one in written
    )


def _copied_on_the_way(module: Module, sender: Function) -> bool:
    """Tell whether the function that tells, or one that asks it to, makes a copy of what it was given."""
    if _copies(sender):
        return True
    asking = [call for call in module.calls({sender.name}) if definition(module, call.callee) is sender]
    return any(_copies(function_of(call)) for call in asking)
