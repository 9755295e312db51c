"""Which questions are answered later: by what they are declared as, or by how the subject asks them elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits
from reviewer.code.reach.links import is_async
from reviewer.code.reach.promises import returns_promise
from reviewer.code.reach.remembered import remembered
from reviewer.code.standing import Standing
from reviewer.code.syntax import Call, If, Literal, Member, Name, Throw, Unary, strip
from reviewer.code.text.defining import defines
from reviewer.code.text.promise_types import is_promise_type
from reviewer.experts.api.awaiting import awaited_elsewhere
from reviewer.experts.security.deciding.asked_to_refuse import PLAIN

if TYPE_CHECKING:
    from reviewer.code.module import Module


@remembered
def answers_later(module: Module, call: Call) -> bool:
    """Tell whether a call gives a promise or a coroutine of its answer.

    What is asked may have been handed in without a type: then the same question is awaited elsewhere in the file, or
    all functions that the subject has under that name are asynchronous.
    """
    known = is_async(module, call)
    if known is not None:
        return known
    if returns_promise(module, call):
        return True
    if not isinstance(strip(call.callee), Member) or call.name in PLAIN or _is_of_functions(module, call):
        return False
    return awaited_elsewhere(module, call) or _always_asynchronous(module, call.name)


def _is_of_functions(module: Module, call: Call) -> bool:
    """Tell whether a function is run by what all functions have: ``isRecord.call(void 0, value)`` asks `isRecord`."""
    first = strip(call.args[0]) if call.args else None
    nobody = isinstance(first, Literal) and first.value is None
    nobody = nobody or (isinstance(first, Name) and first.id in ("this", "undefined"))
    return module.language != "python" and call.name in ("call", "apply", "bind") and nobody


def _always_asynchronous(module: Module, name: str) -> bool:
    """Tell whether the subject has functions of this name, and each of them is asynchronous."""
    project = module.project
    if project is None:
        return False

    def always() -> bool:
        kinds = _KINDS.of(project, {name}, defines(name))
        found = [later[name] for later in kinds if name in later]
        return bool(found) and all(found)

    return project.once(f"security.later {name}", always)


def _kinds(module: Module) -> dict[str, bool]:
    """Return for each name of a function of a file whether all that are called so answer later."""
    found: dict[str, bool] = {}
    for one in module.functions:
        later = not one.generator and (one.asynchronous or is_promise_type(one.returns))
        found[one.name] = found.get(one.name, True) and later
    return found


_KINDS: Final = Standing("security.later", _kinds)


def throws_on_no(call: Call) -> bool:
    """Tell whether a statement throws where the answer of a call is no, and asks nothing else: ``if (!held(x))``."""
    denied = call.parent
    test = denied.parent if isinstance(denied, Unary) and denied.op == "not" else None
    return (
        isinstance(test, If)
        and test.test is denied
        and exits(test.body)
        and bool(call.args)
        and any(isinstance(one, Throw) for one in test.body)
    )
