"""LIF036: plugins are started or ended one after another, and the first that fails leaves out the rest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import guarding_try, in_handler, siblings
from reviewer.code.reach.elsewhere import RUNNERS, handed_call
from reviewer.code.reach.links import definition, is_async
from reviewer.code.syntax import (
    Array,
    Assign,
    Await,
    Binary,
    Call,
    Expr,
    For,
    Function,
    If,
    Jump,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Return,
    Throw,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, function_of, names_in, walk
from reviewer.core.scale import Confidence
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.bringing.dependencies import names_dependencies, outermost
from reviewer.experts.lifecycle.bringing.loading import gathered_loads, looped_loads
from reviewer.experts.lifecycle.failures.meant_to_fail import (
    asks_only_where,
    finds_out,
    is_meant,
    moves_on,
    of_settings,
    only_notes,
    put_aside,
    takes_own_place,
)
from reviewer.experts.lifecycle.failures.narrowly_caught import narrowly_caught
from reviewer.experts.lifecycle.hooks.doors import ways
from reviewer.experts.lifecycle.hooks.hooks import HOOK_WORDS, hook_uses
from reviewer.experts.lifecycle.turns.isolated import caught, own_lifecycle, own_method
from reviewer.experts.lifecycle.values import last_word, root_name
from reviewer.experts.lifecycle.vocabulary import DEPENDENCY_WORDS, has_word, stops

if TYPE_CHECKING:
    from reviewer.code.module import Module

_ONE: Final = frozenset(
    {"rollback", "dependents", "dependencies", "versions", "candidates", "attempts", "hooks", "levels"}
)


_IN_ORDER: Final = frozenset({"migrations", "mixins", "hooks"})
"""What is gone through one after the other, and the next only after the one before."""
_SETTINGS: Final = (("config",), ("configuration",), ("setting",), ("settings",), ("env",), ("locale",))
_DATA: Final = (
    *(("data",), ("data", "files"), ("fixtures",), ("fixture", "files"), ("translations",), ("translation", "files")),
    *(("locales",), ("locale", "files"), ("settings", "files"), ("config", "files"), ("posts",), ("pages",)),
)
_LOGS: Final = frozenset({"debug", "info", "warn", "warning", "error", "exception", "log", "print"})
_UNDOES: Final = frozenset({"rollback", "undo", "revert", "teardown", "unwind"})


@module_check("LIF036", words=HOOK_WORDS | {"import", "exec", "require"})
def one_failure_stops_loop(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak at the call in a loop over plugins whose error ends the loop."""
    if module.is_test:
        return
    yield from _at_once(module)
    seen: set[int] = set()
    sites = [use.call for use in hook_uses(inquiry, module) if use.kind in ("start", "stop")]
    sites += [c for c in _own_calls(inquiry, module) if all(c is not s for s in sites)]
    sites += [c for c in _waited_results(inquiry, module) if all(c is not s for s in sites)]
    sites += [c for c in looped_loads(module) if all(c is not s for s in sites)]
    sites.sort(key=lambda call: call.start)
    for call in sites:
        loop = _loop(call)
        if loop is None or id(loop) in seen or in_handler(call) is not None or not _over_plugins(module, loop, call):
            continue
        narrow = narrowly_caught(module, call, loop)
        if (caught(module, call, loop) and not narrow) or _search(loop, call) or _is_the_answer(call, loop):
            continue
        if _all_or_nothing(loop):
            continue
        if _of_something_else(module, call, loop):
            continue
        seen.add(id(loop))
        doubtful = not stops(call.name) and (is_meant(module, call, loop) or finds_out(module, call))
        why = f"only {narrow} is caught" if narrow else "there is no 'try' around each"
        yield Match(
            call,
            f"When '{module.text_of(call.callee)}' fails for one plugin the loop ends, and the plugins after it are "
            f"never reached: {why}.",
            confidence=Confidence.POSSIBLE if doubtful else None,
        )


def _of_something_else(module: Module, call: Call, loop: For) -> bool:
    """Tell whether a call whose failure would end the loop is about no plugin, or only gives a promise."""
    if (
        _named_by_person(loop)
        or _visits(loop)
        or put_aside(module, call, loop)
        or moves_on(call)
        or asks_only_where(module, call)
        or only_notes(module, call)
        or takes_own_place(call, loop)
    ):
        return True
    return of_settings(module, call) or call.name in _LOGS or _fails_on_purpose(call) or _kept_unawaited(module, call)


