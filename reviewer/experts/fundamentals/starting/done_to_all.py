"""FUN372: a function is told which plugin is meant, and does it to all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.syntax import Assign, Call, For, Function, Index, Member, Name, Node, strip
from reviewer.code.tables import tables
from reviewer.code.text.ideas import PLAIN_GUEST
from reviewer.code.text.words import words
from reviewer.code.walk import find, walk
from reviewer.experts.check import Match, module_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.tables import Table
    from reviewer.experts.check import Inquiry

_ONE: Final = PLAIN_GUEST | frozenset("id name key widget owner tenant topic tool driver module slug".split())
"""Words of parameters that tell one from the others."""
_PLAIN: Final = frozenset("get has keys values entries items push append add log info debug warn error set".split())


@module_check("FUN372", words=_ONE)
def done_to_all(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each loop over a whole table in a function that never uses the key that it is given."""
    if module.is_test:
        return
    for table in tables(module):
        if table.kind != "map":
            continue
        keys = {key.id for access in table.accesses if isinstance(key := access.key, Name)}
        for access in table.of("iterate"):
            function, loop = access.function, _loop(access.node)
            if function is None or loop is None or function.signature_only:
                continue
            unused = _unused(function)
            if unused in keys and not _looks_up(table, function):
                changed = _changed(loop)
                if changed is not None:
                    yield Match(
                        changed,
                        f"'{function.name}' is given '{unused}' and never looks at it: this is done to every entry of "
                        f"'{table.name.removeprefix('#')}'.",
                        related=((loop, "for all of them"),),
                    )


def _loop(node: Node) -> For | None:
    """Return the loop whose iterable an access is."""
    if isinstance(node, For):
        return node
    around = node.parent
    return around if isinstance(around, For) and around.iterable is node else None


def _unused(function: Function) -> str:
    """Return the parameter that says which one is meant and that nothing in the function names."""
    used = {name.id for name in find(function.body, Name)}
    return next(
        (
            param.name
            for param in function.params
            if param.name
            and not param.name.startswith("_")
            and param.name not in used
            and not _ONE.isdisjoint(words(param.name))
            and not param.fields
        ),
        "",
    )


def _looks_up(table: Table, function: Function) -> bool:
    """Tell whether the function looks something up in the table by a key of its own."""
    return any(access.function is function and access.key is not None for access in table.accesses)


def _changed(loop: For) -> Node | None:
    """Return what a loop does to its item: a member is set, or a method of it is called."""
    items = {name.id for name in find(loop.target, Name)} if loop.target is not None else set()
    for node in walk(loop.body, into_functions=False):
        if conditions(node) and any(name.id in items for test in conditions(node) for name in find(test.test, Name)):
            continue  # it picks those that are meant
        if isinstance(node, Assign) and isinstance(target := strip(node.target), Member | Index):
            if any(name.id in items for name in find(target.object, Name)):
                return node
        elif isinstance(node, Call) and isinstance(callee := strip(node.callee), Member):
            holder = strip(callee.object)
            if isinstance(holder, Name) and holder.id in items and callee.name not in _PLAIN:
                return node
    return None
