"""What happens before and around a place: conditions, order, exits, and what becomes of a value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from reviewer.code.syntax import (
    Assign,
    Await,
    Binary,
    Block,
    Call,
    Case,
    Cast,
    Comprehension,
    Conditional,
    Expr,
    ExprStatement,
    For,
    Function,
    Handler,
    If,
    Jump,
    Literal,
    Member,
    Name,
    Node,
    Return,
    Spread,
    Statement,
    Switch,
    Throw,
    Try,
    Unary,
    While,
    With,
    Yield,
)
from reviewer.code.walk import ancestors, find, walk

if TYPE_CHECKING:
    from reviewer.code.module import Module


class Condition(Struct, frozen=True):
    """A test, and whether it holds (True) or fails (False) where we are."""

    test: Expr
    holds: bool


def exits(statements: Sequence[Statement]) -> bool:
    """Tell whether control never runs past these statements: they return, throw, break or continue."""
    return any(_exits(statement) for statement in statements)


def _exits(statement: Statement) -> bool:
    if isinstance(statement, Return | Throw | Jump):
        return True
    if isinstance(statement, If):
        return bool(statement.orelse) and exits(statement.body) and exits(statement.orelse)
    if isinstance(statement, Block | With):
        return exits(statement.body)
    if isinstance(statement, Try):
        if exits(statement.final):
            return True
        return exits(statement.body) and all(exits(handler.body) for handler in statement.handlers)
    if isinstance(statement, ExprStatement):
        return _ends_process(statement.value)
    if isinstance(statement, Switch):
        whole = any(not case.tests for case in statement.cases)
        return whole and all(exits(case.body) for case in statement.cases)
    return False


def _ends_process(value: Expr) -> bool:
    """Tell whether an expression is ``sys.exit()``, ``process.exit()``, ``exit()``, or a framework's ``abort(403)``."""
    if isinstance(value, Call) and value.name == "abort" and isinstance(value.callee, Name) and value.args:
        return isinstance(value.args[0], Literal) and isinstance(value.args[0].value, int)
    if not isinstance(value, Call) or value.name not in ("exit", "_exit", "quit"):
        return False
    if isinstance(value.callee, Member):
        return isinstance(value.callee.object, Name) and value.callee.object.id in ("sys", "os", "process", "Deno")
    return isinstance(value.callee, Name)


def body_of(node: Node) -> list[list[Statement]]:
    """Return the statement lists directly inside a node."""
    lists: list[list[Statement]] = []
    for part in node.parts:
        value = getattr(node, part)
        if isinstance(value, list) and value and isinstance(value[0], Statement):
            lists.append(value)
    return lists


def siblings(statement: Node, module: Module | None = None) -> list[Statement]:
    """Return the statement list that a statement stands in; empty where it stands in none."""
    parent = statement.parent
    if parent is None:
        return module.body if module is not None else []
    for statements in body_of(parent):
        if any(other is statement for other in statements):
            return statements
    return []


def conditions(node: Node) -> list[Condition]:
    """Return what is known to hold at a node inside its function, nearest first.

    Enclosing ``if``, ``while``, conditional expressions, short circuits and tests of comprehensions count, and earlier
    statements that leave when their test holds (``if (!ok) return;``).
    """
    found: list[Condition] = []
    inner: Node = node
    for around in ancestors(node):
        _from_parent(around, inner, found)
        if isinstance(inner, Statement):
            _from_earlier(around, inner, found)
        if isinstance(around, Function):
            break
        inner = around
    return found


def _from_parent(around: Node, inner: Node, found: list[Condition]) -> None:
    if isinstance(around, If):
        if any(inner is statement for statement in around.body):
            _split(around.test, True, found)
        elif any(inner is statement for statement in around.orelse):
            _split(around.test, False, found)
    elif isinstance(around, While) and inner is not around.test:
        _split(around.test, True, found)
    elif isinstance(around, Conditional):
        if inner is around.then:
            _split(around.test, True, found)
        elif inner is around.other:
            _split(around.test, False, found)
    elif isinstance(around, Binary) and inner is around.right and around.op in ("and", "or"):
        _split(around.left, around.op == "and", found)
    elif isinstance(around, Comprehension) and inner is around.element:
        for test in around.tests:
            _split(test, True, found)