def _fails_on_purpose(call: Call) -> bool:
    """Tell whether what a call throws is looked at and thrown on: ``load(name).catch((e) => { …; throw e; })``."""
    inner: Node = call
    while isinstance(inner.parent, Binary | Member | Call | Await):
        inner = inner.parent
        heard = strip(inner.args[0]) if isinstance(inner, Call) and inner.name == "catch" and inner.args else None
        if isinstance(heard, Function):
            return any(find(heard.body, Throw))
    return False


def _kept_unawaited(module: Module, call: Call) -> bool:
    """Tell whether the promise of a call is only put away: ``pending.set(name, load(name))``."""
    around = call.parent
    put = isinstance(around, Call) and around.name in ("set", "push", "add") and call in around.args
    named = isinstance(around, Assign) and around.value is call
    return (put or named) and (is_async(module, call) is True or (put and call.name.endswith("Async")))


def _named_by_person(loop: For) -> bool:
    """Tell whether a loop goes over what stands on the command line, or only counts: ``for name in args.modules``."""
    over = strip(loop.iterable) if loop.iterable is not None else None
    if isinstance(over, Call):
        return over.receiver is None and over.name == "range"
    return isinstance(over, Member) and isinstance(over.object, Name) and over.object.id in ("args", "argv", "options")


def _visits(loop: For) -> bool:
    """Tell whether a loop is in the visitor of a tree, which goes over a statement's parts: ``visit_Import``."""
    function = function_of(loop)
    return function is not None and words(function.name)[:1] == ("visit",)


def _at_once(module: Module) -> Iterator[Match]:
    """Speak at a comprehension that loads a plugin for each of its items: nothing in it can catch one failure."""
    for made, call in gathered_loads(module):
        if guarding_try(made) is None and not any(names_dependencies(module, it) for _target, it in made.clauses):
            yield Match(
                call,
                f"When '{module.text_of(call.callee)}' fails for one plugin, none is loaded: a comprehension can't "
                "leave one out.",
                confidence=Confidence.POSSIBLE if finds_out(module, call) else None,
            )


def _waited_results(inquiry: Inquiry, module: Module) -> list[Call]:
    """Return where a loop asks for the outcome of what it handed to threads, one for each plugin."""
    if "result" not in module.identifiers or module.language != "python":
        return []
    found = []
    for call in module.calls(("result",)):
        holder, loop = call.receiver, _loop(call)
        if loop is None or loop.iterable is None or loop.target is None or holder is None:
            continue
        if root_name(holder) not in {node.id for node in find(loop.target, Name)}:
            continue
        if any(_handed_hook(inquiry, module, made) for made in _made_before(module, loop.iterable)):
            found.append(call)
    return found


def _made_before(module: Module, iterable: Expr) -> Iterator[Call]:
    """Yield the calls that made what a loop goes over: ``as_completed([pool.submit(start, p) for p in plugins])``."""
    seen: set[int] = set()
    edge: list[Expr] = [iterable]
    while edge and len(seen) < 20:
        expr = edge.pop()
        seen.add(id(expr))
        yield from find(expr, Call)
        for name in find(expr, Name):
            origin = module.scopes.origin(name)
            if isinstance(origin, Expr) and id(origin) not in seen and origin is not name:
                edge.append(origin)


def _handed_hook(inquiry: Inquiry, module: Module, call: Call) -> bool:
    """Tell whether a call hands a hook, or the host's own function that uses one, to a thread."""
    handed = handed_call(call) if call.name in RUNNERS else None
    if handed is None:
        return False
    work = strip(handed.callee)
    if any(use.member is work for use in hook_uses(inquiry, module)):
        return True
    target = definition(module, work) if isinstance(work, Member | Name) else None
    return isinstance(target, Function) and any(
        use.frame is target and use.kind in ("start", "stop") for use in hook_uses(inquiry, module)
    )


def _own_calls(inquiry: Inquiry, module: Module) -> list[Call]:
    names = {f.name for use in hook_uses(inquiry, module) if (f := outermost(use.site)) is not None and f.name}
    looped = (call for loop in module.all(For) for call in calls_in(loop.body, into_functions=False))
    found = (call for call in looped if call.name in names or _is_door(module, call))
    return list({id(call): call for call in found if own_lifecycle(inquiry, module, call)}.values())


def _is_door(module: Module, call: Call) -> bool:
    target = own_method(module, call) if call.args else None
    return target is not None and bool(ways(module, target))


def _loop(call: Call) -> For | None:
    for around in ancestors(call):
        if isinstance(around, For):
            return around
        if isinstance(around, Function):
            return None
    return None


