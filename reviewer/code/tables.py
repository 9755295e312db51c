"""Keyed collections of a module: who puts what in under which key, who reads, who removes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from reviewer.code.made_anew import laid_in, leaves_some, made_anew
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    Class,
    Comprehension,
    Delete,
    Expr,
    Field,
    For,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Param,
    Unary,
    is_nothing,
    strip,
)
from reviewer.code.walk import class_of, function_of, walk

if TYPE_CHECKING:
    from reviewer.code.module import Module

_MAKERS: Final = {
    "Map": "map",
    "WeakMap": "map",
    "Set": "set",
    "WeakSet": "set",
    "dict": "map",
    "OrderedDict": "map",
    "defaultdict": "map",
    "Counter": "map",
    "collections.OrderedDict": "map",
    "collections.Counter": "map",
    "collections.defaultdict": "map",
    "WeakValueDictionary": "map",
    "weakref.WeakValueDictionary": "map",
    "set": "set",
    "list": "list",
    "deque": "list",
    "collections.deque": "list",
    "Array": "list",
    "Object.create": "map",
}
_TYPES: Final = (
    (("Map<", "WeakMap<", "ReadonlyMap<", "Record<", "dict[", "Dict[", "MutableMapping[", "defaultdict["), "map"),
    (("Set<", "WeakSet<", "set[", "Set["), "set"),
    (("Array<", "list[", "List[", "deque["), "list"),
)
_WRITES: Final = {"set": 2, "add": 1, "push": 1, "append": 1, "setdefault": 2, "unshift": 1, "appendleft": 1}
_READS: Final = frozenset({"get"})
_HAS: Final = frozenset({"has", "includes", "__contains__"})
_OWNS: Final = frozenset({"hasOwn", "hasOwnProperty"})
"""Calls that ask an object whether it holds a key, by whichever way: see :func:`_asks_object`."""
_DELETES: Final = frozenset({"delete", "pop", "popitem", "remove", "discard", "splice", "shift", "popleft"})
_CLEARS: Final = frozenset({"clear"})
_ITERATES: Final = frozenset(
    "values keys items entries forEach map flatMap filter some every find findLast findIndex reduce reduceRight "
    "toSorted toReversed".split()
)


class Access(Struct, frozen=True):
    """One use of a table.

    ``how`` is ``read``, ``write``, ``has``, ``delete``, ``clear`` or ``iterate``; ``key`` and
    ``value`` are what is given for them, None where there is none; ``node`` is the whole
    access, ``function`` the function that it stands in.
    """

    how: str
    node: Node
    key: Expr | None
    value: Expr | None
    function: Function | None


_MOST_BASES: Final = 4


class Table(Struct):
    """A map, set or list that lives longer than one call: a field, or a variable that closures share.

    ``declared`` is where it comes into being; ``owner`` its class, None for a variable.
    """

    name: str
    kind: str
    declared: Node
    owner: Class | None
    scope: Function | None
    """The function whose variable it is; None for a field and for the top level."""
    accesses: list[Access] = field(default_factory=list)

    def of(self, *kinds: str) -> list[Access]:
        """Return the accesses of these kinds, in source order."""
        return [access for access in self.accesses if access.how in kinds]


def tables(module: Module) -> list[Table]:
    """Return the tables of a module with all their accesses, in source order."""
    kept = module.memory.get("tables")
    if not isinstance(kept, list):
        kept = module.memory["tables"] = _tables(module)
    return kept


def is_tally(table: Table) -> bool:
    """Tell whether a table holds nothing but numbers that are counted up: how often something failed, by its name."""
    writes = table.of("write")
    return any(map(_counts_up, writes)) and all(_counts_up(one) or _is_number(one.value) for one in writes)


def _counts_up(write: Access) -> bool:
    value = strip(write.value) if write.value is not None else None
    if isinstance(write.node, Assign) and write.node.op == "+=":
        return _is_number(value)
    return isinstance(value, Binary) and value.op == "+" and _is_number(value.right)


def _is_number(value: Expr | None) -> bool:
    value = strip(value) if value is not None else None
    return isinstance(value, Literal) and isinstance(value.value, int | float) and not isinstance(value.value, bool)


def nested_tables(module: Module) -> list[Table]:
    """Return the maps that records hold which are put into another table: ``guests.set(name, {asked: new Map()})``.

    They are known by the name of the member alone, whichever record it is taken of.
    """
    return module.once("code.nested_tables", lambda: _nested(module))


def _nested(module: Module) -> list[Table]:
    found: dict[str, Table] = {}
    for outer in tables(module):
        for access in outer.of("write"):
            made = module.scopes.origin(access.value) if access.value is not None else None
            if isinstance(made, Binary) and made.op in ("??", "or"):
                made = strip(made.right)  # what was there, or a new one
            for name, kind in _held_tables(module, made) if isinstance(made, Object) else ():
                if kind == "map":
                    found.setdefault(name, Table(name, kind, access.node, None, access.function))
    if found:
        for node in module.some(Call, Assign, Index, Binary, For, Comprehension):
            for target, access in accesses(node):
                held = strip(target)
                if isinstance(held, Member) and held.name in found and not is_this_member(held):
                    found[held.name].accesses.append(access)
    return list(found.values())


def _tables(module: Module) -> list[Table]:
    known: dict[tuple[int, str], Table] = {}
    _declare(module, known)
    if known:
        for node in module.some(Call, Assign, Index, Binary, For, Comprehension):
            for target, access in accesses(node):
                table = known.get(_identity(module, target)) or _of_a_base(module, target, known)
                if table is not None:
                    table.accesses.append(access)
    return list(known.values())


def _of_a_base(module: Module, target: Expr, known: dict[tuple[int, str], Table]) -> Table | None:
    """Return the table of a base class in the same file that a method of a derived one reaches by ``this``."""
    target = strip(target)
    cls = class_of(target) if is_this_member(target) and not target.name.startswith("#") else None
    for _ in range(_MOST_BASES if cls is not None and cls.bases else 0):
        named = {base.id for base in (cls.bases if cls is not None else ()) if isinstance(base, Name)}
        named |= {
            base.object.id
            for base in (cls.bases if cls is not None else ())
            if isinstance(base, Index) and isinstance(base.object, Name)
        }
        cls = next((one for one in module.classes if one.name in named and one is not cls), None)
        if cls is None:
            return None
        if isinstance(target, Member) and (id(cls), target.name) in known:
            return known[id(cls), target.name]
    return None


def kind_of(module: Module, value: Expr | None, annotation: str = "") -> str:
    """Return ``map``, ``set`` or ``list`` for an expression that makes a collection, else an empty string."""
    value = strip(value) if value is not None else None
    if isinstance(value, Call):
        made = _MAKERS.get(module.resolve(value.callee), "")
        if made:
            return made
        if module.resolve(value.callee).endswith("field"):  # dataclasses.field(default_factory=dict)
            factory = value.keywords.get("default_factory")
            return _MAKERS.get(module.resolve(factory), "") if factory is not None else ""
    if isinstance(value, Object):
        return "map" if not value.entries or annotation.startswith(("Record<", "dict[", "Dict[")) else ""
    if isinstance(value, Array) and not value.items and value.kind == "list":
        return "list"
    bare = annotation.removeprefix("readonly ").strip().strip("'\"")
    if value is None or isinstance(value, Name):
        for starts, kind in _TYPES:
            if bare.startswith(starts):
                return kind
        if bare.endswith("[]") and "(" not in bare:
            return "list"
    return ""


def _declare(module: Module, known: dict[tuple[int, str], Table]) -> None:
    for cls in module.classes:
        if cls.kind != "class":
            continue
        for member in cls.fields:
            _declare_field(module, cls, member.name, member, member.value, member.type, known)
        for name, assigns in module.scopes.fields(cls).items():
            for assign in assigns:
                _declare_field(module, cls, name, assign, assign.value, assign.type, known)
    for node in module.all(Assign):
        if isinstance(node.target, Name) and node.op == "=":
            kind = kind_of(module, node.value, node.type)
            function = function_of(node)
            if kind and (function is None or _shared(function, node.target.id)):
                key = (id(node), node.target.id)
                known.setdefault(key, Table(node.target.id, kind, node, None, function))
            elif isinstance(node.value, Object) and node.value.entries:
                held = list(_held_tables(module, node.value))
                if held and (function is None or _shared(function, node.target.id)):
                    known.update(
                        ((id(node), f".{name}"), Table(name, sort, node, None, function)) for name, sort in held
                    )


def _held_tables(module: Module, value: Object) -> Iterator[tuple[str, str]]:
    """Yield the tables that an object holds, by name and kind: ``{ running: new Map(), failed: new Set() }``."""
    for name, held in value.entries:
        kind = kind_of(module, held) if isinstance(name, Literal) and isinstance(strip(held), Call | Array) else ""
        if kind and isinstance(name, Literal):
            yield str(name.value), kind


def _declare_field(
    module: Module,
    cls: Class,
    name: str,
    place: Field | Assign,
    value: Expr | None,
    annotation: str,
    known: dict[tuple[int, str], Table],
) -> None:
    kind = kind_of(module, value, annotation)
    if not kind and annotation and isinstance(strip(value) if value is not None else None, Call):
        kind = kind_of(module, None, annotation)  # ``self._pages: dict[str, Page] = self._read()``
    if kind:
        known.setdefault((id(cls), name), Table(name, kind, place, cls, None))


def _shared(function: Function, name: str) -> bool:
    """Tell whether a function inside this one uses a variable of it, so that it outlives the call."""
    module = function.module
    if module.text_of(function).count(name) < 2:
        return False
    return any(
        isinstance(node, Function) and node is not function and name in module.text_of(node)
        for node in walk(function.body)
    )


def holder_of(module: Module, member: Member) -> Class | None:
    """Return the class of the module whose field a member is: of the object itself, or of what a parameter is.

    ``desk.handlers`` of ``def emit(desk: Desk, …)`` is the same table as ``self.handlers`` of a method of ``Desk``.
    """
    if is_this_member(member):
        return class_of(member)
    holder = strip(member.object)
    bound = module.scopes.lookup(holder.id, holder) if isinstance(holder, Name) else []
    only = bound[0] if len(bound) == 1 else None
    said = only.type.strip().strip("'\"") if isinstance(only, Param) and not only.fields else ""
    return _classes_by_name(module).get(said) if said else None


def _classes_by_name(module: Module) -> dict[str, Class]:
    return module.once("code.classes_by_name", lambda: {one.name: one for one in module.classes if one.kind == "class"})


def _identity(module: Module, expr: Expr) -> tuple[int, str]:
    expr = strip(expr)
    if isinstance(expr, Member) and (is_this_member(expr) or isinstance(strip(expr.object), Name)):
        cls = holder_of(module, expr)
        if cls is not None or is_this_member(expr):
            return (id(cls), expr.name) if cls is not None else (0, "")
    holder, name = (strip(expr.object), f".{expr.name}") if isinstance(expr, Member) else (expr, "")
    if isinstance(holder, Name):
        for binding in module.scopes.lookup(holder.id, holder):
            if isinstance(binding, Assign):
                return (id(binding), name or holder.id)
            if isinstance(binding, Class) and name:
                return (id(binding), name[1:])  # a table of the class by its name: ``Yields.kept[day]``
            if isinstance(binding, Param):
                return (0, "")
    return (0, "")


def accesses(node: Node) -> Iterator[tuple[Expr, Access]]:
    """Yield (collection, access) for what a node does with collections."""
    if isinstance(node, Call):
        yield from _call_access(node)
    elif isinstance(node, Assign) and isinstance(node.target, Index):
        how = "delete" if node.op == "=" and is_nothing(node.value) else "write"
        yield node.target.object, Access(how, node, node.target.key, node.value, function_of(node))
    elif isinstance(node, Assign):
        if leaves_some(node):
            yield node.target, Access("delete", node, None, None, function_of(node))
        for table, key, value in made_anew(node):
            yield table, Access("write", node, key, value, function_of(node))
    elif isinstance(node, Index):
        parent = node.parent
        written = isinstance(parent, Assign) and parent.target is node and parent.op == "="
        removed = isinstance(parent, Delete) or (isinstance(parent, Unary) and parent.op == "delete")
        if not written:
            yield node.object, Access("delete" if removed else "read", node, node.key, None, function_of(node))
    elif isinstance(node, Binary) and node.op in ("in", "not in"):
        yield node.right, Access("has", node, node.left, None, function_of(node))
    elif isinstance(node, For) and node.iterable is not None:
        yield node.iterable, Access("iterate", node, None, None, function_of(node))
    elif isinstance(node, Comprehension):
        for _target, iterable in node.clauses:
            yield iterable, Access("iterate", node, None, None, function_of(node))


def _call_access(call: Call) -> Iterator[tuple[Expr, Access]]:
    receiver, name = call.receiver, call.name
    function = function_of(call)
    if receiver is None:
        if name in ("list", "dict", "set", "tuple", "sorted", "reversed", "len") and call.args:
            yield call.args[0], Access("iterate", call, None, None, function)
        return
    if name in ("values", "keys", "entries") and call.args and isinstance(receiver, Name) and receiver.id == "Object":
        yield call.args[0], Access("iterate", call, None, None, function)
    for table, given, held in laid_in(call):
        yield table, Access("write", call, given, held, function)
    asked = _asks_object(call)
    if asked is not None:
        yield asked[0], Access("has", call, asked[1], None, function)
    elif name in _WRITES:
        takes_key = _WRITES[name] == 2
        key = call.arg(0) if takes_key or name == "add" else None
        value = call.arg(1) if takes_key else call.arg(0)
        yield receiver, Access("write", call, key, value, function)
        if name == "setdefault":
            yield receiver, Access("read", call, call.arg(0), None, function)
    elif name in _READS:
        yield receiver, Access("read", call, call.arg(0), None, function)
    elif name in _HAS:
        yield receiver, Access("has", call, call.arg(0), None, function)
    elif name in _DELETES:
        yield receiver, Access("delete", call, call.arg(0), None, function)
    elif name in _CLEARS:
        yield receiver, Access("clear", call, None, None, function)
    elif name in _ITERATES:
        yield receiver, Access("iterate", call, None, None, function)


def _asks_object(call: Call) -> tuple[Expr, Expr] | None:
    """Return the object that is asked for a key of its own, and the key, in the three ways that JavaScript knows.

    ``kinds.hasOwnProperty(id)``, ``Object.hasOwn(kinds, id)``, ``Object.prototype.hasOwnProperty.call(kinds, id)``.
    """
    holder = strip(call.receiver) if call.receiver is not None else None
    if call.name in _OWNS and len(call.args) == 1 and holder is not None:
        return holder, call.args[0]
    owns = call.name == "hasOwn" or (call.name == "call" and isinstance(holder, Member) and holder.name in _OWNS)
    return (call.args[0], call.args[1]) if owns and len(call.args) == 2 else None
