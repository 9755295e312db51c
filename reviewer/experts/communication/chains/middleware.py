"""Middleware functions, and how often each way through one calls ``next``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from reviewer.code.contexts import context_parameter
from reviewer.code.syntax import (
    Assign,
    Await,
    Binary,
    Block,
    Call,
    Conditional,
    ExprStatement,
    For,
    Function,
    If,
    Jump,
    Member,
    Name,
    Node,
    Param,
    Return,
    Switch,
    Throw,
    Try,
    While,
    With,
)
from reviewer.code.text.words import words
from reviewer.code.walk import function_of, walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewer.code.module import Module
    from reviewer.code.syntax import Statement

NEXTS: Final = frozenset(
    {
        "next",
        "next_",
        "_next",
        "nxt",
        "callnext",
        "nexthandler",
        "nextmiddleware",
        "proceed",
        "nextcall",
        "nextstep",
        "nextfn",
        "nextfunc",
        "passon",
        "donext",
    }
)
"""Names of the parameter that runs the rest of the chain, lower case without separators."""
_WEAK_NEXTS: Final = frozenset(
    "go goon rest callrest therest carryon goahead onward onwards advance passalong downstream inner forward resume "
    "handon callon following further continuechain nextone callinner runrest".split()
)
"""Names that say so where the parameter is only called, and what it gives is waited for or given back."""
_NEXT_TYPES: Final = NEXTS - {"proceed", "passon", "donext"} | {"nextfunction"}
"""Names of its type."""
_READS: Final = frozenset(
    "get has keys values items entries includes startsWith endsWith startswith endswith toString slice copy".split()
)
"""Methods that only look at a message, and answer nobody."""
ANSWERS: Final = frozenset(
    "send json end redirect render reply respond response res abort cancel reject deny stop prevent drop dropped "
    "refuse block fail error throw write close set status drops".split()
)
"""Words of calls by which a middleware answers, or ends what it was handed."""
_MOST_STATES: Final = 12
State = tuple[int, bool]
"""How often next was called (2 for more), and whether the message was answered or changed in hand."""


class Exit(Struct):
    """One way out of a middleware: the ``return``, or the function where it falls off its end."""

    at: Node
    states: set[State]


class Middleware(Struct):
    """A function that is handed the rest of a chain.

    ``exits`` are its ways out, ``twice`` the calls of a second ``next``.
    """

    function: Function
    param: Param
    calls: list[Call] = field(default_factory=list)
    exits: list[Exit] = field(default_factory=list)
    twice: list[Call] = field(default_factory=list)
    plain: bool = True
    """False where ``next`` is handed on or called by an inner function, so that counting says nothing."""
    rest: Function | None = None
    """The callback of a promise that the middleware gives back, where the chain goes on in there alone."""


def middlewares(module: Module) -> Iterator[Middleware]:
    """Yield the middleware functions of a module."""
    for function in module.functions:
        if function.signature_only or not function.params or function.kind in ("constructor", "getter", "setter"):
            continue
        param = function.params[-1]
        if len(function.params) < 2 or not _callable(param) or not (_is_next(param) or _goes_on_by(function, param)):
            continue
        found = Middleware(function, param)
        _note_calls(found)
        if found.plain and found.calls:
            walker = _Walker(found)
            counted = found.rest or function
            rest = walker.run(counted.body, {(0, False)})
            if rest:
                found.exits.append(Exit(counted, rest))
        yield found


def _is_next(param: Param) -> bool:
    """Tell whether a parameter runs the rest of the chain, by its name or by the name of its type."""
    return "".join(words(param.name)) in NEXTS or "".join(words(param.type.split("[")[0].split("<")[0])) in _NEXT_TYPES


def _goes_on_by(function: Function, param: Param) -> bool:
    """Tell whether the last parameter is only called, with nothing or what the function was given, and waited for."""
    if "".join(words(param.name)) not in _WEAK_NEXTS:
        return False
    given = {one.name for one in function.params[:-1]}
    uses = [node for node in walk(function.body) if isinstance(node, Name) and node.id == param.name]
    return bool(uses) and all(
        isinstance(call := use.parent, Call)
        and call.callee is use
        and len(call.args) <= len(given)
        and all(isinstance(arg, Name) and arg.id in given for arg in call.args)
        and isinstance(call.parent, Await | Return)
        for use in uses
    )


def _callable(param: Param) -> bool:
    """Tell whether a parameter may be a function by its declared type."""
    declared = param.type.strip()
    return declared not in ("str", "int", "string", "number", "boolean", "bool") and "iterator" not in declared.lower()


def _note_calls(found: Middleware) -> None:
    name = found.param.name
    for node in walk(found.function.body):
        if isinstance(node, Name) and node.id == name:
            parent = node.parent
            if isinstance(parent, Call) and parent.callee is node:
                found.calls.append(parent)
            else:
                found.plain = False
    around = {id(one): one for call in found.calls if (one := function_of(call)) is not None}
    only = next(iter(around.values())) if len(around) == 1 else None
    if only is not None and only is not found.function and _goes_on_in(found.function, only):
        found.rest = only
    elif around and only is not found.function:
        found.plain = False


def _goes_on_in(function: Function, callback: Function) -> bool:
    """Tell whether a function gives back a promise and does the rest in its callback: ``return x.then((y) => …)``."""
    node = callback.parent
    if not isinstance(node, Call) or node.name != "then" or node.arg(0) is not callback:
        return False
    while isinstance(node.parent, Member) and isinstance(node.parent.parent, Call):
        node = node.parent.parent
        if node.name not in ("catch", "finally"):
            return False
    return isinstance(node.parent, Return) and function_of(node) is function


class _Walker:
    """Goes through the statements of one middleware and counts."""

    def __init__(self, found: Middleware) -> None:
        self._found = found
        self._calls = {id(call) for call in found.calls}
        self._message = message_names(found.function)

    def run(self, statements: Sequence[Statement], states: set[State]) -> set[State]:
        """Return the states in which control leaves a list of statements at its end."""
        for statement in statements:
            if not states:
                return states
            states = self._one(statement, states)
        return states

    def _one(self, statement: Statement, states: set[State]) -> set[State]:
        if isinstance(statement, Return):
            if statement.value is not None:
                states = self._expression(statement.value, states)
            self._found.exits.append(Exit(statement, states))
            return set()
        if isinstance(statement, Throw):
            return set()
        if isinstance(statement, If):
            states = self._expression(statement.test, states)
            return self._bounded(self.run(statement.body, states) | self.run(statement.orelse, states))
        if isinstance(statement, Try):
            return self._try(statement, states)
        if isinstance(statement, For | While):
            inner = self.run(statement.body, {(min(c, 1), a) for c, a in states})
            return self._bounded(states | {(min(c, 1), a) for c, a in inner})
        if isinstance(statement, Switch):
            return self._switch(statement, states)
        if isinstance(statement, Block | With):
            return self.run(statement.body, states)
        if isinstance(statement, Jump):
            return states
        if isinstance(statement, Function):
            return states
        return self._expression(statement, states)

    def _try(self, statement: Try, states: set[State]) -> set[State]:
        behind = self.run(statement.body, states)
        behind = self.run(statement.orelse, behind)
        thrown = set(states)
        if any(isinstance(n, Await) and id(n.value) in self._calls for n in walk(statement.body, into_functions=False)):
            thrown |= {(min(c + 1, 2), a) for c, a in states}
        for handler in statement.handlers:
            behind = behind | self.run(handler.body, thrown)
        return self.run(statement.final, self._bounded(behind)) if statement.final else self._bounded(behind)

    def _switch(self, statement: Switch, states: set[State]) -> set[State]:
        left: set[State] = set()
        whole = False
        falling: set[State] = set()
        for case in statement.cases:
            whole = whole or not case.tests
            end = self.run([s for s in case.body if not isinstance(s, Jump)], states | falling)
            stops = any(isinstance(s, Jump) for s in case.body)
            falling = set() if stops else end
            left |= end
        return self._bounded(left if whole else left | states)

    def _expression(self, node: Node, states: set[State]) -> set[State]:
        for part in walk(node, into_functions=False):
            if isinstance(part, Call) and id(part) in self._calls:
                after = {(min(c + 1, 2), a) for c, a in states}
                if (all(c >= 1 for c, _a in states) and states) or (
                    any(c >= 1 for c, _a in states) and not _optional(part, node)
                ):
                    self._found.twice.append(part)
                states = states | after if _optional(part, node) else after
        if self._touches(node):
            states = {(c, True) for c, _a in states}
        return self._bounded(states)

    def _touches(self, node: Node) -> bool:
        """Tell whether a statement answers: it calls a method of a message or sets a field of one.

        Where only what a method gives is kept (``const notes = page.slides.filter(…)``), it was a look and no answer.
        """
        if not isinstance(node, ExprStatement):
            return False
        kept = isinstance(node.value, Assign)
        for part in walk(node, into_functions=False):
            if isinstance(part, Assign) and isinstance(part.target, Member) and _root(part.target) in self._message:
                return True
            asks = isinstance(part, Call) and id(part) not in self._calls and part.name not in _READS
            asks = asks and not (kept and isinstance(part, Call) and ANSWERS.isdisjoint(words(part.name)))
            if asks and isinstance(part, Call) and _root(part.callee) in self._message:
                return True
        return False

    @staticmethod
    def _bounded(states: set[State]) -> set[State]:
        return set(sorted(states)[:_MOST_STATES])


def message_names(function: Function) -> set[str]:
    """Return the names of the message that a middleware is handed; the plugin's context beside one is none."""
    given = function.params[:-1]
    messages = [param for param in given if not context_parameter(function, param)] or given
    return {param.name for param in messages} | {name for param in messages for name in param.fields.values()}


def _optional(part: Node, top: Node) -> bool:
    """Tell whether a part of an expression may not run: behind a short circuit or in a conditional."""
    inner: Node = part
    node = part.parent
    while node is not None and inner is not top:
        if isinstance(node, Binary) and node.op in ("and", "or", "??") and inner is node.right:
            return True
        if isinstance(node, Conditional) and inner is not node.test:
            return True
        inner, node = node, node.parent
    return False


def _root(expr: Node | None) -> str:
    while isinstance(expr, Member | Call | Await):
        expr = expr.object if isinstance(expr, Member) else expr.callee if isinstance(expr, Call) else expr.value
    return expr.id if isinstance(expr, Name) else ""
