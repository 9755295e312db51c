"""COM027: a command that nobody registered is answered with nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Conditional,
    Expr,
    Function,
    If,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Return,
    Try,
    Unary,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, inside, names_in, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.executing import Execution, command_executions
from reviewer.experts.communication.vocabulary import first_word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_COMMANDS: Final = frozenset(
    "command commands cmd cmds action actions verb verbs operation operations tool tools rpc method methods procedure "
    "procedures intent intents op ops".split()
)
_RUNS: Final = frozenset({"execute", "invoke", "exec", "perform"})
_TRIES: Final = frozenset("try maybe optional if may attempt notify emit".split())
_NOTHING: Final = ("undefined", "null", "none", "optional", "void")


@module_check("COM027", words=_COMMANDS | {"execute", "invoke", "call", "ask", "dispatch", "request", "run", "perform"})
def command_unknown(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak where a function that answers with a command's result answers the same way when there is no command."""
    if module.is_test:
        return
    seen: set[int] = set()
    for execution in command_executions(inquiry, module):
        function = execution.function
        if id(function) in seen or not _is_asked(execution) or not _answers(execution):
            continue
        seen.add(id(function))
        silent = (
            _optional_call(execution)
            or _silent_return(execution)
            or _falls_through(execution)
            or _else_nothing(execution)
        )
        if silent is not None:
            yield Match(
                silent,
                f"'{function.name}' answers a command that nobody registered with nothing, as if it had run: a "
                "misspelt name, or a plugin that is not there, looks like success.",
            )


def _is_asked(execution: Execution) -> bool:
    """Tell whether names say that a command is run which somebody asked for, and that its absence is no answer."""
    function = execution.function
    said = set(words(function.name)) | set(words(execution.table_name))
    if said & _TRIES or any(word in function.returns.lower() for word in _NOTHING):
        return False
    around: Function | None = function
    while around is not None:
        said |= set(words(around.name)) | (set(words(around.owner.name)) if around.owner is not None else set())
        around = around.outer
    said |= {word for param in function.params for word in words(param.name)}
    if not said & _COMMANDS and first_word(function.name) not in _RUNS:
        return False
    key = strip(execution.source_key) if execution.source_key is not None else None
    given = {param.name for param in function.params}
    return isinstance(key, Name) and key.id in given


def _answers(execution: Execution) -> bool:
    """Tell whether the function gives back what the command gave."""
    if any(isinstance(around, Return) for around in ancestors(execution.call)):
        return True
    kept = {
        around.target.id
        for around in ancestors(execution.call)
        if isinstance(around, Assign) and isinstance(around.target, Name)
    }
    return any(node.value is not None and names_in(node.value) & kept for node in returns_of(execution.function))


def _optional_call(execution: Execution) -> Node | None:
    callee = strip(execution.call.callee)
    asked = execution.call.optional or (isinstance(callee, Member | Index) and callee.optional)
    if not asked or any(isinstance(a, Binary) and a.op == "??" for a in ancestors(execution.call)):
        return None
    return execution.call


def _silent_return(execution: Execution) -> Node | None:
    """Return the early exit with nothing where the table has no such command."""
    entry = _entry_names(execution)
    for node in find(execution.function.body, If, into_functions=False):
        if inside(execution.call, node) or len(node.body) != 1 or not isinstance(node.body[0], Return):
            continue
        if _is_nothing(node.body[0].value) and _absent(execution, strip(node.test), entry):
            return node.body[0]
    return None


def _falls_through(execution: Execution) -> Node | None:
    """Return the test that alone leads to the command, and behind which there is nothing: ``if (entry) return …``."""
    body = execution.function.body
    if len(body) > 1 and isinstance(body[-1], Return) and _is_nothing(body[-1].value):
        body = body[:-1]
    last = body[-1] if body else None
    if not isinstance(last, If) or last.orelse or not inside(execution.call, last):
        return None
    test = strip(last.test)
    found = isinstance(test, Name) and test.id in _entry_names(execution)
    return last if found or (isinstance(test, Call) and test.name == "has" and _of_table(execution, test)) else None


def _else_nothing(execution: Execution) -> Node | None:
    """Return ``entry ? run(entry) : undefined``, or the clause that answers a missing key with nothing."""
    for around in ancestors(execution.call):
        if isinstance(around, Conditional) and inside(execution.call, around.then):
            test = strip(around.test)
            asked = isinstance(test, Name) and test.id in _entry_names(execution)
            return around if asked and _is_nothing(around.other) else None
        if isinstance(around, Function):
            break
    for guard in find(execution.function.body, Try, into_functions=False):
        looks = any(isinstance(n, Index) and _of_table(execution, n.object) for n in walk(guard.body))
        for handler in guard.handlers if looks else ():
            missing = any(getattr(kind, "id", "") == "KeyError" for kind in handler.types)
            only = handler.body[0] if len(handler.body) == 1 else None
            if missing and isinstance(only, Return) and _is_nothing(only.value):
                return only
    return None


def _is_nothing(value: Expr | None) -> bool:
    """Tell whether an answer is nothing, or says that all went well."""
    inner = strip(value) if value is not None else None
    if isinstance(inner, Object):
        return any(isinstance(said := inner.get(key), Literal) and said.value is True for key in ("ok", "success"))
    return inner is None or (isinstance(inner, Literal) and inner.value is None)


def _entry_names(execution: Execution) -> set[str]:
    """Return the variables that hold what was looked up, the pieces that it was taken apart into included."""
    found: set[str] = set()
    expr: Expr | None = execution.call.callee
    for _ in range(6):
        expr = strip(expr) if expr is not None else None
        while isinstance(expr, Member | Index):
            expr = strip(expr.object)
        if not isinstance(expr, Name):
            break
        found.add(expr.id)
        bound = execution.function.module.scopes.lookup(expr.id, expr)
        last = bound[-1] if bound else None
        expr = last.value if isinstance(last, Assign) else None
    return found


def _absent(execution: Execution, test: Expr, entry: set[str]) -> bool:
    """Tell whether a test holds where nothing was found: ``!entry``, ``entry is None``, ``name not in table``."""
    if isinstance(test, Unary) and test.op == "not":
        inner = strip(test.operand)
        if isinstance(inner, Name):
            return inner.id in entry
        return isinstance(inner, Call) and inner.name in ("has", "includes") and _of_table(execution, inner)
    if isinstance(test, Binary) and test.op == "==":
        sides = (strip(test.left), strip(test.right))
        nothing = any(isinstance(side, Literal) and side.value is None for side in sides)
        return nothing and any(isinstance(side, Name) and side.id in entry for side in sides)
    return isinstance(test, Binary) and test.op == "not in" and _of_table(execution, test.right)


def _of_table(execution: Execution, node: Node) -> bool:
    return any(execution.table_name in (getattr(part, "id", ""), getattr(part, "name", "")) for part in walk(node))
