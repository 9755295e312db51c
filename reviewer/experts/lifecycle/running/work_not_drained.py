"""LIF100: the work under way is counted, and nobody ever waits for what was counted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.contexts import is_stopper
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Await, Binary, Call, Class, Function, If, Member, Name, Try, Unary, strip
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, class_of, find, function_of
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.bringing.dependencies import outermost
from reviewer.experts.lifecycle.holding.fate import home_of
from reviewer.experts.lifecycle.hooks.hooks import uses_in

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Node

_SETTLES: Final = frozenset({"finally", "then", "catch", "add_done_callback"})
"""Methods of a promise or task whose callback runs when the work is over."""
_CLOSES: Final = frozenset({"release", "close", "aclose", "disconnect", "shutdown", "terminate", "dispose"})
_KEEPING: Final = frozenset({"add", "delete", "discard", "clear"})


@module_check("LIF100", words={"finally", "then", "callback", "delete", "discard"})
def work_not_drained(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each set that work leaves when it is done for somebody who reads the set."""
    if module.is_test:
        return
    yield from _promise_never_awaited(module)
    told: set[str] = set()
    for call in module.calls(("delete", "discard")):
        holder = call.receiver
        if holder is None or not _when_done(module, call):
            continue
        name = module.text_of(holder)
        uses = [] if name in told else _uses(module, call)
        told.add(name)
        if not uses or not _only_kept(uses) or module.language == "python":
            continue
        stop = _stop_of_entry(inquiry, module, call) or _stop(module, call)
        if stop is not None:
            yield Match(
                stop,
                f"'{stop.name}' does not wait for the work that '{name.removeprefix('this.')}' counts: nobody ever "
                "reads it, so what is under way goes on with things that are closed already.",
                related=((call, "what is done leaves here"),),
            )


