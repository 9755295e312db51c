"""LIF420: an entry is taken out of its table, and the timer, task or worker that it holds is not ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from reviewer.code.flow import exits
from reviewer.code.reach.links import definition
from reviewer.code.reach.made import values_of
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Assign,
    Call,
    Class,
    ExprStatement,
    For,
    Function,
    If,
    Index,
    Literal,
    Member,
    Name,
    Object,
    Param,
    While,
    strip,
)
from reviewer.code.tables import tables
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, function_of, inside
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.bringing.dependencies import callers, outermost, with_helpers
from reviewer.experts.lifecycle.holding.fate import home_of
from reviewer.experts.lifecycle.release.handle_taken_out import LASTING, STARTS_TASK
from reviewer.experts.lifecycle.release.pending_timer_survives import acts_later
from reviewer.experts.lifecycle.targets import target_function
from reviewer.experts.lifecycle.vocabulary import RELEASE_WORDS
from reviewer.experts.paths import last_name
from reviewer.experts.place import locate_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node, Statement
    from reviewer.code.tables import Table
    from reviewer.core.location import Location
    from reviewer.experts.check import Inquiry


class _Held(Struct, frozen=True):
    """A field of a record that is given something which goes on by itself: ``made`` starts it, ``at`` puts it there."""

    name: str
    what: str
    made: Call
    at: Node
    holder: Expr | None
    here: bool
    """False where a function of another file starts it."""


@module_check(
    "LIF420",
    words={"interval", "timeout", "timer", "task", "later", "watch", "worker", "fork", "spawn", "popen", "future"},
)
def entry_taken_out(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Compare what the records of a table hold with what the functions end that take a record out."""
    if module.is_test:
        return
    held = list(_held(module))
    for table in tables(module) if held else ():
        shape = _shape(module, table)
        for one in held:
            if one.name not in shape and not _of_table(module, one.holder, table):
                continue
            gone = next((at for at in _removals(module, table) if _forgets(module, table, at, one)), None)
            if gone is not None:
                name = table.name.removeprefix("#")
                yield Match(
                    _leaving(module, gone),
                    f"This takes an entry out of '{name}' and leaves its '{one.name}' alone: the {one.what} in it goes "
                    "on for something that is gone, and nobody can end it any more.",
                    related=((one.made if one.here else one.at, "started here"),),
                )
                break


def _leaving(module: Module, gone: Node) -> Location:
    """Return the place from the first step of the function that takes an entry out to where it does so."""
    home = outermost(gone)
    steps = [one for one in home.body if not _looks_up(one)] if home is not None else []
    first = steps[0] if steps and steps[0].raw.start_byte < gone.raw.start_byte else gone
    return locate_bytes(module, first.raw.start_byte, gone.raw.end_byte)


def _looks_up(statement: Statement) -> bool:
    """Tell whether a statement only looks something up, or leaves where there is nothing to do."""
    made = statement.value if isinstance(statement, ExprStatement) else None
    found = isinstance(made, Assign) and isinstance(made.target, Name)
    return found or (isinstance(statement, If) and exits(statement.body))


def _held(module: Module) -> Iterator[_Held]:
    for assign in module.all(Assign):
        target = strip(assign.target)
        if isinstance(target, Member) and not is_this_member(target) and assign.value is not None:
            if _ended_by_own_name(module, assign.value):
                continue
            yield from _lasting(module, target.name, assign.value, assign, target.object)
    for record in module.all(Object):
        for key, value in record.entries:
            if isinstance(key, Literal) and isinstance(strip(value), Call):
                yield from _lasting(module, str(key.value), value, record, None)


def _ended_by_own_name(module: Module, value: Expr) -> bool:
    """Tell whether a variable that outlives the function has a handle as well, and another function ends it there."""
    held = strip(value)
    if not isinstance(held, Name):
        return False
    home = home_of(module, held.id, held)
    starts = [
        function_of(one)
        for one in module.all(Assign)
        if _is_name(one.target, held.id) and one.value is not None and isinstance(strip(one.value), Call)
    ]
    if any(one is home for one in starts):
        return False  # it is a variable of the function alone
    return any(
        not any(function_of(call) is one for one in starts) and home_of(module, held.id, call) is home
        for call in module.all(Call)
        if not RELEASE_WORDS.isdisjoint(words(call.name)) and any(_is_name(one, held.id) for one in call.args)
    )


def _lasting(module: Module, name: str, value: Expr, at: Node, holder: Expr | None) -> Iterator[_Held]:
    for where, made in values_of(module, value):
        if not isinstance(made, Call):
            continue
        what = LASTING.get(where.resolve(made.callee), "")
        if what == "timer" and not _repeats(where, made) and not acts_later(where, made):
            continue
        if made.name in ("call_later", "call_at") and acts_later(where, made):
            what = "timer"
        if what == "task" or (not what and made.name in STARTS_TASK and made.receiver is not None):
            what = "task" if _goes_on(where, made) else ""
        if what:
            yield _Held(name, what, made, at, holder, where is module)
            return


