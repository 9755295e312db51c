"""LIF029: a list of the file holds who listens with the plugin that it belongs to, and nothing ever leaves it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Array, Assign, Call, Delete, For, Function, Index, Member, Name, Object, strip
from reviewer.code.text.ideas import HANDLER, HOLDERS
from reviewer.code.walk import ancestors, find, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.bringing.unloading import unloads
from reviewer.experts.lifecycle.hooks.hooks import HOOK_WORDS
from reviewer.experts.lifecycle.values import last_word
from reviewer.experts.lifecycle.vocabulary import PLUGIN_WORDS, has_word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node, Param
    from reviewer.experts.check import Inquiry

_PUTS: Final = frozenset({"append", "push", "add", "insert", "unshift"})
_TAKES: Final = frozenset({"remove", "pop", "clear", "discard", "delete", "splice", "popitem", "shift"})
_OWNERS: Final = PLUGIN_WORDS | HOLDERS | frozenset("id name key owner source who".split())
_CALLED: Final = HANDLER | frozenset("fn func function callback cb handler listener watcher hear".split())


@module_check("LIF029", words=HOOK_WORDS)
def shared_list_keeps(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each list of owners with their functions, where a function of the file ends one plugin."""
    if module.is_test:
        return
    ends = [unload for unload in unloads(inquiry, module) if unload.removals]
    for name, put in _lists(module) if ends else ():
        if _leaves(module, name):
            continue
        first = ends[0]
        yield Match(
            first.place,
            f"'{first.function.name}' drops the plugin, but what listens for it stays in '{name}': nothing is ever "
            "taken out there.",
            related=((put, "entered here"),),
        )
        return


def _lists(module: Module) -> Iterator[tuple[str, Call]]:
    """Yield the variables of the file into which a function puts an owner together with a function."""
    for call in module.calls(_PUTS):
        function = next((one for one in ancestors(call) if isinstance(one, Function)), None)
        holder = _root(call.receiver) if call.receiver is not None else None
        if function is None or holder is None or not _is_of_file(module, holder, function):
            continue
        for arg in call.args:
            entry = strip(arg)
            if isinstance(entry, Array | Object) and _is_pair(entry, function.params):
                yield last_word(holder), call


def _root(expr: Expr) -> Name | Member | None:
    """Return the variable that a list is, or that a list is looked up in: ``alarms[topic]``."""
    expr = strip(expr)
    while isinstance(expr, Index):
        expr = strip(expr.object)
    return expr if isinstance(expr, Name | Member) else None


def _is_of_file(module: Module, holder: Name | Member, function: Function) -> bool:
    """Tell whether a list is a variable of the file, or a field that a function inside a method fills."""
    if isinstance(holder, Member):
        return function.owner is None and function.outer is not None and isinstance(strip(holder.object), Name)
    bound = module.scopes.lookup(holder.id, holder)
    return bool(bound) and all(
        isinstance(one, Assign) and not any(isinstance(around, Function) for around in ancestors(one)) for one in bound
    )


def _is_pair(entry: Array | Object, params: list[Param]) -> bool:
    """Tell whether an entry is made of who listens and of the function that hears."""
    held = names_in(entry)
    given = [param for param in params if param.name in held]
    owner = any(has_word(param.name, _OWNERS) and not _is_function(param) for param in given)
    named = any(has_word(param.name, _OWNERS) or param.type in ("str", "string") for param in given)
    return (owner or named) and any(_is_function(param) for param in given)


def _is_function(param: Param) -> bool:
    return "Callable" in param.type or "=>" in param.type or has_word(param.name, _CALLED)


def _leaves(module: Module, name: str) -> bool:
    """Tell whether anything in the file takes something out of a list, replaces it, or hands it away."""
    named: list[Name | Member] = [node for node in find(module.body, Name) if node.id == name]
    named += [node for node in find(module.body, Member) if node.name == name]
    if any(map(_takes, named)):
        return True
    steps: list[Node] = [*module.calls(_TAKES), *(one for one in module.all(Assign) if isinstance(one.target, Index))]
    return any(_in_loop_over(step, name) for step in steps)


def _takes(node: Name | Member) -> bool:
    inner: Node = node
    for around in ancestors(node):
        if isinstance(around, Index | Member) and around.object is inner:
            if isinstance(around, Member) and around.name in _TAKES:
                return True
            inner = around
            continue
        if isinstance(around, Delete):
            return True
        if isinstance(around, Assign) and around.target is inner:
            inside = next((one for one in ancestors(around) if isinstance(one, Function)), None)
            return inside is not None and inside.kind != "constructor" and inside.name != "__init__"
        if isinstance(around, Call) and any(arg is node for arg in around.args):
            return around.name not in ("list", "tuple", "len", "sorted", "iter", "enumerate")
        return False
    return False


def _spoken(over: Expr) -> set[str]:
    return names_in(over) | {member.name for member in find(over, Member)}


def _in_loop_over(step: Node, name: str) -> bool:
    """Tell whether a loop over the lists takes something out of each: ``for entries in alarms.values(): …``."""
    loop = next((one for one in ancestors(step) if isinstance(one, For)), None)
    return loop is not None and loop.iterable is not None and name in _spoken(loop.iterable)
