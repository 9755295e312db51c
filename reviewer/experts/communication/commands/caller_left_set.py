"""COM500: for whom work is done is noted while a plugin runs, and still stands there when that is over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Call, Delete, Literal, Member, Name, Node, Unary, is_nothing, strip
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, inside, names_in
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.acting import Noted, notes, runs_others, taken_back, whatever_happens
from reviewer.experts.communication.vocabulary import CALLERS, PLUGINS
from reviewer.experts.managers import manages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_ACTING: Final = frozenset("acting actor caller callers principal behalf impersonating impersonated invoker".split())
"""Words of a holder that says in whose name something is done, and seldom anything else."""
_WHO: Final = (
    _ACTING | CALLERS | PLUGINS | frozenset("owner owners running current active tenant chain whom".split())
) - frozenset("from by source session mod sender origin".split())
"""Words of a holder, or of what is noted in it, that say who somebody is."""
_NOT_WHO: Final = frozenset("trace span correlation locale language logger log depth span timezone level".split())
_OF_RUNTIME: Final = frozenset("get_running_loop get_event_loop new_event_loop Queue Event Lock".split())
"""Calls that give what work runs in, and nobody for whom it is done."""
_GOES_ON: Final = frozenset("next done proceed call_next get_response app handler inner".split())
"""What a step of a server calls so that the same request goes on."""
_APART: Final = frozenset(
    "create_task ensure_future start_soon gather Thread submit run_in_executor to_thread call_soon call_later run "
    "setTimeout setImmediate queueMicrotask nextTick add_task spawn".split()
)
"""Calls that run what they are given in a flow of its own, which ends with it."""


@module_check("COM500", words={"set", "enter", "current", "running", "active", "pop", "shift"} | _WHO)
def caller_left_set(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that notes for whom it works, and then runs what others have brought."""
    if module.is_test:
        return
    for note in notes(module):
        if note.function.generator or note.function.name in ("__enter__", "__aenter__"):
            continue
        if any(manages(one) for one in note.function.decorators):
            continue
        backs = [back for back in taken_back(module, note) if note.ambient or _gives_back(module, note, back)]
        if any(whatever_happens(back, note.function) for back in backs):
            continue
        run = runs_others(module, note, backs[0] if backs else None)
        if run is None or run.name in _GOES_ON:
            continue
        sure = _confidence(module, note, backs)
        if sure is None or (not backs and not _stays(module, note)):
            continue
        name, called = note.holder[:60], module.text_of(run.callee)[:60]
        why = (
            f"'{name}' is set back only where '{called}' does not fail: after an error"
            if backs
            else f"'{name}' still names this one when '{called}' is over:"
        )
        yield Match(
            note.at,
            f"{why} what comes next is done in the name, and with the rights, of somebody else.",
            related=((backs[0], "set back here"),) if backs else (),
            confidence=sure,
        )


def _confidence(module: Module, note: Noted, backs: list[Node]) -> Confidence | None:
    """Tell how sure it is that a note says for whom work is done; None where it says something else."""
    said = {word for part in (note.holder, module.text_of(note.value)[:80]) for word in words(part)}
    holder = set(words(note.holder))
    kept = strip(note.value) if note.value is not None else None
    if holder & _NOT_WHO or (isinstance(kept, Call) and kept.name in _OF_RUNTIME):
        return None
    if note.ambient:
        if _of_request(note):
            return None
        return Confidence.LIKELY if said & _WHO else Confidence.POSSIBLE
    if backs:
        if said & _WHO:
            return Confidence.LIKELY
        earlier = isinstance(first := backs[0], Assign) and not _is_empty(first)
        return Confidence.POSSIBLE if earlier and not note.stacked else None
    if note.stacked or not _is_read_elsewhere(module, note):
        return None
    if holder & _ACTING:
        return Confidence.LIKELY
    return Confidence.POSSIBLE if holder & {"current", "running"} and said & (CALLERS | PLUGINS) else None


def _of_request(note: Noted) -> bool:
    """Tell whether a note names whoever a request is of: a server runs each in a flow of its own."""
    told = {param.name for param in note.function.params} & {"request", "req", "scope", "environ", "receive"}
    return bool(told & names_in(note.value)) or bool(told and note.function.name in ("__call__", "dispatch"))


def _gives_back(module: Module, note: Noted, back: Node) -> bool:
    """Tell whether a holder is emptied there, or gets back what it held before."""
    if isinstance(back, Delete | Unary):
        return True
    if isinstance(back, Call):
        return note.stacked
    if not isinstance(back, Assign) or back.value is None:
        return False
    if note.stacked or _is_empty(back):
        return True
    value = strip(back.value)
    bound = module.scopes.lookup(value.id, value) if isinstance(value, Name) else []
    kept = [strip(one.value) if isinstance(one, Assign) and one.value is not None else value for one in bound] or [
        value
    ]
    return any(module.text_of(one) == note.holder or (isinstance(one, Call) and one.name == "getattr") for one in kept)


def _is_empty(back: Assign) -> bool:
    value = strip(back.value) if back.value is not None else None
    return is_nothing(value) or (isinstance(value, Literal) and not value.value)


def _stays(module: Module, note: Noted) -> bool:
    """Tell whether whoever called a function goes on under what that has noted; not where it is run on its own."""
    name = note.function.name
    for call in module.calls(_APART):
        if any(
            (isinstance(one, Name) and one.id == name) or (isinstance(one, Member) and one.name == name)
            for given in (*call.args, *call.keywords.values())
            for one in find(given, Node)
        ):
            return False
    return not any(_is_undone(call) for call in calls_in(note.function.body))


def _is_undone(call: Call) -> bool:
    """Tell whether a call has something undone when a block is left: ``stack.callback(reset)``, ``copy_context()``."""
    return call.name in ("callback", "enter_context", "enter_async_context", "copy_context", "addCleanup")


def _is_read_elsewhere(module: Module, note: Noted) -> bool:
    """Tell whether another function asks what the holder says."""
    last = note.holder.rsplit(".", 1)[-1]
    for node in module.all(Member) if _in_field(note) else module.all(Name):
        spelled = node.name if isinstance(node, Member) else node.id
        written = isinstance(node.parent, Assign) and node.parent.target is node
        if spelled == last and not written and not any(inside(node, one) for one in note.function.body):
            return not isinstance(node, Member) or is_this_member(node)
    return False


def _in_field(note: Noted) -> bool:
    """Tell whether a note stands in a field of an object."""
    return "." in note.holder
