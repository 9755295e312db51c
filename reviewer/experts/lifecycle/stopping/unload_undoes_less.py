"""LIF029: a failed start takes back more of what a plugin has put into the host than its end does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from reviewer.code.flow import in_handler
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Call, Class, Function, Handler, Name, Try, strip
from reviewer.code.tables import tables
from reviewer.code.walk import calls_in, class_of, find
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.lifecycle.bringing.dependencies import with_helpers
from reviewer.experts.lifecycle.bringing.unloading import unloads
from reviewer.experts.lifecycle.hooks.hooks import HOOK_WORDS, uses_in
from reviewer.experts.lifecycle.vocabulary import RELEASE_WORDS, has_word

if TYPE_CHECKING:
    from reviewer.code.module import Module


@module_check("LIF029", words=HOOK_WORDS)
def unload_undoes_less(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Compare what the handler of a failed start takes back with what the end of the same class takes back."""
    if module.is_test:
        return
    for cls, undone in _undone_on_failure(inquiry, module):
        for unload in unloads(inquiry, module):
            if class_of(unload.function) is not cls:
                continue
            ended = {_spelled(call): call for one in with_helpers(unload.function) for call in calls_in(one.body)}
            missing = [call for name, call in undone.items() if name not in ended]
            beside = [call for name, call in ended.items() if name in undone]
            if missing and not _whole_end(cls, missing[0], unload.function):
                yield Match(
                    beside[-1] if beside else unload.place,
                    f"'{unload.function.name}' doesn't call '{short(module.text_of(missing[0].callee))}', which takes "
                    f"back what a start that failed has left: of a plugin that ran, it stays.",
                    related=((missing[0], "taken back here"),),
                )
                break


def _undone_on_failure(inquiry: Inquiry, module: Module) -> Iterator[tuple[Class, dict[str, Call]]]:
    """Yield the classes whose start takes things back on failure, with the calls that do."""
    for use in uses_in(inquiry, module, "start"):
        cls = class_of(use.frame) if use.frame is not None else None
        if cls is None or use.frame is None:
            continue
        own = {table.name for table in tables(module) if table.owner is cls}
        names = {param.name for param in use.frame.params}
        undone = {
            _spelled(call): call
            for handler in _handlers(use.frame)
            for call in calls_in(handler.body)
            if _undoes(call, names) and _spelled(call).split(".")[0] not in own
        }
        if undone:
            yield cls, undone


def _handlers(frame: Function) -> Iterator[Handler]:
    for attempt in find(frame.body, Try):
        yield from attempt.handlers


def _undoes(call: Call, names: set[str]) -> bool:
    """Tell whether a call asks a service of the host to let go of one plugin: ``self._bus.leave(name)``."""
    service = call.receiver
    given = strip(call.args[0]) if len(call.args) == 1 else None
    if service is None or not is_this_member(service) or not isinstance(given, Name) or given.id not in names:
        return False
    return has_word(call.name, RELEASE_WORDS) or call.name in ("leave", "drop_all", "remove_all", "end")


def _spelled(call: Call) -> str:
    service = call.receiver
    return f"{service.name}.{call.name}" if service is not None and is_this_member(service) else ""


def _whole_end(cls: Class, call: Call, unload: Function) -> bool:
    """Tell whether another function of the class takes it back outside of a failure."""
    name = _spelled(call)
    return any(
        _spelled(one) == name and in_handler(one) is None
        for method in cls.methods
        if method is not unload
        for one in calls_in(method.body)
    )
