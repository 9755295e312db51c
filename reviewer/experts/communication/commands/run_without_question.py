"""COM021: what others registered is run for whoever asks, beside doors that first ask for a permission."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.reach.links import callee
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Call, Expr, Function, Index, Member, Name, Object, strip
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, class_of, find, function_of, inside, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.executing import command_executions, look_up_key
from reviewer.experts.communication.vocabulary import REGISTERS, first_word
from reviewer.experts.paths import last_words
from reviewer.experts.security.deciding.decisions import is_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_PURE: Final = frozenset(
    "format formats formatter formatters render renderer renderers parse parser parsers convert converter converters "
    "encode encoder decode decoder serializer serializers validator validators factory factories theme themes icon "
    "icons filter filters compare comparator comparators".split()
)
"""Words of tables whose functions work something out, and do nothing to anybody."""


@module_check("COM021", words={"map", "dict", "get", "object", "pop", "record"})
def run_without_question(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Compare each function that runs what it is told the name of with the doors beside it."""
    if module.is_test:
        return
    known: set[int] | None = None
    for function in module.functions:
        found = _runs_told(module, function)
        if found is None:
            continue
        call, table = found
        asking = next((one for one in _beside(module, function) if _asks(module, one, made_too=False)), None)
        if asking is None or _asks(module, function) or set(words(function.name)) & _PURE:
            continue
        if known is None:
            known = {id(one.call) for one in command_executions(inquiry, module) if one.asked}
        if id(call) not in known:
            yield Match(
                call,
                f"'{function.name}' runs whatever was registered in '{module.text_of(table)}' under the name that it "
                f"is told, and asks for no permission, as '{asking.name}' beside it does.",
                related=((asking, "this one asks"),),
            )


def _runs_told(module: Module, function: Function) -> tuple[Call, Expr] | None:
    """Return the call of what a function looks up under a name that it is told, with what it is told besides."""
    own = {param.name for param in function.params if param.name}
    if len(own) < 2 or function.signature_only:
        return None
    for answer in returns_of(function):
        for call in calls_in([answer], into_functions=False):
            key = look_up_key(module, call.callee)
            told = strip(key) if key is not None else None
            if not isinstance(told, Name) or told.id not in own or call.name in ("get", "has", "pop"):
                continue
            if isinstance(strip(call.callee), Member) and first_word(call.name) in REGISTERS:
                continue  # what was found takes something in, and runs nothing
            table = _table(module, call.callee)
            handed = {name for arg in (*call.args, *call.keywords.values()) for name in names_in(arg)}
            if table is not None and handed & (own - {told.id}) and _is_filled(module, function, table):
                return call, table
    return None


def _table(module: Module, called: Expr) -> Expr | None:
    """Return the table that something which is called was looked up in."""
    expr: Expr | None = strip(called)
    for _ in range(6):
        if isinstance(expr, Name):
            bound = [one for one in module.scopes.lookup(expr.id, expr) if isinstance(one, Assign) and one.value]
            expr = strip(bound[-1].value) if bound and bound[-1].value is not None else None
        elif isinstance(expr, Call):
            return expr.receiver if expr.name in ("get", "pop") else None
        elif isinstance(expr, Index):
            return expr.object
        elif isinstance(expr, Member):
            expr = strip(expr.object)
        else:
            return None
    return None


def _is_filled(module: Module, function: Function, table: Expr) -> bool:
    """Tell whether another function puts into the table what it was handed: what runs is nobody's own."""
    held = strip(table)
    if set(last_words(held)) & _PURE or not (is_this_member(held) or isinstance(held, Name)):
        return False
    made = module.scopes.origin(held)
    if isinstance(made, Object) and made.entries:
        return False
    text = module.text_of(held)
    puts: list[tuple[Expr, Expr, Expr]] = [
        (one.receiver, one.args[0], one.args[1])
        for one in module.calls(("set", "setdefault"))
        if one.receiver is not None and len(one.args) > 1
    ]
    puts += [
        (one.target.object, one.target.key, one.value)
        for one in module.all(Assign)
        if isinstance(one.target, Index) and one.value is not None
    ]
    return any(
        module.text_of(strip(holder)) == text and function_of(value) is not function and names_in(value)
        for holder, _key, value in puts
    )


def _beside(module: Module, function: Function) -> Iterator[Function]:
    """Yield the other functions of the same object or class."""
    owner = class_of(function)
    if owner is not None:
        yield from (one for one in owner.methods if one is not function and one.kind != "constructor")
    elif function.outer is not None:
        yield from (
            one
            for one in find(function.outer.body, Function)
            if one.outer is function.outer and one is not function and one.name and not inside(function, one)
        )


def _asks(module: Module, function: Function, depth: int = 0, *, made_too: bool = True) -> bool:
    """Tell whether a function asks for a permission, by itself or through one that it calls.

    What it makes may ask later on, when the function itself has long let everybody in: such counts only as an excuse.
    """
    for call in calls_in(function.body, into_functions=made_too):
        if is_check(module, call):
            return True
        target = callee(module, call) if depth < 2 else None
        if target is not None and target is not function and _asks(target.module, target, depth + 1, made_too=made_too):
            return True
    return False
