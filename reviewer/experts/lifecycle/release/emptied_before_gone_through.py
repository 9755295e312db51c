"""LIF451: a collection is emptied first, and what was in it is gone through only then, under another name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import siblings, use_of
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Assign,
    Call,
    Comprehension,
    Delete,
    Expr,
    ExprStatement,
    For,
    Index,
    Literal,
    Member,
    Name,
    Spread,
    While,
    is_zero,
    strip,
)
from reviewer.code.walk import find, function_of, walk
from reviewer.core.scale import Severity
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node, Statement
    from reviewer.experts.check import Inquiry

_GOES_THROUGH: Final = frozenset(
    "forEach map values entries items keys pop popitem shift filter flatMap reverse toReversed".split()
)
"""Members of a collection that give what is in it."""
_TAKES: Final = frozenset("list tuple reversed sorted enumerate gather allSettled all from iter".split())
"""Calls that go through what they are given."""
_FILLS: Final = frozenset("add push append set extend update unshift insert appendleft setdefault put".split())
_ENDS: Final = frozenset(
    "dispose close cancel abort stop unsubscribe off release destroy clear clearTimeout clearInterval end kill "
    "terminate aclose remove unregister".split()
)


@module_check("LIF451", words={"clear", "length", "splice"})
def emptied_before_gone_through(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what is emptied, and whether a loop behind it still counts on what was in it."""
    if module.is_test:
        return
    for statement, emptied in _emptyings(module):
        if function_of(statement) is None:
            continue
        names = {module.text_of(emptied), *_other_names(module, statement, emptied)}
        use = _first_use(module, statement, names)
        if use is not None:
            shown = short(module.text_of(emptied))
            yield Match(
                statement,
                f"'{shown}' is emptied here, and what was in it is gone through at line {use.line} only: nothing is "
                "left to be released there.",
                related=((use, "gone through here"),),
                severity=Severity.HIGH if _ends_things(use) else None,
            )


def _emptyings(module: Module) -> Iterator[tuple[Statement, Expr]]:
    """Yield the statements that take everything out of a collection for nobody, with the collection."""
    for statement in module.all(ExprStatement):
        value = strip(statement.value)
        if isinstance(value, Assign):
            target = value.target
            zero = isinstance(value.value, Literal) and value.value.value == 0
            if isinstance(target, Member) and target.name == "length" and value.op == "=" and zero:
                yield statement, target.object
        elif isinstance(value, Call) and value.receiver is not None:
            cut = value.name == "splice" and len(value.args) == 1 and isinstance(value.args[0], Literal)
            if (value.name == "clear" and not value.args) or (cut and is_zero(value.args[0])):
                yield statement, value.receiver
    for gone in module.all(Delete):
        for target in gone.targets:
            if isinstance(target, Index) and module.text_of(target).endswith("[:]"):
                yield gone, target.object


def _other_names(module: Module, statement: Statement, emptied: Expr) -> Iterator[str]:
    """Yield the variables that were given the very same collection in the lines above, and no copy of it."""
    text = module.text_of(emptied)
    for earlier in siblings(statement, module):
        if earlier is statement:
            return
        for made in find(earlier, Assign, into_functions=False):
            value = strip(made.value) if made.value is not None else None
            same = isinstance(value, Name | Member) and isinstance(made.target, Name) and made.op == "="
            if same and value is not None and module.text_of(value) == text:
                yield module.text_of(made.target)


def _first_use(module: Module, statement: Statement, names: set[str]) -> Node | None:
    """Return what goes through the emptied collection behind a statement; None where anything may have filled it."""
    behind = False
    for later in siblings(statement, module):
        if later is statement:
            behind = True
            continue
        if not behind:
            continue
        if isinstance(later, While) and any(module.text_of(one) in names for one in walk(later.test)):
            return later
        for node in walk(later, into_functions=False):
            if isinstance(node, Call) and node.name in _FILLS and module.text_of(node.receiver or node) in names:
                return None
            if isinstance(node, Assign) and node.value is not None and _fills_elsewhere(module, node, names):
                return None
            if isinstance(node, Assign) and module.text_of(node.target) in names:
                names = names - {module.text_of(node.target)}
            elif isinstance(node, Name | Member) and module.text_of(node) in names and _goes_through(node):
                return _statement_or_call(later, node)
        if _may_fill(module, later):
            return None
    return None


def _statement_or_call(later: Statement, node: Node) -> Node:
    return later if isinstance(later, For | While) else node


def _goes_through(node: Expr) -> bool:
    use = use_of(node)
    by = use.by
    if use.how in ("iterated", "spread") or isinstance(by, Spread | Comprehension):
        return True
    if isinstance(by, Member) and by.object is node:
        return by.name in _GOES_THROUGH and isinstance(by.parent, Call) and by.parent.callee is by
    return isinstance(by, Call) and by.callee is not node and by.name in _TAKES


def _fills_elsewhere(module: Module, made: Assign, names: set[str]) -> bool:
    """Tell whether something is asked that was handed the collection: ``opener = build(Cookies(self.jar))``."""
    if not any(call.receiver is not None and is_this_member(call.receiver) for call in find(made, Call)):
        return False
    return any(
        module.text_of(arg) in names for call in module.all(Call) for arg in call.args if call.name not in _TAKES
    )


def _may_fill(module: Module, statement: Statement) -> bool:
    """Tell whether a statement calls methods of the same object, or waits, so that something new may be put in."""
    if isinstance(statement, ExprStatement) and isinstance(strip(statement.value), Assign):
        return any(True for _ in find(statement, Call, into_functions=False))
    return any(
        isinstance(call.receiver, Name) and call.receiver.id == "this"
        for call in find(statement, Call, into_functions=False)
    )


def _ends_things(use: Node) -> bool:
    """Tell whether what is gone through would have been ended: each is called, or something that ends of it."""
    for call in find(use, Call):
        if call.name in _ENDS or (isinstance(use, For) and isinstance(use.target, Name) and call.name == use.target.id):
            return True
    return False
