"""COM021: commands that are told who calls, of which some ask whether that one may, and one does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.flow import exits
from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Assert,
    Binary,
    Call,
    Function,
    If,
    Index,
    Literal,
    Member,
    Name,
    Object,
    Return,
    Unary,
    is_nothing,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.emissions import names_caller
from reviewer.experts.communication.vocabulary import PERMISSION, REGISTERS
from reviewer.experts.paths import last_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node
    from reviewer.experts.check import Inquiry

_HEARERS: Final = frozenset({"listener", "listeners", "hook", "hooks", "event", "events", "subscriber"})
"""Words of what takes in who only hears of something."""
_READS: Final = frozenset(
    "get list show read find status state describe info help version search count look view has is preview query "
    "history peek export summary ping at today whoami".split()
)
"""Words of a command that only tells something."""
_ASKS: Final = PERMISSION | frozenset("check ensure assert verify demand authorize must only needs".split())
_OWNERS: Final = frozenset("owner owned owners creator author by holder for whose user member caller".split())
"""Words of what a record says about whose it is."""
_COMPARES: Final = frozenset({"==", "!=", "===", "!==", "is", "is not"})


class ToldCommand(Struct, frozen=True):
    """A command as it is registered: the function that does its work, and what that calls whoever asks."""

    name: str
    work: Function
    caller: str
    at: Node


CALLING: Final = frozenset("caller requester actor principal user who by asker invoker".split())
"""Words of one of which each parameter has one that says who calls."""


@module_check("COM021", words=CALLING)
def command_unlike_its_siblings(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Compare the commands that one function or class registers, of which each is told who calls."""
    if module.is_test:
        return
    for group in groups_of_commands(module):
        asking = [one for one in group if _asks(module, one.work, one.caller)]
        silent = [one for one in group if one not in asking]
        if not asking or len(silent) > len(asking):
            continue
        of_owners = all(_asks_owner(one.work, one.caller) for one in asking)
        for one in silent:
            said = set(words(one.name.replace(".", "_").replace(":", "_").replace("/", "_"))) | set(
                words(one.work.name)
            )
            if said & _READS or not _acts(one.work) or (of_owners and _makes_own(one.work, one.caller)):
                continue
            yield Match(
                one.work,
                f"'{one.name}' is told who calls ('{one.caller}') and never asks whether that one may, as "
                f"'{asking[0].name}' beside it does: whoever can call it runs it.",
                related=((asking[0].work, "this one asks"),),
            )


def groups_of_commands(module: Module) -> Iterable[list[ToldCommand]]:
    """Return the commands that are told who calls, those together that one function or class registers."""
    groups: dict[str, list[ToldCommand]] = {}
    for by, command in told_commands(module):
        groups.setdefault(by, []).append(command)
    return groups.values()


def told_commands(module: Module) -> Iterator[tuple[str, ToldCommand]]:
    """Yield what is registered under a fixed name with a function that is told who calls."""
    for call in module.all(Call):
        named = strip(call.args[0]) if len(call.args) > 1 else None
        if not isinstance(named, Literal) or not isinstance(named.value, str) or not _registers(call.name):
            continue
        called = module.scopes.origin(call.callee)
        if isinstance(called, Member | Name) and not _HEARERS.isdisjoint(last_words(called)):
            continue  # who hears of something is told for whom it is done, and is asked for nothing
        for given in call.args[1:3]:
            found = _work(module, strip(given))
            if found is not None:
                work, caller = found
                yield module.text_of(call.callee), ToldCommand(named.value, work, caller, call)
                break
    for function in module.functions:
        for decorator in function.decorators:
            made = strip(decorator)
            first = strip(made.args[0]) if isinstance(made, Call) and made.args else None
            told = next((param.name for param in function.params if names_caller(param.name, plugins=False)), "")
            if isinstance(made, Call) and isinstance(first, Literal) and isinstance(first.value, str) and told:
                yield module.text_of(made.callee), ToldCommand(first.value, function, told, made)


def _registers(name: str) -> bool:
    said = words(name)
    return bool(said) and said[0] in REGISTERS and len(said) <= 2


