"""Whether code that runs where something fails reaches a table, as far as that can be known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Call, Function, Member, Name, Param, strip
from reviewer.code.walk import walk
from reviewer.experts.lifecycle.bringing.dependencies import with_helpers
from reviewer.experts.told_only import tells

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.code.tables import Table


def reaches(module: Module, table: Table, nodes: Sequence[Node]) -> bool:
    """Tell whether code names a table, or calls what changes it or may do so."""
    changing = {id(one.function) for one in table.of("delete", "clear", "write")}
    for node in walk(nodes):
        if isinstance(node, Name | Member) and (node.id if isinstance(node, Name) else node.name) == table.name:
            return True
        if not isinstance(node, Call) or tells(node):
            continue
        target = definition(module, node.callee)
        if isinstance(target, Function):
            if any(id(one) in changing for one in with_helpers(target)):
                return True
        elif _may_reach(module, node):
            return True
    return False


def _may_reach(module: Module, call: Call) -> bool:
    """Tell whether a call whose function is not known may reach a table: it is handed the owner or a function."""
    for part in walk([*call.args, *call.keywords.values()]):
        if isinstance(part, Function):
            return True
        if isinstance(part, Name | Member) and isinstance(definition(module, part), Function):
            return True
        if isinstance(part, Name) and part.id in ("this", "self") and not isinstance(part.parent, Member):
            return True
    holder = strip(call.receiver if call.receiver is not None else call.callee)
    if isinstance(holder, Name):
        return holder.id in ("this", "self", "super") or isinstance(module.scopes.origin(holder), Param)
    return not isinstance(holder, Member) or not is_this_member(holder)