def _from_earlier(around: Node, inner: Statement, found: list[Condition]) -> None:
    for statements in body_of(around):
        if not any(inner is statement for statement in statements):
            continue
        for earlier in reversed(statements[: statements.index(inner)]):
            _from_statement(earlier, found)


def _from_statement(earlier: Statement, found: list[Condition]) -> None:
    """Add what holds behind a statement because it leaves otherwise; inside a ``with`` as well as by itself."""
    if isinstance(earlier, If):
        if exits(earlier.body):
            _split(earlier.test, False, found)
        elif earlier.orelse and exits(earlier.orelse):
            _split(earlier.test, True, found)
    elif isinstance(earlier, Block) or (isinstance(earlier, With) and not any(map(_swallows, earlier.items))):
        for inner in reversed(earlier.body):
            _from_statement(inner, found)


def _swallows(item: tuple[Expr, Expr | None]) -> bool:
    """Tell whether a ``with`` may end an error, and what follows runs all the same: ``with suppress(KeyError):``."""
    value = item[0]
    return isinstance(value, Call) and value.name in ("suppress", "suppressing", "ignored", "raises")


def _split(test: Expr, holds: bool, found: list[Condition]) -> None:
    """Add a test, and its parts where they must hold by themselves."""
    while isinstance(test, Unary) and test.op == "not":
        test, holds = test.operand, not holds
    found.append(Condition(test, holds))
    if isinstance(test, Binary) and test.op == ("and" if holds else "or"):
        _split(test.left, holds, found)
        _split(test.right, holds, found)


def before(node: Node) -> Iterator[Node]:
    """Yield the nodes that ran before this one whenever it runs, nearest statement first.

    Statements of branches that may not have been taken, and of nested functions, are left
    out; the tests of enclosing ``if`` and loops are in.
    """
    inner: Node = node
    for around in ancestors(node):
        if isinstance(inner, Statement):
            for earlier in reversed(_earlier(around, inner)):
                yield from _surely(earlier)
        yield from _before_inside(around, inner)
        if isinstance(around, Function):
            return
        inner = around


def _earlier(around: Node, inner: Statement) -> list[Statement]:
    """Return the statements before this one in its list; the arms of a switch are no such list."""
    if isinstance(around, Switch):
        return []
    for statements in body_of(around):
        if any(inner is statement for statement in statements):
            return statements[: statements.index(inner)]
    return []


def _before_inside(around: Node, inner: Node) -> Iterator[Node]:
    """Yield what a node evaluates before it comes to one of its parts."""
    first: Expr | None = None
    if isinstance(around, If | While):
        first = around.test
    elif isinstance(around, For):
        first = around.iterable
    elif isinstance(around, Switch):
        first = around.subject
    elif isinstance(around, Try):
        if any(inner is statement for statement in (*around.orelse, *around.final)):
            for statement in around.body:
                yield from _surely(statement)
    elif isinstance(around, Call | Binary | Assign):
        for child in around.children():
            if child is inner:
                break
            yield from walk(child, into_functions=False)
    if first is not None and first is not inner:
        yield from walk(first, into_functions=False)


def _surely(statement: Node) -> Iterator[Node]:
    """Yield what runs whenever this statement runs through."""
    yield statement
    tests, runs = _sure_parts(statement)
    for test in tests:
        yield from walk(test, into_functions=False)
    for inner in runs:
        yield from _surely(inner)
    if not isinstance(statement, If | For | While | Try | With | Block | Switch | Function):
        yield from (node for node in walk(statement, into_functions=False) if node is not statement)


def _sure_parts(statement: Node) -> tuple[list[Node], list[Statement]]:
    """Return the expressions and the statements inside that run whenever this one runs through."""
    if isinstance(statement, If):
        if exits(statement.body):
            return [statement.test], statement.orelse
        return [statement.test], statement.body if statement.orelse and exits(statement.orelse) else []
    if isinstance(statement, For):
        return [statement.iterable] if statement.iterable is not None else [], []
    if isinstance(statement, While):
        return [statement.test], []
    if isinstance(statement, Try):
        return [], [*statement.body, *statement.orelse, *statement.final]
    if isinstance(statement, With):
        return [value for value, _target in statement.items], statement.body
    if isinstance(statement, Block):
        return [], statement.body
    return ([statement.subject], []) if isinstance(statement, Switch) else ([], [])


