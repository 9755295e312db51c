"""COM036: at the end nobody works on a line any more, and those who wait for what stands in it are never told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Array, Assign, Await, Call, Class, Function, Literal, Member, Name, With, strip
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, function_of, names_in, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.pending import executor_of
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_name, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_PUTS: Final = frozenset({"put_nowait", "put", "append", "push", "appendleft", "unshift"})
_TAKES: Final = frozenset({"get", "get_nowait", "popleft", "pop", "shift"})
_STARTS: Final = frozenset({"create_task", "ensure_future", "start_soon"})
_ENDS: Final = word_set("close aclose stop shutdown dispose destroy terminate teardown finish end")
"""First words of a method by which an object comes to its end."""
_LIMITS: Final = frozenset({"wait_for", "timeout", "timeout_at", "fail_after", "move_on_after", "setTimeout"})
_DEEPEST: Final = 2


class _Line(Struct, frozen=True):
    """A line of jobs: ``wait`` is where somebody waits until the one that was put in is done."""

    name: str
    put: Call
    wait: Node


@module_check("COM036", words=_ENDS)
def line_dropped(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the end of each object that works on a line of jobs for what it does with those that still wait."""
    if module.is_test:
        return
    for cls in module.classes:
        ends = [one for one in cls.methods if set(words(one.name)[:1]) & _ENDS]
        for line in _lines(module, cls) if ends else ():
            dropped = next((at for at in (_dropped(module, cls, line, end) for end in ends) if at is not None), None)
            if dropped is not None and not any(_reaches(module, end, line, dropped, _DEEPEST) for end in ends):
                yield Match(
                    dropped,
                    f"Nobody works on '{line.name}' after this, and what stands in it is left as it is: whoever waits "
                    f"for '{short(module.text_of(line.wait))}' waits for ever.",
                    related=((line.put, "put in line here"),),
                )
                break


def _lines(module: Module, cls: Class) -> Iterator[_Line]:
    """Yield the lines of an object into which it puts what it then waits for without a limit."""
    for method in cls.methods:
        for put in calls_in(method.body):
            if put.name not in _PUTS or len(put.args) != 1 or not is_this_member(put.receiver):
                continue
            executor = executor_of(put)
            if executor is not None:
                ends = {param.name for param in executor.params} - {""}
                limited = any(call.name in _LIMITS for call in calls_in(executor.body))
                if ends & names_in(put.args) and not limited and executor.parent is not None:
                    yield _Line(last_name(put.receiver), put, executor.parent)
            elif isinstance(strip(put.args[0]), Name) and (wait := _waits(method, put)) is not None:
                yield _Line(last_name(put.receiver), put, wait)


def _waits(method: Function, put: Call) -> Node | None:
    """Return where a method waits for a future that it has put into a line, or that a job in it holds."""
    job = last_name(put.args[0])
    for wait in find(method.body, Await, into_functions=False):
        made = strip(wait.value)
        holder = strip(made.object) if isinstance(made, Member) else made
        if not isinstance(holder, Name) or holder.id != job or wait.start < put.start:
            continue
        limited = any(
            isinstance(item, Call) and item.name in _LIMITS
            for around in ancestors(wait)
            if isinstance(around, With)
            for item, _as in around.items
        )
        return None if limited else wait
    return None


def _dropped(module: Module, cls: Class, line: _Line, end: Function) -> Node | None:
    """Return where an end empties a line, or ends the tasks that work on it."""
    for node in walk(end.body):
        if isinstance(node, Call) and node.name == "clear" and last_name(node.receiver) == line.name:
            return node
        if isinstance(node, Assign) and last_name(node.target) == line.name and _is_empty(node):
            return node
        emptied = strip(node.target.object) if isinstance(node, Assign) and isinstance(node.target, Member) else None
        if emptied is not None and is_this_member(emptied) and emptied.name == line.name and _is_empty(node):
            return node  # ``this.#line.length = 0``
    cancels = next((call for call in calls_in(end.body) if call.name == "cancel"), None)
    return cancels if cancels is not None and _worked_on_beside(module, cls, line) else None


def _is_empty(node: Node) -> bool:
    value = strip(node.value) if isinstance(node, Assign) and node.value is not None else None
    if isinstance(value, Array):
        return not value.items
    if isinstance(value, Call):
        return value.name in ("deque", "Queue", "list") and not value.args
    return isinstance(value, Literal) and value.value == 0


def _worked_on_beside(module: Module, cls: Class, line: _Line) -> bool:
    """Tell whether a task of the object takes one job after the other out of a line."""
    for start in (call for method in cls.methods for call in calls_in(method.body) if call.name in _STARTS):
        given = strip(start.args[0]) if start.args else None
        work = definition(module, given.callee) if isinstance(given, Call) else None
        if isinstance(work, Function) and any(
            call.name in _TAKES and last_name(call.receiver) == line.name for call in calls_in(work.body)
        ):
            return True
    return False


def _reaches(module: Module, function: Function, line: _Line, but: Node, depth: int) -> bool:
    """Tell whether a function, or one that it calls, goes to a line for more than to empty it."""
    for node in walk(function.body):
        if last_name(node) == line.name and not any(around is but for around in (node, *ancestors(node))):
            return True
    for call in calls_in(function.body) if depth else ():
        target = definition(module, call.callee)
        own = isinstance(target, Function) and target.module is module and target is not function_of(call)
        if own and isinstance(target, Function) and _reaches(module, target, line, but, depth - 1):
            return True
    return False
