"""LIF027: when a plugin's ending hook throws, the host's own cleaning up is skipped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import after, enclosing_loop, in_handler, siblings
from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Assign,
    Await,
    Call,
    Comprehension,
    Delete,
    Expr,
    ExprStatement,
    For,
    Function,
    Handler,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Return,
    Statement,
    Throw,
    Try,
    Unary,
    strip,
)
from reviewer.code.walk import ancestors, class_of, find, function_of, inside, names_in, statement_of, walk
from reviewer.core.scale import Confidence
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.lifecycle.bringing.dependencies import callers
from reviewer.experts.lifecycle.bringing.unloading import swaps
from reviewer.experts.lifecycle.hooks.hooks import HOOK_WORDS, HookUse, uses_in
from reviewer.experts.lifecycle.values import last_word, root_name
from reviewer.experts.lifecycle.vocabulary import PLAIN_PLUGIN_WORDS, RELEASE_WORDS, has_word

if TYPE_CHECKING:
    from reviewer.code.module import Module


_TASKS: Final = frozenset({"create_task", "ensure_future"})
"""Calls by which a coroutine runs later: nothing of it is thrown where it is begun."""
_OF_TABLES: Final = frozenset({"delete", "pop", "remove", "discard"})
"""Methods that take one entry out of a table."""
_PLUGINS: Final = PLAIN_PLUGIN_WORDS - {"instance", "instances", "module", "modules"}
"""Words of a field that holds a plugin, and not a part that the object has by itself."""
_FEW: Final = 4
"""Statements of a helper that does little but run the hook."""


@module_check("LIF027", words=HOOK_WORDS)
def cleanup_skipped(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak at the first removal that stands behind an unguarded ending hook."""
    if module.is_test:
        return
    for use in uses_in(inquiry, module, "stop"):
        if use.frame is None or in_handler(use.site) is not None or swaps(use.frame.name) or _is_own_part(use):
            continue
        if isinstance(use.call.parent, Call) and use.call.parent.name in _TASKS:
            continue
        step = _chained(use)
        beyond = False
        if step is None:
            step = _skipped_within(module, use)
        if step is None and not _guarded(module, use, use.member, use.frame):
            step = _first_removal(use.site, root_name(use.receiver))
            if step is None:
                # In a helper that does more, anything may hold the error, a wrapper of the plugin above all.
                step, beyond = _removal_of_caller(module, use), len(use.frame.body) > _FEW
        if step is not None and not _done_on_failure(use, step):
            yield Match(
                step,
                f"When '{module.text_of(use.member)}' throws, '{short(module.text_of(step))}' is never reached: the "
                "plugin's entry and what it registered stay. There is no 'finally' around the hook.",
                related=((use.call, "may throw here"),),
                confidence=Confidence.POSSIBLE if beyond else None,
            )


def _is_own_part(use: HookUse) -> bool:
    """Tell whether an object ends with itself a part that it always has: ``this.adapter.close(); this.server.close()``.

    Nobody names one of several then, and the field says no more of a plugin than its name.
    """
    held = strip(use.receiver)
    if use.frame is None or not is_this_member(held) or has_word(held.name, _PLUGINS):
        return False
    if any(param.default is None and not param.rest for param in use.frame.params):
        return False
    cls = class_of(held)
    given = use.frame.module.scopes.field_values(cls, held.name) if cls is not None else []
    return not any(isinstance(one := strip(value), Await) or _is_loaded(one) for value in given)


def _is_loaded(value: Expr) -> bool:
    """Tell whether a field is given what was brought in, or one of several."""
    return isinstance(value, Index) or (
        isinstance(value, Call) and value.name in ("import", "require", "import_module", "get", "load")
    )


def _chained(use: HookUse) -> Node | None:
    """Return the removal in what a chain runs only where the hook went well: ``end().then(() => table.delete(id))``."""
    for around in ancestors(use.member):
        if isinstance(around, Call) and around.name in ("catch", "finally", "allSettled"):
            return None
        if isinstance(around, Call) and around.name == "then" and len(around.args) == 1:
            callback = strip(around.args[0])
            if isinstance(callback, Function) and not inside(use.member, callback):
                return _removal(walk(callback.body), root_name(use.receiver))
        if isinstance(around, Function | Statement):
            return None
    return None


def _skipped_within(module: Module, use: HookUse) -> Node | None:
    """Return what lets go of the plugin behind its hook, in the ``try`` that catches its error and nowhere else."""
    inner: Node = use.member
    for around in ancestors(use.member):
        if isinstance(around, Function):
            return None
        if isinstance(around, Try) and around.handlers and any(inner is one for one in around.body):
            rest = [one for one in around.body if one.start >= inner.stop]
            step = next((call for call in map(_let_go, rest) if call is not None and _about(module, call, use)), None)
            later = [node for node in after(around) if node.start >= around.stop]
            beside = [*find([*around.handlers, *around.final], Call), *(n for n in later if isinstance(n, Call))]
            return None if step is None or any(_does_as_much(call, step) for call in beside) else step
        inner = around
    return None