def after(node: Node) -> Iterator[Node]:
    """Yield the nodes of the same function that may run after this one's statement, in order.

    The rest of each enclosing block up to where control leaves the function, enclosing ``finally`` blocks, and, inside
    a loop, the whole loop again. Nested functions are not entered.
    """
    inner: Node = node
    left = False
    for around in ancestors(node):
        if isinstance(inner, Statement) and not left:
            for statements in body_of(around):
                if any(inner is statement for statement in statements):
                    place = statements.index(inner)
                    leaves = isinstance(inner, Case) and exits(inner.body)  # no case behind it is fallen into
                    yield from walk(statements[place + 1 :] if not leaves else [], into_functions=False)
                    left = any(isinstance(one, Return | Throw) for one in statements[place:])
        if isinstance(around, Try) and any(inner is s for s in around.body):
            yield from walk([*around.handlers, *around.final], into_functions=False)
            left = left and not around.handlers
        elif isinstance(around, Try) and isinstance(inner, Handler):
            yield from walk(around.final, into_functions=False)
        elif isinstance(around, For | While) and not left:
            yield from walk(around.body, into_functions=False)
        if isinstance(around, Function):
            return
        inner = around


def guarding_try(node: Node) -> Try | None:
    """Return the nearest ``try`` whose body holds the node and that has a handler, inside its function."""
    inner: Node = node
    for around in ancestors(node):
        if isinstance(around, Try) and around.handlers and any(inner is s for s in around.body):
            return around
        if isinstance(around, Function):
            return None
        inner = around
    return None


def enclosing_loop(node: Node) -> For | While | None:
    """Return the nearest loop around a node inside its function."""
    for around in ancestors(node):
        if isinstance(around, For | While):
            return around
        if isinstance(around, Function):
            return None
    return None


def in_handler(node: Node) -> Handler | None:
    """Return the ``catch`` or ``except`` clause around a node inside its function."""
    for around in ancestors(node):
        if isinstance(around, Handler):
            return around
        if isinstance(around, Function):
            return None
    return None


class Use(Struct, frozen=True):
    """What directly becomes of a value.

    ``how`` is ``dropped`` (an expression statement), ``assigned``, ``returned``, ``thrown``,
    ``argument``, ``receiver`` (a member of it is taken), ``tested``, ``item`` (put into a
    literal), ``yielded``, ``spread``, ``iterated`` or ``other``. ``awaited`` tells whether an
    ``await`` stood between. ``by`` is the node that uses it.
    """

    how: str
    by: Node | None
    awaited: bool


def use_of(expr: Expr) -> Use:
    """Return what becomes of the value of an expression; casts, awaits and both ways of a choice are seen through."""
    awaited = False
    inner: Node = expr
    for around in ancestors(expr):
        if isinstance(around, Await):
            awaited = True
        elif not isinstance(around, Cast) and not (isinstance(around, Conditional) and inner is not around.test):
            return Use(_how(around, inner), around, awaited)
        inner = around
    return Use("other", None, awaited)


def _how(around: Node, inner: Node) -> str:
    if isinstance(around, ExprStatement):
        return "dropped"
    if isinstance(around, Assign):
        return "assigned" if inner is around.value else "other"
    if isinstance(around, Call):
        return "argument" if inner is not around.callee else "called"
    if isinstance(around, If | While | Conditional):
        return "tested" if inner is around.test else "other"
    if isinstance(around, Unary) and around.op == "void":
        return "dropped"
    if isinstance(around, Binary) and around.op in ("and", "or") and inner is around.right:
        return "dropped" if isinstance(around.parent, ExprStatement) else "other"
    if isinstance(around, For):
        return "iterated" if inner is around.iterable else "other"
    if isinstance(around, Case | Switch):
        return "tested"
    for kind, how in _PLAIN_USES:
        if isinstance(around, kind):
            return how
    return "other"


_PLAIN_USES: tuple[tuple[type[Node], str], ...] = (
    (Return, "returned"),
    (Throw, "thrown"),
    (Member, "receiver"),
    (Yield, "yielded"),
    (Spread, "spread"),
    (Unary, "tested"),
    (Binary, "tested"),
)


def returns_of(function: Function) -> Iterator[Return]:
    """Yield the ``return`` statements of a function itself, not of functions inside it."""
    return find(function.body, Return, into_functions=False)


def falls_off(function: Function) -> bool:
    """Tell whether control can reach the end of a function without a ``return`` or a ``throw``."""
    return not exits(function.body)
