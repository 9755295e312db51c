"""SEC014: what decides who may do what is given out as it is, by the very object that asks it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.flow import returns_of
from reviewer.code.reach.made import values_of
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Assign,
    Await,
    Binary,
    Call,
    Class,
    Comprehension,
    Conditional,
    Expr,
    Field,
    For,
    Function,
    Index,
    Member,
    Name,
    Node,
    Object,
    Param,
    Return,
    Spread,
    strip,
)
from reviewer.code.tables import holder_of, kind_of
from reviewer.code.walk import class_of, find, function_of
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.registry.given_out import is_public
from reviewer.experts.security.deciding.decisions import decision_functions, readers, throws_refusal
from reviewer.experts.security.handing.given_to_guests import object_reaches_guests
from reviewer.experts.security.handing.handed import handed, is_frozen
from reviewer.experts.security.handing.only_copied import only_copied
from reviewer.experts.security.vocabulary import ANSWERING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_ASKS: Final = frozenset({"has", "get", "includes", "find", "some", "filter", "findIndex"})
_ASKED_OF_MANY: Final = frozenset("has includes some find every filter any issuperset issubset isdisjoint".split())
_PLAIN: Final = ("frozenset", "FrozenSet", "tuple", "Tuple", "string", "str", "number", "boolean", "bool", "int")
"""Declared types of what nobody can change."""
_READ_ONLY: Final = ("Readonly", "readonly", "Mapping", "Iterable", "Sequence", "Collection", "Iterator", "AbstractSet")
"""Declared types under which only the compiler keeps a plugin from changing what it is given."""
_INNER: Final = (
    "Set<",
    "[]>",
    "Array<",
    ", Map<",
    "defaultdict(list",
    "defaultdict(set",
    ", set[",
    ", list[",
    ", dict[",
)
"""Spellings of a table that holds collections."""
_NEW_LISTS: Final = frozenset("map filter slice flatMap concat sort split".split())
_DEEPEST: Final = 6


class _Held(Struct, frozen=True):
    """What a decision looks things up in: a field of a class, or a name of the function or file around it."""

    owner: int
    name: str
    reader: Function
    """The function that looks something up in it."""
    deciding: Function
    place: Node
    many: bool
    """What is looked up is itself a collection."""


@module_check("SEC014", words=ANSWERING)
def rules_given_out(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what decisions look things up in for public functions that answer with it, or with an element of it."""
    if module.is_test:
        return
    known: dict[tuple[int, str], _Held] = {}
    for held in _asked(inquiry, module):
        one = known.get((held.owner, held.name))
        known[held.owner, held.name] = held if one is None or (held.many and not one.many) else one
    judged = {id(place) for thing in handed(inquiry, module) for _, place, _ in thing.open} if known else set()
    for function in module.functions if known else ():
        if (
            id(function) in judged
            or function.private
            or function.name.startswith("_")
            or function.returns.strip("'\"").startswith(_PLAIN)
        ):
            continue
        for value, place in _answers(module, function):
            holder, element = _given(value)
            held_here = known.get(_identity(module, holder)) if holder is not None else None
            if holder is None or held_here is None or function is held_here.deciding:
                continue
            if not is_public(function, of_class=isinstance(function.owner, Class)):
                continue
            if not (_is_of_many(module, value, holder, held_here) if element else _is_own(module, holder)):
                continue
            declared = function.returns.strip("'\" ").removeprefix("Promise<")
            shown = list(_passed_on(module, function))
            if shown:
                yield from (
                    Match(
                        call,
                        f"'{short(module.text_of(call))}' gives a guest what '{held_here.deciding.name}' decides by, "
                        "and no copy of it: it changes what it may do.",
                        related=((place, "given out here"), (held_here.place, "decided here")),
                    )
                    for call in shown
                )
                break
            yield Match(
                place,
                f"'{function.name}' gives out what '{held_here.deciding.name}' decides by, and no copy of it: whoever "
                "asks can change who may do what.",
                related=((held_here.place, "decided here"),),
                confidence=Confidence.POSSIBLE
                if declared.startswith(_READ_ONLY)
                or _is_only_read(module, function)
                or (function.owner is not None and only_copied(module, function))
                else None,
            )
            break