def _work(module: Module, given: Expr) -> tuple[Function, str] | None:
    """Return the function that does the work of a command, and its name for who calls; an arrow is seen through."""
    found = given if isinstance(given, Function) else definition(module, given)
    if not isinstance(found, Function) or found.module is not module:
        return None
    told = next((param.name for param in found.params if names_caller(param.name, plugins=False)), "")
    if not told:
        return None
    inner = _only_call(found)
    target = definition(module, inner.callee) if inner is not None else None
    if inner is None or not isinstance(target, Function) or target.module is not module:
        return found, told
    for position, arg in enumerate(inner.args):
        value = strip(arg)
        if isinstance(value, Name) and value.id == told and position < len(target.params):
            return target, target.params[position].name or told
    return found, told


def _only_call(function: Function) -> Call | None:
    """Return the call that is all a function does: ``(id, caller) => this.fire(id, caller)``."""
    only = function.body[0] if len(function.body) == 1 else None
    value = strip(only.value) if isinstance(only, Return) and only.value is not None else None
    return value if isinstance(value, Call) else None


def _asks(module: Module, work: Function, caller: str, depth: int = 0) -> bool:
    """Tell whether a function refuses some callers, by itself or by a function that it hands the caller to."""
    for branch in find(work.body, If):
        if _looks_at(branch.test, caller) and (exits(branch.body) or exits(branch.orelse)):
            return True
    if any(_mentions(one.test, caller) for one in find(work.body, Assert)):
        return True
    for call in calls_in(work.body):
        handed = [arg for arg in (*call.args, *call.keywords.values()) if _mentions(arg, caller)]
        of_caller = call.receiver is not None and _mentions(call.receiver, caller)
        if (handed or of_caller) and _ASKS & set(words(call.name)):
            return True
        target = definition(module, call.callee) if handed and depth < 2 else None
        if isinstance(target, Function) and target is not work:
            named = [
                target.params[position].name
                for position, arg in enumerate(call.args)
                if _mentions(arg, caller) and position < len(target.params)
            ]
            if any(name and _asks(target.module, target, name, depth + 1) for name in named):
                return True
    return any(_ASKS & set(words(getattr(strip(one), "name", ""))) for one in work.decorators)


def _asks_owner(work: Function, caller: str) -> bool:
    """Tell whether all that a function asks of its caller is whose a thing is: ``job.owner !== caller.id``."""
    tests = [branch.test for branch in find(work.body, If) if _looks_at(branch.test, caller)]
    return bool(tests) and all(
        any(
            one.op in _COMPARES
            and _mentions(one, caller)
            and all(isinstance(strip(side), Member | Index | Name) for side in (one.left, one.right))
            and not all(_mentions(side, caller) for side in (one.left, one.right))
            for one in find(test, Binary)
        )
        for test in tests
    )


def _makes_own(work: Function, caller: str) -> bool:
    """Tell whether a function makes something and notes whose it is, so that there is nobody else's to touch."""
    return any(
        not isinstance(value, Function) and _mentions(value, caller)
        for made in find(work.body, Object)
        for key, value in made.entries
        if isinstance(key, Literal) and set(words(str(key.value))) & _OWNERS
    )


def _looks_at(test: Expr, name: str) -> bool:
    """Tell whether a test asks more of a name than whether anything is there: ``!user`` and ``user.id === null``."""
    for one in find(test, Name):
        if one.id != name:
            continue
        part: Node = one
        while isinstance(part.parent, Member) and part.parent.object is part:
            part = part.parent
        beside = part.parent
        if isinstance(beside, Binary) and beside.op in _COMPARES:
            other = strip(beside.right if beside.left is part else beside.left)
            if is_nothing(other) or (isinstance(other, Literal) and other.value == ""):
                continue
        elif (part is test or isinstance(beside, Unary | Binary)) and not isinstance(part, Member):
            continue
        return True
    return False


def _mentions(node: Node, name: str) -> bool:
    return any(isinstance(one, Name) and one.id == name for one in walk(node))


def _acts(work: Function) -> bool:
    """Tell whether a function does more than to answer with what it knows: it calls what belongs to somebody else."""
    return any(
        isinstance(strip(call.callee), Member) and not _READS & set(words(call.name)[:1])
        for call in calls_in(work.body)
    )
