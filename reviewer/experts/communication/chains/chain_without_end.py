"""COM470: records that name the one that follows are run one after the other, and nothing notes which ran."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Assign,
    Await,
    Binary,
    Call,
    ExprStatement,
    Function,
    If,
    Index,
    Jump,
    Literal,
    Member,
    Name,
    Return,
    Unary,
    While,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find
from reviewer.experts.check import Match, module_check
from reviewer.experts.place import locate_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node, Statement
    from reviewer.experts.check import Inquiry

_LOOKS: Final = frozenset({"has", "includes", "add", "delete", "discard", "remove", "indexOf", "some", "count"})
"""Calls by which a way notes where it has been, or takes out what it has used."""
_NOTES: Final = frozenset("push append add log debug info warn trace print unshift extend set".split())
"""Calls that do nothing but note."""
_PIECES: Final = frozenset("cursor page token offset continuation url uri link href marker position pos index".split())
_COUNTS: Final = frozenset({"<", ">", "<=", ">="})


@module_check("COM470", words={"while", "await", "then", "next", "follow", "after", "run"})
def chain_without_end(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at loops, and functions that call themselves, which go from one record to the one that it names."""
    if module.is_test:
        return
    for loop in module.all(While):
        step = _step(loop)
        if step is not None and not _remembers(loop.test, loop.body) and _acts(module, loop.body):
            yield _match(module, loop, step)
    for function in module.functions:
        again = _again(module, function)
        if again is not None and not _remembers(None, function.body):
            yield _match(module, again, again)


def _match(module: Module, at: Node, step: Assign | Call) -> Match:
    said = step.value if isinstance(step, Assign) else step.args[0]
    named = module.text_of(said) if said is not None else "it"
    whole = locate_bytes(module, at.raw.start_byte, step.raw.end_byte)  # where the question is missing
    return Match(
        whole,
        f"'{named}' names what runs next, and nothing notes what has run or counts it: two records that name each "
        "other run for ever.",
        related=((step, "the way goes on here"),) if at is not step else (),
    )


def _step(loop: While) -> Assign | None:
    """Return ``id = cue.then`` where ``cue`` was looked up by ``id`` in the same turn."""
    asked = {name.id for name in find(loop.test, Name)} or _leaves_without(loop.body)
    records = _looked_up(loop.body, asked)
    for assign in find(loop.body, Assign, into_functions=False):
        target = assign.target
        if not isinstance(target, Name) or target.id not in asked or assign.op != "=" or assign.value is None:
            continue
        if records.get(_named_by(assign.value), "") == target.id:
            return assign
    return None


def _leaves_without(body: list[Statement]) -> set[str]:
    """Return the names of which one decides that an endless loop is left: ``if step is None: break``."""
    return {
        name.id
        for branch in find(body, If, into_functions=False)
        if any(isinstance(one, Jump | Return) for one in branch.body)
        for name in find(branch.test, Name)
    }


def _looked_up(body: list[Statement], keys: set[str]) -> dict[str, str]:
    """Return the names that hold what was looked up under a key, with that key."""
    found: dict[str, str] = {}
    for assign in find(body, Assign, into_functions=False):
        given = assign.value
        if isinstance(given, Await):
            continue  # what a service answers is a page, which names the page behind it
        value = strip(given) if given is not None else None
        key: Expr | None = None
        if isinstance(value, Call) and not value.new and len(value.args) == 1:
            key = strip(value.args[0])
        elif isinstance(value, Index):
            key = strip(value.key)
        if isinstance(assign.target, Name) and isinstance(key, Name) and key.id in keys and not _pages(key.id):
            found[assign.target.id] = key.id
    return found


def _pages(name: str) -> bool:
    """Tell whether a name is that of a place in a long answer that is read piece by piece."""
    return not _PIECES.isdisjoint(words(name))


def _named_by(value: Expr) -> str:
    """Return the record of which a member is taken: ``cue`` of ``cue.then ?? null`` and ``cue["then"]``."""
    value = strip(value)
    if isinstance(value, Binary) and value.op in ("??", "or"):
        value = strip(value.left)
    if isinstance(value, Call) and value.name == "get" and value.receiver is not None and value.args:
        holder = strip(value.receiver) if isinstance(strip(value.args[0]), Literal) else None
    elif isinstance(value, Member) or (isinstance(value, Index) and isinstance(strip(value.key), Literal)):
        holder = strip(value.object)
    else:
        holder = None
    return holder.id if isinstance(holder, Name) and holder.id != "this" else ""


def _again(module: Module, function: Function) -> Call | None:
    """Return the call by which a function runs itself for what the record that it looked up names."""
    keys = {param.name for param in function.params[:1]}
    if function.signature_only or not keys or not function.name:
        return None
    records = _looked_up(function.body, keys)
    for call in calls_in(function.body, into_functions=False) if records else ():
        if len(call.args) != 1 or _named_by(call.args[0]) not in records or not _runs(call):
            continue
        if definition(module, call.callee) is function:
            return call if _acts(module, [one for one in function.body if not _holds(one, call)]) else None
    return None


def _runs(call: Call) -> bool:
    return isinstance(call.parent, Await | ExprStatement | Return)


def _holds(statement: Statement, call: Call) -> bool:
    return any(one is call for one in find(statement, Call))


def _remembers(test: Expr | None, body: list[Statement]) -> bool:
    """Tell whether a way asks where it has been, or how long it is."""
    parts: list[Node] = [*body, *([test] if test is not None else [])]
    if any(call.name in _LOOKS for call in find(parts, Call)):
        return True
    if any(one.op in _COUNTS or (one.op in ("in", "not in")) for one in find(parts, Binary)):
        return True
    return any(one.op in ("++", "--", "delete") for one in find(parts, Unary)) or any(
        one.op in ("+=", "-=") for one in find(parts, Assign)
    )


def _acts(module: Module, body: list[Statement]) -> bool:
    """Tell whether a turn does something to the world: it waits for work, or runs what gives nothing back."""
    if any(isinstance(strip(one.value), Call) and not _looks(strip(one.value)) for one in find(body, Await)):
        return True
    return any(
        isinstance(call := strip(one.value), Call) and call.name not in _NOTES
        for one in find(body, ExprStatement, into_functions=False)
    )


def _looks(call: Expr) -> bool:
    """Tell whether a call that is waited for only gives the next record."""
    held = call.parent
    while isinstance(held, Await):
        held = held.parent
    return isinstance(held, Assign)
