"""REG006: removal takes an entry out of a table and leaves it in an object that keeps an index of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.flow import returns_of
from reviewer.code.reach.links import definition, module_of
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Call, Class, Function, Member, Name, Param, strip
from reviewer.code.tables import tables
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, class_of, inside, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.registry.entering import params_in, reached
from reviewer.experts.registry.registering.index_left_behind import removal_of
from reviewer.experts.registry.vocabulary import PASSING, REMOVES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.code.tables import Access, Table
    from reviewer.experts.check import Inquiry


@module_check("REG006", words=REMOVES | {"del", "pop"})
def left_in_helper(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Compare what registration hands to objects that keep it with what removal asks of them."""
    if module.is_test:
        return
    for table in tables(module):
        removal = None if set(words(table.name)) & PASSING else removal_of(module, table)
        if removal is None or removal.function is None:
            continue
        touched = {name for one in reached(module, removal.function) for name in _holders_in(one)}
        for call, kept, remover in _handed_on(module, table):
            holder = _holder(call.receiver)
            if holder in touched or _is_asked_elsewhere(module, holder, remover):
                continue
            who = f"'{removal.function.name}'" if removal.function.name else "the removal"
            yield Match(
                removal.node,
                f"Registration also hands the entry to '{holder}', which keeps it in '{kept.name}', but {who} takes it "
                f"out of '{table.name}' alone and '{remover.name}' of '{holder}' is never called: there it stays.",
                related=((call, "here it is handed on"),),
            )
            break


def _handed_on(module: Module, table: Table) -> Iterator[tuple[Call, Table, Function]]:
    """Yield what a registration hands to an object of the subject that keeps it and can take it out again."""
    for access in table.of("write"):
        function = access.function
        if function is None or access.key is None:
            continue
        entered = params_in(module, access.key) | (params_in(module, access.value) if access.value else set())
        for call in calls_in(function.body, into_functions=False):
            if not _holder(call.receiver) or not any(params_in(module, arg) & entered for arg in call.args):
                continue
            target = definition(module, call.callee)
            owner = target.owner if isinstance(target, Function) else None
            if not isinstance(target, Function) or owner is None or owner is class_of(function):
                continue
            found = _keeps(owner, target)
            if found is not None and not (_gives_what_it_keeps(target, found[0]) and not _same_key(access, call)):
                yield call, *found


def _gives_what_it_keeps(target: Function, kept: Table) -> bool:
    """Tell whether a method remembers what it made and gives it again: what is kept there belongs to nobody alone."""
    reads = [access.node for access in kept.of("read") if access.function is target]
    return any(
        way.value is not None and any(way.value is read or inside(read, way.value) for read in reads)
        for way in returns_of(target)
    )


def _same_key(access: Access, call: Call) -> bool:
    """Tell whether an object is handed the very key under which the entry is written."""
    module = module_of(call)
    if access.key is None or module is None:
        return False
    return any(module.text_of(arg) == module.text_of(access.key) for arg in call.args)


def _keeps(owner: Class, target: Function) -> tuple[Table, Function] | None:
    """Return the table in which a method keeps what it is given, and the method that takes it out there."""
    for kept in tables(owner.module):
        if kept.owner is not owner or not any(access.function is target for access in kept.of("write")):
            continue
        for access in kept.of("delete"):
            remover = access.function
            if remover is not None and remover.owner is owner and remover is not target and remover.params:
                return kept, remover
    return None


def _holder(expr: Expr | None) -> str:
    """Return the name of the field or variable whose method is called, or an empty string."""
    expr = strip(expr) if expr is not None else None
    if is_this_member(expr):
        return expr.name
    return expr.id if isinstance(expr, Name) and expr.id not in ("this", "super") else ""


def _holders_in(function: Function) -> Iterator[str]:
    for node in walk(function):
        if isinstance(node, Member):
            yield node.name
        elif isinstance(node, Name):
            yield node.id


def _is_asked_elsewhere(module: Module, holder: str, remover: Function) -> bool:
    """Tell whether something else of the file has the object take entries out, when it hears of a removal for instance.

    An object that comes from outside is also known to others.
    """
    return any(_holder(call.receiver) == holder for call in module.calls((remover.name,))) or any(
        isinstance(one, Param) and holder in (one.name, *one.fields.values())
        for function in module.functions
        for one in function.params
    )
