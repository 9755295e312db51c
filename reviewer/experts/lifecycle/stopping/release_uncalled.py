"""LIF029: a function takes out all handlers of one owner, and the end of a plugin never calls it."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Assign, Call, Delete, Function, Imported, Index, Name, Node, Param, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of, names_in, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.emissions import is_handler_param
from reviewer.experts.communication.sources import sources
from reviewer.experts.lifecycle.bringing.dependencies import with_helpers
from reviewer.experts.lifecycle.bringing.unloading import unloads
from reviewer.experts.lifecycle.hooks.hooks import HOOK_WORDS
from reviewer.experts.lifecycle.vocabulary import RELEASE_WORDS, has_word
from reviewer.experts.place import locate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.tables import Table
    from reviewer.experts.check import Inquiry

_PUTS: Final = frozenset({"push", "append", "add", "set", "setdefault"})
_TAKES: Final = frozenset({"delete", "discard", "remove", "pop", "splice"})
_MOST: Final = 40
"""Imported files that are looked at for what keeps handlers."""


@module_check("LIF029", words=HOOK_WORDS)
def release_uncalled(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look, where a plugin ends, at the functions beside it that keep handlers under their owner and let them go."""
    if module.is_test:
        return
    ends = unloads(inquiry, module)
    for home in _homes(module) if ends else ():
        for release, table in _releases(inquiry, home):
            if _is_called(inquiry, release):
                continue
            for unload in ends:
                if release in with_helpers(unload.function):
                    continue
                yield Match(
                    unload.place,
                    f"'{unload.function.name}' ends the plugin, but its handlers stay in '{table.name}': "
                    f"'{release.name}' would take them out and is never called.",
                    related=((locate(home, release), "this takes out all of one owner"),),
                )
                return


def _homes(module: Module) -> Iterator[Module]:
    """Yield a file, the files that it imports from, and those of which it calls a function by its name."""
    yield module
    seen = {module.path}
    for home in chain(_imported(module), _called(module)):
        if home.path not in seen and len(seen) <= _MOST:
            seen.add(home.path)
            yield home


def _imported(module: Module) -> Iterator[Module]:
    project = module.project
    for binding in chain.from_iterable(module.scopes.table(None).values()):
        if not isinstance(binding, Imported) or project is None:
            continue
        inner = f"{binding.source.rstrip('.')}.{binding.name}"  # from package import file
        sources_of = (inner, binding.source) if module.language == "python" else (binding.source,)
        path = next((path for one in sources_of if (path := project.target(module.path, one))), "")
        home = project.module(path) if path else None
        if home is not None:
            yield home


def _called(module: Module) -> Iterator[Module]:
    """Yield the files of the functions that a file calls: ``const { createRopes } = require("./ropes")``."""
    for call in module.all(Call):
        made = definition(module, call.callee) if isinstance(call.callee, Name) and call.parent is not None else None
        if isinstance(made, Function):
            yield made.module


def _releases(inquiry: Inquiry, home: Module) -> Iterator[tuple[Function, Table]]:
    """Yield the functions that take out of a table what another function has put there under its owner."""
    known = sources(inquiry, home)
    for table in known.tables:
        if table.owner is not None:
            continue  # a class: it is asked elsewhere
        owners = {owner for function in home.functions for owner in _owners(home, table, function)}
        for function in home.functions if owners else ():
            told = [param.name for param in function.params]
            if len(told) == 1 and told[0] in owners and _lets_go(home, table, function):
                yield function, table


def _owners(home: Module, table: Table, function: Function) -> Iterator[str]:
    """Yield the parameters that a function keeps beside a handler in an entry of a table."""
    handlers = {param.name for param in function.params if is_handler_param(param) or _is_run(home, function, param)}
    others = {param.name for param in function.params} - handlers
    if not handlers or not others:
        return
    for put in find(function.body, Call, into_functions=False):
        if put.name not in _PUTS or put.receiver is None or not put.args or not _is_of(home, table, put.receiver):
            continue
        entry = home.scopes.origin(strip(put.args[-1]))
        held = names_in(put.args[-1]) | (names_in(entry) if isinstance(entry, Node) and not _is_param(entry) else set())
        if held & handlers:
            yield from held & others


