"""COM001, of what a handler throws at once: only its promise is minded, and it fails before it has given one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.contexts import is_stopper
from reviewer.code.flow import guarding_try
from reviewer.code.syntax import Call, For, Function, Member, strip
from reviewer.code.text.words import words
from reviewer.code.walk import function_of
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.aliases import alias_text
from reviewer.experts.communication.event_tables import REFUSING, is_event, named
from reviewer.experts.communication.handler_types import declared_types, wrapped_async
from reviewer.experts.communication.invocations import Invocation, invocations
from reviewer.experts.communication.isolation import isolated, settled
from reviewer.experts.communication.vocabulary import EMITS, HANDLERS, TRIGGERS, first_word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_NAME: Final = regex(r"[A-Z]\w*")


@module_check("COM001", words=TRIGGERS)
def throws_before_promise(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each handler whose promise is caught for the case that it throws instead of giving one."""
    if module.is_test or module.language == "python":
        return
    seen: set[int] = set()
    for found in invocations(inquiry, module):
        if found.loop is None or found.inner is not None or id(found.loop) in seen or not isolated(found):
            continue
        if guarding_try(found.call) is not None or _all_promise(module, found):
            continue
        if found.source.table is not None and wrapped_async(inquiry, module, found.source.table):
            continue
        if _by_promise_alone(found) and _is_told_of(found):
            seen.add(id(found.loop))
            called = module.text_of(found.call.callee)[:60]
            yield Match(
                found.call,
                f"Only the promise of '{called}(…)' is caught: a handler that throws before it gives one ends the "
                f"way through '{found.source.name}', and the handlers after it never get the event.",
            )


def _is_told_of(found: Invocation) -> bool:
    """Tell whether a loop hands something to many handlers, each of which may do with it what it wants."""
    around = named(found.function)
    if is_stopper(around) or not found.call.args or set(words(found.source.name)) & REFUSING:
        return False
    return is_event(found) or bool(set(words(found.source.name)) & HANDLERS) or first_word(around) in EMITS


def _by_promise_alone(found: Invocation) -> bool:
    """Tell whether a handler is called right in the loop, or in its plain callback, and its promise is caught."""
    around = function_of(found.call)
    if isinstance(found.loop, For):
        return around is function_of(found.loop) and _caught_later(found.call)
    each = strip(found.loop.args[0]) if isinstance(found.loop, Call) and found.loop.args else None
    if not isinstance(each, Function) or around is not each or each.asynchronous:
        return False
    return _caught_later(found.call) or (found.loop is not None and settled(found.loop))


def _caught_later(call: Call) -> bool:
    """Tell whether a rejection is caught: ``run(x).catch(…)``, ``Promise.resolve(run(x)).catch(…)``."""
    node = call.parent
    if isinstance(node, Call) and node.callee is not call and node.name == "resolve":
        node = node.parent
    for _ in range(4):
        if not isinstance(node, Member):
            return False
        if node.name == "catch":
            return True
        around = node.parent
        if node.name == "then" and isinstance(around, Call) and len(around.args) > 1:
            return True
        node = around.parent if isinstance(around, Call) and node.name in ("then", "finally") else None
    return False


def _all_promise(module: Module, found: Invocation) -> bool:
    """Tell whether the handlers are declared to give a promise and nothing else, as asynchronous functions do."""
    said = [text for text in declared_types(module, found) if text]
    said += [alias_text(module, name) for text in said for name in _NAME.findall(text)]
    made = [text.rpartition("=>")[2] for text in said if "=>" in text]
    return bool(made) and all("Promise<" in text and "|" not in text for text in made)
