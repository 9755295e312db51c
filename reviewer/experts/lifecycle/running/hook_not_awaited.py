"""LIF033: the promise of a lifecycle hook is dropped or stored instead of its result."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.contexts import flat
from reviewer.code.flow import use_of
from reviewer.code.reach.links import declared_member, definition, is_async
from reviewer.code.reach.promises import returns_promise
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Assign,
    Await,
    Binary,
    Call,
    For,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Return,
    Unary,
    strip,
)
from reviewer.code.text.promise_types import is_promise_type
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, class_of, find, function_of, walk
from reviewer.experts import edits
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.bringing.loading import brings_in
from reviewer.experts.lifecycle.hooks.hooks import HOOK_WORDS, HookUse, awaited, hook_uses, hooks_of
from reviewer.experts.lifecycle.values import value_class
from reviewer.experts.lifecycle.vocabulary import STRONG_STARTS
from reviewer.experts.paths import word_set

if TYPE_CHECKING:
    from reviewer.code.module import Module


_TAKERS: Final = frozenset(
    (
        "gather wait_for wait race all allSettled shield create_task ensure_future push append set any add "
        "run_until_complete run isawaitable iscoroutine resolve"
    ).split()
)
"""Calls that take a promise or a coroutine as what it is."""
_STORES: Final = word_set("dump dumps write save store persist put restore stringify")
"""What calls begin with that take a state, and not the promise of one."""
_MAYBE_STORES: Final = word_set("set add insert update upsert append")
"""What calls begin with that write a state where somebody waits for them, and otherwise only keep a thing at hand."""


_SERVERS: Final = frozenset({"start_server", "start_unix_server", "create_server", "create_unix_server"})
"""Calls that give a server of asyncio."""
_NOTHING: Final = frozenset({"void", "None"})
"""Declared results of functions that nobody has to wait for."""


@module_check("LIF033", words=HOOK_WORDS)
def hook_not_awaited(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak where a hook that is known to be asynchronous is called and nobody waits for it."""
    if module.is_test:
        return
    uses = hook_uses(inquiry, module)
    for use in uses:
        if awaited(use.call) and _in_foreach(use.call) and use.kind in ("start", "stop"):
            yield Match(
                use.call,
                f"forEach() drops the promise of its callback: nobody waits for '{module.text_of(use.member)}', and "
                "the host goes on before it has done its work.",
            )
            continue
        wrapper = _dropped_wrapper(module, use)
        if wrapper is not None:
            yield Match(
                wrapper,
                f"'{module.text_of(use.member)}' runs in '{module.text_of(wrapper.callee)}', whose promise nobody "
                "waits for: the host goes on before the hook has done its work, and its error is never seen.",
                edits=edits.awaited(module, wrapper),
            )
            continue
        if use.call.callee is not use.member or _waited(module, use) or not _asynchronous(module, use, uses):
            continue
        if _is_server_of_library(module, use) or any(isinstance(strip(one), Function) for one in use.call.args):
            continue  # who gives it a function has that called: ``test.setup(() => …)`` says what is to be done
        match = _lost(module, use)
        if match is not None:
            yield match


def _is_server_of_library(module: Module, use: HookUse) -> bool:
    """Tell whether a server of asyncio is closed, which begins to close at once; ``wait_closed`` waits for it."""
    held = use.call.receiver
    cls = class_of(held) if held is not None and is_this_member(held) else None
    values = module.scopes.field_values(cls, held.name) if cls is not None and isinstance(held, Member) else []
    return any(isinstance(made := strip(one), Call) and made.name in _SERVERS for one in values)


def _dropped_wrapper(module: Module, use: HookUse) -> Call | None:
    """Return the call of the host's own helper that a hook is handed to, where its promise is dropped."""
    wrapper = use.call if use.call.callee is not use.member else None
    taken = use_of(use.call)
    if wrapper is None and taken.how == "argument" and not taken.awaited and isinstance(taken.by, Call):
        wrapper = taken.by
    helper = definition(module, wrapper.callee) if wrapper is not None else None
    if wrapper is None or wrapper.name in _TAKERS or not isinstance(helper, Function):
        return None
    dropped = use_of(wrapper)
    deliberate = isinstance(dropped.by, Unary)  # void within(…)
    if dropped.how != "dropped" or dropped.awaited or deliberate:
        return None
    coroutine = helper.asynchronous and not helper.generator and not helper.decorators
    if not (coroutine or returns_promise(module, wrapper)):
        return None
    return wrapper


