"""What the helpers of an owner acquire: objects of the subject's own classes that have no end of their own."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING, Final

from reviewer.code.contexts import context_parameter
from reviewer.code.flow import use_of
from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Class, Member
from reviewer.code.walk import calls_in, find, function_of
from reviewer.experts.lifecycle.holding.acquired import describe
from reviewer.experts.lifecycle.holding.acquisition import Acquisition
from reviewer.experts.lifecycle.holding.fate import DROPPED, Fate, fates, only_used
from reviewer.experts.lifecycle.holding.listening import OFFS
from reviewer.experts.lifecycle.holding.owners import Owner, is_end, members_of, owners
from reviewer.experts.lifecycle.values import value_type

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Call
    from reviewer.experts.check import Inquiry

_LASTING: Final = frozenset(
    {"setInterval()", "the cron job", "the scheduled job", "the file watcher", "the server", "the scheduler"}
    | {"the worker", "the web socket", "the event source", "the broadcast channel", "the thread"}
    | {"the socket", "the connection", "the database connection", "the connection pool", "the client session"}
    | {"the thread pool", "the process pool", "the message context", "the serial port", "the browser"}
)
"""What goes on by itself, or stays open to somebody else, whoever holds it."""


def helper_leaks(inquiry: Inquiry, module: Module, seen: set[int]) -> Iterator[Acquisition]:
    """Yield what the helpers of plugins acquire and nobody can give back; calls that were ``seen`` are left out."""
    for cls in module.classes:
        begin = cls.method("constructor") or cls.method("__init__")
        if begin is None or cls.kind != "class":
            continue
        ends = [member for member in members_of(cls) if is_end(member.name)]
        if any(context_parameter(begin, param) for param in begin.params):
            for call in calls_in(begin.body):
                described = describe(module, call) if id(call) not in seen else None
                if described is None or described[0] != "subscription" or fates(module, call) != [DROPPED]:
                    continue
                if _gives_back(module, call) and not any(
                    other.name in OFFS for end in ends for other in calls_in(end.body)
                ):
                    seen.add(id(call))
                    owner = Owner(cls, cls.name, begin, ends, [cls], plugin=True, closed=True)
                    yield Acquisition("subscription", call, described[1], owner, DROPPED, sure=True)
        if not ends:
            yield from _of_endless_helper(inquiry, cls, seen)


def _gives_back(module: Module, call: Call) -> bool:
    """Tell whether the type of what is listened to says that it gives something by which the listening ends."""
    declared = value_type(module, call.callee) if call.receiver is not None else ""
    result = declared.rsplit("=>", 1)[-1].strip() if "=>" in declared else declared
    return bool(result) and result not in ("void", "None", "unknown", "any", "Any", "Promise<void>")


def _of_endless_helper(inquiry: Inquiry, cls: Class, seen: set[int]) -> Iterator[Acquisition]:
    """Yield what a class without an end acquires, where something with an end makes it and keeps it."""
    module = cls.module
    found = [
        (call, described, fate)
        for call in calls_in(cls)
        if id(call) not in seen and (described := describe(module, call)) is not None and described[2]
        for fate in [_left(cls, call, described[0])]
        if fate is not None and (described[0] == "subscription" or described[1] in _LASTING)
    ]
    maker = _maker(inquiry, cls) if found else None
    if maker is None:
        return
    for call, (kind, what, _sure), fate in found:
        if kind != "subscription" or maker.plugin:
            seen.add(id(call))
            yield Acquisition(kind, call, what, maker, fate, sure=True)


def _left(cls: Class, call: Call, kind: str) -> Fate | None:
    """Return where a helper leaves what it acquires, where nothing of it could ever give that back."""
    left = fates(cls.module, call)
    if len(left) != 1:
        return None
    if left[0] == DROPPED:
        off = kind == "subscription" and any(_takes_off(cls.module, other, call) for other in calls_in(cls))
        return None if off else left[0]
    if left[0].how != "kept" or not left[0].name.startswith("this.") or kind == "subscription":
        return None
    name = left[0].name.removeprefix("this.")
    spoken = [
        member
        for member in find(cls, Member)
        if member.name == name and not only_used(member) and not _set_here(member, left[0])
    ]
    return None if spoken else left[0]


def _takes_off(module: Module, other: Call, call: Call) -> bool:
    """Tell whether a call may take off what another subscribed: it goes to the same thing, or to who knows what."""
    if other.name not in OFFS:
        return False
    left, right = module.resolve(other.receiver), module.resolve(call.receiver)
    return not left or not right or left == right


def _set_here(member: Member, fate: Fate) -> bool:
    return isinstance(fate.at, Assign) and fate.at.target is member


def _maker(inquiry: Inquiry, cls: Class) -> Owner | None:
    """Return what makes an object of a class, keeps it in a field, and has an end."""
    module = cls.module
    if module.project is None or not cls.name:
        return None
    elsewhere = module.project.modules(naming={cls.name}, tests=False, using=module.path)
    for other in chain((module,), elsewhere):
        for owner in owners(inquiry, other):
            if not owner.ends or owner.at is cls:
                continue
            for call in other.calls((cls.name,)):
                by = use_of(call).by
                kept = isinstance(by, Assign) and (is_this_member(by.target) or owner.at is not function_of(call))
                if kept and definition(other, call.callee) is cls and _inside(owner, call):
                    return owner
    return None


def _inside(owner: Owner, call: Call) -> bool:
    return any(node.start <= call.start < node.stop for node in owner.nodes if node.order is call.order)
