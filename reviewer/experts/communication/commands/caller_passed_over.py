"""COM364: a command is told who calls, and works for whoever its arguments name, or on the things of everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Comprehension,
    Conditional,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Object,
    Param,
    strip,
)
from reviewer.code.walk import find, names_in
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.commands.command_unlike_its_siblings import (
    CALLING,
    groups_of_commands,
    told_commands,
)
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry
    from reviewer.experts.communication.commands.command_unlike_its_siblings import ToldCommand

_PICKS: Final = frozenset({"filter", "find", "some", "every", "findIndex", "findLast"})
_PUTS: Final = frozenset({"set", "push", "append", "add"})
_RUNS: Final = frozenset({"execute", "executemany", "prepare", "query", "all", "run"})
_TABLES: Final = regex(r"(?i)\b(?:FROM|INTO|UPDATE)\s+([A-Za-z_]\w*)")
"""The tables of a statement of SQL."""
_EQUAL: Final = frozenset({"==", "!=", "===", "!==", "in", "not in"})


@module_check("COM364", words=CALLING)
def caller_second(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each command of a plugin for a choice between what its arguments say and who calls."""
    if module.is_test or inquiry.subject.kind != "plugin":
        return
    seen: set[int] = set()
    for _by, command in told_commands(module):
        if id(command.work) in seen:
            continue
        seen.add(id(command.work))
        for told, known in _choices(command.work):
            if _is_caller(known, command) and _is_argument(module, told, command):
                yield Match(
                    told,
                    f"'{command.name}' works for whom '{short(module.text_of(told))}' names, and for "
                    f"'{command.caller}', who calls, only where that says nobody: anybody can act for anybody.",
                )
                break


@module_check("COM364", words=CALLING)
def things_of_everybody(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Compare the commands that look through one table: some by who calls, and one without."""
    if module.is_test:
        return
    for group in groups_of_commands(module):
        for one in group:
            if one.caller.startswith("_") or one.caller in _read(one.work):
                continue
            own = next((other for other in group if other is not one and _owned(module, other) & _held(one.work)), None)
            if own is not None:
                held = min(_owned(module, own) & _held(one.work))
                yield Match(
                    one.work,
                    f"'{one.name}' is told who calls ('{one.caller}') and never looks at it, while '{own.name}' knows "
                    f"whose is what in '{held}': it works on the things of everybody.",
                    related=((own.work, "this one looks"),),
                )


def _choices(work: Function) -> Iterator[tuple[Expr, Expr]]:
    """Yield (what is taken where it is there, what is taken else)."""
    for node in find(work.body, Binary):
        if node.op in ("??", "or"):
            yield strip(node.left), strip(node.right)
    for call in find(work.body, Call):
        if call.name == "get" and len(call.args) == 2 and call.receiver is not None:
            yield call, strip(call.args[1])
    for choice in find(work.body, Conditional):
        yield strip(choice.then), strip(choice.other)
        yield strip(choice.other), strip(choice.then)


def _is_caller(known: Expr, command: ToldCommand) -> bool:
    """Tell whether an expression is who calls, or a part of what the host says of that one."""
    while isinstance(known, Member):
        known = strip(known.object)
    return isinstance(known, Name) and known.id == command.caller


def _is_argument(module: Module, told: Expr, command: ToldCommand) -> bool:
    """Tell whether an expression is a field of what the command is given by whoever calls it."""
    while isinstance(told, Call) and told.receiver is None and len(told.args) == 1:
        told = strip(told.args[0])  # str(args["member"])
    parts = 0
    while isinstance(told, Member | Index | Call):
        inner = told.receiver if isinstance(told, Call) else told.object
        if inner is None or (isinstance(told, Call) and told.name != "get"):
            return False
        told, parts = strip(inner), parts + 1
    if not isinstance(told, Name) or told.id == command.caller:
        return False
    bound = module.scopes.lookup(told.id, told)
    only = bound[0] if len(bound) == 1 else None
    if not isinstance(only, Param) or only.parent is not command.work:
        return False
    return parts > 0 or bool(only.fields)


def _read(work: Function) -> set[str]:
    return {name.id for name in find(work.body, Name)}


def _held(work: Function) -> set[str]:
    """Return the fields of its object, and the variables around it, that a function reads."""
    own = {param.name for param in work.params} | {
        one.target.id for one in find(work.body, Assign) if isinstance(one.target, Name)
    }
    fields = {member.name for member in find(work.body, Member) if is_this_member(member)}
    return fields | (_read(work) - own) | {table for call in find(work.body, Call) for table in _rows(call)}


def _owned(module: Module, command: ToldCommand) -> set[str]:
    """Return the collections of which a command takes, or into which it puts, what belongs to whoever calls."""
    found: set[str] = set()
    for made in find(command.work.body, Comprehension):
        asked = any(_compares(test, command.caller) for test in made.tests)
        for _target, iterable in made.clauses if asked else ():
            found |= {member.name for member in find(iterable, Member) if is_this_member(member)}
    for call in find(command.work.body, Call):
        held = strip(call.receiver) if call.receiver is not None else None
        picks = call.name in _PICKS and any(_compares(arg, command.caller) for arg in call.args)
        notes = call.name in _PUTS and bool(call.args) and _notes(module, call.args[-1], command.caller)
        if (picks or notes) and held is not None and (is_this_member(held) or isinstance(held, Name)):
            found.add(last_name(held))
    for assign in find(command.work.body, Assign):
        held = strip(assign.target.object) if isinstance(assign.target, Index) else None
        if held is not None and assign.value is not None and _notes(module, assign.value, command.caller):
            found.add(last_name(held))
    for call in find(command.work.body, Call):
        if any(command.caller in names_in(arg) for arg in call.args[1:]):
            found |= set(_rows(call))
    return found - {"this", "self", ""}


def _rows(call: Call) -> list[str]:
    """Return the tables that a statement of SQL works on: ``connection.execute("SELECT … FROM entry")``."""
    said = strip(call.args[0]) if call.args and call.name in _RUNS else None
    return _TABLES.findall(said.value) if isinstance(said, Literal) and isinstance(said.value, str) else []


def _notes(module: Module, value: Expr, caller: str) -> bool:
    """Tell whether a value is a record that says whose it is: ``{ control, owner: caller.id }``."""
    made = module.scopes.origin(strip(value))
    return isinstance(made, Object) and caller in names_in(made)


def _compares(part: Expr, caller: str) -> bool:
    return any(one.op in _EQUAL and caller in names_in(one) for one in find(part, Binary))
