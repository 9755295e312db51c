"""REG001: what somebody brings is laid over what others have registered, all at once or with no more than a note."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits, siblings
from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    Comprehension,
    ExprStatement,
    Function,
    If,
    Member,
    Name,
    Node,
    Object,
    Param,
    is_nothing,
    strip,
)
from reviewer.code.tables import tables
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, function_of, names_in, statement_of, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import last_words
from reviewer.experts.registry.entering import key_is_given
from reviewer.experts.registry.vocabulary import OWNERS, PASSING, PLUGINS, REGISTERS, REPLACES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.code.tables import Access, Table
    from reviewer.experts.check import Inquiry

_BRINGS: Final = REGISTERS | frozenset(
    "load loads attach mount provide offer contribute extend use plug join bring open".split()
)
"""First words of a function by which somebody brings something of their own."""
RUNS: Final = frozenset("command handler action verb job effect step hook tool route method task function".split())
CALLED: Final = frozenset("run call fn func function handler handle execute invoke callback".split())
"""Last words of the part of an entry that is run."""
_LOGS: Final = frozenset("log warn warning info debug error note notice print".split())
_ASKS: Final = frozenset({"isdisjoint", "intersection", "has", "hasOwn", "some", "includes", "find", "any"})


@module_check("REG001", words=_BRINGS | {"update", "assign"})
def laid_over(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each place where all that somebody brings is laid over a table from which things are run by name."""
    if module.is_test or inquiry.subject.kind == "plugin":
        return
    kept = [table for table in tables(module) if table.kind == "map" and not set(words(table.name)) & PASSING]
    for node in module.some(Call, Assign):
        for onto, given in _laid(module, node):
            table = next((one for one in kept if _is_it(module, onto, one)), None)
            function = _named(function_of(node))
            if table is None or function is None or not words(function.name):
                continue
            if words(function.name)[0] not in _BRINGS or set(words(function.name)) & (REPLACES - {"load"}):
                continue
            if (
                not _brought(module, function, given)
                or not is_run_by_name(module, table)
                or _looks(module, function, table)
            ):
                continue
            yield Match(
                node,
                f"'{function.name}' lays all that it is given over '{table.name}': what is registered there under one "
                "of the same names is replaced silently, whoever brought it.",
            )


def _laid(module: Module, node: Node) -> Iterator[tuple[Expr, Expr]]:
    """Yield onto what and what: ``table.update(more)``, ``table |= more``, ``Object.assign(table, more)``."""
    if isinstance(node, Assign):
        if node.op == "|=" and node.value is not None:
            yield node.target, strip(node.value)
    elif isinstance(node, Call) and node.name == "update" and node.receiver is not None and len(node.args) == 1:
        yield node.receiver, strip(node.args[0])
    elif isinstance(node, Call) and len(node.args) > 1 and module.resolve(node.callee) == "Object.assign":
        yield node.args[0], strip(node.args[1])


def _is_it(module: Module, expr: Expr, table: Table) -> bool:
    text = module.text_of(strip(expr)).replace("self.", "this.")
    return text == (f"this.{table.name}" if table.owner is not None else table.name)


def _named(function: Function | None) -> Function | None:
    while function is not None and not function.name:
        function = function.outer
    return function


def _brought(module: Module, function: Function, given: Expr) -> bool:
    """Tell whether what is laid over is what the function is handed, or is made of it."""
    if isinstance(given, Object) and all(key is not None and not isinstance(key, Name) for key, _ in given.entries):
        return False  # names of the host's own
    made = module.scopes.origin(given) if isinstance(given, Name) else given
    known = {name for param in function.params for name in (param.name, *param.fields.values())}
    if isinstance(made, Param):
        return made.parent is function
    return isinstance(made, Comprehension | Object | Call) and bool(names_in(made) & known)


def is_run_by_name(module: Module, table: Table) -> bool:
    """Tell whether something is taken out of a table by its name and called."""
    if {word.rstrip("s") for word in words(table.name)} & RUNS:
        return bool(table.of("read"))
    for access in table.of("read"):
        around = access.node.parent
        if isinstance(around, Call) and around.callee is access.node:
            return True
        if isinstance(around, Member) and _is_run(around):
            return True
        held = around.target.id if isinstance(around, Assign) and isinstance(around.target, Name) else ""
        calls = calls_in(access.function.body) if access.function is not None and held else iter(())
        if any(isinstance(call.callee, Name) and call.callee.id == held for call in calls):
            return True
    return False


