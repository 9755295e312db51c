"""What a handler does on its way to a call, and whether what it sends brings it there again.

An event that is sent again goes the same way once more unless something on that way has changed: a field of the event
that was asked for, or what the handler itself keeps. Whether there is an event, and whether its fields are of the right
kind, is answered for the second as for the first.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.flow import Condition, conditions
from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Assign,
    Await,
    Binary,
    Call,
    Expr,
    Function,
    Handler,
    If,
    Index,
    Literal,
    Member,
    Name,
    Object,
    Param,
    Spread,
    Throw,
    Unary,
    is_nothing,
    strip,
)
from reviewer.code.text.ideas import SENDS
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, statement_of
from reviewer.experts.communication.constants import fixed_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module

Path = tuple[str, ...]
"""What of an event an expression is: ``()`` for the event itself, ``("id",)`` for its field."""

RUNS: Final = frozenset("execute exec invoke run call ask perform".split())
"""Functions that run a command by its name."""
_STEPS: Final = 12
_MOST: Final = 400
_ASKS_KIND: Final = frozenset(
    "isArray isFinite isInteger isSafeInteger isNaN isinstance callable Number String Boolean typeof len float int str "
    "Array Object type hasattr".split()
)
"""Functions that are asked what kind of value something is."""
_READS: Final = frozenset({"get", "has", "at", "find", "some", "every", "includes", "filter", "map", "keys", "values"})
"""What leaves the object that it is called on as it was."""


class Frame(Struct, frozen=True):
    """A function on the way, what it was given there, and what had to hold."""

    function: Function
    given: dict[str, tuple[Expr, Frame]]
    """What its parameters are, as the caller says it."""
    tests: tuple[tuple[Condition, Frame], ...]
    event: frozenset[str]
    """Its parameters that hold the event, where it is the handler itself."""
    reached: list[Function]
    """All functions that handling the event comes to."""
    asked: tuple[Module, Call] | None = None
    """The call by which a command was run on the way."""

    def path(self, expr: Expr | None, steps: int = 0) -> Path | None:
        """Return what of the event an expression is; None where it is something else."""
        if expr is None or steps > _STEPS:
            return None
        expr, module = strip(expr), self.function.module
        if isinstance(expr, Member):
            return _under(self.path(expr.object, steps + 1), expr.name)
        if isinstance(expr, Index):
            key = expr.key.value if isinstance(expr.key, Literal) else None
            return _under(self.path(expr.object, steps + 1), key) if isinstance(key, str) else None
        if isinstance(expr, Binary) and expr.op in ("??", "or"):
            return self.path(expr.left, steps + 1)
        if isinstance(expr, Call):
            return self._of_call(expr, steps + 1)
        if not isinstance(expr, Name):
            return None
        bound = module.scopes.lookup(expr.id, expr)
        only = bound[0] if len(bound) == 1 else None
        if isinstance(only, Param):
            return self._of_parameter(expr.id, only, steps + 1)
        return self.path(only.value, steps + 1) if isinstance(only, Assign) and only.op == "=" else None

    def _of_parameter(self, name: str, param: Param, steps: int) -> Path | None:
        field = next((key for key, local in param.fields.items() if local == name), "")
        if param.parent is not self.function:
            return None
        if param.name in self.event or (field and name in self.event):
            return (field,) if field else ()
        given = self.given.get(param.name or name)
        made = strip(given[0]) if given is not None else None
        if given is not None and field and isinstance(made, Object) and (part := made.get(field)) is not None:
            return given[1].path(part, steps)
        whole = given[1].path(given[0], steps) if given is not None else None
        return _under(whole, field) if field else whole

    def _of_call(self, call: Call, steps: int) -> Path | None:
        """Return what a function makes of the event: ``data.get("id")``, or all of it read by ``holdFrom(data)``."""
        if call.name == "get" and call.receiver is not None and call.args:
            key = strip(call.args[0])
            if (at := self.path(call.receiver, steps)) is not None and isinstance(key, Literal):
                return _under(at, key.value if isinstance(key.value, str) else "")
        handed = (
            given.value if isinstance(given, Spread) else given for given in (*call.args, *call.keywords.values())
        )
        found = [path for given in handed if (path := self.path(given, steps)) is not None]
        return () if found == [()] else None  # of two parts it is a comparison, and no event

    def receiver(self, expr: Expr | None, steps: int = 0) -> tuple[Module, Expr] | None:
        """Return an expression as the first function of the way says it: what was handed down is what it is there."""
        if expr is None or steps > _STEPS:
            return None
        root = strip(expr)
        while isinstance(root, Member):
            root = strip(root.object)
        handed = self.given.get(root.id) if isinstance(root, Name) else None
        if handed is None or strip(expr) is not root:
            return self.function.module, expr
        return handed[1].receiver(handed[0], steps + 1)


def ways(handler: Function, commands: Mapping[str, Function]) -> list[tuple[Call, Frame]]:
    """Return the calls that handling an event may come to, in functions and commands that it calls as well."""
    event = frozenset(local for param in handler.params for local in (param.name, *param.fields.values()) if local)
    reached = [handler]
    stack = [Frame(handler, {}, (), event, reached)]
    found: list[tuple[Call, Frame]] = []
    seen = {id(handler)}
    for _ in range(_MOST):
        if not stack:
            break
        frame = stack.pop()
        module = frame.function.module
        for call in calls_in(frame.function.body, into_functions=False):
            if any(isinstance(around, Handler) for around in ancestors(call)):
                continue  # only after an error
            tests = (*frame.tests, *((one, frame) for one in conditions(call)))
            found.append((call, Frame(frame.function, frame.given, tests, frame.event, reached, frame.asked)))
            command = commands.get(fixed_text(module, call.args[0])) if call.args and call.name in RUNS else None
            target = command or definition(module, call.callee)
            if not isinstance(target, Function) or id(target) in seen or not target.body:
                continue
            seen.add(id(target))
            given = {
                name: (arg, frame)
                for param, arg in zip(target.params, call.args[1:] if command else call.args, strict=False)
                for name in (param.name, *param.fields.values())
                if not isinstance(arg, Spread) and name
            }
            given |= {name: (arg, frame) for name, arg in call.keywords.items()}
            asked = frame.asked or ((module, call) if command else None)
            stack.append(Frame(target, given, tests, frozenset(), reached, asked))
            reached.append(target)
    return found


def comes_again(frame: Frame, sent: Expr | None) -> bool:
    """Tell whether what is sent passes every test that the event has passed on the way to it."""
    changed = _changed(frame)
    return all(_passes_again(test, at, sent, frame, changed) for test, at in frame.tests)


def _passes_again(condition: Condition, at: Frame, sent: Expr | None, sender: Frame, changed: frozenset[str]) -> bool:
    test = strip(condition.test)
    if isinstance(test, Binary) and test.op in ("and", "or"):
        parts = (Condition(test.left, condition.holds), Condition(test.right, condition.holds))
        return all(_passes_again(part, at, sent, sender, changed) for part in parts)
    if isinstance(test, Unary) and test.op == "not":
        return _passes_again(Condition(test.operand, not condition.holds), at, sent, sender, changed)
    asked = list(_asked(test, at))
    if any(_keeps(expr, where, changed) for expr, where in asked):
        return False
    paths = [path for expr, where in asked if (path := where.path(expr)) is not None]
    strangers = [
        expr for expr, where in asked if where.path(expr) is None and _answers(expr) and not _looks(expr, where)
    ]
    if strangers and not _is_only_error(condition):
        return False
    if not paths:
        return bool(asked)
    if _asks_whether(test, condition):
        return all(_carries(sent, sender, path, same=False) for path in paths)
    return all(_carries(sent, sender, path, same=True) for path in paths)


def _asked(test: Expr, at: Frame, steps: int = 0) -> Iterator[tuple[Expr, Frame]]:
    """Yield the values that a test depends on: parts of the event, and what the locals in it were made of."""
    if steps > _STEPS:
        return
    test = strip(test)
    if at.path(test) is not None:
        yield test, at
        return
    if isinstance(test, Name):
        bound = at.function.module.scopes.lookup(test.id, test)
        only = bound[0] if len(bound) == 1 else None
        if isinstance(only, Assign) and only.value is not None and only.op == "=":
            yield from _asked(only.value, at, steps + 1)
        elif isinstance(only, Param) and (given := at.given.get(only.name or test.id)) is not None:
            yield from _asked(given[0], given[1], steps + 1)
        else:
            yield test, at
        return
    if isinstance(test, Literal):
        return
    if isinstance(test, Call):
        if test.name not in _ASKS_KIND and (test.receiver is not None or not test.args):
            yield test, at
        inner: list[Expr] = [*test.args, *test.keywords.values()]
    elif isinstance(test, Member):
        yield test, at
        inner = [test.object] if not isinstance(strip(test.object), Name) else []
    else:
        inner = [child for child in test.children() if isinstance(child, Expr)]
    for part in inner:
        yield from _asked(part, at, steps + 1)


def _keeps(expr: Expr, at: Frame, changed: frozenset[str]) -> bool:
    """Tell whether a value is one that the handler changes on its way: a flag, a count, a set of what was seen."""
    said = {name.id for name in find(expr, Name)} | {one.name for one in find(expr, Member)}
    return not changed.isdisjoint(said)


def _changed(frame: Frame) -> frozenset[str]:
    """Return the names of the fields and variables that handling an event changes, and of what it adds to."""
    found: set[str] = set()
    for function in frame.reached:
        for assign in find(function.body, Assign):
            if not _is_local(assign, function):
                found.add(_last(assign.target))
        for step in find(function.body, Unary):
            if step.op in ("++", "--", "delete"):
                found.add(_last(step.operand))
        for call in calls_in(function.body):
            if call.receiver is not None and call.name not in _READS | SENDS:
                found.add(_last(call.receiver))
    return frozenset(found - {"", "this"})


def _is_local(assign: Assign, function: Function) -> bool:
    """Tell whether an assignment gives a name of the function itself its only value."""
    target = strip(assign.target)
    if not isinstance(target, Name):
        return False
    bound = function.module.scopes.lookup(target.id, target)
    return len(bound) == 1 and bound[0] is assign


def _last(expr: Expr) -> str:
    expr = strip(expr)
    if isinstance(expr, Index):
        return _last(expr.object)
    return expr.name if isinstance(expr, Member) else expr.id if isinstance(expr, Name) else ""


def _answers(expr: Expr) -> bool:
    """Tell whether a value is what something outside of the handler answers, which may be another each time."""
    call = strip(expr)
    if not isinstance(call, Call):
        return False
    root = call.receiver
    while isinstance(root, Member):
        root = strip(root.object)
    own = isinstance(root, Name) and root.id == "this" and not isinstance(call.parent, Await)
    return not (own and call.name in _READS)


def _looks(expr: Expr, at: Frame) -> bool:
    """Tell whether a value is what a method of the same object finds, which changes nothing: it finds it again."""
    call = strip(expr)
    own = definition(at.function.module, call.callee) if isinstance(call, Call) else None
    if not isinstance(call, Call) or not is_this_member(strip(call.callee)) or not isinstance(own, Function):
        return False
    if own.asynchronous or own.signature_only or isinstance(call.parent, Await):
        return False
    held = (one for one in calls_in(own.body) if one.receiver is not None and is_this_member(strip(one.receiver)))
    return all(one.name in _READS for one in held) and all(_is_local(one, own) for one in find(own.body, Assign))


def _is_only_error(condition: Condition) -> bool:
    """Tell whether a test that fails only ends in an error."""
    around = statement_of(condition.test)
    return isinstance(around, If) and all(isinstance(one, Throw) for one in around.body)


def _asks_whether(test: Expr, condition: Condition) -> bool:
    """Tell whether a test asks whether there is something, or of what kind it is."""
    if isinstance(test, Name | Member | Index | Call) and condition.holds:
        return not isinstance(test, Call) or test.name in _ASKS_KIND or bool(set(words(test.name)) & {"is", "valid"})
    if isinstance(test, Binary) and test.op in ("==", "!=", "in", "instanceof"):
        sides = (strip(test.left), strip(test.right))
        if any(isinstance(one, Unary) and one.op == "typeof" for one in sides) or test.op == "instanceof":
            return True
        return any(map(is_nothing, sides)) and (test.op == "!=") == condition.holds
    return isinstance(test, Unary) and test.op == "typeof"


def _carries(sent: Expr | None, frame: Frame, path: Path, *, same: bool, steps: int = 0) -> bool:
    """Tell whether what is sent has a part of the event again, and where it must be the same, unchanged."""
    if sent is None or steps > _STEPS:
        return False
    if (at := frame.path(sent)) is not None:
        return path[: len(at)] == at or at == path
    sent = strip(sent)
    if isinstance(sent, Name):
        made = frame.function.module.scopes.origin(sent)
        return isinstance(made, Expr) and made is not sent and _carries(made, frame, path, same=same, steps=steps + 1)
    if not isinstance(sent, Object):
        return False
    if not path:
        return any(frame.path(value) is not None for _key, value in sent.entries)
    for key, value in reversed(sent.entries):
        if key is None:
            if (spread := frame.path(value)) is not None and path[: len(spread)] == spread:
                return True
        elif isinstance(key, Literal) and key.value == path[-1]:
            return not same or frame.path(value) == path
    return False


def _under(path: Path | None, name: str | None) -> Path | None:
    return (*path, name) if path is not None and name else path
