"""PAT445: an answer that is kept for everybody is changed by the one who asked for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import after
from reviewer.code.reach.links import callee
from reviewer.code.syntax import Assign, Await, Call, Expr, Index, Member, Name, Unary, strip
from reviewer.code.text.words import words
from reviewer.code.walk import function_of, inside
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.patterns.memos import memos
from reviewer.experts.patterns.missing import answers, computed, keeps_instances, maker
from reviewer.experts.patterns.vocabulary import CACHES, spelled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry
    from reviewer.experts.patterns.memos import Memo

_CHANGES: Final = frozenset(
    "push unshift pop shift splice sort reverse append extend insert remove clear update add set delete fill".split()
)
_THINGS: Final = frozenset(
    "create make new open session state entry record bucket slot room group set list queue counter node".split()
)
"""Words of what makes or is a thing that is there to be changed, and no answer."""


@module_check("PAT445", words=())
def kept_answer_changed(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each call of a function that answers from what it keeps for a change of what it gave."""
    if module.is_test:
        return
    keeping: dict[int, Memo] = {}
    for memo in memos(inquiry, module):
        if memo.reads and answers(module, memo) and computed(memo) and _is_answer(memo):
            keeping.setdefault(id(memo.function), memo)
    for node in module.all(Assign) if keeping else ():
        call = _call(node.value)
        target = callee(module, call) if call is not None else None
        if target is None or call is None or not isinstance(node.target, Name) or id(target) not in keeping:
            continue
        if call.new:
            continue  # whatever the making keeps, each one who asks gets a new one
        memo = keeping[id(target)]
        changed = _changed(module, node, node.target.id)
        if changed is not None and function_of(node) is not memo.function:
            yield Match(
                changed,
                f"What '{short(module.text_of(call))}' gives is kept in '{short(memo.name)}' for the next one "
                "who asks, and is changed here: everybody gets the changed one from now on.",
                fix="Change a copy: structuredClone(value), copy.deepcopy(value), [...value].",
                related=((memo.node, "kept here"),),
            )


def _is_answer(memo: Memo) -> bool:
    """Tell whether what is kept was worked out, and is no thing that is made once to be changed afterwards."""
    made = maker(memo)
    if keeps_instances(memo) or made is None or made.new:
        return False
    if words(memo.function.name)[-1:] == ("entry",):
        return False  # a record of the table itself, which is made to be filled
    told = set(spelled(made.name)) | set(spelled(memo.function.name)) | set(spelled(memo.name.rsplit(".", 1)[-1]))
    return bool(told & CACHES) or (told.isdisjoint(_THINGS) and _waits(memo))


def _waits(memo: Memo) -> bool:
    """Tell whether the work is waited for, as the work of others is."""
    return memo.function.asynchronous or "Promise" in memo.function.returns or memo.table is None


def _call(value: Expr | None) -> Call | None:
    value = strip(value) if value is not None else None
    if isinstance(value, Await):
        value = strip(value.value)
    return value if isinstance(value, Call) else None


def _changed(module: Module, given: Assign, name: str) -> Node | None:
    """Return where something is changed that a name holds, or another name for the same."""
    names = {name}
    for node in after(given):
        if isinstance(node, Assign):
            value = strip(node.value) if node.value is not None else None
            if isinstance(node.target, Name) and node.target.id in names and not inside(node, given):
                if not (isinstance(value, Name) and value.id in names):
                    names.discard(node.target.id)
            elif isinstance(node.target, Name) and isinstance(value, Name) and value.id in names and node.op == "=":
                names.add(node.target.id)
            elif isinstance(node.target, Member | Index) and _root(node.target) in names:
                return node
        elif _changes_it(node, names):
            return node
    return None


def _changes_it(node: Node, names: set[str]) -> bool:
    """Tell whether a call or a ``++`` changes what a path of members leads to."""
    if isinstance(node, Call):
        return node.name in _CHANGES and _root(node.receiver) in names
    return isinstance(node, Unary) and node.op in ("++", "--", "delete") and _member_of(node.operand, names)


def _member_of(expr: Expr, names: set[str]) -> bool:
    return isinstance(expr, Member | Index) and _root(expr) in names


def _root(expr: Expr | None) -> str:
    """Return the name that a path of members begins with; empty where a call is on the way."""
    while isinstance(expr, Member | Index):
        expr = strip(expr.object)
    return expr.id if isinstance(expr, Name) else ""
