"""Where code notes for whom it works while it runs the code of others, and where it takes that note back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Assign,
    Call,
    Comprehension,
    Delete,
    Expr,
    For,
    Function,
    Handler,
    Imported,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Param,
    Return,
    Throw,
    Try,
    Unary,
    With,
    is_nothing,
    strip,
)
from reviewer.code.walk import ancestors, calls_in, find, function_of, inside, names_in
from reviewer.experts.patterns.context_variables import is_context_variable
from reviewer.experts.patterns.sharing import home

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module

_PUSHES: Final = frozenset({"push", "append", "unshift", "appendleft"})
_POPS: Final = frozenset({"pop", "shift", "popleft", "splice"})
_RESETS: Final = frozenset({"set", "reset", "enterWith", "disable", "exit"})
_LATER: Final = frozenset({"finally", "callback", "push_async_callback", "addCleanup", "defer", "add_done_callback"})
"""Calls that have a function run when all is over, whatever became of it."""
_DONE: Final = frozenset({"then", "catch"})


class Noted(Struct, frozen=True):
    """One note for whom work is done: ``holder`` is its text, ``value`` whom it names.

    ``ambient`` tells that the note follows the flow of the calls, as a context variable does: nobody but the one
    that sets it can take it back.
    """

    at: Node
    function: Function
    holder: str
    value: Expr
    ambient: bool
    stacked: bool = False


def notes(module: Module) -> Iterator[Noted]:
    """Yield each place of a function where somebody is noted in what outlives the call."""
    for call in module.calls(("set", "enterWith", *_PUSHES)):
        function = function_of(call)
        if function is None or call.receiver is None or not call.args or _is_empty(call.args[0]):
            continue
        stacked = call.name in _PUSHES
        if stacked and not _outlives(module, function, call.receiver):
            continue
        if call.name == "set" and not (module.language == "python" and is_context_variable(module, call.receiver)):
            continue
        if call.name == "enterWith" and not is_store(module, call.receiver):
            continue
        yield Noted(call, function, module.text_of(call.receiver), call.args[0], not stacked, stacked)
    for node in module.all(Assign):
        function = function_of(node)
        if function is None or node.declare or node.op != "=" or node.value is None or _is_empty(node.value):
            continue
        if _outlives(module, function, node.target):
            yield Noted(node, function, module.text_of(node.target), node.value, ambient=False)


def notes_caller(module: Module, function: Function) -> bool:
    """Tell whether a function notes whom it was told of in what follows the flow of the calls that it makes."""
    told = {name for param in function.params for name in (param.name, *param.fields.values())}
    entered = (one for one in module.calls(("run",)) if function_of(one) is function and len(one.args) > 1)
    if any(names_in(one.args[0]) & told and is_store(module, one.receiver) for one in entered):
        return True
    if any(one.ambient and one.function is function and names_in(one.value) & told for one in notes(module)):
        return True
    return any(_is_noted_by(module, call, told) for call in calls_in(function.body))


def _is_noted_by(module: Module, call: Call, told: set[str]) -> bool:
    """Tell whether a call hands somebody to a helper that notes him around the work: ``as_caller(badge, work)``."""
    given = next((place for place, one in enumerate(call.args) if isinstance(one, Name) and one.id in told), None)
    if given is None or not any(isinstance(strip(one), Function | Call) for one in call.args):
        return False
    target = definition(module, call.callee)
    if not isinstance(target, Function) or given >= len(target.params):
        return False
    param = target.params[given].name
    there = target.module
    return any(one.ambient and one.function is target and param in names_in(one.value) for one in notes(there))


def is_store(module: Module, holder: Expr | None) -> bool:
    """Tell whether something is an ``AsyncLocalStorage``, of this file or of another."""
    made: object = module.scopes.origin(holder) if holder is not None else None
    if isinstance(made, Imported) and module.project is not None:
        made = module.project.definition(module, made)
    return isinstance(made, Call) and made.name == "AsyncLocalStorage"


def _is_empty(value: Expr) -> bool:
    made = strip(value)
    return is_nothing(made) or isinstance(made, Literal) or (isinstance(made, Array) and not made.items)


def _outlives(module: Module, function: Function, holder: Expr) -> bool:
    """Tell whether something is still there when the call of a function is over: a field, or a variable around it."""
    holder = strip(holder)
    if is_this_member(holder):
        return function.kind != "constructor" and function.name != "__init__"
    if isinstance(holder, Member):
        return isinstance(holder.object, Name) and _outlives(module, function, holder.object)
    if not isinstance(holder, Name) or holder.id == "this":
        return False
    lives = home(module, holder.id, holder)
    if lives is None or lives.scope is function:
        return False
    return not any(isinstance(one, Param) for one in lives.bindings)


def taken_back(module: Module, note: Noted) -> list[Node]:
    """Return where a function, or one that stands in it, gives a holder another value behind a note."""
    return [
        node
        for node in find(note.function.body, Node)
        if node.start > note.at.start and not inside(node, note.at) and _gives_other(module, note, node)
    ]


def _gives_other(module: Module, note: Noted, node: Node) -> bool:
    if isinstance(node, Assign):
        return module.text_of(node.target) == (f"{note.holder}.length" if note.stacked else note.holder)
    if isinstance(node, Delete):
        return any(module.text_of(gone).startswith(note.holder) for gone in node.targets)
    if isinstance(node, Unary):
        return node.op == "delete" and module.text_of(node.operand) == note.holder
    if not isinstance(node, Call) or node.receiver is None or module.text_of(node.receiver) != note.holder:
        return False
    return node.name in (_POPS if note.stacked else _RESETS)


def whatever_happens(back: Node, function: Function) -> bool:
    """Tell whether a note is taken back also when what ran in between has failed."""
    inner = back
    for around in ancestors(back):
        if isinstance(around, Try) and any(inner is one for one in around.final):
            return True
        if isinstance(around, Handler):
            return True
        if isinstance(around, Call) and around.name in _LATER and inner in around.args:
            return True
        if isinstance(around, Call) and around.name == "then" and inner in around.args[1:]:
            return True
        if isinstance(around, Call) and around.name == "catch" and inner in around.args:
            return True
        if around is function:
            return False
        if isinstance(around, Function) and not _is_step(around):
            return True  # a function that somebody calls when it is over: who knows when
        inner = around
    return False


def _is_step(function: Function) -> bool:
    """Tell whether a function is what a promise goes on with: ``.then((answer) => { … })``."""
    around = function.parent
    return isinstance(around, Call) and around.name in _DONE and function in around.args


def runs_others(module: Module, note: Noted, until: Node | None) -> Call | None:
    """Return the call behind a note that runs what was taken in from outside, where its error goes on up."""
    for call in calls_in(note.function.body):
        if call.start <= note.at.start or (until is not None and call.start > until.start and not inside(until, call)):
            continue
        if is_taken_in(module, call, note.function) and not _is_swallowed(call, note.function):
            return call
    return None


def is_taken_in(module: Module, call: Call, function: Function) -> bool:
    """Tell whether what is called was handed in, or was looked up in what is kept."""
    root = strip(call.callee)
    while isinstance(root, Member):
        root = strip(root.object)
    if _is_look_up(root):
        return True
    if not isinstance(root, Name) or root.id in ("this", "super"):
        return False
    plain = isinstance(strip(call.callee), Name)
    for bound in module.scopes.lookup(root.id, root):
        if isinstance(bound, Param):
            return plain or bound.parent is function
        if isinstance(bound, For | Comprehension):
            return True
        if isinstance(bound, Assign) and function_of(bound) is not None and bound.value is not None:
            return _is_look_up(strip(bound.value))
    return False


def _is_look_up(value: Expr) -> bool:
    return isinstance(value, Index) or (isinstance(value, Call) and value.name in ("get", "at", "find"))


def _is_swallowed(call: Call, function: Function) -> bool:
    """Tell whether an error of a call ends where it is caught, so that what stands behind runs all the same."""
    inner: Node = call
    for around in ancestors(call):
        if isinstance(around, Try) and any(inner is one for one in around.body) and _ends_error(around.handlers):
            return True
        if isinstance(around, With) and any(_suppresses(value) for value, _target in around.items):
            return True
        if around is function:
            return False
        inner = around
    return False


def _ends_error(handlers: list[Handler]) -> bool:
    return any(not one.types or _is_broad(one) for one in handlers) and not any(_goes_up(one) for one in handlers)


def _suppresses(value: Expr) -> bool:
    made = strip(value)
    return isinstance(made, Call) and made.name == "suppress"


def _is_broad(handler: Handler) -> bool:
    return any(isinstance(one, Name) and one.id in ("Exception", "BaseException") for one in handler.types)


def _goes_up(handler: Handler) -> bool:
    return any(isinstance(one, Throw | Return) for one in find(handler.body, Node, into_functions=False))
