"""SEC034: an entry is overwritten first, and only then does what stood there before refuse it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.flow import siblings
from reviewer.code.syntax import Assign, Call, ExprStatement, If, Index, Name, Throw, strip
from reviewer.code.tables import tables
from reviewer.code.walk import find, function_of, statement_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.code.tables import Access, Table
    from reviewer.experts.check import Inquiry


@module_check("SEC034")
def overwritten_then_refused(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look behind each entry that is put into a table for a refusal by what the table held before."""
    if module.is_test:
        return
    for table in tables(module):
        reads = [one for one in table.of("read") if one.key is not None]
        for write in table.of("write") if reads else ():
            if write.key is None or not _overwrites(write):
                continue
            refusal = _refusal(module, reads, write)
            if refusal is not None and not _taken_back(table, refusal):
                yield Match(
                    write.node,
                    f"'{table.name}' has the new entry already when line {refusal.line} refuses it for what stood "
                    f"under '{short(module.text_of(write.key))}' before: whoever is refused has taken it all the same.",
                    related=((refusal, "refused here"),),
                )
                break


def _overwrites(write: Access) -> bool:
    if isinstance(write.node, Call):
        return write.node.name == "set"
    return isinstance(write.node, Assign) and isinstance(write.node.target, Index) and write.node.op == "="


def _refusal(module: Module, reads: list[Access], write: Access) -> If | None:
    """Return the test behind a write, in the same block, that throws because of what was read before it."""
    statement = statement_of(write.node)
    beside = siblings(statement, module) if statement is not None else []
    if statement is None or statement not in beside:
        return None
    held = _held_before(module, reads, write)
    for later in beside[beside.index(statement) + 1 :]:
        if not isinstance(later, If) or not held:
            continue
        if any(isinstance(one, Throw) for one in later.body) and any(one.id in held for one in find(later.test, Name)):
            return later
    return None


def _held_before(module: Module, reads: list[Access], write: Access) -> set[str]:
    """Return the variables that hold what stood under the same key before it was overwritten."""
    found: set[str] = set()
    for read in reads:
        made = read.node.parent
        while made is not None and not isinstance(made, Assign | ExprStatement):
            made = made.parent
        if not isinstance(made, Assign) or not isinstance(made.target, Name) or read.node.start > write.node.start:
            continue
        plain = made.value is not None and strip(made.value) is read.node
        if plain and function_of(read.node) is function_of(write.node) and _same(module, read.key, write.key):
            found.add(made.target.id)
    return found


def _same(module: Module, one: Expr | None, other: Expr | None) -> bool:
    return one is not None and other is not None and module.text_of(one) == module.text_of(other)


def _taken_back(table: Table, refusal: If) -> bool:
    """Tell whether the refusal puts back what was there, or takes the entry out."""
    inside = [one for one in table.of("write", "delete") if refusal.start <= one.node.start < refusal.stop]
    return bool(inside)