def _is_run(part: Member) -> bool:
    """Tell whether a part of an entry is what is to be called: ``table[name].run``."""
    return not CALLED.isdisjoint(words(part.name)[-1:])


def _looks(module: Module, function: Function, table: Table) -> bool:
    """Tell whether the function asks which of the names are taken."""
    for node in walk(function.body):
        if isinstance(node, Binary) and node.op in ("in", "not in", "&") and table.name in module.text_of(node):
            return True
        if isinstance(node, Call) and node.name in _ASKS and table.name in module.text_of(node):
            return True
    return False


@module_check("REG001", words=_BRINGS | PLUGINS | OWNERS | {"key", "name", "map", "dict"})
def taken_with_a_note(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each write that finds its key taken by somebody, says so, and takes it all the same."""
    if module.is_test or inquiry.subject.kind == "plugin":
        return
    for table in tables(module):
        if table.kind != "map" or set(words(table.name)) & PASSING:
            continue
        for access in table.of("write"):
            noted = _noted(module, table, access)
            if noted is None or not key_is_given(module, access.key) or not _of_somebody(module, access):
                continue
            yield Match(
                access.node,
                f"That a name of '{table.name}' is taken is seen and only noted: whoever registers later takes over "
                "what others call, and the first is not even told.",
                related=((noted, "only noted here"),),
            )


def _noted(module: Module, table: Table, access: Access) -> If | None:
    """Return the test before a write that sees a taken key, and only writes that down."""
    function, place = access.function, statement_of(access.node)
    if function is None or place is None or access.key is None or set(words(function.name)) & REPLACES:
        return None
    key = module.text_of(access.key)
    for asked in table.of("has", "read"):
        seen = asked.node if asked.how == "has" else _kept(asked)
        if seen is None:
            continue
        test = next((one for one in find(function.body, If) if _tests(one, seen)), None)
        if test is None or test.orelse or exits(test.body) or asked.key is None or module.text_of(asked.key) != key:
            continue
        noted = _only_notes(module, test, table) and (asked.how == "has" or _only_logs(test))
        if noted and place in siblings(test) and test.stop <= access.node.start:
            return test
    return None


def _kept(asked: Access) -> Name | None:
    """Return the variable that holds what was there: ``before = table.get(name)``."""
    kept = asked.node.parent
    return kept.target if isinstance(kept, Assign) and isinstance(kept.target, Name) else None


def _tests(test: If, seen: Node) -> bool:
    """Tell whether a test asks no more than whether something was there: ``before is not None``."""
    held = strip(test.test)
    if isinstance(held, Binary) and held.op == "!=" and is_nothing(held.right):
        held = strip(held.left)
    return held is seen or (isinstance(seen, Name) and isinstance(held, Name) and held.id == seen.id)


def _only_logs(test: If) -> bool:
    """Tell whether all that is done is to write a line of the log."""
    calls = [strip(one.value) for one in test.body if isinstance(one, ExprStatement)]
    return all(isinstance(one, Call) and not _LOGS.isdisjoint(last_words(one.callee)) for one in calls)


def _only_notes(module: Module, test: If, table: Table) -> bool:
    return all(
        isinstance(one, ExprStatement)
        and isinstance(strip(one.value), Call)
        and table.name
        not in {getattr(n, "name", getattr(n, "id", "")) for n in walk(one) if isinstance(n, Member | Name)}
        for one in test.body
    )


def _of_somebody(module: Module, access: Access) -> bool:
    """Tell whether what is entered says who brought it, and the key does not."""
    value = strip(access.value) if access.value is not None else None
    made = module.scopes.origin(value) if isinstance(value, Name) else value
    function = access.function
    if not isinstance(made, Object | Call | Array) or function is None or access.key is None:
        return False
    told = {param.name for param in function.params if param.name}
    inner = {name.id for part in (made.children()) for name in find(part, Name)} & told
    return bool(inner - names_in(access.key) - {""}) and len(inner) > 1
