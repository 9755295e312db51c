"""PAT446: who is known to nobody is served as the first tenant of the table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Call,
    Class,
    Comprehension,
    Expr,
    Function,
    Index,
    Member,
    Name,
    Spread,
    is_zero,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, class_of, find, function_of, names_in, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import path_words
from reviewer.experts.patterns.vocabulary import TENANTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_VIEWS: Final = frozenset({"values", "entries", "items", "keys"})
_COPIES: Final = frozenset({"list", "tuple", "iter", "from", "sorted"})
_LOOKUPS: Final = frozenset({"get", "find", "filter", "next"})
_COUNTS: Final = frozenset({"len", "size", "length"})


@module_check("PAT446", words=TENANTS)
def tenant_of_last_resort(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each place that takes any one of a table for a function that looks up one of them."""
    if module.is_test:
        return
    for node in (*module.calls(("next",)), *module.all(Index), *module.calls(("at",))):
        function = function_of(node)
        table = _first_of(module, node) if function is not None else None
        if function is None or table is None or not _of_tenants(function, table):
            continue
        if _looked_up(module, function, table, node) and not _counted(node):
            yield Match(
                node,
                f"Where nothing is found, '{function.name}' answers with the first of "
                f"'{short(module.text_of(table))}': whoever is known to nobody acts for a tenant "
                "that happens to stand there.",
            )


def _first_of(module: Module, node: Expr) -> Expr | None:
    """Return the table of which an expression takes the first, or None."""
    if isinstance(node, Call) and node.name == "next":
        if node.receiver is not None:
            return _whole(module, node.receiver, viewed=False)
        return _whole(module, node.args[0], viewed=False) if node.args else None
    if isinstance(node, Call):
        zero = len(node.args) == 1 and is_zero(node.args[0]) and node.receiver is not None
        return _whole(module, node.receiver, viewed=True) if zero and node.receiver is not None else None
    if isinstance(node, Index) and is_zero(node.key):
        return _whole(module, node.object, viewed=True)
    return None


def _whole(module: Module, expr: Expr, *, viewed: bool) -> Expr | None:
    """Return the table of whose entries an expression is the whole, in their order."""
    plain = strip(expr)
    if isinstance(plain, Name):
        made = module.scopes.origin(plain)
        if isinstance(made, Call | Array):
            return _whole(module, made, viewed=viewed) or plain
        return plain if viewed else None
    if isinstance(plain, Member):
        return plain if viewed else None
    if isinstance(plain, Array) and len(plain.items) == 1 and isinstance(plain.items[0], Spread):
        return _whole(module, plain.items[0].value, viewed=True)
    if not isinstance(plain, Call):
        return None
    if plain.name in _VIEWS:
        if plain.args:
            return strip(plain.args[0])
        return strip(plain.receiver) if plain.receiver is not None else None
    if plain.name in _COPIES and len(plain.args) == 1:
        return _whole(module, plain.args[0], viewed=True)
    return None


def _of_tenants(function: Function, table: Expr) -> bool:
    """Tell whether a table holds tenants, by what it, its class or the function that asks it is called."""
    owner = class_of(function)
    said = path_words(table) | set(words(function.name)) | set(words(owner.name) if owner is not None else ())
    return bool(said & TENANTS) or any(
        cls.name and cls.name in function.returns.replace("|", " ").split() and _names_tenant(cls)
        for cls in function.module.classes
    )


def _names_tenant(cls: Class) -> bool:
    """Tell whether a record says of which tenant it is."""
    return any(not TENANTS.isdisjoint(words(field.name)) for field in cls.fields)


def _looked_up(module: Module, function: Function, table: Expr, first: Expr) -> bool:
    """Tell whether the function looks for the one that it was asked for in the same table."""
    text, made = module.text_of(table), _made_of(module, function, table)
    given = {param.name for param in function.params}
    if not given:
        return False
    for call in calls_in(function.body):
        if call is first or call.name not in _LOOKUPS:
            continue
        holder = call.receiver if call.receiver is not None else call
        same = any(module.text_of(part) in (text, *made) for part in find(holder, Expr))
        if same and _asks(module, call, given):
            return True
    return any(
        module.text_of(one.object) in (text, *made) and not is_zero(one.key) and _asks(module, one, given)
        for statement in function.body
        for one in find(statement, Index)
    )


def _made_of(module: Module, function: Function, table: Expr) -> list[str]:
    """Return the fields that hold the entries of a table by a key: ``this.byKey`` of ``new Map(clients.map(…))``."""
    owner = class_of(function)
    if owner is None or not is_this_member(table):
        return []
    known = {table.name, *(one.id for one in module.scopes.field_values(owner, table.name) if isinstance(one, Name))}
    return [
        module.text_of(one.target)
        for name, given in module.scopes.fields(owner).items()
        for one in given
        if name != table.name and isinstance(one.value, Call | Comprehension) and _goes_into(one.value, known)
    ]


def _goes_into(made: Expr, known: set[str]) -> bool:
    """Tell whether something is made of what is called so."""
    return any(
        (node.id if isinstance(node, Name) else node.name) in known
        for node in walk(made)
        if isinstance(node, Name | Member)
    )


def _asks(module: Module, look: Call | Index, given: set[str]) -> bool:
    """Tell whether a look into a table depends on what the function was given."""
    asked = look.args if isinstance(look, Call) else [look.key]
    for name in (name for arg in asked for name in find(arg, Name)):
        made = module.scopes.origin(name)
        if name.id in given or (isinstance(made, Expr) and names_in(made) & given):
            return True
    return False


def _counted(first: Expr) -> bool:
    """Tell whether the first is taken only where it is the only one."""
    return any(
        isinstance(part, Call | Member) and part.name in _COUNTS
        for condition in conditions(first)
        for part in find(condition.test, Expr)
    )
