"""Brings statements that say the same into one form: conditions stand where they are asked, and no ``else`` is idle.

``const open = ports.has(n); if (open) …`` and ``const isOpen = () => ports.has(n); if (isOpen()) …`` become
``if (ports.has(n)) …`` where the name says nothing else in its function, ``if (a) return x; else …`` loses its
``else``, ``if m := find(x):`` is an assignment and a question of the name, and ``return a ? b : c`` is two returns.
Where the rest of a function or of a loop stands under one test, the test leaves instead: ``if (!a) return; …``.
Checks ask the tree for tests, for what runs before and for what is returned; none of them has to know these spellings.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import body_of, exits
from reviewer.code.form import build_expressions as expressions
from reviewer.code.form import build_statements as statements
from reviewer.code.form.tree import exchange
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Class,
    Conditional,
    Expr,
    ExprStatement,
    For,
    Function,
    If,
    Member,
    Name,
    Node,
    Return,
    Statement,
    Unary,
    strip,
)
from reviewer.code.walk import find, walk
from reviewer.core.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node as RawNode

    from reviewer.code.module import Module

_FETCHES: Final = frozenset({"get", "find", "pop"})
"""Calls that give a thing, of which a test asks only whether it is there."""
_OPPOSITES: Final = {
    "==": "!=", "!=": "==", "in": "not in", "not in": "in", "<": ">=", ">=": "<", ">": "<=", "<=": ">"
}  # fmt: skip
_WORD: Final = regex(rb"[A-Za-z_$][\w$]*")


def straighten(module: Module, body: list[Statement], around: RawNode) -> None:
    """Bring the statements of a function, or of a module, into one form; what is around them is read for names."""
    lists = _lists(body)
    hoisted = {name for listed in lists for name in _hoist(listed)}
    once = _named_once(module, lists, around, hoisted)
    if once:
        _ask_in_place(module, lists, once, anywhere=around.parent is not None)
    for listed in lists:
        if once:
            _name_no_condition(module, listed, once)
        _let_follow(listed)
        _return_apart(listed)
    answers = find(body, Return, into_functions=False)
    if around.parent is not None and all(answer.value is None for answer in answers):
        _leave_early(module, body, "return")
    for loop in find(body, For, into_functions=False):
        _leave_early(module, loop.body, "continue")


def _lists(body: list[Statement]) -> list[list[Statement]]:
    """Return the lists of statements of a function, inner ones first; nested functions are left out."""
    found = [body]
    for listed in found:  # it grows while it is read
        for statement in listed:
            if not isinstance(statement, Function | Class):
                found.extend(body_of(statement))
    return found[::-1]


# Assignments in a test


def _hoist(listed: list[Statement]) -> list[str]:
    """Let an assignment that a test makes first stand before it; return the names that are now read once more."""
    found: list[str] = []
    for place in range(len(listed) - 1, -1, -1):
        statement = listed[place]
        if not isinstance(statement, If):
            continue
        first = statement.test
        while isinstance(first, Unary | Binary):
            first = first.operand if isinstance(first, Unary) else first.left
        if isinstance(first, Assign) and isinstance(first.target, Name) and first.parent is not None:
            exchange(first, expressions.name(first.target.raw, first.target.id))
            before = statements.statement(first.raw, first)
            first.op = "=" if first.op == ":=" else first.op
            before.parent = statement.parent
            listed.insert(place, before)
            found.append(first.target.id)
    return found


# Conditions with a name of their own


def _named_once(module: Module, lists: list[list[Statement]], around: RawNode, hoisted: set[str]) -> frozenset[str]:
    """Return the names that statements here give to something and that are read once, and nowhere else spoken of."""
    made = {name for listed in lists for name in _candidates(listed)}
    if not made:
        return frozenset()
    counted: Counter[str] = Counter()
    for hit in _WORD.finditer(module.source, around.start_byte, around.end_byte):
        word = hit.group().decode("ascii")
        if word in made:
            counted[word] += 1
    return frozenset(name for name in made if counted[name] == (1 if name in hoisted else 2))


def _candidates(listed: list[Statement]) -> list[str]:
    """Return the names of what is asked right behind, and those of functions."""
    found: list[str] = []
    leads = False
    for statement in reversed(listed):
        name = _bound(statement)
        if name and (leads or _function(statement) is not None):
            found.append(name)
        leads = isinstance(statement, If) or (leads and bool(name))
    return found


def _function(statement: Statement) -> Function | None:
    """Return the function that a statement gives a name to."""
    made: Node | None = statement
    if isinstance(statement, ExprStatement) and isinstance(statement.value, Assign):
        made = statement.value.value
    return made if isinstance(made, Function) else None


def _bound(statement: Statement) -> str:
    """Return the name that a statement binds and does nothing else with."""
    if isinstance(statement, Function):
        return statement.name
    assign = statement.value if isinstance(statement, ExprStatement) else None
    if not isinstance(assign, Assign) or not isinstance(assign.target, Name) or assign.op != "=":
        return ""
    value = assign.value
    if value is None or value.parent is not assign or assign.default is not None or assign.declare == "using":
        return ""
    return assign.target.id


def _answer(statement: Statement) -> Expr | None:
    """Return what a function without parameters gives, where giving it is all that it does."""
    function = _function(statement)
    if function is None or function.asynchronous or function.generator or function.decorators:
        return None
    if function.owner is not None or function.signature_only or function.params or len(function.body) != 1:
        return None
    if function.returns not in ("", "bool", "boolean"):
        return None
    only = function.body[0]
    return only.value if isinstance(only, Return) else None


def _ask_in_place(module: Module, lists: list[list[Statement]], once: frozenset[str], *, anywhere: bool) -> None:
    """Put what a local function gives where it is called, if it is called in one place.

    A function of the module, which its name says something about, is taken only by a test: ``anywhere`` is False.
    """
    tests = [one.test for one in find(lists[-1], If, into_functions=False)]
    where = walk(lists[-1], into_functions=False) if anywhere else (part for test in tests for part in _asked(test))
    calls = {node.callee.id: node for node in where if isinstance(node, Call) and isinstance(node.callee, Name)}
    for listed in lists:
        for statement in list(listed):
            name = _bound(statement)
            call = calls.get(name) if name in once else None
            if call is None or call.args or call.keywords or call.new or call.parent is None:
                continue
            answer = _answer(statement)
            if answer is not None:
                _move(module, answer, call)
                listed.remove(statement)


def _move(module: Module, value: Expr, place: Expr) -> None:
    """Put an expression in the place of another."""
    home = value.parent
    exchange(place, value)
    module.moved.append(value)
    for inner in walk(value, into_functions=False):
        if isinstance(inner, Function | Class) and isinstance(home, Return):
            inner.outer = getattr(home.parent, "outer", None)


def _name_no_condition(module: Module, listed: list[Statement], once: frozenset[str]) -> None:
    """Put a condition that has a name before it is asked into the test that asks."""
    for place in range(len(listed) - 1, 0, -1):
        asked = listed[place]
        if isinstance(asked, If) and _taken_in(module, asked.test, listed[place - 1], once):
            del listed[place - 1]  # the test now stands where the loop looks next


def _taken_in(module: Module, test: Expr, before: Statement, once: frozenset[str]) -> bool:
    """Put the value of an assignment into a test that asks for its truth; tell whether that was done."""
    name = _bound(before)
    made = before.value if isinstance(before, ExprStatement) else None
    if name not in once or not isinstance(made, Assign) or made.value is None or not _is_condition(made.value):
        return False
    use = next((part for part in _asked(test) if isinstance(part, Name) and part.id == name), None)
    if use is not None:
        _move(module, made.value, use)
    return use is not None


def _is_condition(value: Expr) -> bool:
    """Tell whether a value says yes or no, and is no thing that was fetched or made."""
    value = strip(value)
    if isinstance(value, Call):
        return value.name not in _FETCHES and not value.new
    return isinstance(value, Binary | Unary | Member)


def _asked(test: Expr) -> list[Expr]:
    """Return the parts of a test whose truth is asked: it itself, what it denies, what it joins."""
    found = [test]
    for part in found:
        if isinstance(part, Unary) and part.op == "not":
            found.append(part.operand)
        elif isinstance(part, Binary) and part.op in ("and", "or"):
            found += [part.left, part.right]
    return found


# Branches


def _let_follow(listed: list[Statement]) -> None:
    """Let what stands under an ``else`` follow, where the branch before it leaves."""
    for place in range(len(listed) - 1, -1, -1):
        statement = listed[place]
        if isinstance(statement, If) and statement.orelse and exits(statement.body):
            rest, statement.orelse = statement.orelse, []
            for inner in rest:
                inner.parent = statement.parent
            listed[place + 1 : place + 1] = rest


def _return_apart(listed: list[Statement]) -> None:
    """Make two returns of one that chooses."""
    for place in range(len(listed) - 1, -1, -1):
        statement = listed[place]
        value = statement.value if isinstance(statement, Return) else None
        if not isinstance(value, Conditional) or statement.raw.id == value.raw.id:
            continue
        then = statements.return_(value.then.raw, value.then)
        other = statements.return_(value.other.raw, value.other)
        test = statements.if_(statement.raw, value.test, [then], [])
        test.parent = other.parent = statement.parent
        listed[place : place + 1] = [test, other]


# Guards


def _leave_early(module: Module, listed: list[Statement], kind: str) -> None:
    """Leave first where the rest of a function or a loop stands under one condition."""
    last = listed[-1] if listed else None
    while isinstance(last, If) and not last.orelse and last.body and not exits(last.body):
        inner = last.body
        last.test = _denied(module, last.test)
        last.test.parent = last
        leave: Statement = statements.return_(last.raw, None) if kind == "return" else statements.jump(last.raw, kind)
        leave.parent = last
        for statement in inner:
            statement.parent = last.parent
        last.body = [leave]
        listed.extend(inner)
        last = listed[-1]


def _denied(module: Module, test: Expr) -> Expr:
    """Return what holds where a test fails; a comparison is turned round, so that it still says what is compared."""
    if isinstance(test, Unary) and test.op == "not":
        return test.operand
    sought = isinstance(test, Binary) and test.op == "in"
    if isinstance(test, Binary) and test.op in _OPPOSITES and not (sought and module.language != "python"):
        return expressions.binary(test.raw, _OPPOSITES[test.op], test.left, test.right, test.strict)
    return expressions.unary(test.raw, "not", test)
