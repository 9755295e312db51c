"""COM481: results are looked through for failures that a wait for all together never puts among them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Assign,
    Await,
    Binary,
    Call,
    Comprehension,
    Expr,
    For,
    Function,
    Literal,
    Member,
    Name,
    Spread,
    Try,
    strip,
)
from reviewer.code.walk import calls_in, find, function_of, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_ERRORS: Final = ("Exception", "Error", "BaseException", "ExceptionGroup")
_EACH: Final = frozenset("filter map forEach some find every flatMap".split())


@module_check("COM481", words={"gather", "all"})
def failures_never_among(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each wait for all for a later question whether one of the results is an error."""
    if module.is_test:
        return
    name = "gather" if module.language == "python" else "all"
    for call in module.calls((name,)):
        if not _gives_up(module, call) or any(_minds(module, arg) for arg in call.args):
            continue
        function = function_of(call)
        home: Node | list[Node] = function if function is not None else list(module.body)
        asked = next((node for node in _questions(module, home, call) if node.start > call.start), None)
        if asked is not None:
            yield Match(
                call,
                f"'{short(module.text_of(asked))}' never finds a failure: this throws the first one, and its results "
                "are those of a round in which all went well.",
                related=((asked, "looked for here"),),
            )


def _gives_up(module: Module, call: Call) -> bool:
    """Tell whether a wait for all throws the first failure: ``Promise.all``, ``gather`` that is told nothing else."""
    if module.language != "python":
        return isinstance(call.receiver, Name) and call.receiver.id == "Promise"
    told = call.keywords.get("return_exceptions")
    plain = told is None or (isinstance(told, Literal) and told.value is False)
    return plain and not any(isinstance(arg, Spread) and arg.double for arg in call.args)


def _minds(module: Module, arg: Expr) -> bool:
    """Tell whether what is waited for catches its own failures, and so may answer with them."""
    parts = [arg, *(made for name in find(arg, Name) if (made := _made(module, name)) is not None)]
    if any(next(find(part, Try), None) is not None for part in parts):
        return True
    for call in (one for part in parts for one in calls_in(part)):
        target = definition(module, call.callee)
        if call.name in ("catch", "then", "allSettled", "push", "append"):
            return True
        if isinstance(target, Function) and any(True for _ in find(target.body, Try)):
            return True
    return False


def _made(module: Module, name: Name) -> Node | None:
    """Return what a variable was given, or the function that a name stands for."""
    found = definition(module, name)
    if isinstance(found, Function):
        return found
    origin = module.scopes.origin(name)
    return origin if isinstance(origin, Expr) and origin is not name else None


def _questions(module: Module, home: Node | list[Node], call: Call) -> Iterator[Node]:
    """Yield where something out of the results is asked whether it is an error, or whether it was rejected."""
    kept = _kept_as(call)
    parts = {kept} - {""}
    for each in find(home, Comprehension):
        for target, iterable in each.clauses:
            if _over(iterable, kept, call):
                parts |= names_in(target)
    for loop in find(home, For):
        if loop.target is not None and loop.iterable is not None and _over(loop.iterable, kept, call):
            parts |= names_in(loop.target)
    for each_call in find(home, Call):
        callback = strip(each_call.args[0]) if each_call.args and each_call.name in _EACH else None
        over = each_call.receiver is not None and _over(each_call.receiver, kept, call)
        if over and isinstance(callback, Function) and callback.params:
            parts |= {callback.params[0].name, *callback.params[0].fields.values()} - {""}
    parts -= {kept}
    for asked in find(home, Call):
        kinds = asked.args[1] if asked.name == "isinstance" and len(asked.args) > 1 else None
        if kinds is not None and names_in(asked.args[0]) & parts and _is_error(kinds):
            yield asked
    for test in find(home, Binary):
        if test.op == "instanceof" and names_in(test.left) & parts and _is_error(test.right):
            yield test
        status = strip(test.left)
        rejected = isinstance(test.right, Literal) and test.right.value == "rejected"
        if rejected and isinstance(status, Member) and status.name == "status" and names_in(status) & parts:
            yield test


def _kept_as(call: Call) -> str:
    """Return the variable that the results are put into, or nothing."""
    around = call.parent
    while isinstance(around, Await):
        around = around.parent
    target = strip(around.target) if isinstance(around, Assign) else None
    return target.id if isinstance(target, Name) else ""


def _over(iterable: Expr, kept: str, call: Call) -> bool:
    """Tell whether a loop goes through the results, or makes pairs of them and something else."""
    iterable = strip(iterable)
    return (bool(kept) and kept in names_in(iterable)) or any(one is call for one in find(iterable, Call))


def _is_error(kinds: Expr) -> bool:
    return any(name.id.endswith(_ERRORS) for name in find(kinds, Name))
