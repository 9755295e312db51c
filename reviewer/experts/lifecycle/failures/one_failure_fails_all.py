"""LIF035: plugins are started or ended together so that the failure of one is the failure of all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from reviewer.code.flow import guarding_try
from reviewer.code.syntax import (
    Call,
    Expr,
    For,
    Name,
    Param,
    With,
    strip,
)
from reviewer.code.tables import tables
from reviewer.code.walk import ancestors, names_in
from reviewer.core.scale import Confidence
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.communication.vocabulary import REGISTERS, first_word
from reviewer.experts.lifecycle.bringing.dependencies import speaks_of_dependencies
from reviewer.experts.lifecycle.bringing.loading import brings_in
from reviewer.experts.lifecycle.hooks.hooks import HOOK_WORDS, hook_uses, is_plugin_instance
from reviewer.experts.lifecycle.turns.isolated import caught, joined, lets_out, own_lifecycle, run_for_each
from reviewer.experts.lifecycle.values import last_word, value_class

if TYPE_CHECKING:
    from reviewer.code.module import Module


@module_check("LIF035", words=HOOK_WORDS)
def one_failure_fails_all(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak at ``Promise.all``, ``asyncio.gather`` and task groups over plugins without a net for each."""
    if module.is_test:
        return
    yield from _named(module)
    for call in module.calls(("all", "gather")):
        if not _joins(module, call) or "return_exceptions" in call.keywords:
            continue
        work = next((c for c in joined(module, call) if _brings_or_ends(inquiry, module, c)), None)
        if work is not None and not caught(module, work, call):
            wrapper = "Promise.all()" if call.name == "all" else "asyncio.gather()"
            yield Match(
                call,
                f"{wrapper} fails as soon as '{module.text_of(work.callee)}' fails for one plugin: the others are "
                "abandoned half-way, and nobody learns how they ended.",
                confidence=Confidence.POSSIBLE if brings_in(module, work) and not wakes_plugins(inquiry) else None,
            )
    yield from _task_groups(inquiry, module)


def _named(module: Module) -> Iterator[Match]:
    """Speak where a function that is handed over by its name is run for each, and none of its failures is kept."""
    for call in module.calls(("all", "gather", "map")):
        if "return_exceptions" in call.keywords or (call.name != "map" and not _joins(module, call)):
            continue
        work = next((one for one in run_for_each(module, call) if lets_out(module, one)), None)
        if work is not None and guarding_try(call) is None:
            yield Match(
                call,
                f"'{work.name}' is run for each plugin, and the first of them that fails ends the whole: nobody "
                "learns how the others ended.",
            )


def wakes_plugins(inquiry: Inquiry) -> bool:
    """Tell whether the host starts or ends plugins anywhere; one that only loads them may well end with the first."""
    known = inquiry.memory.get("lifecycle.wakes_plugins")
    if not isinstance(known, bool):
        known = inquiry.memory["lifecycle.wakes_plugins"] = any(
            use.kind in ("start", "stop")
            for module in inquiry.project.modules(naming=HOOK_WORDS, tests=False)
            for use in hook_uses(inquiry, module)
        )
    return known


def _joins(module: Module, call: Call) -> bool:
    if call.name == "all":
        return call.receiver is not None and module.resolve(call.receiver) == "Promise"
    return module.resolve(call.callee) == "asyncio.gather"


def _brings_or_ends(inquiry: Inquiry, module: Module, call: Call) -> bool:
    """Tell whether a call runs code of a plugin: a hook or another member of it, or the host's own function for one."""
    if any(use.call is call or use.site is call for use in hook_uses(inquiry, module) if use.kind in ("start", "stop")):
        return True
    if call.receiver is not None and (is_plugin_instance(module, call.receiver) or _taken_in(module, call.receiver)):
        return True  # whatever is asked of all plugins at once
    return own_lifecycle(inquiry, module, call) or brings_in(module, call)


def _taken_in(module: Module, receiver: Expr) -> bool:
    """Tell whether something is of an interface whose instances others hand in, kept under the id that each brings."""
    cls = value_class(module, receiver)
    if cls is None or cls.kind != "interface":
        return False
    for table in tables(module):
        for access in table.of("write"):
            put = strip(access.value) if access.value is not None else None
            given = module.scopes.origin(put) if isinstance(put, Name) else None
            if not isinstance(given, Param) or access.key is None or access.function is None:
                continue
            own = isinstance(put, Name) and put.id in names_in(access.key)
            taking = first_word(access.function.name) in REGISTERS and not access.function.private
            if own and taking and put is not None and value_class(module, put) is cls:
                return True
    return False


def _task_groups(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    if "TaskGroup" not in module.identifiers:
        return
    for call in module.calls(("create_task", "start_soon")):
        group = next((a for a in ancestors(call) if isinstance(a, With) and _is_group(a)), None)
        loop = next((a for a in ancestors(call) if isinstance(a, For)), None)
        work = strip(call.args[0]) if call.args else None
        if group is None or loop is None or not isinstance(work, Call) or guarding_try(work) is not None:
            continue
        if loop.iterable is not None and speaks_of_dependencies(loop.iterable):
            continue
        if _brings_or_ends(inquiry, module, work) and not caught(module, work, loop):
            yield Match(
                call,
                f"In a TaskGroup the first failure of '{module.text_of(work.callee)}' cancels the work for all "
                "other plugins.",
            )


def _is_group(node: With) -> bool:
    return any(isinstance(value, Call) and last_word(value) == "TaskGroup" for value, _ in node.items)