def _done_on_failure(use: HookUse, step: Node) -> bool:
    """Tell whether a handler around the hook, which throws on, does itself what is skipped."""
    around = [
        one for one in ancestors(use.member) if isinstance(one, Try) and any(inside(use.member, s) for s in one.body)
    ]
    beside = [call for one in around for call in find(one.handlers, Call)]
    return isinstance(step, Call) and any(_does_as_much(call, step) for call in beside)


def _let_go(statement: Statement) -> Call | None:
    """Return the call by which a statement lets go of something: ``entry.close()``, ``await release(id)``."""
    value = strip(statement.value) if isinstance(statement, ExprStatement) else None
    value = strip(value.value) if isinstance(value, Await) else value
    named = isinstance(value, Call) and has_word(value.name, RELEASE_WORDS - {"stop", "abort", "cancel", "clear"})
    return value if named and isinstance(value, Call) else None


def _about(module: Module, call: Call, use: HookUse) -> bool:
    """Tell whether a call is about the plugin whose hook is used, and is none of the plugin's own."""
    given = {param.name for param in use.frame.params} if use.frame is not None else set()
    given |= {root_name(use.receiver)}
    own = call.receiver is not None and module.text_of(call.receiver) == module.text_of(use.receiver)
    return not own and bool(given & names_in(call))


def _does_as_much(call: Call, step: Call) -> bool:
    """Tell whether a call does what a skipped one would have done: the same, or more than to empty another table."""
    if call.name == step.name:
        return call.receiver is None or step.receiver is None or last_word(call.receiver) == last_word(step.receiver)
    return has_word(call.name, RELEASE_WORDS) and call.name not in _OF_TABLES


def _removal_of_caller(module: Module, use: HookUse) -> Node | None:
    """Return the removal behind the call of a helper that does nothing but run the hook."""
    if use.frame is None or root_name(use.receiver).startswith("this."):
        return None
    for call in callers(use.frame):
        home = function_of(call)
        given = root_name(call.args[0]) if call.args else ""
        if not given or home is None or swaps(home.name) or in_handler(call) is not None:
            continue
        if not _guarded(module, use, call, home):
            step = _first_removal(call, given)
            if step is not None:
                return step
    return None


def _guarded(module: Module, use: HookUse, place: Node, frame: Function) -> bool:
    """Tell whether an error of the hook is caught around a place, or the rest runs all the same."""
    if _settled_later(module, place, frame):
        return True
    inner: Node = place
    for around in ancestors(place):
        if isinstance(around, Try) and any(inner is s for s in around.body) and _lets_through(around):
            return True
        if (
            isinstance(around, Call)
            and around is not use.call
            and around.name in ("catch", "allSettled", "finally", "then")
        ):
            return True
        if isinstance(around, Call) and _catches(module, around):
            return True
        if around is frame:
            return False
        inner = around
    return False


def _settled_later(module: Module, place: Node, frame: Function) -> bool:
    """Tell whether the work is only begun here, and waited for whatever becomes of it.

    ``tasks = [one.stop() for one in all]``, ``await asyncio.gather(*tasks, return_exceptions=True)``
    """
    kept = ""
    for around in ancestors(place):
        if isinstance(around, Await | Function):
            break
        if isinstance(around, Assign):
            kept = module.text_of(around.target)
        elif isinstance(around, Call) and around.name in ("append", "push", "add") and around.receiver is not None:
            kept = module.text_of(around.receiver)
    return bool(kept) and any(
        (call.name == "allSettled" or (call.name == "gather" and "return_exceptions" in call.keywords))
        and any(module.text_of(one) == kept for arg in call.args for one in find(arg, Expr))
        for call in find(frame.body, Call)
    )


def _lets_through(statement: Try) -> bool:
    """Tell whether code behind a throw inside still runs: a ``finally``, or a handler that does not throw on."""
    return bool(statement.final) or any(
        not _rethrows(handler) and not _gives_up(handler) for handler in statement.handlers
    )


def _rethrows(handler: Handler) -> bool:
    return bool(handler.body) and isinstance(handler.body[-1], Throw)


def _gives_up(handler: Handler) -> bool:
    """Tell whether a handler goes away and notes nothing but a log: what stands behind the ``try`` is skipped."""
    if not handler.body or not isinstance(handler.body[-1], Return):
        return False
    noted = any(isinstance(node, Assign | Delete | Await) for node in walk(handler.body))
    return not noted and not any(has_word(call.name, RELEASE_WORDS) for call in find(handler.body, Call))


def _catches(module: Module, call: Call) -> bool:
    """Tell whether a call goes to a helper that catches what it runs."""
    if call.name == "gather" and "return_exceptions" in call.keywords:
        return True
    if has_word(
        call.name, frozenset({"safely", "safe", "quietly", "quiet", "attempt", "guarded", "tolerant", "ignoring"})
    ):
        return True
    target = definition(module, call.callee)
    return isinstance(target, Function) and any(
        isinstance(node, Handler) and not _rethrows(node) for node in walk(target.body)
    )


