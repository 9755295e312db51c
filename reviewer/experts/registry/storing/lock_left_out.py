"""REG061: one function changes what is stored without the lock under which its neighbours do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Call, Class, Function, Member, Node, Statement, strip
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, behind, calls_in, find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import path_words
from reviewer.experts.patterns.changes import CHANGES, changed_root
from reviewer.experts.registry.storing.changed_outside_lock import LOCKS, WRITES, locked_stretches

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry


@module_check("REG061", words=LOCKS | {"then"})
def lock_left_out(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each class that saves what it keeps under a lock for a method that does so without."""
    if module.is_test:
        return
    stretches = [start for start, _body, _function in locked_stretches(module)]
    for cls in module.all(Class) if stretches else ():
        saves = list(_saves(module, cls))
        held = {id(target): call for _method, call, target in saves if is_under(call, stretches)}
        told: set[int] = set()
        for method, call, target in saves:
            if id(target) not in held or id(method) in told or method.private or method.name.startswith("_"):
                continue
            if is_under(call, stretches) or takes_turns(method) or not _changes(module, method, call, target):
                continue
            told.add(id(method))
            yield Match(
                call,
                f"'{method.name}' saves what it has changed without the lock that is held for '{call.name}' on line "
                f"{held[id(target)].line}: of two changes at the same time one is lost.",
                related=((held[id(target)], "under the lock there"),),
            )


def _saves(module: Module, cls: Class) -> Iterator[tuple[Function, Call, Function]]:
    """Yield (method, call, target) for each call by which an object saves what it keeps."""
    for method in cls.methods:
        for call in calls_in(method.body):
            if not is_this_member(strip(call.callee)) or not WRITES & set(words(call.name)[:1]):
                continue
            target = definition(module, call.callee)
            if isinstance(target, Function) and target.owner is cls and target is not method:
                yield method, call, target


def is_under(call: Call, stretches: list[Node]) -> bool:
    """Tell whether a call stands in one of the stretches of code that hold a lock."""
    return any(around is start for around in ancestors(call) for start in stretches)


def takes_turns(method: Function) -> bool:
    """Tell whether a method has the lock in another way: by a decorator, or because it takes it by hand."""
    return any(path_words(one) & LOCKS for one in method.decorators) or any(
        path_words(call.callee) & LOCKS for call in calls_in(method.body)
    )


def _changes(module: Module, method: Function, save: Call, target: Function) -> bool:
    """Tell whether a method reads what is stored, by a method of its own, before it saves it, or changes what it saves.

    It is not one that only begins a store: ``self._write({})``.
    """
    held = _kept(target.body)
    helpers = (target.owner.method(name) for name in held) if target.owner is not None else ()
    held = held.union(*(_kept(helper.body) for helper in helpers if helper is not None))
    if _changed_in_place(method, save, held) and _may_overlap(module, save, target):
        return True
    for call in calls_in(method.body):
        read = definition(module, call.callee) if is_this_member(strip(call.callee)) and behind(save, call) else None
        if isinstance(read, Function) and read is not target and read.owner is target.owner:
            own = {member.name for member in find(read.body, Member) if is_this_member(member)}
            if own & held:
                return True
    return False


def _kept(body: list[Statement]) -> set[str]:
    """Return the fields and methods of its object that some code speaks of."""
    return {member.name for member in find(body, Member) if is_this_member(member)}


def _changed_in_place(method: Function, save: Call, held: set[str]) -> bool:
    """Tell whether a method changes, before it saves, what the object keeps and the saving method reads."""
    for node in find(method.body, Node):
        if isinstance(node, CHANGES) and behind(save, node):
            root = changed_root(node)
            if isinstance(root, Member) and root.name in held and not _is_replaced(node, root):
                return True
    return False


def _is_replaced(node: Node, field: Member) -> bool:
    """Tell whether a field gets a value that was not made of what it held."""
    if not isinstance(node, Assign) or not is_this_member(node.target) or node.value is None:
        return False
    return not any(is_this_member(read) and read.name == field.name for read in find(node.value, Member))


def _may_overlap(module: Module, save: Call, target: Function) -> bool:
    """Tell whether another change can come in between: of a thread, or while the saving is waited for."""
    if module.language != "python" or target.asynchronous:
        return True
    around = function_of(save)
    return around is not None and not around.asynchronous
