"""LIF043: what is under way is noted in a table while it lasts, and nobody ever asks that table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Await, Call, Delete, Field, Index, Member, Name
from reviewer.code.tables import tables
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.lifecycle.bringing.dependencies import outermost
from reviewer.experts.lifecycle.vocabulary import PENDING_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.code.tables import Access, Table
    from reviewer.experts.check import Inquiry

_UNDER_WAY: Final = PENDING_WORDS | frozenset(
    "installing opening closing connecting swapping removing launching spawning building inflight busy underway".split()
)
"""Words of tables of what has begun and is not at its end."""


@module_check("LIF043", words=_UNDER_WAY)
def mark_never_asked(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each table of what is under way, which a function fills and empties around a wait, for a question."""
    if module.is_test:
        return
    for table in tables(module):
        if table.kind == "list" or _UNDER_WAY.isdisjoint(words(table.name)) or table.of("has", "read", "iterate"):
            continue
        pair = _around_a_wait(table)
        if pair is None or not _is_all(module, table) or _asked_elsewhere(inquiry, module, table):
            continue
        key = pair[0].key if pair[0].key is not None else pair[0].value
        yield Match(
            pair[0].node,
            f"'{short(module.text_of(key)) if key is not None else 'It'}' is noted in '{table.name}' as long as this "
            "lasts, and nobody asks whether it stands there: a second call at the same time begins it again.",
            related=((pair[1].node, "taken out again"),),
        )


def _around_a_wait(table: Table) -> tuple[Access, Access] | None:
    """Return an entry and its removal in one function that waits for something between the two."""
    for write in table.of("write"):
        home = outermost(write.node)
        for gone in table.of("delete") if home is not None else ():
            if outermost(gone.node) is not home or gone.node.start < write.node.start or home is None:
                continue
            waits = (one for one in find(home.body, Await, into_functions=False))
            if any(write.node.stop < one.stop and one.start < gone.node.start for one in waits):
                return write, gone
    return None


def _is_all(module: Module, table: Table) -> bool:
    """Tell whether every mention of a table is one of its entries, its removals, or where it is made."""
    known = {id(one.node) for one in table.accesses}
    mentions: list[Node] = [one for one in module.all(Member) if one.name == table.name]
    if table.owner is None:
        mentions = [one for one in module.all(Name) if one.id == table.name]
    return all(_belongs(one, known) for one in mentions)


def _belongs(node: Node, known: set[int]) -> bool:
    inner = node
    for around in ancestors(node):
        if id(around) in known:
            return True
        if isinstance(around, Assign):
            return around.target is inner
        if not isinstance(around, Member | Call | Index):
            return isinstance(around, Field | Delete)
        inner = around
    return False


def _asked_elsewhere(inquiry: Inquiry, module: Module, table: Table) -> bool:
    """Tell whether another file speaks of a table by its name, where it can be reached from there."""
    return bool(set(inquiry.project.paths({table.name}, tests=False)) - {module.path})
