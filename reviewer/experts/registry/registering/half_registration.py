"""REG005: an entry is stored before what can still refuse or break the registration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.flow import after, conditions, enclosing_loop, guarding_try
from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Array,
    Call,
    Class,
    For,
    Function,
    Handler,
    Index,
    Literal,
    Member,
    Name,
    Object,
    Throw,
    Try,
    strip,
)
from reviewer.code.tables import is_tally, tables
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, inside, names_in, statement_of, walk
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.registry.entering import enters, of_a_registry
from reviewer.experts.registry.members import members_of, optional_use, own_class
from reviewer.experts.registry.nested import nested_entries, nested_writes
from reviewer.experts.registry.vocabulary import PASSING, REGISTERS, REPLACES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.code.tables import Access, Table
    from reviewer.experts.check import Inquiry

_CHECKS = frozenset({"check", "validate", "assert", "require", "ensure", "verify", "refuse", "reject"})
_EACH = frozenset({"forEach", "map", "every", "some"})
_UNDOES = frozenset({"delete", "pop", "remove", "discard", "clear", "unregister", "rollback", "undo"})


@module_check("REG005", words=REGISTERS | {"raise", "throw"})
def half_registration(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Find what can still fail after the first table was written."""
    if module.is_test:
        return
    spoken: set[int] = set()
    for table in tables(module):
        if set(words(table.name)) & PASSING or is_tally(table):
            continue
        for access in (*table.of("write"), *nested_writes(module, table), *nested_entries(module, table)):
            function = access.function
            if function is None or id(function) in spoken:
                continue
            if enters(function) is not function and not _takes_in(module, function):
                continue
            if _makes_room(access) or (table.owner is None and table.scope is function):
                continue  # what is kept for the one call is gone with it
            found = _breaks(inquiry, module, table, access)
            if found is not None and (
                of_a_registry(table, function) or _refuses_second(module, found[0]) or _refused_next(access) is not None
            ):
                spoken.add(id(function))
                at, why = found
                yield Match(
                    access.node,
                    f"'{function.name}' writes '{table.name}' first, and {why} on line {at.line} then leaves the entry "
                    "in it although the registration failed.",
                    related=((at, "here the registration can still fail"),),
                    confidence=Confidence.LIKELY,
                )


def _takes_in(module: Module, function: Function) -> bool:
    """Tell whether a function takes something in, whatever it is called.

    It enters it into two tables, and refuses it where one of them has such an entry already.
    """
    if not function.name or set(words(function.name)) & REPLACES or function.name.startswith("__"):
        return False
    written = {table.name for table in tables(module) for one in table.of("write") if one.function is function}
    thrown = find(function.body, Throw, into_functions=False) if len(written) > 1 else ()
    return any(_is_for_a_taken_key(module, one) for one in thrown)


def _refuses_second(module: Module, at: Node) -> bool:
    """Tell whether what fails is the refusal of an id that is there already: whatever is entered so is registered."""
    if isinstance(at, Throw):
        return _is_for_a_taken_key(module, at)
    target = definition(module, at.callee) if isinstance(at, Call) else None
    thrown = find(target.body, Throw, into_functions=False) if isinstance(target, Function) else ()
    return any(_is_for_a_taken_key(module, one) for one in thrown)


def _makes_room(access: Access) -> bool:
    """Tell whether a write only sees to it that there is something to enter in: ``table.setdefault(name, {})``."""
    value = strip(access.value) if access.value is not None else None
    if not isinstance(access.node, Call) or access.node.name != "setdefault":
        return False
    if isinstance(value, Call):
        return value.name in ("dict", "list", "set") and not value.args
    return (isinstance(value, Object) and not value.entries) or (isinstance(value, Array) and not value.items)


def _breaks(inquiry: Inquiry, module: Module, table: Table, access: Access) -> tuple[Node, str] | None:
    if guarding_try(access.node) is not None or _in_final(access.node):
        return None
    # What stands above in a loop meets the next entry, and this one is whole by then.
    later = [node for node in _after(access.node) if node.start > access.node.start]
    if any(isinstance(node, Call) and words(node.name)[:1] and words(node.name)[0] in _UNDOES for node in later):
        return None
    own = statement_of(access.node)
    other = _refused_next(access)
    if other is not None:
        return other, "the error thrown for one of the others"
    for node in later:
        if own is not None and inside(node, own):
            continue
        if isinstance(node, Throw) and guarding_try(node) is None and not _in_handler(node):
            return node, "the error thrown"
        if isinstance(node, Call) and access.function is not None and node.name == access.function.name:
            continue  # the walk goes on with a part
        if isinstance(node, Call) and guarding_try(node) is None and not _in_handler(node) and _refuses(module, node):
            return node, f"the check '{node.name}'"
        if isinstance(node, Name | Member):
            why = _missing(inquiry, module, node, table)
            if why:
                return node, why
    return None


