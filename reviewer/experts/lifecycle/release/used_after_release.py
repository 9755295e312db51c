"""LIF013: the end of a plugin uses something that it has already closed or dropped."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Assign,
    Call,
    Expr,
    ExprStatement,
    Function,
    If,
    Literal,
    Member,
    Node,
    Object,
    Statement,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, walk
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.holding.owners import Owner, owners
from reviewer.experts.lifecycle.vocabulary import STOPS

if TYPE_CHECKING:
    from reviewer.code.module import Module

_CLOSES: Final = frozenset(
    "close dispose terminate destroy disconnect shutdown kill end quit aclose release closeAll stop".split()
)
_AFTER: Final = _CLOSES | frozenset(
    (
        "join wait wait_closed cleanup once on off removeAllListeners unref closed destroyed clear remove delete "
        "exitCode readyState killed is_alive poll removeEventListener cancelled done catch then finally"
    ).split()
)
"""What may be asked of a thing that is closed."""


_TELLS: Final = frozenset({"transitions", "transition", "machine", "fsm", "statemachine"})


@module_check("LIF013", words=STOPS | {"unload", "off"})
def used_after_release(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak at the first use of a field behind the statement that closes it or sets it to nothing."""
    if module.is_test:
        return
    seen: set[int] = set()
    for owner in owners(inquiry, module):
        for end in owner.ends:
            if id(end) not in seen:
                seen.add(id(end))
                yield from _in_end(owner, end)


def _in_end(owner: Owner, end: Function) -> Iterator[Match]:
    """Go through the statements of an end in their order, with what is gone by then."""
    gone: dict[str, tuple[Node, str]] = {}
    for statement in end.body:
        for name, (where, how) in list(gone.items()):
            if _TELLS & set(words(name)):
                continue  # what only tells in which state something is ends nothing
            use = _use(owner, statement, name, how)
            if use is not None:
                verb = "been set to nothing" if how == "dropped" else "been closed"
                yield Match(
                    use,
                    f"'{name}' is used here after it has {verb} in line {where.line}: the call fails, and what it was "
                    "to save or to release is lost.",
                    related=((where, "gone since here"),),
                )
                del gone[name]
        if _assigned(statement) in gone:
            del gone[_assigned(statement)]
        name, how = _releases(statement)
        if name:
            gone[name] = (statement, how)


def _assigned(statement: Statement) -> str:
    value = statement.value if isinstance(statement, ExprStatement) else None
    return _field(value.target) if isinstance(value, Assign) else ""


def _field(expr: Expr) -> str:
    expr = strip(expr)
    return f"this.{expr.name}" if isinstance(expr, Member) and is_this_member(expr) else ""


def _releases(statement: Statement) -> tuple[str, str]:
    """Return the field that a statement closes or drops for good, and how."""
    if not isinstance(statement, ExprStatement):
        return "", ""
    value = strip(statement.value)
    if isinstance(value, Assign) and value.op == "=":
        given = strip(value.value) if value.value is not None else None
        if isinstance(given, Literal) and given.value is None:
            return _field(value.target), "dropped"
    if isinstance(value, Call) and value.name in _CLOSES - {"stop", "release", "end"} and value.receiver is not None:
        return _field(value.receiver), "closed"
    return "", ""


def _use(owner: Owner, statement: Node, name: str, how: str, depth: int = 0) -> Node | None:
    """Return the first use of a field in a statement that needs it alive; own methods are entered once."""
    for node in walk(statement):
        if isinstance(node, Member) and _needs(node, name, how):
            return node
        if isinstance(node, Call) and is_this_member(strip(node.callee)) and depth == 0:
            helper = _helper(owner, node)
            if helper is not None and _use_in(owner, helper, name, how) is not None:
                return node
    return None


def _helper(owner: Owner, call: Call) -> Function | None:
    """Return the own method that a call runs, of a class or of an object."""
    if isinstance(owner.at, Object):
        found: Node | None = owner.at.get(call.name)
    else:
        found = definition(owner.start.module, call.callee) if owner.start is not None else None
    return found if isinstance(found, Function) else None


def _needs(node: Member, name: str, how: str) -> bool:
    """Tell whether a member of a field is used that is gone when the field is."""
    if _field(node.object) != name or node.optional or _tested(node, name):
        return False
    asked = isinstance(node.parent, Call) and node.parent.callee is node
    ends_too = node.name in _AFTER or not _CLOSES.isdisjoint(
        words(node.name)
    )  # server.shutdown(); server.server_close()
    return how == "dropped" or (asked and not ends_too)


def _use_in(owner: Owner, function: Function, name: str, how: str) -> Node | None:
    for statement in function.body:
        if isinstance(statement, If) and any(_field(n) == name for n in walk(statement.test) if isinstance(n, Member)):
            return None  # the helper looks first
        use = _use(owner, statement, name, how, depth=1)
        if use is not None:
            return use
    return None


def _tested(node: Node, name: str) -> bool:
    for around in ancestors(node):
        if isinstance(around, If) and any(isinstance(n, Member) and _field(n) == name for n in walk(around.test)):
            return True
        if isinstance(around, Function):
            return False
    return False
