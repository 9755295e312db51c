"""Whether a flag that is declared is also read, and where a result that is kept is first asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.syntax import Assign, Call, Field, Function, Index, Literal, Member, Name, Node, Object, Param, strip
from reviewer.code.walk import find
from reviewer.experts.patterns.filed import filed_by

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry
    from reviewer.experts.patterns.memos import Memo


def is_read(inquiry: Inquiry, name: str) -> bool:
    """Tell whether a line of the subject reads a flag, and does not only hand it on under its own name."""
    question = f"patterns.flag read {name}"
    return any(inquiry.project.answers(question, lambda one: _reads(one, name), naming={name}, tests=False))


def _reads(module: Module, name: str) -> bool:
    for node in module.some(Member, Name, Literal):
        around = node.parent
        if isinstance(node, Member):
            if node.name == name and not (isinstance(around, Assign) and around.target is node):
                return True
        elif isinstance(node, Literal):
            if node.value == name and isinstance(around, Index | Call):
                return True
        elif isinstance(node, Name) and node.id == name and not _hands_on(node):
            return True
    return False


def _hands_on(name: Name) -> bool:
    """Tell whether a name is only put into a record, or handed to what makes one."""
    around = name.parent
    if isinstance(around, Call):
        return around.callee is not name and (around.name[:1].isupper() or name in around.keywords.values())
    return isinstance(around, Object | Assign | Param | Field)


def first_asked(memo: Memo) -> Node:
    """Return where a kept result is first asked for: there it is given to the next one."""
    function, module = memo.function, memo.function.module
    inner = strip(memo.value)
    holder = inner if isinstance(inner, Name) and _is_asked(function, inner) else memo.holder
    spelled_so = module.text_of(holder) if holder is not None else ""
    nodes: list[Node] = [
        call
        for call in find(function.body, Call)
        if (call.name in ("get", "has") or filed_by(module, call) is not None)
        and call.receiver is not None
        and module.text_of(call.receiver) == spelled_so != ""
    ]
    if not nodes and memo.table is not None:
        nodes = [one.node for one in memo.table.of("read", "has") if one.function is function]
    return min([memo.node, *nodes], key=lambda node: node.start)


def _is_asked(function: Function, held: Name) -> bool:
    """Tell whether what is kept is a map that is asked in its turn: ``memory.has(key)``."""
    return any(
        isinstance(holder := strip(call.receiver), Name) and holder.id == held.id
        for call in find(function.body, Call)
        if call.name in ("get", "has") and call.receiver is not None
    )
