"""LIF022: a variable or a field keeps the promise of a load for all later callers, also when it is rejected."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.contexts import is_stopper
from reviewer.code.flow import conditions, returns_of
from reviewer.code.reach.links import definition, is_async
from reviewer.code.reach.promises import declared_promise
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Assign,
    Await,
    Binary,
    Call,
    Expr,
    Function,
    If,
    Literal,
    Member,
    Name,
    Object,
    Param,
    Return,
    Throw,
    Try,
    strip,
    uncast,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, class_of, find, function_of, walk
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.lifecycle.failures.failed_load_cached import answers_with_promise
from reviewer.experts.lifecycle.failures.own_parts import loads_own_part

if TYPE_CHECKING:
    from reviewer.code.module import Module

_TASKS: Final = frozenset({"create_task", "ensure_future"})
_HEARD: Final = frozenset({"catch", "allSettled", "add_done_callback"})
"""Calls behind which a promise is never rejected, or by which somebody hears that it was."""
_ENDS: Final = frozenset("stop close dispose deactivate destroy unload shutdown teardown end disconnect".split())
"""First words of functions that empty a variable for another reason than a failure."""
_FROM_AFAR: Final = frozenset({"fetch", "download", "request"})
_UNLESS: Final = ("??=", "||=")


@module_check("LIF022", words={"promise", "async", "then", "fetch", "import", "create", "ensure"})
def failed_promise_kept(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each value that is made once and handed to everybody for whether a failure stays in it."""
    if module.is_test:
        return
    for assign in module.all(Assign):
        made = uncast(assign.value) if assign.value is not None else None
        function = function_of(assign)
        if not isinstance(made, Call) or function is None or not _is_slot(module, assign.target):
            continue
        slot = module.text_of(assign.target)
        if not _only_once(module, assign, slot) or not _may_reject(module, made) or _of_an_end(function, made):
            continue
        if _made_whatever(module, assign, slot) or _refuses_second(module, function, assign, slot):
            continue
        if _handed_out(module, function, slot) and not _emptied(module, assign, slot):
            yield Match(
                assign,
                f"'{slot}' keeps the promise of '{short(module.text_of(_root(made).callee))}' also when it is "
                "rejected: after one failure every later caller gets the same error.",
            )


def _is_slot(module: Module, target: Expr) -> bool:
    """Tell whether a target lives longer than the call: a field, or a variable that stands further out."""
    if is_this_member(target):
        return True
    function = function_of(target)
    if not isinstance(target, Name) or function is None:
        return False
    own = function
    while function is not None:
        bound = module.scopes.table(function).get(target.id, ())
        if any(not isinstance(one, Assign) or one.declare or module.language == "python" for one in bound):
            return function is not own and _is_given_out(own)  # a variable of the function itself lives no longer
        function = function.outer
    return target.id in module.scopes.table(None)


def _is_given_out(function: Function) -> bool:
    """Tell whether the function around one gives it to its caller, by itself or in an object."""
    around = function.parent
    while isinstance(around, Object) or (isinstance(around, Call) and around.name in ("freeze", "seal")):
        around = around.parent
    return isinstance(around, Return)


def _only_once(module: Module, assign: Assign, slot: str) -> bool:
    """Tell whether the value is made where there is none yet: ``slot ??= load()``, ``if (!slot) slot = load()``."""
    if assign.op in _UNLESS:
        return True
    if assign.op != "=" or assign.declare:
        return False
    around = assign.parent
    if isinstance(around, Binary) and around.op in ("??", "or") and module.text_of(around.left) == slot:
        return True  # slot ?? (slot = load())
    return any(
        any(isinstance(one, Name | Member) and module.text_of(one) == slot for one in walk(condition.test))
        for condition in conditions(assign)
    )


def _of_an_end(function: Function, made: Call) -> bool:
    """Tell whether what is kept is the end of something, which nobody tries a second time: ``ended ??= closeAll()``."""
    names = (function.name, *(call.name for call in _chain(made)))
    return any(is_stopper(name) or bool(set(words(name)[:1]) & _ENDS) for name in names)


def _made_whatever(module: Module, assign: Assign, slot: str) -> bool:
    """Tell whether the other ways of the same question give the slot a new value, too: no caller gets the old one."""
    own: If | None = None
    for around in ancestors(assign):
        if isinstance(around, If) and _asks_slot(module, around, slot):
            own = around
        elif isinstance(around, Function):
            break
    if own is None or not own.orelse:
        return False
    ways = (own.body, own.orelse)
    return all(any(module.text_of(one.target) == slot for one in find(way, Assign)) for way in ways)


def _asks_slot(module: Module, test: If, slot: str) -> bool:
    return any(isinstance(one, Name | Member) and module.text_of(one) == slot for one in walk(test.test))


def _refuses_second(module: Module, function: Function, assign: Assign, slot: str) -> bool:
    """Tell whether a second call is refused with an error of its own: ``if (this.started) throw …``."""
    return any(
        test.start < assign.start and _asks_slot(module, test, slot) and isinstance(test.body[-1], Throw)
        for test in find(function.body, If, into_functions=False)
        if test.body
    )


