"""SEC087: a decision asks whether there is an entry, and nothing looks at the end that each entry has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Assign, Binary, Call, Class, Conditional, Expr, Function, Index, Object, Return, strip
from reviewer.code.tables import tables
from reviewer.code.walk import find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.security.deciding.decisions import decision_functions
from reviewer.experts.security.over_time.end_never_compared import ENDS, is_end, is_swept, mentioned, reached

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.code.tables import Table
    from reviewer.experts.check import Inquiry


@module_check("SEC087", words=ENDS)
def entry_never_ends(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each decision whose whole answer is that a table has an entry, for the end of what the table holds."""
    if module.is_test:
        return
    deciding = list(decision_functions(inquiry, module))
    for table in tables(module) if deciding else ():
        end = _end_of(module, table)
        if not end or is_swept(inquiry, end):
            continue
        for function in deciding:
            asked = next((one.node for one in table.of("has", "read") if _is_answer(one.node, function)), None)
            names = mentioned(reached(function)) if asked is not None else {end}
            if asked is None or end in names or names & _told_by_end(module, end):
                continue
            yield Match(
                asked,
                f"'{function.name}' asks whether there is an entry in '{table.name}', and an entry ends at '{end}', at "
                "which it does not look: what was granted for an hour is granted for ever.",
                related=((table.declared, "kept here"),),
            )


def _end_of(module: Module, table: Table) -> str:
    """Return the member by which each thing that is put into a table says when it ends."""
    found: set[str] = set()
    values = [write.value for write in table.of("write") if write.node not in _first_of_all(table)]
    for value in [*values, *_put_deeper(module, table)]:
        made = module.scopes.origin(value) if value is not None else None
        members: list[str] = []
        if isinstance(made, Object):
            members = made.keys
        elif isinstance(made, Call):
            cls = definition(module, made.callee)
            members = [field.name for field in cls.fields] if isinstance(cls, Class) else []
        ends = [name for name in members if is_end(name)]
        if not ends:
            return ""
        found.update(ends[:1])
    return found.pop() if len(found) == 1 else ""


def _first_of_all(table: Table) -> list[Node]:
    """Return where a table gets what others are put into: ``leases.setdefault(guest, {})``."""
    return [
        write.node
        for write in table.of("write")
        if isinstance(write.node, Call) and write.node.name == "setdefault" and isinstance(write.node.parent, Index)
    ]


def _put_deeper(module: Module, table: Table) -> Iterator[Expr | None]:
    """Yield what is put into the tables that a table holds: ``leases.setdefault(guest, {})[deed] = lease``."""
    outer = [id(node) for node in _first_of_all(table)]
    for assign in module.all(Assign) if outer else ():
        if isinstance(assign.target, Index) and id(strip(assign.target.object)) in outer:
            yield assign.value


def _is_answer(asked: object, function: Function) -> bool:
    """Tell whether a question for an entry is what a function answers: ``return right in self._leases[guest]``."""
    if not isinstance(asked, Expr) or function_of(asked) is not function:
        return False
    around = asked.parent
    if isinstance(around, Binary) and around.op in ("in", "not in") and around.right is asked:
        around = around.parent
    while isinstance(around, Binary | Conditional):
        around = around.parent
    return isinstance(around, Return) and (isinstance(asked, Binary) or not isinstance(strip(asked), Index))


def _told_by_end(module: Module, end: str) -> set[str]:
    """Return the functions and members of a file that look at the end, so that who asks them looks at it."""
    return {
        function.name
        for function in module.functions
        if function.name
        and end in mentioned([function])
        and not any(_puts(one, end) for one in find(function.body, Assign))
    }


def _puts(assign: Assign, end: str) -> bool:
    return getattr(assign.target, "name", "") == end
