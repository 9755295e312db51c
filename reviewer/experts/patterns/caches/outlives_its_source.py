"""PAT014: what a thing has answered is still kept, and given, when the thing itself was taken away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.reach.links import callee
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Call, Delete, Expr, Function, Index, Member, Name, strip
from reviewer.code.walk import class_of, find, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.patterns.feeds import feeds
from reviewer.experts.patterns.memos import memos
from reviewer.experts.patterns.missing import answers, computed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Class, Node
    from reviewer.experts.check import Inquiry
    from reviewer.experts.patterns.memos import Memo


@module_check("PAT014", words={"map", "dict", "delete", "pop"})
def outlives_its_source(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each class that asks one of its things and has a helper keep the answer, for what takes things away."""
    if module.is_test:
        return
    said: set[str] = set()
    for memo in memos(inquiry, module):
        cls, holder = class_of(memo.node), strip(memo.holder) if memo.holder is not None else None
        if memo.table is not None or cls is None or not isinstance(holder, Member) or not is_this_member(holder):
            continue
        if holder.name in said or not memo.reads or not answers(module, memo) or not computed(memo):
            continue
        for source in _asked(module, memo):
            gone = _taken_away(module, cls, source, holder.name)
            if gone is not None:
                said.add(holder.name)
                yield Match(
                    gone,
                    f"What '{source}' had under this key has answered, and '{holder.name}' still keeps that: the "
                    "answers of what was taken away go on being given, also in the name of the next one.",
                    related=((memo.node, "kept here"),),
                )
                break


def _asked(module: Module, memo: Memo) -> Iterator[str]:
    """Yield the fields of which the key chooses a thing that makes the value: ``this.shelf.get(id)``."""
    told = {feed.local for feed in feeds(module, memo.key)}
    value = strip(memo.value)
    made = module.scopes.origin(value) if isinstance(value, Name) else value
    if not isinstance(made, Expr):
        return
    for node in walk(made.body if isinstance(made, Function) else made):
        if isinstance(node, Call) and node.name == "get" and node.args:
            source, key = node.receiver, strip(node.args[0])
        elif isinstance(node, Index):
            source, key = node.object, strip(node.key)
        else:
            continue
        if isinstance(source, Member) and is_this_member(source) and isinstance(key, Name) and key.id in told:
            yield source.name


def _taken_away(module: Module, cls: Class, source: str, kept: str) -> Node | None:
    """Return where a method takes a thing out of a field, if neither it nor what it calls looks after the answers."""
    for method in cls.methods:
        out = next((node for node in walk(method.body) if _takes_out(node, source)), None)
        if out is None or _names(method, kept):
            continue
        helpers = [callee(module, call) for call in find(method.body, Call)]
        if not any(helper is not None and _names(helper, kept) for helper in helpers):
            return out
    return None


def _takes_out(node: Node, source: str) -> bool:
    if isinstance(node, Call) and node.name in ("delete", "pop") and node.args:
        return isinstance(node.receiver, Member) and is_this_member(node.receiver) and node.receiver.name == source
    return isinstance(node, Delete) and any(
        isinstance(one, Index) and isinstance(one.object, Member) and one.object.name == source for one in node.targets
    )


def _names(function: Function, field: str) -> bool:
    return any(one.name == field for one in find(function.body, Member))