def _repeats(module: Module, made: Call) -> bool:
    return module.resolve(made.callee).endswith("setInterval")


def _goes_on(module: Module, made: Call) -> bool:
    """Tell whether the work of a task is a loop."""
    inner = strip(made.args[0]) if made.args else None
    work = definition(module, inner.callee) if isinstance(inner, Call) else target_function(module, inner)
    if not isinstance(work, Function):
        return False
    loops = [*find(work.body, While), *(loop for loop in find(work.body, For) if loop.asynchronous)]
    return bool(loops)


def _shape(module: Module, table: Table) -> set[str]:
    """Return the fields of the records that are put into a table."""
    found: set[str] = set()
    for access in table.of("write"):
        for where, made in values_of(module, access.value) if access.value is not None else ():
            if isinstance(made, Object):
                found |= {str(key.value) for key, _value in made.entries if isinstance(key, Literal)}
            elif isinstance(made, Call):
                cls = definition(where, made.callee)
                if isinstance(cls, Class):
                    found |= {field.name for field in cls.fields} | set(cls.module.scopes.fields(cls))
    return found


def _of_table(module: Module, holder: Expr | None, table: Table) -> bool:
    """Tell whether a record is taken of a table, or is put into it by its variable: ``running[key].watch = …``."""
    held = strip(holder) if holder is not None else None
    if isinstance(held, Index):
        return last_name(held.object) == table.name
    if not isinstance(held, Name):
        return False
    function = function_of(held)
    if any(
        access.function is function and access.value is not None and _is_name(access.value, held.id)
        for access in table.of("write")
    ):
        return True
    bound = module.scopes.lookup(held.id, held)
    return any(isinstance(one, Assign) and one.value is not None and _taken(one.value, table) for one in bound)


def _is_name(expr: Expr, name: str) -> bool:
    expr = strip(expr)
    return isinstance(expr, Name) and expr.id == name


def _removals(module: Module, table: Table) -> Iterator[Node]:
    """Yield where one record is taken out of a table: by its key, or because only the others are kept."""
    for access in table.of("delete"):
        yield access.node
    for assign in module.all(Assign):
        value = strip(assign.value) if assign.value is not None else None
        rest = value.receiver if isinstance(value, Call) and value.name == "filter" and not assign.declare else None
        if rest is not None and last_name(assign.target) == table.name == last_name(rest):
            yield assign


def _forgets(module: Module, table: Table, at: Node, held: _Held) -> bool:
    """Tell whether nothing around a removal speaks of what the record holds, ends the record, or hands it on."""
    home = outermost(at)
    if home is None or (held.here and (inside(at, held.made) or inside(held.made, home))) or inside(held.at, home):
        return False
    if any(access.function is home for access in table.of("write")) or _is_reaction(at):
        return False
    reached = with_helpers(home)
    around = {id(one): one for call in callers(home) if (one := outermost(call)) is not None}
    if any(_is_reaction(call) for call in callers(home)):
        return False
    if any(_speaks(function, held.name) for function in (*reached, *around.values())):
        return False
    return not any(_may_end(module, table, call) for call in calls_in(home.body))


def _is_reaction(node: Node) -> bool:
    """Tell whether something runs because a thing ended by itself, or time passed: a function that is handed over."""
    for around in ancestors(node):
        if isinstance(around, Function) and isinstance(around.parent, Call):
            return around.parent.name in ("on", "once", "addListener", "addEventListener", "setTimeout", "call_later")
    return False


def _speaks(function: Function, name: str) -> bool:
    return any(node.name == name for node in find(function.body, Member)) or any(
        node.id == name for node in find(function.body, Name)
    )


def _may_end(module: Module, table: Table, call: Call) -> bool:
    """Tell whether a call ends a record as a whole, or hands it to somebody who is not seen."""
    if RELEASE_WORDS.isdisjoint(words(call.name)) or isinstance(definition(module, call.callee), Function):
        return False
    return any(_is_record(module, table, one) for one in (call.receiver, *call.args) if one is not None)


def _is_record(module: Module, table: Table, expr: Expr) -> bool:
    """Tell whether a variable holds a record of a table, as far as its name and what it is given say."""
    expr = strip(expr)
    if not isinstance(expr, Name):
        return False
    bound = module.scopes.lookup(expr.id, expr)
    given = [one.value for one in bound if isinstance(one, Assign) and one.value is not None]
    home = outermost(expr)
    handed = home is not None and any(isinstance(one, Param) and one.parent is home for one in bound)
    if handed and home is not None:
        return any(strip(m.object) is not expr and last_name(m.object) == expr.id for m in find(home.body, Member))
    return any(_taken(one, table) for one in given)


def _taken(value: Expr, table: Table) -> bool:
    """Tell whether a value is taken of a table: ``running[key]``, ``seats.get(id)``, ``slots.pop(name, None)``."""
    return any(last_name(node) == table.name for kind in (Name, Member) for node in find(value, kind))