def _passed_on(module: Module, function: Function) -> Iterator[Call]:
    """Yield where a member of what guests are handed answers with what a function of the file gives."""
    for call in module.calls((function.name,)) if function.owner is None and function.name else ():
        member = function_of(call)
        around = call.parent
        made = member.parent if member is not None and (isinstance(around, Return) or around is member) else None
        if isinstance(made, Object) and object_reaches_guests(module, made):
            yield call


def _is_only_read(module: Module, function: Function) -> bool:
    """Tell whether every call in the file of one of its functions only reads the answer, in a handed object as well."""
    calls = list(module.calls((function.name,))) if function.owner is None and function.name else []
    inside = (around for call in calls if (around := function_of(call)) is not None)
    return any(isinstance(one.parent, Object) for one in inside) and all(
        isinstance(call.parent, Member | Index | Binary | Spread | For | Comprehension) for call in calls
    )


def _asked(inquiry: Inquiry, module: Module) -> Iterator[_Held]:
    """Yield what the decisions of a module look something up in, themselves or through a function that they call."""
    guards = [one for one in module.functions if one.owner is not None and throws_refusal(one)]
    for deciding in (*decision_functions(inquiry, module), *guards):
        for reader in readers(module, deciding):
            for lookup in (*find(reader.body, Call), *find(reader.body, Index), *find(reader.body, Binary)):
                holder = looked_up_in(lookup)
                if holder is not None and (owner := _identity(module, holder))[0]:
                    yield _Held(*owner, reader, deciding, holder, _is_many(module, lookup))


def looked_up_in(lookup: Node) -> Expr | None:
    """Return what a lookup looks in: ``held.get(id)``, ``held[id]``, ``id in held``."""
    holder: Expr | None = None
    if isinstance(lookup, Call) and lookup.name in _ASKS:
        holder = lookup.receiver
    elif isinstance(lookup, Index):
        holder = lookup.object
    elif isinstance(lookup, Binary) and lookup.op in ("in", "not in"):
        holder = lookup.right
    return strip(holder) if holder is not None else None


def _identity(module: Module, holder: Expr) -> tuple[int, str]:
    """Return whose a field or a name is and what it is called; whose is 0 for what belongs to one call alone."""
    if is_this_member(holder):
        cls = class_of(holder)
        return (id(cls), holder.name) if cls is not None else (0, "")
    if isinstance(holder, Member):
        kept = holder_of(module, holder)  # ``host.rights`` of ``def may(host: Host, …)``
        return (id(kept), holder.name) if kept is not None else (0, "")
    if not isinstance(holder, Name):
        return 0, ""
    bindings = module.scopes.lookup(holder.id, holder)
    if not bindings or not isinstance(bindings[0], Assign) or function_of(bindings[0]) is function_of(holder):
        return 0, ""
    return id(function_of(bindings[0]) or module), holder.id


def _is_many(module: Module, lookup: Node) -> bool:
    """Tell whether what is looked up is asked as a collection is: spread, gone through, asked for an element."""
    if isinstance(lookup, Binary):
        return False
    value: Node = lookup
    around = value.parent
    for _ in range(_DEEPEST):
        if isinstance(around, Binary) and around.op in ("??", "or") and around.left is value:
            if kind_of(module, around.right) or (isinstance(around.right, Array) and around.right.kind == "list"):
                return True
            value, around = around, around.parent
        elif isinstance(around, Spread | For):
            return True
        elif isinstance(around, Member):
            return around.name in _ASKED_OF_MANY and isinstance(around.parent, Call)
        elif isinstance(around, Binary):
            return around.op in ("in", "not in") and around.right is value
        else:
            return False
    return False


