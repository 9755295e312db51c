"""LIF412: what takes out everything of one owner passes over a table that holds its functions, too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Call, Function, Index, Member, Name, Object, Param, strip
from reviewer.code.tables import tables
from reviewer.code.walk import class_of, find, names_in
from reviewer.code.words import words
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.communication.invocations import invocations
from reviewer.experts.communication.vocabulary import HANDLERS
from reviewer.experts.lifecycle.dependencies import with_helpers
from reviewer.experts.lifecycle.vocabulary import RELEASE_WORDS
from reviewer.experts.paths import last_name
from reviewer.experts.place import locate_bytes
from reviewer.experts.registry.nested import nested_calls

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node
    from reviewer.code.tables import Table

_RELEASES: Final = RELEASE_WORDS | {"leave", "leaves", "let", "end"}
_CALLABLE: Final = HANDLERS | frozenset("fn func function run execute handle perform apply command verb action".split())
_TAKES: Final = frozenset("delete discard remove pop splice clear shift set".split())


@module_check("LIF412", words=_RELEASES)
def released_in_part(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Compare the tables that a release by owner empties with those in which functions are kept with their owner."""
    if module.is_test:
        return
    called = {id(found.source.table) for found in invocations(inquiry, module) if found.source.table is not None}
    for function in module.functions:
        if function.signature_only or len(function.params) != 1 or _RELEASES.isdisjoint(words(function.name)[:1]):
            continue
        owner = function.params[0].name
        beside = _tables_beside(module, function)
        if not owner or len(beside) < 2:
            continue
        last = next((node for table in beside for node in _taken_out(function, table, owner)), None)
        reached = with_helpers(function)
        for table in beside if last is not None else ():
            if any(_names(one, table) for one in reached) or _let_go_elsewhere(module, table, function, owner):
                continue
            kept = _kept_with(module, table, owner, id(table) in called)
            if kept is not None and last is not None:
                yield Match(
                    locate_bytes(module, function.raw.start_byte, max(last.raw.end_byte, _end(function))),
                    f"'{function.name}' takes out what belongs to one '{owner}', and passes over '{table.name}', which "
                    f"keeps functions of that '{owner}', too: they go on being called.",
                    related=((kept, "kept here with its owner"),),
                )
                break


def _tables_beside(module: Module, function: Function) -> list[Table]:
    """Return the tables of the same object: fields of its class, or variables of the function around it."""
    cls = class_of(function)
    if cls is not None:
        return [table for table in tables(module) if table.owner is cls]
    return [table for table in tables(module) if table.owner is None and table.scope is function.outer]


def _taken_out(function: Function, table: Table, owner: str) -> Iterator[Node]:
    """Yield where a function takes something of one owner out of a table."""
    if not _names(function, table):
        return
    for node in find(function.body, Call):
        if node.name in _TAKES and node.receiver is not None and _is(node.receiver, table):
            yield node
    for assign in find(function.body, Assign):
        target = assign.target.object if isinstance(assign.target, Index) else assign.target
        if assign.value is not None and _is(target, table) and owner in names_in(assign.value):
            yield assign


def _is(expr: Expr, table: Table) -> bool:
    return isinstance(strip(expr), Name | Member) and last_name(expr) == table.name


def _names(function: Function, table: Table) -> bool:
    held = Member if table.owner is not None else Name
    return any(last_name(node) == table.name for node in find(function.body, held))


def _kept_with(module: Module, table: Table, owner: str, called: bool) -> Node | None:
    """Return where a function that somebody handed in is entered into a table together with its owner."""
    writes = [(a.node, a.function, [e for e in (a.key, a.value) if e is not None]) for a in table.of("write")]
    writes += [(call, function, call.args) for call, function in nested_calls(module, table, "append", "push", "add")]
    writes += [(call, function, call.args) for call, function in nested_calls(module, table, "set")]
    for node, function, given in writes:
        if function is None or function.kind == "constructor":
            continue
        own = {param.name: param for param in function.params if param.name}
        said = {name for one in given for name in _held_names(module, one)}
        others = [param for name, param in own.items() if name in said and name != owner]
        if owner in own and owner in said and any(called or _is_function(module, param) for param in others):
            return node
    return None


def _held_names(module: Module, value: Expr) -> set[str]:
    """Return the names in a value; of a variable that holds a record, those in the record."""
    made = module.scopes.origin(value)
    return names_in(made if isinstance(made, Object | Call) else value)


def _is_function(module: Module, param: Param) -> bool:
    if "=>" in param.type or "Callable" in param.type or not _CALLABLE.isdisjoint(words(param.name)):
        return True
    bound = module.scopes.table(None).get(param.type.strip(), []) if param.type else []
    alias = bound[0] if bound else None
    return isinstance(alias, Assign) and alias.value is not None and "Callable" in module.text_of(alias.value)


def _let_go_elsewhere(module: Module, table: Table, function: Function, owner: str) -> bool:
    """Tell whether another function takes out of the table what belongs to one owner, or drops the table as a whole."""
    if table.of("clear") or any(
        access.function is not function and access.key is not None and owner in names_in(access.key)
        for access in table.of("delete")
    ):
        return True
    for other in module.functions:
        if other is function or other.signature_only or not any(param.name == owner for param in other.params):
            continue
        if not _RELEASES.isdisjoint(words(other.name)) and _names(other, table):
            return True
    return False


def _end(function: Function) -> int:
    return function.body[-1].raw.end_byte if function.body else function.raw.end_byte