@module_check("LIF100", words={"callback"})
def tasks_left_at_end(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each set of Python that tasks leave by themselves for an end that closes what they work with."""
    if module.is_test or module.language != "python":
        return
    for call in module.calls(("add_done_callback",)):
        leaves = strip(call.args[0]) if call.args else None
        cls, task = class_of(call), module.scopes.origin(call.receiver) if call.receiver is not None else None
        if cls is None or not isinstance(leaves, Member) or leaves.name not in ("discard", "remove"):
            continue
        field = strip(leaves.object)
        stop = _stop(module, call)
        if not is_this_member(field) or stop is None or not isinstance(task, Call):
            continue
        uses = [one for one in find(cls, Member) if one.name == field.name and is_this_member(one)]
        if not all(one is field or _only_kept([one]) or _is_begun(one) for one in uses):
            continue
        closed = _closed_while_used(module, cls, task, stop)
        if closed:
            yield Match(
                stop,
                f"'{stop.name}' closes '{closed}' and does not wait for the tasks in '{field.name}' that work with "
                "it: nobody ever reads them, so what is under way goes on with what is closed already.",
                related=((call, "what is done leaves here"),),
            )


def _is_begun(use: Member) -> bool:
    """Tell whether a field is only given its value."""
    return isinstance(use.parent, Assign) and use.parent.target is use


def _closed_while_used(module: Module, cls: Class, task: Call, stop: Function) -> str:
    """Return the field that a task works with and that the end of its owner closes, or an empty string."""
    work: list[Node] = [task]
    for call in find(task, Call):
        method = cls.method(call.name) if is_this_member(strip(call.callee)) else None
        work.extend(method.body if method is not None else ())
    used = {one.name for part in work for one in find(part, Member) if is_this_member(one)}
    for call in find(stop.body, Call):
        held = strip(call.receiver) if call.receiver is not None else None
        if is_this_member(held) and held.name in used and _CLOSES & set(words(call.name)):
            return module.text_of(held)
    return ""


def _promise_never_awaited(module: Module) -> Iterator[Match]:
    """Find a field that holds the promise of the work under way, and that the end of its owner never waits for."""
    for kept in module.all(Assign):
        settled = strip(kept.value) if kept.value is not None else None
        if not is_this_member(kept.target) or not isinstance(settled, Call) or settled.name != "finally":
            continue
        if not isinstance(kept.target, Member) or not _empties(settled, kept.target.name):
            continue
        cls = class_of(kept)
        stop = _stop(module, settled)
        uses = [one for one in module.all(Member) if one.name == kept.target.name and is_this_member(one)]
        if stop is None or any(class_of(one) is cls and not _marks(one) for one in uses):
            continue
        yield Match(
            stop,
            f"'{stop.name}' does not wait for the work that '{kept.target.name.removeprefix('#')}' holds: nobody ever "
            "awaits it, so what is under way goes on with things that are closed already.",
            related=((kept, "the work is kept here"),),
        )


def _empties(settled: Call, name: str) -> bool:
    """Tell whether the callback of ``finally`` only says that there is no work any more."""
    done = settled.args[0] if settled.args else None
    return isinstance(done, Function) and any(
        isinstance(one.target, Member) and one.target.name == name for one in find(done.body, Assign)
    )


def _marks(use: Member) -> bool:
    """Tell whether a use sets a field or asks whether there is work, and does not wait for it."""
    around = use.parent
    if isinstance(around, Assign):
        return around.target is use
    return isinstance(around, If | Unary | Binary)


def _when_done(module: Module, call: Call) -> bool:
    """Tell whether a removal runs when the work that it takes out is over: ``work.finally(() => set.delete(work))``."""
    if _after_wait(call):
        return True
    around = next((one for one in ancestors(call) if isinstance(one, Function)), None)
    settled = around.parent if around is not None else None
    return isinstance(settled, Call) and settled.name in _SETTLES and settled.receiver is not None and bool(call.args)


def _after_wait(call: Call) -> bool:
    """Tell whether a removal stands in the ``finally`` behind the wait for what it takes out."""
    inner: Node = call
    gone = strip(call.args[0]) if call.args else None
    for around in ancestors(call):
        if isinstance(around, Try) and any(inner is statement for statement in around.final):
            return isinstance(gone, Name) and any(
                isinstance(work := strip(wait.value), Name) and work.id == gone.id for wait in find(around.body, Await)
            )
        if isinstance(around, Function):
            return False
        inner = around
    return False


def _uses(module: Module, call: Call) -> list[Name | Member]:
    """Return every place of the module that names what a removal takes from."""
    holder = strip(call.receiver) if call.receiver is not None else None
    if isinstance(holder, Member) and is_this_member(holder):
        cls = class_of(holder)
        return [m for m in module.all(Member) if m.name == holder.name and is_this_member(m) and class_of(m) is cls]
    if isinstance(holder, Member) and isinstance(strip(holder.object), Name):
        return [m for m in module.all(Member) if m.name == holder.name]  # of an entry: line.underWay
    if isinstance(holder, Name):
        home = home_of(module, holder.id, call)
        return [n for n in module.all(Name) if n.id == holder.id and home_of(module, n.id, n) is home]
    return []


def _only_kept(uses: list[Name | Member]) -> bool:
    """Tell whether something is put in and taken out, and never gone through, counted or handed on."""
    added = False
    for use in uses:
        around = use.parent
        if isinstance(around, Assign) and around.target is use:
            continue
        home = function_of(use)
        if isinstance(around, Member) and around.name == "size" and home is not None and not is_stopper(home.name):
            if isinstance(around.parent, Binary):
                return False  # it is kept to bound what is under way
            continue  # how many there are is told to somebody
        call = around.parent if isinstance(around, Member) and around.object is use else None
        if not isinstance(call, Call) or call.callee is not around or call.name not in _KEEPING:
            return False
        added = added or call.name == "add"
    return added


def _stop_of_entry(inquiry: Inquiry, module: Module, call: Call) -> Function | None:
    """Return the function that ends one plugin, where what is under way is kept beside the plugin."""
    holder = strip(call.receiver) if call.receiver is not None else None
    if not isinstance(holder, Member) or is_this_member(holder):
        return None
    starts = [outermost(use.site) for use in uses_in(inquiry, module, "start")]
    ends = [outermost(use.site) for use in uses_in(inquiry, module, "stop")]
    return next((end for end in ends if end is not None and end not in starts), None)


def _stop(module: Module, call: Call) -> Function | None:
    """Return the function that ends what the work belongs to."""
    cls = class_of(call)
    if cls is not None:
        return next((m for m in cls.methods if is_stopper(m.name) and not m.signature_only), None)
    outermost = [one for one in ancestors(call) if isinstance(one, Function)]
    scope: Node | None = outermost[-1] if outermost else None
    return next(
        (
            one
            for one in module.functions
            if is_stopper(one.name) and (scope is None or scope in list(ancestors(one)) or function_of(one) is None)
        ),
        None,
    )