def _answers(module: Module, function: Function) -> Iterator[tuple[Expr, Expr]]:
    """Yield what a function answers with, and where: through its own names and both sides of a choice."""
    pending = [(strip(one.value), one.value) for one in returns_of(function) if one.value is not None]
    for _ in range(_DEEPEST * 2):
        if not pending:
            return
        value, place = pending.pop()
        if isinstance(value, Await):
            pending.append((strip(value.value), place))
        elif isinstance(value, Conditional):
            pending += [(strip(value.then), place), (strip(value.other), place)]
        elif isinstance(value, Binary) and value.op in ("??", "or"):
            pending.append((strip(value.left), place))
        elif isinstance(value, Name):
            bindings = module.scopes.lookup(value.id, value)
            own = [one for one in bindings if isinstance(one, Assign) and function_of(one) is function]
            pending += [(strip(one.value), place) for one in own if one.value is not None]
            if not own and not any(isinstance(one, Param) for one in bindings):
                yield value, place
        else:
            yield value, place


def _given(value: Expr) -> tuple[Expr | None, bool]:
    """Return the holder that an answer is, or is an element of, and which of the two."""
    if is_this_member(value) or isinstance(value, Name):
        return value, False
    if isinstance(value, Call) and value.name in ("get", "setdefault"):
        return (strip(value.receiver), True) if value.receiver is not None else (None, True)
    return (strip(value.object), True) if isinstance(value, Index) else (None, False)


def _is_of_many(module: Module, value: Expr, holder: Expr, held: _Held) -> bool:
    """Tell whether the elements of a holder are collections that somebody can change."""
    default = value.arg(1) if isinstance(value, Call) else None
    stored = list(_stored(module, holder))
    if default is not None and (not kind_of(module, default) or (isinstance(default, Object) and not stored)):
        return False
    if any(_is_changeable(module, one) for one in stored):
        return True
    if (held.many or default is not None) and not stored:
        return True
    return _is_many(module, value) or any(one in _declared(module, holder) for one in _INNER)


def _is_changeable(module: Module, stored: Expr) -> bool:
    """Tell whether what is stored is a collection, made here or worked out from another."""
    return any(
        isinstance(value, Array | Comprehension)
        or bool(kind_of(where, value))
        or (isinstance(value, Call) and value.receiver is not None and value.name in _NEW_LISTS)
        or _is_added_to(where, value)
        for where, value in values_of(module, stored)
    )


def _is_added_to(module: Module, value: Expr) -> bool:
    """Tell whether what is stored is a set to which something was just added: ``(old ?? new Set()).add(it)``."""
    held = strip(value.receiver) if isinstance(value, Call) and value.receiver is not None else None
    if not isinstance(value, Call) or value.name not in ("add", "set") or held is None:
        return False
    made = strip(held.right) if isinstance(held, Binary) and held.op in ("??", "or") else held
    return bool(kind_of(module, made))


def _stored(module: Module, holder: Expr) -> Iterator[Expr]:
    """Yield what is put into a holder where that is plain to see."""
    wanted = _identity(module, holder)
    for call in module.calls(["set", "setdefault"]):
        if call.receiver is not None and len(call.args) > 1 and _identity(module, strip(call.receiver)) == wanted:
            yield strip(call.args[1])
    for assign in module.all(Assign):
        put = strip(assign.target.object) if isinstance(assign.target, Index) and assign.value is not None else None
        if put is not None and assign.value is not None and _identity(module, put) == wanted:
            yield strip(assign.value)


def _declared(module: Module, holder: Expr) -> str:
    """Return how a field is declared, with its type."""
    cls = class_of(holder) if is_this_member(holder) else None
    fields = (
        [one for one in cls.fields if one.name == holder.name] if cls is not None and is_this_member(holder) else []
    )
    return module.text_of(fields[0]) if fields and isinstance(fields[0], Field) else ""


def _is_own(module: Module, holder: Expr) -> bool:
    """Tell whether a holder is meant for its owner alone, and can be changed."""
    if isinstance(holder, Name):
        bindings = module.scopes.lookup(holder.id, holder)
        values = [one.value for one in bindings if isinstance(one, Assign) and one.value is not None]
        return any(kind_of(module, one) for one in values)
    if not isinstance(holder, Member):
        return False
    cls = class_of(holder)
    if cls is None:
        return False
    private = holder.name.startswith(("#", "_")) or any(one.private for one in cls.fields if one.name == holder.name)
    values = module.scopes.field_values(cls, holder.name)
    return private and not (values and all(is_frozen(module, one) for one in values))
