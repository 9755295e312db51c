"""SEC034: the permission is asked for when the thing is done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import before
from reviewer.code.reach.links import callee
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Await, Call, Expr, ExprStatement, If, Index, Name, Node, Param, strip
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, function_of, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.executing import look_up_key
from reviewer.experts.data.messages import short
from reviewer.experts.paths import path_words, word_set
from reviewer.experts.security.deciding.decisions import (
    asks_permission,
    is_check,
    is_decision,
    is_guard,
    throws_refusal,
)
from reviewer.experts.security.deciding.refusals import refuses
from reviewer.experts.security.vocabulary import AUDITS, PERMISSION, TRIGGERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_ACTS: Final = word_set(
    "set put write save store insert append upsert delete remove unlink rm drop purge erase truncate send deliver post "
    "publish emit broadcast notify execute exec run invoke call dispatch spawn fork start stop install uninstall "
    "update create upload transfer rename move copy patch apply charge pay export import restart reload enable disable "
    "launch reset kick ban"
)
"""First words of a call that changes something, or makes something happen."""
_PREPARES: Final = (
    PERMISSION
    | AUDITS
    | word_set(
        "log logger logging console metrics metric stats span trace tracer timer progress cache headers params args "
        "options result results list items seen pending parts lines errors session context ctx signal abort limiter "
        "quota usage map"
    )
)
"""Words of what is changed on the way, and is no effect by itself."""
_CLOCKS: Final = frozenset({"timer", "timeout", "heartbeat", "watchdog", "keepalive"})
"""Words of a call that only says how long something may take: ``setUpTimer()``."""
_LOOKS: Final = frozenset(
    {"get", "has", "includes", "find", "filter", "map", "some", "every", "keys", "values", "items"}
)
_UNDOES: Final = frozenset({"rollback", "undo", "revert", "delete", "remove", "unlink", "restore", "abort", "cancel"})


@module_check("SEC034", words=TRIGGERS)
def asked_too_late(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what ran before the first refusal of every function."""
    if module.is_test:
        return
    spoken: set[int] = set()
    asking: list[If | ExprStatement] = [*module.all(If), *module.all(ExprStatement)]
    for node in asking:
        function = function_of(node)
        if function is None or id(function) in spoken or is_decision(function):
            continue
        if not _stops(module, node):
            continue
        spoken.add(id(function))
        done = _done_before(module, node)
        if done is not None:
            yield Match(
                done,
                f"'{short(module.text_of(done))}' has happened when the permission is asked for: the refusal comes "
                "too late.",
                related=((node, "asked here"),),
            )


def _stops(module: Module, node: If | ExprStatement) -> bool:
    """Tell whether a statement refuses whoever has no permission."""
    if isinstance(node, If):
        return refuses(node.body) and not node.orelse and _is_asked(module, node.test)
    call = strip(node.value)
    if not isinstance(call, Call):
        return False
    target = callee(module, call)
    return is_guard(call) or (target is not None and throws_refusal(target))


def _is_asked(module: Module, test: Expr) -> bool:
    called = any(is_check(module, call) for call in calls_in(test, into_functions=False))
    return called or (asks_permission(module, test) and any(True for _ in calls_in(test, into_functions=False)))


def _done_before(module: Module, asking: If | ExprStatement) -> Node | None:
    """Return the effect that came before, where no other check and no need of its result explains it."""
    read = names_in(asking.test if isinstance(asking, If) else asking)
    body = asking.body if isinstance(asking, If) else []
    if any(call.name in _UNDOES for call in calls_in(body)):
        return None
    found: Node | None = None
    for earlier in before(asking):
        if isinstance(earlier, Call) and is_check(module, earlier):
            return None
        if isinstance(earlier, If) and asks_permission(module, earlier.test):
            return None
        if isinstance(earlier, Assign) and isinstance(earlier.target, Name) and earlier.target.id in read:
            return None if found is not None and _inside(found, earlier) else found
        if is_effect(earlier):
            found = earlier
    return found


def _inside(inner: Node, outer: Node) -> bool:
    return outer.raw.start_byte <= inner.raw.start_byte < outer.raw.end_byte


def is_effect(node: Node) -> bool:
    """Tell whether a node changes something that lasts, or makes something happen: ``await this.disk.write(…)``."""
    if isinstance(node, Assign) and isinstance(node.target, Index):
        holder = node.target.object
        return is_this_member(strip(holder)) and not path_words(holder) & _PREPARES
    if not isinstance(node, Call) or node.receiver is None or node.new:
        return False
    if node.name in ("apply", "call") and isinstance(strip(node.receiver), Name):
        return True  # a function that is guarded
    if _runs_entry(node):
        return True
    verb = words(node.name)
    if not verb or verb[0] not in _ACTS or path_words(node.receiver) & _PREPARES or set(verb) & _CLOCKS:
        return False
    base = strip(node.receiver)
    while not isinstance(base, Name) and getattr(base, "object", None) is not None:
        base = strip(base.object)  # type: ignore[attr-defined]  # members and items have an object
    own = isinstance(base, Name) and base.id == "this"
    return isinstance(node.parent, Await) or (own and function_of(node) is not None) or _handed(node)


def _runs_entry(call: Call) -> bool:
    """Tell whether what somebody put into a table under a name is run for a caller: ``action.perform(payload)``."""
    function = function_of(call)
    key = look_up_key(function.module, call.receiver) if function is not None else None
    name = strip(key) if key is not None else None
    if function is None or not isinstance(name, Name) or not call.args or call.name in _LOOKS:
        return False
    return any(name.id == param.name for param in function.params) and bool(
        ({param.name for param in function.params} - {name.id}) & names_in(call.args)
    )


def _handed(call: Call) -> bool:
    """Tell whether something is done to what the function, or the one that made it, was given."""
    base = strip(call.receiver) if call.receiver is not None else None
    function = function_of(call)
    if not isinstance(base, Name) or function is None or not isinstance(call.parent, ExprStatement):
        return False
    return any(isinstance(bound, Param) for bound in function.module.scopes.lookup(base.id, base))
