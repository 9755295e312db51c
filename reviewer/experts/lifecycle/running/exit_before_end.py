"""LIF104: the process exits right behind an end that has only begun."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.contexts import flat, is_stopper
from reviewer.code.flow import siblings, use_of
from reviewer.code.reach.links import is_async
from reviewer.code.reach.promises import returns_promise
from reviewer.code.syntax import Await, Call, ExprStatement, For, Function, Member, Name, Node, Object, Param, strip
from reviewer.code.walk import find, statement_of
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_ENDS: Final = frozenset("stopall closeall disposeall shutdownall deactivateall unloadall drain flush save".split())


@module_check("LIF104", words={"exit"})
def exit_before_end(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what stands before each exit of the process for an end that nobody waits for."""
    if module.is_test or module.language == "python":
        return
    for leave in module.calls(("exit",)):
        statement = statement_of(leave)
        if module.resolve(leave.callee) != "process.exit" or statement is None:
            continue
        for earlier in siblings(statement, module):
            if earlier is statement:
                break
            call = _begun(earlier)
            if call is not None and (_ends(call) or isinstance(earlier, For)):
                sure = _asynchronous(inquiry, module, call)
                if sure is not None and use_of(call).how == "dropped":
                    yield Match(
                        leave,
                        f"'{module.text_of(call.callee)}' has only begun when the process exits here: no plugin is put "
                        "to rest, and what was to be written is lost.",
                        related=((call, "not waited for"),),
                        confidence=sure,
                    )


def _begun(statement: Node) -> Call | None:
    """Return what a statement begins and does not wait for, once or for each of several."""
    if isinstance(statement, For):
        return _begun(statement.body[0]) if len(statement.body) == 1 and not statement.asynchronous else None
    value = statement.value if isinstance(statement, ExprStatement) else None
    call = strip(value) if value is not None and not isinstance(value, Await) else None
    return call if isinstance(call, Call) else None


def _ends(call: Call) -> bool:
    return is_stopper(call.name) or flat(call.name) in _ENDS


def _asynchronous(inquiry: Inquiry, module: Module, call: Call) -> Confidence | None:
    """Return how sure it is that a call gives a promise; None where it is known to be done at once."""
    known = is_async(module, call)
    if known is not None:
        return Confidence.LIKELY if known else None
    if returns_promise(module, call):
        return Confidence.LIKELY
    receiver = strip(call.receiver) if call.receiver is not None else None
    bound = module.scopes.lookup(receiver.id, receiver) if isinstance(receiver, Name) else []
    if not any(isinstance(binding, Param | For) for binding in bound) and not isinstance(receiver, Member):
        return None
    named = [
        one
        for path in inquiry.project.paths({call.name}, tests=False)
        if (other := inquiry.project.module(path)) is not None
        for one in other.functions
        if one.name == call.name and (one.owner is not None or isinstance(one.parent, Object))
    ]
    if not named:
        return None
    return Confidence.LIKELY if all(isinstance(one, Function) and _waits(one) for one in named) else None


def _waits(method: Function) -> bool:
    return method.asynchronous and any(True for _ in find(method.body, Await))