def _over_plugins(module: Module, loop: For, call: Call) -> bool:
    """Tell whether a loop goes over all plugins, and the call is about the one at hand."""
    if loop.iterable is None or loop.target is None or names_dependencies(module, loop.iterable):
        return False
    if has_word(root_name(loop.target), DEPENDENCY_WORDS | _ONE) or has_word(_said_of(loop.iterable), _IN_ORDER):
        return False
    if words(root_name(loop.target))[:1] in _SETTINGS or words(_said_of(loop.iterable)) in _DATA:
        return False  # files in which the one program is set up, or what it is to show
    if _is_written_out(module, loop.iterable):
        return False
    function = function_of(loop)
    if function is not None and definition(module, call.callee) is function:
        return False  # what one needs comes first, by the same function
    if function is not None and not set(words(function.name)).isdisjoint({"rollback", "tree", "chain"}):
        return False
    local = names_in(loop.target)
    for node in find(loop.body, Assign, into_functions=False):
        if node.value is not None and any(getattr(part, "id", "") in local for part in walk(node.value)):
            local |= {part.id for part in walk(node.target) if isinstance(part, Name) and part.id != "this"}
    return bool(names_in(call) & local)


def _said_of(iterable: Expr) -> str:
    """Return the name of what a loop goes over."""
    over = strip(iterable)
    while isinstance(over, Call) and over.name in ("items", "values", "keys", "entries") and over.receiver is not None:
        over = strip(over.receiver)
    return last_word(over)


def _is_written_out(module: Module, iterable: Expr) -> bool:
    """Tell whether a loop goes over a constant that the file spells out: its own parts, and no plugins."""
    over = strip(iterable)
    if isinstance(over, Call) and over.receiver is not None and over.name in ("items", "values", "keys"):
        over = strip(over.receiver)
    if isinstance(over, Array):
        return bool(over.items) and all(isinstance(one, Literal) for one in map(strip, over.items))
    if isinstance(over, Call) and over.name == "split":
        return True  # the parts of one name
    if not isinstance(over, Name):
        return False
    made = module.scopes.origin(over)
    if not isinstance(made, Object | Array) or function_of(made) is not None:
        return False
    parts = Literal | Object | Array if over.id.isupper() else Literal | Object | Array | Name | Member
    return bool(_entries(made)) and all(isinstance(one, parts) for one in walk(made)) and not _is_filled(module, over)


def _entries(made: Object | Array) -> list[object]:
    return list(made.entries if isinstance(made, Object) else made.items)


def _is_filled(module: Module, over: Name) -> bool:
    """Tell whether something is put on a list of the module after it was written out."""
    calls = (call for call in module.calls(("push", "append", "unshift", "add", "set", "update", "extend")))
    return any(isinstance(held := call.receiver, Name) and held.id == over.id for call in calls)


def _all_or_nothing(loop: For) -> bool:
    """Tell whether the failure of one is meant to undo all: a clause around the loop stops them and throws on."""
    guard = guarding_try(loop)
    if guard is None:
        return False
    return all(
        any(isinstance(node, Throw) for node in handler.body)
        and any(stops(call.name) or has_word(call.name, _UNDOES) for call in calls_in(handler.body))
        for handler in guard.handlers
    )


def _is_the_answer(call: Call, loop: For) -> bool:
    """Tell whether the call is what the loop was looking for: ``if entry.name == name: return entry.load()``."""
    for around in ancestors(call):
        if around is loop:
            return False
        if isinstance(around, Return):
            return True
    return False


def _search(loop: For, call: Call) -> bool:
    """Tell whether the loop looks for one plugin and ends there.

    It is left after any turn, right after the call, or where the call has answered with yes: ``if load(name): break``.
    """
    if any(map(_leaves, loop.body)):
        return True
    inner: Node = call
    kept: set[str] = set()
    for around in ancestors(call):
        if isinstance(around, Assign) and isinstance(around.target, Name):
            kept.add(around.target.id)
        if isinstance(around, If) and any(part is call for part in walk(around.test)):
            return any(map(_leaves, around.body))
        if around is loop or isinstance(around, If):
            beside = siblings(inner)
            later = beside[beside.index(inner) + 1 :] if inner in beside else []
            if any(_leaves(one) or _leaves_where(one, kept) for one in later):
                return True
        if around is loop:
            return False
        inner = around
    return False


def _leaves(statement: Node) -> bool:
    return isinstance(statement, Return | Jump) and getattr(statement, "kind", "break") == "break"


def _leaves_where(statement: Node, kept: set[str]) -> bool:
    """Tell whether a loop is left where an answer that was kept is yes: ``if success: break``."""
    test = strip(statement.test) if isinstance(statement, If) else None
    return (
        isinstance(statement, If) and isinstance(test, Name) and test.id in kept and any(map(_leaves, statement.body))
    )