def _asynchronous(module: Module, use: HookUse, uses: tuple[HookUse, ...]) -> bool:
    """Tell whether a hook gives a promise: by its declaration, or because other places await the same hook."""
    known = is_async(module, use.call)
    if known is not None:
        return known
    if isinstance(use.member, Member):
        cls = value_class(module, use.member.object)
        declared = declared_member(cls, use.member.name) if cls is not None else None
        if declared is not None:
            return declared.asynchronous or is_promise_type(declared.returns)
    if _gives_number(use):
        return False
    if any(
        other is not use and other.name == use.name and _waited(module, other) and not _of_a_part(module, other, use)
        for other in uses
    ):
        return True
    return _like_its_counterpart(module, use, uses) or _of_code_just_loaded(module, use)


def _of_a_part(module: Module, other: HookUse, use: HookUse) -> bool:
    """Tell whether another hook is one of what the record holds of which this is a hook: ``plugin.instance.init()``."""
    return module.text_of(other.receiver).startswith(module.text_of(use.receiver) + ".")


def _gives_number(use: HookUse) -> bool:
    """Tell whether what a hook gives is held against a number, as the code of a call into a binary is."""
    kept = use_of(use.call).by
    function = function_of(use.call)
    if not isinstance(kept, Assign) or not isinstance(kept.target, Name) or function is None:
        return False
    return any(
        isinstance(side := strip(one.left), Name)
        and side.id == kept.target.id
        and isinstance(code := strip(one.right), Literal)
        and isinstance(code.value, int)
        and not isinstance(code.value, bool)
        for one in find(function.body, Binary)
        if one.op in ("==", "!=", "<", ">")
    )


def _like_its_counterpart(module: Module, use: HookUse, uses: tuple[HookUse, ...]) -> bool:
    """Tell whether the host waits for the other hook of the same plugins, and nothing says that this one is plain."""
    if use.kind == "restore" or function_of(use.call) is None or _defined_plain(module, use.name):
        return False
    if use.kind == "save":  # what is waited for in all else, the giving back included, may well be waited for here
        others = [other for other in uses if other.kind != "save"]
        known = any(other.kind == "restore" for other in others) and value_class(module, use.receiver) is None
        return known and all(awaited(other.call) or awaited(other.site) for other in others)
    others = [other for other in uses if other.kind in ("start", "stop") and other.kind != use.kind]
    return bool(others) and all(awaited(other.call) or awaited(other.site) for other in others)


def _of_code_just_loaded(module: Module, use: HookUse) -> bool:
    """Tell whether an asynchronous function wakes what it has just loaded, of which it can't know that it is plain."""
    function = function_of(use.call)
    if function is None or not function.asynchronous or flat(use.name) not in STRONG_STARTS:
        return False
    made = module.scopes.origin(use.receiver)
    return isinstance(made, Call) and brings_in(module, made) and not _defined_plain(module, use.name)


def _defined_plain(module: Module, name: str) -> bool:
    """Tell whether a member of this name in the file gives no promise, or a function says that it gives nothing."""
    if any(one.name == name and one.returns in _NOTHING for one in module.functions if not one.asynchronous):
        return True
    for cls in module.classes:
        for method in cls.methods:
            if method.name == name and not method.asynchronous and not is_promise_type(method.returns):
                return True
    return False


def _through_helpers(module: Module, call: Call) -> Call:
    """Return the outermost call of the subject's own helpers that a promise goes through: ``within(hook(), 5)``."""
    while True:
        seen = use_of(call)
        around = seen.by
        if seen.how != "argument" or seen.awaited or not isinstance(around, Call) or around.name in _TAKERS:
            return call
        if not isinstance(definition(module, around.callee), Function) or not returns_promise(module, around):
            return call
        call = around


def _lost(module: Module, use: HookUse) -> Match | None:
    seen = use_of(use.call)
    if seen.how == "argument":
        handed = use_of(_through_helpers(module, use.call))
        seen = handed if handed.how == "assigned" and not handed.awaited else seen
    name = module.text_of(use.member)
    if seen.how == "dropped":
        if _handled(use.call):
            return None
        wait = "the host goes on before the hook has done its work, and its error is never seen"
        return Match(
            use.call,
            f"'{name}' is asynchronous and nobody waits for it: {wait}.",
            edits=edits.awaited(module, use.call),
        )
    if seen.how == "assigned" and isinstance(seen.by, Assign) and not _waited_for(module, use.call, seen.by):
        target = module.text_of(seen.by.target)
        return Match(
            use.call,
            f"'{name}' is asynchronous: without await '{target}' holds the promise of the "
            f"{'state' if use.kind == 'save' else 'result'}, not the thing itself.",
        )
    if use.kind == "save" and _is_stored(module, use.call):
        return Match(
            use.call,
            f"'{name}' is asynchronous: without await what is stored is its promise, and the state is never taken.",
        )
    if seen.how == "returned" and _in_foreach(use.call):
        return Match(use.call, f"'{name}' is asynchronous and forEach() drops its promise: nobody waits for the hook.")
    return None


