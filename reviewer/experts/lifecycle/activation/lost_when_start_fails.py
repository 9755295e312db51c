"""LIF184: an object starts a worker or a process, fails afterwards, and whoever made it has lost it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.flow import guarding_try
from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Await, Call, Class, Function, Member, Name, Throw, Try, strip
from reviewer.code.walk import ancestors, calls_in, find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.lifecycle.activation.left_when_start_fails import LASTING, ends, risks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node
    from reviewer.experts.check import Inquiry


@module_check("LIF184", words={"worker", "spawn", "fork", "popen", "process", "subprocess", "server", "pool", "launch"})
def lost_when_start_fails(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each method that starts something lasting and may fail afterwards for a caller who can end the object."""
    if module.is_test:
        return
    for call in module.calls({name.rsplit(".", 1)[-1] for name in LASTING}):
        kept, start = _kept_in(call), function_of(call)
        cls = start.owner if start is not None else None
        if kept is None or start is None or cls is None or module.resolve(call.callee) not in LASTING:
            continue
        if start.kind == "constructor" or not any(_ends_it(one, kept.name) for one in cls.methods if one is not start):
            continue
        risk = next((one for one in _may_fail(module, start) if one.raw.start_byte > call.raw.end_byte), None)
        if risk is None or _gives_up(start):
            continue
        lost = _lost_by(module, cls, start)
        if lost is not None:
            yield Match(
                risk,
                f"When this fails, 'this.{kept.name}' runs on: '{start.name}' does not end it, and "
                f"'{short(lost[0].text_of(lost[1]))}' keeps no object that somebody could end.",
                related=((call, "started here"),),
            )


def _kept_in(call: Call) -> Member | None:
    """Return the field that gets what a call starts."""
    made: Node = call
    while isinstance(made.parent, Await):
        made = made.parent
    target = strip(made.parent.target) if isinstance(made.parent, Assign) and made.parent.value is made else None
    start = function_of(call)
    if isinstance(target, Name) and start is not None:  # const worker = new Worker(file); this.worker = worker;
        kept = [
            one for one in find(start.body, Assign, into_functions=False) if getattr(one.value, "id", "") == target.id
        ]
        target = next((held for one in kept if is_this_member(held := strip(one.target))), None)
    return target if isinstance(target, Member) and is_this_member(target) else None


def _ends_it(method: Function, name: str) -> bool:
    """Tell whether a method ends what is in a field."""
    return any(
        ends(call) and any(member.name == name for one in (call.callee, *call.args) for member in find(one, Member))
        for call in calls_in(method.body)
    )


def _may_fail(module: Module, start: Function) -> list[Node]:
    """Return what may fail in a method: what it throws, waits with a limit, and waits for methods of its own."""
    found = risks(module, start)
    for wait in find(start.body, Await, into_functions=False):
        call = strip(wait.value)
        if isinstance(call, Call) and is_this_member(call.callee) and guarding_try(wait) is None:
            own = definition(module, call.callee)
            if isinstance(own, Function) and _fails(own):
                found.append(wait)
    return sorted(found, key=lambda node: node.raw.start_byte)


def _fails(function: Function) -> bool:
    """Tell whether a function rejects or throws by itself."""
    return any(True for _ in find(function.body, Throw)) or any(
        call.name in ("reject", "wait_for", "set_exception") for call in calls_in(function.body)
    )


def _gives_up(start: Function) -> bool:
    """Tell whether a method ends something where it fails."""
    for attempt in find(start.body, Try):
        if any(True for handler in attempt.handlers for call in calls_in(handler.body) if _is_ending(start, call)):
            return True
        if any(_is_ending(start, call) for call in calls_in(attempt.final)):
            return True
    return any(call.name in ("catch", "callback", "push_async_callback") for call in calls_in(start.body))


def _is_ending(start: Function, call: Call) -> bool:
    """Tell whether a call ends something, by its name or by what the method of the same object does that it goes to."""
    own = definition(start.module, call.callee) if is_this_member(call.callee) else None
    return ends(call) or (isinstance(own, Function) and any(ends(inner) for inner in calls_in(own.body)))


def _lost_by(module: Module, cls: Class, start: Function) -> tuple[Module, Call] | None:
    """Return a call of the method on an object that is made on the spot and that nobody holds when it fails."""
    places = [module]
    if module.project is not None:
        places += module.project.modules(naming={cls.name, start.name}, tests=False, using=module.path)
    for place in places:
        for call in place.calls((start.name,)):
            held = _made_here(place, call, cls)
            if held is not None and function_of(call) not in cls.methods and _is_lost(place, call, held):
                return place, call
    return None


def _made_here(module: Module, call: Call, cls: Class) -> Expr | None:
    """Return the new object, or the variable that holds it, that a call goes to."""
    receiver = strip(call.receiver) if call.receiver is not None else None
    made = module.scopes.origin(receiver) if receiver is not None else None
    if not isinstance(made, Call) or receiver is None:
        return None
    found = definition(module, made.callee)
    return receiver if isinstance(found, Class) and found.name == cls.name else None


def _is_lost(module: Module, call: Call, held: Expr) -> bool:
    if isinstance(held, Call):
        return True  # await new Reader(file).open()
    function = function_of(call)
    if not isinstance(held, Name) or function is None:
        return False
    attempt = guarding_try(call)
    for use in find(function.body, Name):
        if use.id != held.id or use.raw.start_byte > call.raw.start_byte:
            continue
        around = use.parent
        if isinstance(around, Assign) and around.target is use:
            continue
        if not _asks(around, use) and not _is_taken_out(module, around, attempt):
            return False  # somebody else holds it already
    watched = [*attempt.final, *(one for h in attempt.handlers for one in h.body)] if attempt is not None else []
    for other in ancestors(call):
        if isinstance(other, Try):
            watched += other.final
    if any(name.id == held.id for one in watched for name in find(one, Name)):
        return False
    chain = call.parent.parent if isinstance(call.parent, Member) else None
    return not (isinstance(chain, Call) and chain.name in ("catch", "finally", "then"))


def _is_taken_out(module: Module, around: Node | None, attempt: Try | None) -> bool:
    """Tell whether an object is put into a table, and taken out of it where the start fails."""
    put = around if isinstance(around, Call) and around.name in ("set", "add", "push") else None
    if put is None or put.receiver is None or attempt is None:
        return False
    table = module.text_of(put.receiver)
    return any(
        out.name == "delete" and out.receiver is not None and module.text_of(out.receiver) == table
        for handler in attempt.handlers
        for out in calls_in(handler.body)
    )


def _asks(around: Node | None, use: Name) -> bool:
    """Tell whether a use only calls or listens to the object."""
    return isinstance(around, Member) and around.object is use and not isinstance(around.parent, Assign)