def _first_removal(site: Call, root: str) -> Node | None:
    loop = enclosing_loop(site)
    statement = statement_of(site)
    rest = siblings(statement) if statement is not None else []
    later = {id(node) for s in rest if s.raw.start_byte > site.raw.end_byte for node in walk(s)}
    behind = (node for node in after(site) if node.raw.start_byte >= site.raw.end_byte)
    return _removal((node for node in behind if loop is None or id(node) in later), root)


def _removal(nodes: Iterable[Node], root: str) -> Node | None:
    for node in nodes:
        if isinstance(node, Delete) and any(isinstance(t, Index) for t in node.targets):
            return node
        if isinstance(node, Unary) and node.op == "delete":
            return node
        if isinstance(node, Call) and (_removes(node, root) or _calls_off(node) or _cuts_one_out(node)):
            return node
        if isinstance(node, For) and _ends_each(node):
            return node
        if isinstance(node, Assign) and _keeps_others(node):
            return node
    return None


def _cuts_one_out(call: Call) -> bool:
    """Tell whether a call takes one item out of a list: ``this.voices.splice(at, 1)``."""
    count = call.args[1] if call.name == "splice" and len(call.args) == len(("at", "count")) else None
    return isinstance(count, Literal) and count.value == 1


def _keeps_others(put: Assign) -> bool:
    """Tell whether a list is put in its own place without one of its items: ``all = all.filter((one) => …)``."""
    value, target = strip(put.value) if put.value is not None else None, strip(put.target)
    if isinstance(value, Call) and value.name == "filter" and value.receiver is not None:
        source = strip(value.receiver)
    elif isinstance(value, Comprehension) and value.tests and len(value.clauses) == 1:
        source = strip(value.clauses[0][1])
    else:
        return False
    if isinstance(source, Call) and source.name == "items" and source.receiver is not None:
        source = strip(source.receiver)
    if isinstance(target, Name):
        return isinstance(source, Name) and source.id == target.id and not put.declare
    return is_this_member(target) and is_this_member(source) and source.name == target.name


def _calls_off(call: Call) -> bool:
    """Tell whether a call ends what the host runs for a plugin: a timer or a signal that an entry of it holds."""
    if call.name in ("clearInterval", "clearTimeout"):
        return any(_of_entry(arg) for arg in call.args)
    each = strip(call.args[0]) if call.args and call.name == "forEach" else None
    if isinstance(each, Function) and each.params:  # offs.forEach((off) => off())
        ended = (strip(one.callee) for one in find(each.body, Call) if not one.args)
        return any(isinstance(one, Name) and one.id == each.params[0].name for one in ended)
    return call.name in ("cancel", "abort") and call.receiver is not None and _of_entry(call.receiver)


def _of_entry(held: Expr) -> bool:
    """Tell whether something is a part of a record, by itself or taken out of it before: ``const { beat } = slot``."""
    held = strip(held)
    function = function_of(held) if isinstance(held, Name) else None
    made = function.module.scopes.origin(held) if function is not None else held
    return isinstance(made, Member)


def _ends_each(loop: For) -> bool:
    """Tell whether a loop ends each of a list: ``for off of offs: off()``, ``for task in tasks: task.cancel()``."""
    target = strip(loop.target) if loop.target is not None else None
    for call in find(loop.body, Call) if isinstance(target, Name) else ():
        ended = strip(call.callee) if not call.args else None
        plain = isinstance(ended, Member) and ended.name in ("cancel", "abort", "dispose", "unsubscribe", "revoke")
        ended = strip(ended.object) if plain and isinstance(ended, Member) else ended
        if isinstance(ended, Name) and isinstance(target, Name) and ended.id == target.id:
            return True
    return False


def _removes(call: Call, root: str) -> bool:
    receiver = call.receiver
    if receiver is not None and not call.args and _undoes_each(call):
        return True
    if receiver is None or not has_word(call.name, RELEASE_WORDS - {"stop", "abort", "cancel"}):
        return isinstance(strip(call.callee), Name) and has_word(
            call.name, frozenset({"release", "cleanup", "unregister"})
        )
    if root_name(receiver) == root and not root.startswith("this."):
        return has_word(call.name, frozenset({"dispose", "release"}))
    inner = strip(receiver)
    while isinstance(inner, Member | Index) and not is_this_member(inner):
        inner = strip(inner.object)
    return is_this_member(inner) or (isinstance(inner, Name) and bool(call.args))


def _undoes_each(call: Call) -> bool:
    """Tell whether a call runs a method of a class of the file that runs what was put off there: ``loft.clear()``."""
    function = function_of(call)
    module = function.module if function is not None else None
    named = (
        [one for cls in module.classes for one in cls.methods if one.name == call.name] if module is not None else []
    )
    return (
        len(named) == 1
        and not named[0].params
        and any(
            isinstance(made := strip(one.callee), Call) and made.name in ("pop", "popleft", "shift")
            for one in find(named[0].body, Call)
        )
    )
