"""LIF030: the host listens to a plugin only after it was activated."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from reviewer.code.flow import after, enclosing_loop, in_handler
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Assign, Call, Expr, For, Function, Literal, Member, Name, Template, strip
from reviewer.code.tables import tables
from reviewer.code.text.ideas import LISTENS, SENDS
from reviewer.code.text.words import words
from reviewer.code.walk import behind, calls_in, function_of, names_in, walk
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.activation.asked_starts import asked_starts
from reviewer.experts.lifecycle.activation.chained import later_steps
from reviewer.experts.lifecycle.activation.own_listens import is_kept_for_later, is_own_listen
from reviewer.experts.lifecycle.bringing.dependencies import outermost
from reviewer.experts.lifecycle.guests.given import members_given
from reviewer.experts.lifecycle.holding.fate import callbacks
from reviewer.experts.lifecycle.hooks.hooks import HOOK_WORDS, HookUse, awaited, uses_in
from reviewer.experts.lifecycle.values import root_name
from reviewer.experts.paths import last_name

if TYPE_CHECKING:
    from reviewer.code.module import Module


@module_check("LIF030", words=HOOK_WORDS)
def handlers_after_activation(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak at a subscription to something of the plugin that stands behind its activation."""
    if module.is_test:
        return
    for use in (*uses_in(inquiry, module, "start"), *asked_starts(module)):
        call = _late(module, use)
        if call is not None:
            yield Match(
                call,
                f"The host listens only after '{module.text_of(use.member)}' has run: whatever the plugin emits during "
                "its activation is lost.",
                related=((use.call, "activated here"),),
            )


def _late(module: Module, use: HookUse) -> Call | None:
    about = _about(use)
    for node in after(use.site):
        if not isinstance(node, Call) or node.raw.start_byte < use.site.raw.end_byte or in_handler(node) is not None:
            continue
        if function_of(node) is not function_of(use.site) or _made_by_start(module, use, node):
            continue
        if (_listens(module, node) and _concerns(node, about)) or (
            _is_handed_something(use)
            and (_attaches(module, node, about) or _leads_back(module, use, node) or _on_its_wire(module, use, node))
        ):
            return node
    start = outermost(use.site)
    about |= {param.name for param in start.params} if start is not None else set()
    for node in later_steps(use.site):
        if isinstance(node, Call) and _listens(module, node) and _concerns(node, about):
            return node
    return None


def _made_by_start(module: Module, use: HookUse, call: Call) -> bool:
    """Tell whether a handler is put on what only the start makes: ``repl.start(); repl.server.on("exit", …)``."""
    held = strip(call.receiver) if call.receiver is not None else None
    started = strip(use.call.receiver) if use.call.receiver is not None else None
    return (
        isinstance(held, Member)
        and started is not None
        and module.text_of(held.object) == module.text_of(started)
        and not use.call.args
    )


def _is_handed_something(use: HookUse) -> bool:
    """Tell whether a start is handed what it may send by, and not only a text."""
    given = [strip(arg) for arg in (*use.call.args, *use.call.keywords.values())]
    return any(not isinstance(one, Template | Literal) for one in given if one is not use.member)


def _attaches(module: Module, call: Call, about: set[str]) -> bool:
    """Tell whether a function of the host is handed the plugin, and subscribes to what it asks for."""
    target = definition(module, call.callee)
    if not isinstance(target, Function) or target.module is not module or target.asynchronous or awaited(call):
        return False
    given = {
        param.name
        for param, argument in zip(target.params, call.args, strict=False)
        if isinstance(strip(argument), Name) and names_in(argument) & about
    }
    return bool(given) and any(
        _listens(module, inner) and _concerns(inner, given)
        for inner in calls_in(target.body)
        if inner.name in LISTENS or is_own_listen(module, inner)
    )


def _leads_back(module: Module, use: HookUse, call: Call) -> bool:
    """Tell whether a handler of the plugin is hung up where the plugin could send already while it was activated."""
    holder, instance = call.receiver, root_name(use.receiver)
    if call.name not in LISTENS or holder is None or not instance or awaited(call):
        return False
    handlers = [strip(arg) for arg in call.args]
    if not any(isinstance(one, Function | Member) and instance in names_in(one) for one in handlers):
        return False
    bodies = [*use.call.args, *(node for member, _fresh in members_given(module, use) for node in member.body)]
    sent = {last_name(made.receiver) for made in calls_in(bodies) if made.name in SENDS and made.receiver is not None}
    return last_name(holder) in sent


def _on_its_wire(module: Module, use: HookUse, call: Call) -> bool:
    """Tell whether a call listens to what the function has made for this plugin alone, and lent to it by its start."""
    holder = strip(call.receiver) if call.receiver is not None else None
    if call.name not in LISTENS or not isinstance(holder, Name) or awaited(call) or not any(_functions(call)):
        return False
    bound = module.scopes.lookup(holder.id, holder)
    made = bound[0] if len(bound) == 1 else None
    if not isinstance(made, Assign) or not isinstance(made.value, Call) or function_of(made) is not use.frame:
        return False
    given = [*use.call.args, *use.call.keywords.values()]
    origins = [module.scopes.origin(one) for one in given]
    given += [arg for one in origins if isinstance(one, Call) for arg in one.args]
    return behind(use.site, made) and any(holder.id in names_in(one) for one in given)


def _about(use: HookUse) -> set[str]:
    """Return the names that stand for the plugin: what its hook is called on, and what it is handed."""
    found = {root_name(use.receiver)}
    for arg in use.call.args:
        inner = strip(arg)
        if isinstance(inner, Name):
            found.add(inner.id)
        if isinstance(inner, Call):
            found.update(name for a in inner.args for name in names_in(a))
    if use.frame is not None:
        found.update(name for p in use.frame.params for name in (p.name, *p.fields.values()))
    return {name for name in found if name and not name.startswith("this")} - {"this"}


def _listens(module: Module, call: Call) -> bool:
    name = call.name
    parts = words(name)
    said = name in LISTENS or (len(parts) > 1 and parts[0] == "on")
    if not (said or call.receiver is None or is_own_listen(module, call)) or awaited(call):
        return False
    if call.receiver is None:
        return len(call.args) > 1 and (is_kept_for_later(module, call) if not said else _keeps(module, call))
    named = len(call.args) > 1 and call.name in LISTENS and isinstance(strip(call.args[1]), Name | Member)
    return named or any(True for _ in _functions(call))


def _keeps(module: Module, call: Call) -> bool:
    """Tell whether a function beside this one puts into a table what it is given: ``listen(id, store)``."""
    target = definition(module, call.callee)
    return isinstance(target, Function) and any(
        access.function is target for table in tables(target.module) for access in table.of("write")
    )


def _functions(call: Call) -> Iterator[Expr]:
    yield from callbacks(call)


def _concerns(call: Call, about: set[str]) -> bool:
    receiver = call.receiver
    first = call.arg(0)
    parts = [p for p in (receiver, first, _gone_through(call, first)) if p is not None]
    return any(
        isinstance(node, Name) and node.id in about for part in parts for node in walk(part, into_functions=False)
    )


def _gone_through(call: Call, topic: Expr | None) -> Expr | None:
    """Return the list that a loop takes the topic from: ``info.hears`` of ``for (const topic of info.hears)``."""
    loop = enclosing_loop(call)
    if not isinstance(loop, For) or not isinstance(topic, Name) or not isinstance(loop.target, Name):
        return None
    return loop.iterable if loop.target.id == topic.id else None
