"""REG071: a version that is published again is put in the place of the one that is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.flow import conditions
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Assign, Binary, Call, Conditional, For, Function, Index, Literal, Name, strip
from reviewer.code.tables import tables
from reviewer.code.walk import calls_in, find, function_of, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import said_in
from reviewer.experts.registry.entering import enters, params_in
from reviewer.experts.registry.vocabulary import REGISTERS, VERSIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node
    from reviewer.experts.check import Inquiry


@module_check("REG071", words=REGISTERS)
def version_overwritten(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at every entry of a list that gives its place to one of the same name and version."""
    if module.is_test:
        return
    lists = [table for table in tables(module) if table.kind == "list"]
    for table in lists:
        uses = {id(part) for access in table.accesses for part in walk(access.node)}
        for node in module.some(Assign, Call):
            given = _put_in_place(node)
            function = function_of(node)
            if given is None or id(node) not in uses | {id(access.node) for access in table.accesses}:
                continue
            at, value = given
            if function is None or enters(function) is not function or not params_in(module, value):
                continue
            found = _found_by(module, at)
            if found is None or not _compares_versions(module, found) or _is_told_otherwise(node, at):
                continue
            yield Match(
                node,
                f"'{function.name}' puts what it is given in the place of the entry of the same name and version in "
                f"'{table.name}': the bytes behind a version change under those who rely on it.",
            )


def _put_in_place(node: Node) -> tuple[Expr, Expr] | None:
    """Return place and value of what replaces one item of a list: ``list[at] = one``, ``list.splice(at, 1, one)``."""
    if isinstance(node, Assign) and isinstance(node.target, Index) and node.value is not None:
        return node.target.key, node.value
    if isinstance(node, Call) and node.name == "splice" and len(node.args) > 2:
        count = node.args[1]
        return (node.args[0], node.args[2]) if isinstance(count, Literal) and count.value == 1 else None
    return None


def _found_by(module: Module, at: Expr) -> Node | None:
    """Return what an index was found by: the predicate of a ``findIndex``, or the test inside a loop that counts."""
    at = strip(at)
    if isinstance(at, Conditional):
        return next((one for name in find(at, Name) if (one := _found_by(module, name)) is not None), None)
    if not isinstance(at, Name):
        return None
    for bound in module.scopes.lookup(at.id, at):
        if isinstance(bound, Assign) and isinstance(bound.value, Call) and bound.value.name == "findIndex":
            return bound.value.arg(0)
        if isinstance(bound, For):
            return next((condition.test for condition in conditions(at) if condition.holds), None)
    return None


def _compares_versions(module: Module, test: Node) -> bool:
    """Tell whether two entries are the same by name and version, said here or by the function that makes their key."""
    if not any(one.op == "==" for one in find(test, Binary)):
        return False
    made = (definition(module, call.callee) for call in calls_in(test))
    said = said_in(test).union(*(said_in(one.body) for one in made if isinstance(one, Function)))
    return bool(said & VERSIONS)


def _is_told_otherwise(node: Node, at: Expr) -> bool:
    """Tell whether something is asked of the entry that is there before it goes: its state, or who owns it."""
    names = {name.id for name in find(at, Name)}
    asked = [condition.test for condition in conditions(node)]
    return any(
        isinstance(read, Index) and any(name.id in names for name in find(read.key, Name))
        for test in asked
        for read in walk(test)
    )
