"""PAT027: use is counted under one key and held against the limit under another, which nobody ever counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from reviewer.code.syntax import Array, Assign, Binary, Call, Expr, Index, Node, Template, strip
from reviewer.code.walk import find
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Class
    from reviewer.experts.check import Inquiry


class _Place(Struct, frozen=True):
    """Where a class counts, and under which key."""

    node: Node
    key: Expr


@module_check("PAT027", words={"limit", "limits", "quota", "quotas", "budget", "max", "used", "usage", "count", "rate"})
def counted_elsewhere(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Compare the keys under which each class counts with those that it holds against a limit."""
    if module.is_test or inquiry.subject.kind == "plugin":
        return
    for cls in module.classes:
        counted: dict[str, list[_Place]] = {}
        for assign in find(cls, Assign):
            target = strip(assign.target)
            if isinstance(target, Index) and (assign.op == "+=" or _adds_one(module, assign, target)):
                counted.setdefault(module.text_of(target.object), []).append(_Place(target, target.key))
        for call in find(cls, Call):
            if (
                call.name == "set"
                and len(call.args) == 2
                and call.receiver is not None
                and _sets_one_more(module, call)
            ):
                counted.setdefault(module.text_of(call.receiver), []).append(_Place(call, call.args[0]))
        for table, places in counted.items():
            keys = {_plain(module, place.key) for place in places}
            for test, read in _compared(module, cls, table):
                if _plain(module, read) in keys or not any(_part_of(module, read, place.key) for place in places):
                    continue
                yield Match(
                    test,
                    f"'{short(module.text_of(test))}' looks under '{short(module.text_of(read))}', and use is counted "
                    f"under '{short(module.text_of(places[0].key))}': the count that is compared stays nothing.",
                    related=((places[0].node, "counted here"),),
                )
                break


def _sets_one_more(module: Module, call: Call) -> bool:
    """Tell whether a map is given the count that is there, and more: ``used.set(key, (used.get(key) ?? 0) + 1)``."""
    value, table = strip(call.args[1]), module.text_of(call.receiver) if call.receiver is not None else ""
    return isinstance(value, Binary) and value.op == "+" and table in module.text_of(value.left)


def _adds_one(module: Module, assign: Assign, target: Index) -> bool:
    """Tell whether a value is the count that is there, and more: ``used[key] = used.get(key, 0) + 1``."""
    value = strip(assign.value) if assign.value is not None else None
    return isinstance(value, Binary) and value.op == "+" and module.text_of(target.object) in module.text_of(value.left)


def _compared(module: Module, cls: Class, table: str) -> Iterator[tuple[Binary, Expr]]:
    """Yield the comparisons of a count with a limit, with the key that is asked."""
    for test in find(cls, Binary):
        if test.op not in ("<", "<=", ">", ">="):
            continue
        for made in map(module.scopes.origin, (test.left, test.right)):
            side = strip(made.left) if isinstance(made, Binary) and made.op in ("??", "or") else made
            if isinstance(side, Index) and module.text_of(side.object) == table:
                yield test, side.key
            elif isinstance(side, Call) and side.name == "get" and _is_of(module, side, table):
                yield test, side.args[0]


def _is_of(module: Module, call: Call, table: str) -> bool:
    return call.receiver is not None and bool(call.args) and module.text_of(call.receiver) == table


def _plain(module: Module, key: Expr) -> str:
    return module.text_of(key).replace(" ", "").strip("()[]")


def _part_of(module: Module, read: Expr, counted: Expr) -> bool:
    """Tell whether one key is made of the other and something more."""
    for whole, part in ((strip(counted), strip(read)), (strip(read), strip(counted))):
        made = module.scopes.origin(whole)
        parts = _items(made) if isinstance(made, Array) else made.holes if isinstance(made, Template) else []
        if any(module.text_of(item) == module.text_of(part) for item in parts):
            return True
    return False


def _items(whole: Array) -> list[Node]:
    return list(whole.items)
