"""PAT369: an event of one tenant goes to everybody, although each who listens is kept with the tenant of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.contexts import is_stopper
from reviewer.code.flow import in_handler
from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Array,
    Call,
    Class,
    Comprehension,
    Expr,
    For,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Object,
    strip,
)
from reviewer.code.tables import Access, Table, tables
from reviewer.code.walk import ancestors, calls_in, find, function_of, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.invocations import invocations
from reviewer.experts.communication.sources import sources
from reviewer.experts.communication.vocabulary import first_word
from reviewer.experts.paths import last_name, word_set
from reviewer.experts.patterns.tenancy.partitions import IDENTITIES, partitions
from reviewer.experts.patterns.vocabulary import FIRM_TENANTS, TENANTS, names_tenant, spelled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_SENDS: Final = word_set(
    "send postMessage post write emit publish notify push enqueue put put_nowait deliver send_json send_text send_str "
    "handler listener callback fn cb handle"
)
_FOR_ALL: Final = word_set(
    "all everybody everyone system global maintenance shutdown heartbeat ping sweep stats status"
)
"""Words of a function that means everybody."""


@module_check("PAT369", words=TENANTS | IDENTITIES)
def broadcast_across_tenants(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each loop that tells those who listen for a look at whose they are."""
    if module.is_test:
        return
    handlers = {id(found.call) for found in invocations(inquiry, module) if found.loop is not None}
    for table in tables(module):
        own = partitions(module, table)
        if not own and not any(_keeps_tenant(module, access) for access in table.of("write")) and not _keyed(table):
            continue
        for call, finder in _found_among_all(inquiry, module, table, own):
            yield Match(
                call,
                f"'{finder.name or 'this function'}' looks for one in '{table.name.removeprefix('#')}' among those "
                "of all tenants: what is meant for one's own reaches another's.",
            )
        told: set[int] = set()
        for loop in _loops(inquiry, module, table):
            function = function_of(loop)
            if function is None or id(function) in told or _for_all(function):
                continue
            sent = next((call for call in calls_in(loop) if id(call) in handlers or call.name in _SENDS), None)
            if sent is None or _asks_whose(module, loop, function, own):
                continue
            told.add(id(function))
            yield Match(
                loop,
                f"Those in '{table.name.removeprefix('#')}' are kept with the tenant that they belong to, and "
                f"'{function.name or 'this function'}' tells all of them: what happens at one tenant is heard by the "
                "others.",
                related=((sent, "everybody is told here"),),
            )


def _found_among_all(
    inquiry: Inquiry, module: Module, table: Table, own: frozenset[str]
) -> Iterator[tuple[Call, Function]]:
    """Yield where one is looked for by its kind among those of all tenants, and then told something."""
    known = sources(inquiry, module)
    for call in module.calls(("find",)):
        source, test = known.of(call.receiver), strip(call.args[0]) if call.args else None
        function = function_of(call)
        if source is None or source.table is not table or not isinstance(test, Function) or function is None:
            continue
        asked = {node.name for node in find(test.body, Member)}
        if any(_speaks(node, own) for node in walk(test.body)) or any(spelled(name)[-1:] == ("id",) for name in asked):
            continue
        if asked and not _for_all(function):
            yield call, function


def _keeps_tenant(module: Module, access: Access) -> bool:
    """Tell whether what is put in says whose it is: a member, or a field of the record that is made."""
    value = strip(access.value) if access.value is not None else None
    if isinstance(value, Name):
        made = module.scopes.origin(value)
        value = made if isinstance(made, Object | Call | Array) else value
    if isinstance(value, Object):
        return any(_firm(str(key)) for key in value.keys)
    if isinstance(value, Array):
        return any(_firm(last_name(item)) for item in value.items)
    if isinstance(value, Call):
        given = any(_firm(last_name(one)) for one in (*value.args, *value.keywords.values()))
        record = definition(module, value.callee)
        return given and isinstance(record, Class) and any(_firm(field.name) for field in record.fields)
    return False


def _keyed(table: Table) -> bool:
    """Tell whether the tenant is a part of the keys: ``handlers[tenant, topic]``."""
    keys = [strip(one.key) for one in table.accesses if one.key is not None]
    return any(isinstance(key, Array) and any(_firm(last_name(item)) for item in key.items) for key in keys)


def _firm(name: str) -> bool:
    return bool(set(spelled(name)) & FIRM_TENANTS) and names_tenant(name)


def _loops(inquiry: Inquiry, module: Module, table: Table) -> Iterator[For | Call]:
    """Yield the loops that go over a table, or over a copy of it: statements, and calls of ``forEach``."""
    known = sources(inquiry, module)
    seen: set[int] = set()
    for loop in module.all(For):
        source = known.of(_narrowed(loop.iterable))
        if source is not None and source.table is table and not source.looked_up:
            seen.add(id(loop))
            if not any(id(around) in seen for around in ancestors(loop)):
                yield loop
    for call in module.calls(("forEach",)):
        source = known.of(call.receiver)
        if source is not None and source.table is table and not source.looked_up:
            yield call


def _narrowed(iterable: Expr | None) -> Expr | None:
    """Return what is gone through behind a comprehension that only picks: ``[one for one in ears if …]``."""
    made = strip(iterable) if iterable is not None else None
    return made.clauses[0][1] if isinstance(made, Comprehension) and len(made.clauses) == 1 else iterable


def _for_all(function: Function) -> bool:
    """Tell whether a function, by its name, means everybody, or ends the work of all."""
    said = set(spelled(function.name))
    return bool(said & _FOR_ALL) or is_stopper(function.name) or first_word(function.name) in ("count", "list")


def _asks_whose(module: Module, loop: Node, function: Function, own: frozenset[str]) -> bool:
    """Tell whether the loop, or what chooses its elements, looks at the tenant of each."""
    targets = {id(node) for node in walk(loop.target)} if isinstance(loop, For) and loop.target is not None else set()
    for node in walk(loop):
        if id(node) not in targets and _speaks(node, own) and in_handler(node) is None:
            return True
        if isinstance(node, Index) and isinstance(node.key, Literal) and names_tenant(str(node.key.value)):
            return True
    narrowed = loop.iterable if isinstance(loop, For) else None
    if isinstance(narrowed, Name):
        made = module.scopes.origin(narrowed)
        return isinstance(made, Expr) and any(_speaks(node, own) for node in walk(made))
    outer = function_of(loop)
    return any(
        call.name in ("filter", "matching") and any(_speaks(node, own) for node in walk(call.args))
        for call in find(outer.body if outer is not None else function.body, Call)
    )


def _speaks(node: Node, own: frozenset[str]) -> bool:
    return isinstance(node, Name | Member) and (names_tenant(last_name(node)) or last_name(node) in own)