def _after(node: Node) -> Iterator[Node]:
    """Yield what may run after a node, with the bodies of callbacks that run at once: ``tags.forEach((tag) => …)``."""
    for later in after(node):
        yield later
        if isinstance(later, Call) and later.name in _EACH:
            for callback in later.args:
                if isinstance(callback, Function):
                    yield from walk(callback.body, into_functions=False)


def _refused_next(access: Access) -> Throw | None:
    """Return the refusal that one of several names of the same thing meets after others of them were entered.

    ``for lane in lanes: if owners.setdefault(lane, name) != name: raise …``: what is stored is the same each time, so
    that the loop goes through the parts of one entry.
    """
    loop = enclosing_loop(access.node)
    if not isinstance(loop, For) or loop.target is None or access.key is None or access.value is None:
        return None
    each = names_in(loop.target)
    if not each & names_in(access.key) or each & names_in(access.value):
        return None
    if isinstance(access.value, Literal) or not any(isinstance(one, Name) for one in walk(access.value)):
        return None
    for thrown in find(loop.body, Throw, into_functions=False):
        if guarding_try(thrown) is None and not _in_handler(thrown) and conditions(thrown):
            return thrown
    return None


def _refuses(module: Module, call: Call, depth: int = 1) -> bool:
    """Tell whether a call is of a check of the subject, or of what enters more, that throws if it is not content."""
    target = definition(module, call.callee) or _static(module, call)
    if not isinstance(target, Function):
        return False
    refused = [
        thrown
        for thrown in find(target.body, Throw, into_functions=False)
        if guarding_try(thrown) is None and not _in_handler(thrown)
    ]
    if _CHECKS.intersection(words(call.name)[:1]):
        return bool(refused)
    if depth and any(
        _CHECKS.intersection(words(inner.name)[:1]) and guarding_try(inner) is None and _refuses(module, inner, 0)
        for inner in find(target.body, Call, into_functions=False)
    ):
        return True
    return any(_is_for_a_taken_key(module, thrown) for thrown in refused)


def _static(module: Module, call: Call) -> Function | None:
    """Return the method of a class itself that is called: ``Shelf.checkTag(tag)``."""
    holder = strip(call.receiver) if call.receiver is not None else None
    cls = definition(module, holder) if isinstance(holder, Name) and holder.id != "this" else None
    return cls.method(call.name) if isinstance(cls, Class) else None


def _is_for_a_taken_key(module: Module, thrown: Throw) -> bool:
    """Tell whether an error is thrown where a table has an entry already: ``if (this.keys.has(key)) throw …``.

    What was looked up may be kept in a name first: ``owner = self._paths.get(path)``.
    """
    asked = {id(access.node) for table in tables(module) for access in table.of("has", "read")}
    return any(
        condition.holds
        and any(
            id(node) in asked or (isinstance(node, Name) and id(module.scopes.origin(node)) in asked)
            for node in walk(condition.test)
        )
        for condition in conditions(thrown)
    )


def _in_final(node: Node) -> bool:
    return any(isinstance(around, Try) for around in ancestors(node) if not isinstance(around, Function))


def _in_handler(node: Node) -> bool:
    return any(isinstance(around, Handler) for around in ancestors(node))


def _missing(inquiry: Inquiry, module: Module, node: Node, table: Table) -> str:
    """Say what is certain to fail: a name that nothing defines, a field that was never made."""
    from reviewer.experts.registry.undefined import undefined_names

    if isinstance(node, Name):
        return f"the undefined name '{node.id}'" if id(node) in undefined_names(inquiry, module) else ""
    if not isinstance(node, Member) or not (isinstance(node.object, Name) and node.object.id == "this"):
        return ""
    cls = own_class(node)
    parent = node.parent
    if cls is None or cls is not table.owner or not isinstance(parent, Member | Index) or optional_use(node):
        return ""
    members = members_of(cls)
    return (
        f"the field '{node.name}', which is never created," if members is not None and node.name not in members else ""
    )