def _root(call: Call) -> Call:
    """Return the call that a chain of ``then`` begins with."""
    while call.name in ("then", "finally") and isinstance(
        inner := strip(call.receiver) if call.receiver else None, Call
    ):
        call = inner
    return call


def _may_reject(module: Module, made: Call) -> bool:
    """Tell whether a call gives a promise that nothing in its chain keeps from being rejected."""
    if any(call.name in _HEARD or (call.name == "then" and len(call.args) > 1) for call in _chain(made)):
        return False
    if made.name in _TASKS and made.args:
        inner = uncast(made.args[0])
        only_waits = isinstance(inner, Call) and inner.name == "wait" and not inner.args and not inner.keywords
        return isinstance(inner, Call) and not only_waits and not _cannot_help(module, inner)
    root = _root(made)
    if root.name == "import":
        return not _loads_part(root)
    if module.resolve(root.callee) == "fetch":
        return True
    sure = is_async(module, root) is True or declared_promise(module, root) or _brings_from_afar(module, root)
    sure = sure or _handed_in(module, root)
    known = module.language != "python" and (sure or root is not made)
    return known and not _cannot_help(module, root)


def _handed_in(module: Module, call: Call) -> bool:
    """Tell whether what a helper runs once is asynchronous where somebody hands it in: ``once(() => load(entry))``."""
    work = module.scopes.origin(call.callee)
    helper = work.parent if isinstance(work, Param) else None
    if not isinstance(work, Param) or not isinstance(helper, Function) or not helper.name:
        return False
    position = helper.params.index(work)
    project = module.project
    others = project.modules(naming={helper.name}, tests=False, using=module.path) if project is not None else ()
    for where in (module, *(one for one in others if one is not module)):
        for user in where.calls((helper.name,)):
            given = user.arg(position, work.name)
            run = definition(where, given) if given is not None else None
            if not isinstance(run, Function) or definition(where, user.callee) is not helper:
                continue
            if (run.asynchronous or answers_with_promise(where, run)) and not _never_rejects(run):
                return True
    return False


def _never_rejects(run: Function) -> bool:
    """Tell whether a function catches whatever goes wrong in it."""
    return any(one.handlers for one in find(run.body, Try, into_functions=False)) or any(
        call.name in _HEARD for one in returns_of(run) if one.value is not None for call in find(one.value, Call)
    )


def _brings_from_afar(module: Module, call: Call) -> bool:
    """Tell whether a function that was handed in can only give a promise, by its name: ``fetchTariff()``."""
    origin = module.scopes.origin(call.callee)
    return isinstance(origin, Param) and bool(words(call.name)) and words(call.name)[0] in _FROM_AFAR


def _chain(call: Call) -> Iterator[Call]:
    inner: Expr | None = call
    while isinstance(inner, Call):
        yield inner
        inner = strip(inner.receiver) if inner.receiver is not None else None


def _cannot_help(module: Module, call: Call) -> bool:
    """Tell whether a second try is in vain: what goes wrong is caught, or only parts of the package are loaded."""
    target = definition(module, call.callee)
    if not isinstance(target, Function):
        return False
    waits = [strip(node.value) for node in find(target.body, Await, into_functions=False)]
    waits += [strip(one.value) for one in returns_of(target) if one.value is not None and not waits]
    if any(one.handlers for one in find(target.body, Try, into_functions=False)):
        return True
    return bool(waits) and all(isinstance(one, Call) and _loads_part(one) for one in waits)


def _loads_part(call: Call) -> bool:
    """Tell whether a call loads a module under a fixed name: one that is not there never will be."""
    return call.name == "import" and loads_own_part(call)


def _handed_out(module: Module, function: Function, slot: str) -> bool:
    """Tell whether the function gives what it keeps to its caller, or waits for it."""
    for node in find(function.body, Return, into_functions=False):
        if node.value is not None and any(module.text_of(one) == slot for one in walk(node.value)):
            return True
    return any(module.text_of(strip(node.value)) == slot for node in find(function.body, Await, into_functions=False))


def _emptied(module: Module, kept: Assign, slot: str) -> bool:
    """Tell whether something empties the slot again, other than the end of it all."""
    owner = class_of(kept)
    for assign in module.all(Assign):
        value = assign.value
        function = function_of(assign)
        if assign is kept or function is None or module.text_of(assign.target) != slot or class_of(assign) is not owner:
            continue
        empty = (isinstance(value, Literal) and value.value is None) or (
            isinstance(value, Name) and value.id == "undefined"
        )
        if empty and function.kind != "constructor" and not set(words(function.name)[:1]) & _ENDS:
            return True
    return any(call.name in _HEARD and call.receiver is not None and module.text_of(call.receiver) == slot
               for call in module.calls(_HEARD))  # fmt: skip
