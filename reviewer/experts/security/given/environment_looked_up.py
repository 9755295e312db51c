"""SEC059: the host's environment lies in a table in which plugins look up what they name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import class_of_value
from reviewer.code.syntax import Array, Assign, Call, Class, Expr, Function, Index, Name, Object, strip
from reviewer.code.walk import find
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import last_name
from reviewer.experts.security.given.environment_given import whole
from reviewer.experts.security.handing.handed import handed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_PUTS: Final = frozenset("set register provide bind add define put expose offer supply install publish".split())
"""Calls by which something is kept under a name."""
_LOOKS: Final = frozenset("get find resolve lookup use require service fetch take pick of".split())
"""Calls by which something is found again."""
_FREEZERS: Final = frozenset({"freeze", "MappingProxyType"})


@module_check("SEC059", words={"env", "environ"})
def environment_looked_up(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what is put under a name where what plugins are handed looks up the names that they choose."""
    if module.is_test or inquiry.subject.kind != "host":
        return
    kept = [(table, value) for table, value in _kept(module) if whole(module, _thawed(value))]
    if not kept:
        return
    open_tables = _open_tables(inquiry)
    for table, value in kept:
        if _names_of(module, table) & open_tables:
            yield Match(
                value,
                f"The whole environment of the host lies in '{last_name(table)}', where each plugin finds what it "
                "asks for by name: every key and password in it is theirs.",
                fix="Keep a record there with the few variables that plugins need, each named.",
            )


def _thawed(value: Expr) -> Expr:
    made = strip(value)
    return made.args[0] if isinstance(made, Call) and made.name in _FREEZERS and len(made.args) == 1 else made


def _kept(module: Module) -> Iterator[tuple[Expr, Expr]]:
    """Yield (table, value) of what is kept under a name in one."""
    for call in module.calls(_PUTS):
        if call.receiver is not None and len(call.args) >= 2:
            yield call.receiver, call.args[1]
    for assign in module.all(Assign):
        target, made = strip(assign.target), strip(assign.value) if assign.value is not None else None
        if isinstance(target, Index) and assign.value is not None:
            yield target.object, assign.value
        elif isinstance(made, Object):
            yield from ((target, value) for key, value in made.entries if key is not None)
        elif isinstance(made, Call) and made.name == "Map" and made.args:
            yield from ((target, value) for value in _seconds(strip(made.args[0])))


def _seconds(listed: Expr) -> list[Expr]:
    pairs = [strip(one) for one in listed.items] if isinstance(listed, Array) else []
    return [one.items[1] for one in pairs if isinstance(one, Array) and len(one.items) == 2]


def _open_tables(inquiry: Inquiry) -> frozenset[str]:
    """Return the names, and the classes, of the tables in which plugins look up names that they choose."""

    def looked_into(module: Module) -> list[str]:
        return [
            name
            for thing in handed(inquiry, module)
            for function in _functions(thing.node)
            for table in _chosen_from(function)
            for name in _names_of(module, table)
        ]

    project = inquiry.project
    return project.once(
        "security.tables open to guests",
        lambda: frozenset(
            name
            for names in project.answers("security.tables open to guests", looked_into, _LOOKS, tests=False)
            for name in names
        ),
    )


def _functions(thing: Object | Class | Call) -> list[Function]:
    """Return the functions that a guest calls on what it is handed."""
    if isinstance(thing, Class):
        return [one for one in thing.methods if not one.private and one.kind == "method"]
    if isinstance(thing, Object):
        values = (strip(value) for _key, value in thing.entries)
        return [one for one in values if isinstance(one, Function)]
    return []


def _chosen_from(function: Function) -> Iterator[Expr]:
    """Yield the tables in which a function finds what is under the name that its caller gives."""
    told = {param.name for param in function.params}
    for node in find(function.body, Expr):
        key: Expr | None = None
        table: Expr | None = None
        if isinstance(node, Call) and node.name in _LOOKS and len(node.args) == 1:
            key, table = node.args[0], node.receiver
        elif isinstance(node, Index):
            key, table = node.key, node.object
        if table is not None and isinstance(key, Name) and key.id in told:
            yield table


def _names_of(module: Module, table: Expr) -> set[str]:
    """Return what a table is called: by the class of the subject that keeps it, else by its own name."""
    cls = class_of_value(module, table)
    return {cls.name if cls is not None else last_name(table).lstrip("#_")} - {""}