def _is_run(home: Module, function: Function, param: Param) -> bool:
    """Tell whether what a function is given is called elsewhere in the file, under the name by which it is kept."""
    return any(function_of(call) is not function for call in home.calls((param.name,)))


def _is_param(node: Node) -> bool:
    return isinstance(node, Param)


def _is_of(home: Module, table: Table, receiver: Node) -> bool:
    """Tell whether something is a table, or one of the collections that it holds."""
    held = strip(receiver)  # type: ignore[arg-type]  # a receiver is an expression
    made = home.scopes.origin(held) if isinstance(held, Name) else held
    return table.name in names_in(held) or (isinstance(made, Node) and table.name in names_in(made))


def _lets_go(home: Module, table: Table, function: Function) -> bool:
    """Tell whether a function takes entries out of a table by the owner that it is told."""
    if not has_word(function.name, RELEASE_WORDS) and words(function.name)[:1] != ("off",):
        return False
    owner = function.params[0].name
    body = list(walk(function.body))
    if table.name not in names_in(function.body) or owner not in names_in(function.body):
        return False
    return any(
        (isinstance(node, Call) and (node.name in _TAKES or (node.name == "set" and _filters(node))))
        or isinstance(node, Delete)
        or (isinstance(node, Assign) and _replaces(table, node))
        for node in body
    )


def _filters(put: Call) -> bool:
    return len(put.args) > 1 and any(call.name == "filter" for call in find(put.args[1], Call))


def _replaces(table: Table, node: Assign) -> bool:
    target = strip(node.target)
    base = strip(target.object) if isinstance(target, Index) else target
    return isinstance(base, Name) and base.id == table.name and not node.declare


def _is_called(inquiry: Inquiry, release: Function) -> bool:
    """Tell whether anything in the subject calls a function, or may do so."""
    return any(
        _may_be(module, call, release)
        for module in inquiry.project.modules(naming={release.name}, tests=False)
        for call in module.calls((release.name,))
    ) or any(_is_handed(module, release) for module in inquiry.project.modules(naming={release.name}, tests=False))


def _may_be(module: Module, call: Call, release: Function) -> bool:
    """Tell whether a call goes to a function: not where it is known to go to another of the same name."""
    if function_of(call) is release:
        return False
    target = definition(module, call.callee)
    if isinstance(target, Function):
        return target is release
    maker = _maker(module, call)
    return maker is release.outer or (maker is None and not _is_handed_another(module, call, release))


def _is_handed_another(module: Module, call: Call, release: Function) -> bool:
    """Tell whether a method is called on what a function is handed, while the file itself makes what releases."""
    held = strip(call.receiver) if call.receiver is not None else None
    bound = module.scopes.lookup(held.id, held) if isinstance(held, Name) else []
    if release.outer is None or len(bound) != 1 or not isinstance(bound[0], Param):
        return False
    made = module.calls((release.outer.name,)) if release.outer.name else ()
    return any(isinstance(one.parent, Assign) and definition(module, one.callee) is release.outer for one in made)


def _maker(module: Module, call: Call) -> Function | None:
    """Return the function that made what a method is called on: ``makeBells`` of ``const bells = makeBells()``."""
    made = module.scopes.origin(strip(call.receiver)) if call.receiver is not None else None
    maker = definition(module, made.callee) if isinstance(made, Call) and not made.new else None
    return maker if isinstance(maker, Function) else None


def _is_handed(module: Module, release: Function) -> bool:
    """Tell whether a function is handed on by its name, so that somebody else may call it."""
    home = module is release.module
    return any(
        node.id == release.name and not (isinstance(node.parent, Call) and node.parent.callee is node)
        for node in module.all(Name)
        if not home or function_of(node) is not release
    )