def _waited(module: Module, use: HookUse) -> bool:
    """Tell whether somebody waits for a hook itself: to await the writing of a state is not to await the state."""
    if use.kind != "save" or not awaited(use.call):
        return awaited(use.call)
    inner: Node = use.call
    for around in ancestors(use.call):
        if isinstance(around, Await):
            return True
        if isinstance(around, Object) or (isinstance(around, Call) and _stores(module, around, inner)):
            return False
        inner = around
    return False


def _stores(module: Module, call: Call, given: Node) -> bool:
    """Tell whether a call writes down what it is given, and does not wait for it first."""
    starts = words(call.name)[:1]
    if given not in (*call.args, *call.keywords.values()):
        return False
    if _STORES.isdisjoint(starts) and (_MAYBE_STORES.isdisjoint(starts) or not use_of(call).awaited):
        return False
    target = definition(module, call.callee)
    if not isinstance(target, Function):
        return True
    position = call.args.index(given) if given in call.args else -1
    named = next((name for name, value in call.keywords.items() if value is given), "")
    taken = [one for at, one in enumerate(target.params) if at == position or one.name == named]
    return not any(
        is_promise_type(one.type)
        or any(isinstance(node.value, Name) and node.value.id == one.name for node in find(target.body, Await))
        for one in taken
    )


def _is_stored(module: Module, call: Call) -> bool:
    """Tell whether what a call gives is put into a record or a text, and nothing of the function waits for records."""
    function, taken = function_of(call), use_of(call).by
    if function is None:
        return False
    if isinstance(taken, Call):
        return _stores(module, taken, call)
    if any(isinstance(around, Call) and takes_promises(around) for around in ancestors(call)):
        return False
    into_record = isinstance(taken, Assign) and isinstance(strip(taken.target), Index)
    if not into_record and not isinstance(taken, Object):
        return False
    if isinstance(taken, Object) and isinstance(taken.parent, Call) and _stores(module, taken.parent, taken):
        return True
    return not any(takes_promises(one) for one in calls_in(function.body))


def takes_promises(call: Call) -> bool:
    """Tell whether a call takes promises as what they are; a ``set()`` that is awaited is one of a store."""
    kept_at_hand = _MAYBE_STORES.isdisjoint(words(call.name)[:1]) or not use_of(call).awaited
    return call.name in _TAKERS and kept_at_hand


def _handled(call: Call) -> bool:
    """Tell whether a dropped promise is a deliberate one: ``void x()`` with its own catch is no call of the hook."""
    return isinstance(call.parent, Await)


def _in_foreach(call: Call) -> bool:
    function = function_of(call)
    return function is not None and isinstance(function.parent, Call) and function.parent.name == "forEach"


def _waited_for(module: Module, call: Call, assign: Assign) -> bool:
    """Tell whether the variable that holds the promise is awaited, returned, or handed on later."""
    target = strip(assign.target)
    if not isinstance(target, Name):
        return True
    function = function_of(call)
    if function is None:
        return True
    uses = [node for node in walk(function.body) if isinstance(node, Name) and node.id == target.id]
    return any(_used_as_promise(module, one) for one in uses if one is not target)


def _used_as_promise(module: Module, name: Name) -> bool:
    for around in ancestors(name):
        if isinstance(around, Await):
            inner = around.value
            return inner is name or not isinstance(inner, Call) or _helper(inner, name)
        if isinstance(around, Return):
            return True
        if isinstance(around, Member):
            return around.name in ("then", "catch", "finally", "add_done_callback", "result", "close", "send")
        if isinstance(around, Call):
            if any(arg is name for arg in around.args) and takes_promises(around):
                return True
            if any(use.call is around and use.kind == "restore" for use in hooks_of(module)):
                return False  # the other plugin gets the promise itself
            continue
        if isinstance(around, Object) and isinstance(around.parent, Call) and _stores(module, around.parent, around):
            return False
        if isinstance(around, Array | Object | For):
            return True
        if isinstance(around, Function):
            return False
    return False


def _helper(call: Call, name: Name) -> bool:
    """Tell whether an awaited call is a helper that waits for the promise, not a hook that takes the state."""
    return (
        call.callee is not None
        and not isinstance(strip(call.callee), Member)
        and any(arg is name for arg in call.args)
        and bool(list(calls_in(call)))
    )
