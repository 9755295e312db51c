"""Public functions whose whole answer is a collection that its owner goes on using, or one that it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Class,
    Export,
    ExprStatement,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Object,
    Return,
    strip,
)
from reviewer.code.tables import kind_of
from reviewer.code.walk import find, statement_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.code.tables import Table

READ_ONLY: Final = ("Readonly", "readonly", "Iterable", "Iterator", "Mapping", "Sequence", "Collection", "Set[")
"""Declared types under which nobody changes what is given."""
_INNER: Final = ("defaultdict(list", "defaultdict(set", "Set<", "[]>", ", Map<", ", dict[", ", set[", ", list[")
"""Spellings of a table that holds collections."""


def given_out(module: Module, table: Table, *, read_only: bool = False) -> Iterator[tuple[Function, Expr]]:
    """Yield the public functions that give out a private table itself, or a collection in it, with their answers.

    ``read_only`` asks for those whose declared type says that nobody changes it, instead of the others.
    """
    if not _is_written(module, table) or not _is_private(module, table):
        return
    for function in module.functions:
        answer = _answer(function)
        if answer is None or not is_public(function, of_class=table.owner is not None):
            continue
        if not _is_table(answer, table, function) and not _is_held(module, answer, table, function):
            continue
        if function.returns.strip("'\" ").startswith(READ_ONLY) == read_only:
            yield function, answer


def _is_written(module: Module, table: Table) -> bool:
    """Tell whether something is put into a table: by its owner, or by what makes it: ``book._areas[…] = …``."""
    return bool(table.of("write")) or any(
        isinstance(assign.target, Index)
        and isinstance(held := strip(assign.target.object), Member)
        and held.name == table.name
        for assign in module.all(Assign)
    )


def _is_private(module: Module, table: Table) -> bool:
    """Tell whether a table is meant for its owner alone, and entries are checked on their way in."""
    if table.owner is None:
        return table.scope is not None or not isinstance(statement_of(table.declared), Export)
    declared = module.text_of(table.declared)
    return (
        table.name.startswith(("#", "_"))
        or "private " in declared
        or any(field.private for field in table.owner.fields if field.name == table.name)
    )


def _answer(function: Function) -> Expr | None:
    body = [one for one in function.body if not (isinstance(one, ExprStatement) and isinstance(one.value, Literal))]
    if len(body) != 1 or function.private or function.name.startswith("_"):
        return None
    only = body[0]
    return strip(only.value) if isinstance(only, Return) and only.value is not None else None


def _is_table(answer: Expr, table: Table, function: Function) -> bool:
    if table.owner is not None:
        return is_this_member(answer) and answer.name == table.name and function.owner is table.owner
    if not isinstance(answer, Name) or answer.id != table.name or function.outer is not table.scope:
        return False
    bindings = function.module.scopes.lookup(answer.id, answer)
    return any(binding is table.declared for binding in bindings)


def _is_held(module: Module, answer: Expr, table: Table, function: Function) -> bool:
    """Tell whether what is given out is a collection that the table holds: ``return this.grants.get(id)``."""
    while isinstance(answer, Binary) and answer.op in ("??", "or"):
        answer = strip(answer.left)
    holder = answer.object if isinstance(answer, Index) else None
    if isinstance(answer, Call) and answer.name == "get":
        holder = answer.receiver
    if holder is None or not _is_table(strip(holder), table, function):
        return False
    return any(kind_of(module, access.value) for access in table.of("write")) or any(
        kind in module.text_of(table.declared) for kind in _INNER
    )


def is_public(function: Function, *, of_class: bool) -> bool:
    """Tell whether a function is reached from outside: a method, or a member of what a factory gives.

    ``of_class`` says that only a method can reach what is asked about.
    """
    if isinstance(function.owner, Class):
        return function.kind in ("method", "getter")
    if of_class:
        return False
    around = function.parent
    if isinstance(around, Assign):
        around = around.parent
    if function.outer is not None and _given_by_name(function, function.outer):
        return True
    return isinstance(around, Object | Export) or isinstance(getattr(around, "parent", None), Export)


def _given_by_name(function: Function, maker: Function) -> bool:
    """Tell whether a factory gives a function out under its name: ``return { register, all }``."""
    return any(
        part.id == function.name
        for answer in returns_of(maker)
        if answer.value is not None
        for given in find(answer.value, Object, into_functions=False)
        for part in find(given, Name, into_functions=False)
    )
