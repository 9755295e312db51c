"""REG441: a record is taken out or replaced, and nobody asks whether others that stand on it can go on."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions, in_handler
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Call, For, Function, Member, Name, Param, Return, Throw, strip
from reviewer.code.tables import tables as all_tables
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, function_of, walk
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.bringing.carried import carried
from reviewer.experts.lifecycle.bringing.dependencies import callers, outermost
from reviewer.experts.lifecycle.bringing.unloading import swaps, unloads
from reviewer.experts.lifecycle.vocabulary import stops
from reviewer.experts.registry.entering import key_is_given, params_in, reached
from reviewer.experts.registry.taken_beside import shows_free

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.tables import Access, Table

_STATES: Final = frozenset({"state", "status", "phase", "stage"})
_OWN_NAMES: Final = frozenset({"alias", "aliases", "event", "events", "topic", "topics"})
"""Words of a member by which a record is called itself, or says what it hears."""
_MOST: Final = 5
"""Files that are looked at for who asks before something is taken out."""
_FAILURES: Final = frozenset(
    "crash crashed failed failure fail died exited error gone lost rollback undo broken broke fell".split()
)


@module_check("REG441")
def dependents_unasked(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what takes a record out of a table whose records name each other, or puts another in its place."""
    if module.is_test:
        return
    tables = {id(table): (table, member) for member, table in carried(module) if table is not None}
    if not tables:
        return
    spoken = {id(unload.function) for unload in unloads(inquiry, module)}
    for table, member in tables.values():
        if _OWN_NAMES & set(words(member)):
            continue
        for access in (*_removals(module, table), *_replacements(module, table)):
            function = access.function
            if (
                function is None
                or id(function) in spoken
                or _asks(table, member, function)
                or _asked_by_users(inquiry, table, member, function)
                or _hangs_on(module, table, access)
                or _of_own_list(module, access, member)
                or _only_when_ended(module, table, member, access)
            ):
                continue
            spoken.add(id(function))
            what = "takes a record out" if access.how == "delete" else "puts another record in the place of one"
            yield Match(
                access.node,
                f"'{function.name or 'this'}' {what} of '{table.name}' without a look at those whose '{member}' "
                "names it: they go on without what they need.",
            )


def _removals(module: Module, table: Table) -> Iterator[Access]:
    for access in table.of("delete"):
        function = access.function
        if function is None or access.key is None or not key_is_given(module, access.key):
            continue
        undo = function.outer is not None and not function.name and isinstance(function.parent, Return)
        if not undo and in_handler(access.node) is None and not set(words(function.name)) & _FAILURES:
            yield access


def _replacements(module: Module, table: Table) -> Iterator[Access]:
    """Yield the writes that put a given record under a key whose old record the function has looked up and found."""
    for access in table.of("write"):
        function, key = access.function, access.key
        if function is None or key is None or access.value is None:
            continue
        given = {id(param) for param in function.params}
        if not params_in(module, access.value) & given or not params_in(module, key) & given:
            continue
        asked = [
            one
            for one in table.of("read")
            if one.function is function and one.key is not None and module.text_of(one.key) == module.text_of(key)
        ]
        if asked and _demands_one(module, function, asked) and asked[0].node.start < access.node.start:
            yield access


def _demands_one(module: Module, function: Function, asked: list[Access]) -> bool:
    """Tell whether a function refuses where nothing stands under the key: what it enters replaces something."""
    return any(
        shows_free(module, condition, one)
        for thrown in find(function.body, Throw, into_functions=False)
        for condition in conditions(thrown)
        for one in asked
    )


def _asks(table: Table, member: str, function: Function) -> bool:
    """Tell whether a function, what it calls, or all that call it go through the records and look at what they need."""
    if any(_goes_through(table, member, one) for one in reached(function.module, function)):
        return True
    around = [outermost(call) for call in callers(function)]
    around = [one for one in around if one is None or not swaps(one.name)]
    hidden = function.private or function.name.startswith(("_", "#"))
    return (
        hidden
        and bool(around)
        and all(
            one is not None and any(_goes_through(table, member, other) for other in reached(function.module, one))
            for one in around
        )
    )


def _asked_by_users(inquiry: Inquiry, table: Table, member: str, function: Function) -> bool:
    """Tell whether whoever has the object take a record out asks it first who needs that: ``shelf.usersOf(name)``."""
    own = function.owner.methods if function.owner is not None else []
    askers = {one.name for one in own if one is not function and one.params and _goes_through(table, member, one)}
    if not askers or function.private:
        return False
    for other in islice(inquiry.project.modules(naming=askers, tests=False), _MOST):
        for call in other.calls((function.name,)):
            asking, holder = function_of(call), call.receiver
            if asking is None or holder is None or asking is function:
                continue
            if any(
                one.name in askers and one.receiver is not None and other.text_of(one.receiver) == other.text_of(holder)
                for one in calls_in(asking.body)
            ):
                return True
    return False


def _only_when_ended(module: Module, table: Table, member: str, access: Access) -> bool:
    """Tell whether only a record leaves that was ended before, and its end asks: ``move(unit, unit.phase, REMOVED)``.

    The state of the record is handed to a function of the subject that refuses what may not follow on it.
    """
    function = access.function
    if access.how != "delete" or function is None or function.owner is None:
        return False
    asked = any(
        isinstance(target := definition(module, call.callee), Function)
        and any(isinstance(one, Member) and set(words(one.name)) & _STATES for one in call.args)
        and any(True for _ in find(target.body, Throw, into_functions=False))
        for call in calls_in(function.body)
        if call.start < access.node.start
    )
    return asked and any(
        _goes_through(table, member, one) and any(True for _ in find(one.body, Throw, into_functions=False))
        for one in function.owner.methods
        if one is not function and stops(one.name)
    )


def _of_own_list(module: Module, access: Access, member: str) -> bool:
    """Tell whether a record's own list is gone through: what it names are its entries in an index, and no others."""
    key = strip(access.key) if access.key is not None else None
    bound = module.scopes.lookup(key.id, key) if isinstance(key, Name) else []
    first = bound[0] if bound else None
    over = first.iterable if isinstance(first, For) else None
    each = first.parent if isinstance(first, Param) else None
    if isinstance(each, Function) and isinstance(each.parent, Call) and each.parent.name == "forEach":
        over = each.parent.receiver
    over = strip(over) if over is not None else None
    return isinstance(over, Member) and over.name == member


def _hangs_on(module: Module, table: Table, access: Access) -> bool:
    """Tell whether a removal hangs on something that is noted of the record: who uses it, in it or in another table.

    ``if (module.usedBy > 0)``, ``if self._users.get(name): raise``.
    """
    if access.how != "delete" or access.key is None:
        return False
    own = {id(one.node) for one in table.accesses}
    key = module.text_of(access.key)
    beside = {
        id(one.node)
        for other in all_tables(module)
        if other is not table
        for one in other.of("has", "read")
        if one.key is not None and module.text_of(one.key) == key
    }
    for condition in conditions(access.node):
        for node in walk(condition.test):
            held = module.scopes.origin(node) if isinstance(node, Name) else node
            if id(held) in beside:
                return True
            base = module.scopes.origin(node.object) if isinstance(node, Member) else None
            if base is not None and id(base) in own:
                return True
    return False


def _goes_through(table: Table, member: str, function: Function) -> bool:
    """Tell whether a function goes through a table and reads the member, or keeps who needs whom by other means."""
    goes = any(
        access.function is not None and (access.function is function or function in ancestors(access.node))
        for access in table.of("iterate")
    )
    return goes and any(node.name == member for node in find(function.body, Member))
