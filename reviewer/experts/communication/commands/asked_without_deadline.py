"""COM023: a host that bounds the hooks of its plugins asks one of them something and waits as long as it likes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import use_of
from reviewer.code.reach.links import declared_member, is_async
from reviewer.code.syntax import Call, Class, Member, strip
from reviewer.code.text.words import words
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.bringing.dependencies import callers, outermost
from reviewer.experts.lifecycle.hooks.hooks import HOOK_WORDS, hook_uses
from reviewer.experts.lifecycle.turns.deadlines import bounded_around, has_deadline
from reviewer.experts.lifecycle.values import value_class

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Function


_TIMES: Final = frozenset("timeout deadline milliseconds millis ms seconds within patience limit signal".split())
"""Words of a parameter that ends the waiting."""


_SPAWNS: Final = frozenset({"create_task", "ensure_future", "start_soon"})


@module_check("COM023", words=HOOK_WORDS)
def asked_without_deadline(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what is asked of the contract whose hooks have a deadline in this very file."""
    if module.is_test:
        return
    uses = hook_uses(inquiry, module)
    bounded = {id(cls): cls for use in uses if (cls := value_class(module, use.receiver)) and has_deadline(module, use)}
    contracts = {key for key, cls in bounded.items() if cls.kind == "interface"}
    hooks = {id(use.member) for use in uses}
    for cls in (bounded[key] for key in contracts):
        for call in module.calls({method.name for method in cls.methods}):
            callee = strip(call.callee)
            if not isinstance(callee, Member) or id(callee) in hooks or not _asks(module, cls, callee):
                continue
            used = use_of(call)
            waited = used.awaited or (used.how == "returned" and is_async(module, call))
            function = outermost(call)
            if not waited or function is None or bounded_around(module, callee) or _told(call.keywords):
                continue
            if _takes_time(cls, callee.name) or _is_task_of_its_own(module, function):
                continue
            if not any(bounded_around(module, one) for one in callers(function)):
                yield Match(
                    call,
                    f"'{module.text_of(callee)}' is waited for without a deadline, although this host bounds the hooks "
                    "of the same plugin: one that never answers keeps its caller for ever.",
                )


def _asks(module: Module, cls: Class, callee: Member) -> bool:
    """Tell whether a member of the contract is asked that is none of its hooks, and answers later."""
    member = declared_member(cls, callee.name)
    later = member is not None and (member.asynchronous or member.returns.startswith(("Promise", "Awaitable")))
    return later and value_class(module, callee.object) is cls


def _takes_time(cls: Class, name: str) -> bool:
    """Tell whether a member is told how long it may take: ``request(method, params, milliseconds)``."""
    member = declared_member(cls, name)
    return member is not None and any(set(words(param.name)) & _TIMES for param in member.params)


def _is_task_of_its_own(module: Module, function: Function) -> bool:
    """Tell whether a function only ever runs as a task that somebody cancels: nobody waits for it but its own loop."""
    runs = list(callers(function))
    return (
        bool(runs)
        and all(isinstance(one.parent, Call) and one.parent.name in _SPAWNS for one in runs)
        and any(True for _ in module.calls(("cancel",)))
    )


def _told(keywords: Iterable[str]) -> bool:
    return not {"timeout", "signal", "deadline", "cancel"}.isdisjoint(keywords)
