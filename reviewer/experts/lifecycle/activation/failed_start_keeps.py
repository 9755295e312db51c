"""LIF054: a plugin registers while it starts, the start fails, and what it registered stays."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.contexts import flat
from reviewer.code.flow import guarding_try, in_handler
from reviewer.code.reach.links import declared_member, definition
from reviewer.code.syntax import Assign, Call, For, Function, Member, Name, Node, Object, Try, strip
from reviewer.code.walk import calls_in, find, function_of, walk
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.bringing.dependencies import callers, outermost, with_helpers
from reviewer.experts.lifecycle.bringing.taken_back import undone_on_failure
from reviewer.experts.lifecycle.holding.undo_lists import is_undo, list_name
from reviewer.experts.lifecycle.hooks.doors import steps
from reviewer.experts.lifecycle.hooks.hooks import HOOK_WORDS, HookUse, hook_uses, is_plugin_instance
from reviewer.experts.lifecycle.hooks.opposites import interfaces
from reviewer.experts.lifecycle.values import last_word, root_name, value_class
from reviewer.experts.lifecycle.vocabulary import RELEASE_WORDS, WEAK_HOOKS, has_word

if TYPE_CHECKING:
    from reviewer.code.module import Module

_ENDS: Final = RELEASE_WORDS | {"halt", "quit", "end", "down", "undo", "reverse", "fail", "crash", "quarantine"}


@module_check("LIF054", words=HOOK_WORDS)
def failed_start_keeps(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak at the start of a plugin whose failure is caught without a look at the list that the end goes through."""
    if module.is_test:
        return
    uses = hook_uses(inquiry, module)
    ends = list(_ends(uses))
    lists = {name for end in ends for function in with_helpers(end, 1) for name in _gone_through(function)}
    for use in uses:
        start = outermost(use.site) if use.kind == "start" else None
        plain = flat(use.name) in WEAK_HOOKS and not is_plugin_instance(module, use.receiver)
        if start is None or start in ends or plain or not _hands_out(use) or _wakes_itself(module, use):
            continue
        if not lists and not (lists := _of_context(module, use, ends)):
            continue
        lists = {name for name in lists if not _made_later(start, use, name)}
        if not lists:
            continue
        attempt = guarding_try(use.site)
        kept = not undone_on_failure(module, use.site) if attempt is None else not _gives_back(attempt, ends, lists)
        if kept:
            yield Match(
                use.call if attempt is None else attempt,
                f"When '{module.text_of(use.member)}' fails, what the plugin registered by then stays: "
                f"'{ends[0].name}' goes through '{min(lists)}', and the failed start does not.",
                related=((use.call, "may fail here"),),
            )
            return


def _made_later(start: Function, use: HookUse, name: str) -> bool:
    """Tell whether a list comes into being only behind the start, so that nothing is in it when that fails."""
    made = [one for one in find(start.body, Assign) if isinstance(one.target, Name) and one.target.id == name]
    return bool(made) and all(one.start > use.call.stop for one in made)


def _ends(uses: tuple[HookUse, ...]) -> Iterator[Function]:
    """Yield the functions that end plugins: with the hook itself, or with a helper that only calls it."""
    for use in uses:
        end = outermost(use.site) if use.kind == "stop" else None
        if end is None:
            continue
        yield end
        if end.private:
            ended = [call for call in callers(end) if in_handler(call) is None]  # not where a start has failed
            yield from (home for call in ended if (home := function_of(call)) is not None)


def _gone_through(function: Function) -> Iterator[str]:
    """Yield the names of the lists of what is to be undone that a function goes through."""
    module = function.module
    for node in walk(function.body):
        if isinstance(node, For):
            name = list_name(node.iterable)
        elif isinstance(node, Call) and node.name in ("forEach", "pop", "close", "aclose", "dispose", "splice"):
            name = list_name(node.receiver)
        else:
            continue
        if is_undo(module, name):
            yield name


def _of_context(module: Module, use: HookUse, ends: list[Function]) -> set[str]:
    """Return the lists of the object that the plugin is handed, where an end of the plugin has it undo them."""
    called = {call.name for end in ends for call in calls_in(end.body)}
    for arg in use.call.args:
        cls = value_class(module, arg)
        methods = [method for method in cls.methods if method.name in called] if cls is not None else []
        found = {name for method in methods for name in _gone_through(method)}
        if found:
            return found
    return set()


def _hands_out(use: HookUse) -> bool:
    """Tell whether the start is handed something by which the plugin can register."""
    return any(isinstance(strip(arg), Name | Member | Call | Object) for arg in use.call.args)


def _gives_back(attempt: Try, ends: list[Function], lists: set[str]) -> bool:
    """Tell whether a failure leads to the end of the plugin, to its list, or away from here."""
    module = ends[0].module
    mere = {end.name for end in ends if not _is_whole(end, lists)}
    names = {end.name for end in ends} - mere
    mere -= names
    beside = {_step(call) for end in ends for call in calls_in(end.body) if not _inner(call, lists)}
    for nodes in (*[handler.body for handler in attempt.handlers], attempt.final):
        for node in walk(nodes):
            if isinstance(node, Name | Member) and last_word(node) in lists:
                return True
            if isinstance(node, Call) and (node.name in names or _inner(node, lists) or _through(module, node, lists)):
                return True
            if (
                isinstance(node, Call)
                and has_word(node.name, _ENDS)
                and _step(node) not in beside
                and not (node.name in mere and definition(module, node.callee) in ends)
            ):
                return True
            if isinstance(node, Assign) and root_name(node.target) in lists:
                return True
    return False


def _is_whole(end: Function, lists: set[str]) -> bool:
    """Tell whether an end goes through the list, and does not only put the plugin itself to rest."""
    through = {name for function in with_helpers(end, 1) for name in _gone_through(function)}
    return not through.isdisjoint(lists) or any(_through(end.module, call, lists) for call in calls_in(end.body))


def _wakes_itself(module: Module, use: HookUse) -> bool:
    """Tell whether a hook is one of a base class of the subject, in which what plugins fill in is woken."""
    cls = value_class(module, use.receiver)
    bodies = [declared_member(one, use.name) for one in ([cls] if cls is not None else interfaces(module))]
    return any(body is not None and steps(body) for body in bodies)


def _step(call: Call) -> tuple[str, str]:
    """Return what is done to what: a step that the end of a plugin takes beside its list says nothing of the list."""
    return (call.name, last_word(call.receiver) if call.receiver is not None else "")


def _through(module: Module, call: Call, lists: set[str]) -> bool:
    """Tell whether a call goes to a function that goes through the list."""
    target = definition(module, call.callee)
    return isinstance(target, Function) and any(
        name in lists for function in with_helpers(target, 1) for name in _gone_through(function)
    )


def _inner(call: Call, lists: set[str]) -> bool:
    """Tell whether something that holds the list is handed to a function."""
    held: list[Node] = [*call.args, *call.keywords.values()]
    return any(isinstance(part, Name | Member) and last_word(part) in lists for part in walk(held))
