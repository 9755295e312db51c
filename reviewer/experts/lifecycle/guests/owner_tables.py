"""Tables in which functions are kept together with their owner, and what takes one owner out of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Call, Function, Index, Member, Name, Object, Param, strip
from reviewer.code.tables import tables
from reviewer.code.text.words import words
from reviewer.code.walk import class_of, find, inside, names_in
from reviewer.experts.communication.aliases import alias_text
from reviewer.experts.communication.vocabulary import HANDLERS
from reviewer.experts.lifecycle.vocabulary import RELEASE_WORDS
from reviewer.experts.paths import last_name
from reviewer.experts.registry.nested import nested_calls

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node
    from reviewer.code.tables import Table

RELEASES: Final = RELEASE_WORDS | {"leave", "leaves", "let", "end"}
"""First words of what takes somebody out."""
_CALLABLE: Final = HANDLERS | frozenset("fn func function run execute handle perform apply command verb action".split())
_ENTERS: Final = frozenset("push append add set unshift insert setdefault callback defer push_async_callback".split())
_TAKES: Final = frozenset("delete discard remove pop splice clear shift set".split())


def releases_one(function: Function) -> bool:
    """Tell whether a function by its name and its one parameter takes somebody out."""
    return (
        not function.signature_only and len(function.params) == 1 and not RELEASES.isdisjoint(words(function.name)[:1])
    )


def tables_beside(module: Module, function: Function) -> list[Table]:
    """Return the tables of the same object: fields of its class, or variables of the function around it."""
    cls = class_of(function)
    if cls is not None:
        return [table for table in tables(module) if table.owner is cls]
    return [table for table in tables(module) if table.owner is None and table.scope is function.outer]


def taken_out(function: Function, table: Table, owner: str) -> Iterator[Node]:
    """Yield where a function takes something of one owner out of a table."""
    if not names_table(function, table):
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


def names_table(function: Function, table: Table) -> bool:
    """Tell whether a function speaks of a table."""
    held = Member if table.owner is not None else Name
    return any(last_name(node) == table.name for node in find(function.body, held))


def kept_with(module: Module, table: Table, owner: str, called: bool) -> Node | None:
    """Return where a function that somebody handed in is entered into a table together with its owner."""
    writes = [
        (a.node, a.function, [e for e in (a.key, a.value) if e is not None])
        for a in table.of("write")
        if not (isinstance(a.node, Assign) and a.node.op in ("+=", "-="))  # a number that is counted
    ]
    writes += [(call, function, call.args) for call, function in nested_calls(module, table, "append", "push", "add")]
    writes += [(call, function, call.args) for call, function in nested_calls(module, table, "set")]
    for node, function, given in writes:
        if function is None or function.kind == "constructor":
            continue
        own = {param.name: param for param in function.params if param.name}
        said = {name for one in given for name in _heldnames_table(module, one)}
        others = [param for name, param in own.items() if name in said and name != owner]
        if owner in own and owner in said and any(called or _is_function(module, param) for param in others):
            return node
    return None


def keeps_undo(function: Function) -> bool:
    """Tell whether a function enters somewhere another of its own, by which what it puts in is taken out again."""
    undo = [one for one in find(function.body, Function) if any(call.name in _TAKES for call in find(one.body, Call))]
    named = {one.name for one in undo if one.name}
    given = [(node.receiver, list(node.args)) for node in find(function.body, Call) if node.name in _ENTERS]
    given += [
        (node.target.object, [node.value])
        for node in find(function.body, Assign)
        if isinstance(node.target, Index) and node.value is not None
    ]
    return any(
        holder is not None and (names_in(value) & named or any(inside(one, value) for one in undo))
        for holder, values in given
        for value in values
    )


def _heldnames_table(module: Module, value: Expr) -> set[str]:
    """Return the names in a value; of a variable that holds a record, those in the record."""
    made = module.scopes.origin(value)
    return names_in(made if isinstance(made, Object | Call) else value)


def _is_function(module: Module, param: Param) -> bool:
    if "=>" in param.type or "Callable" in param.type or not _CALLABLE.isdisjoint(words(param.name)):
        return True
    alias = alias_text(module, param.type.strip()) if param.type else ""
    return "=>" in alias or "Callable" in alias
