"""What is handed to plugins: context objects and context classes, and what lies open in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from reviewer.code.flow import conditions
from reviewer.code.reach.links import declared_type, definition
from reviewer.code.reach.record_members import functions_among
from reviewer.code.reach.records import given_fields
from reviewer.code.syntax import (
    Array,
    Assign,
    Call,
    Class,
    Expr,
    For,
    Function,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Param,
    Return,
    strip,
)
from reviewer.code.text.defining import CONTRACT
from reviewer.code.text.ideas import FACES
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of
from reviewer.experts.lifecycle.bringing.brought import loads_something
from reviewer.experts.lifecycle.hooks.opposites import contract_hooks, opposite_hooks
from reviewer.experts.security.deciding.decisions import asks_permission
from reviewer.experts.security.deciding.own_rights import keyed_by_caller, refuses_itself
from reviewer.experts.security.handing.facades import is_facade, members_of
from reviewer.experts.security.handing.given_to_guests import goes_to_guest, is_guests
from reviewer.experts.security.handing.handed_over import FREEZERS, given_to_starters, handed_over
from reviewer.experts.security.values.access import step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_CONTEXTS: Final = FACES | {"sandbox"}
_TYPES: Final = frozenset({"context", "api", "facade", "surface"})
_FILLS: Final = frozenset({"template", "templates", "render", "renders", "rendered", "markup"})
"""Words of a function whose context is what a text is filled with."""
COPIERS: Final = frozenset(
    {
        "structuredClone",
        "deepcopy",
        "copy",
        "cloneDeep",
        "clone",
        "Set",
        "Map",
        "dict",
        "set",
        "list",
        "from",
        "fromEntries",
        "assign",
    }
)
"""Calls that make a new object."""


class Handed(Struct):
    """An object or a class that plugins get, or the making of one; ``open`` are its public members."""

    node: Object | Class | Call
    name: str
    open: list[tuple[str, Node, Expr]] = field(default_factory=list)
    """(member, place, value): the value is what the member holds, or what its getter returns."""
    later: list[tuple[str, Function]] = field(default_factory=list)
    """Functions that are put into an object after it was begun."""
    followed: bool = False
    """Whether the subject shows a guest that gets it, so that it is more than called a context."""


def handed(inquiry: Inquiry, module: Module) -> list[Handed]:
    """Return what a module hands to plugins; worked out once."""
    return module.once("security.handed", lambda: _collect(inquiry, module))


def _of_contracts(inquiry: Inquiry) -> frozenset[str]:
    """Return the names of the types that the waking members of the subject's interfaces are given."""
    known = inquiry.memory.get("security.given_types")
    if not isinstance(known, frozenset):
        found: set[str] = set()
        for module in inquiry.project.modules({"Protocol", "ABC", "interface"}, tests=False, showing=CONTRACT.search):
            for cls in module.classes if module.language != "javascript" else ():  # which has no interfaces
                pair = (opposite_hooks(cls) or contract_hooks(cls)) if cls.kind == "interface" else None
                start = next((m for m in cls.methods if pair and m.name == pair[0]), None)
                if start is not None and start.params[0].type:
                    found.add(start.params[0].type.strip("'\" ").rsplit(".", 1)[-1])
        known = inquiry.memory["security.given_types"] = frozenset(found)
    return known


def _collect(inquiry: Inquiry, module: Module) -> list[Handed]:
    over = frozenset(map(id, handed_over(module)))
    given = given_to_starters(module) | over
    types = _of_contracts(inquiry)
    found: list[Handed] = []
    for node in module.all_nodes:
        context = isinstance(node, Object) and bool(node.entries) and (id(node) in given or _is_context_object(node))
        if isinstance(node, Object) and (context or id(node) in over or _is_given_at_once(module, node)):
            filled = node.parent if isinstance(node.parent, Assign) and id(node) in over else None
            put = _put_in(filled) if filled is not None else []
            later = list(_functions_put_in(filled)) if filled is not None else []
            found.append(Handed(node, _object_name(node), [*_entries(node), *put], later=later))
        elif isinstance(node, Assign) and (_begins_context(node) or _is_granted_in_parts(module, node)):
            put, made = _put_in(node), strip(node.value) if node.value is not None else None
            if put and isinstance(made, Object | Call):
                put = [*(_entries(made) if isinstance(made, Object) else []), *put]
                found.append(Handed(made, _object_name(made), put))
        elif isinstance(node, Class) and node.kind == "class":
            last = words(node.name)
            named = bool(last) and last[-1] in _CONTEXTS
            if id(node) in given or node.name in types or ((named or refuses_itself(node)) and not _serves_many(node)):
                found.append(Handed(node, node.name, _members(module, node)))
        elif isinstance(node, Object | Call) and is_facade(module, node):
            facade = Handed(node, _object_name(node))
            shown = [(name, value) for name, value in members_of(node) if not isinstance(value, Function)]
            facade.open.extend((name, value, value) for name, value in shown if name[:1] != "_")
            found.append(facade)
        elif isinstance(node, Call) and (node.keywords or node.args) and _is_record(module, node, given, types):
            known = list(given_fields(module, node)) or list(node.keywords.items())
            record = Handed(node, node.name, later=list(functions_among(module, known)))
            record.open.extend((name, value, value) for name, value in known if name[:1] != "_")
            record.open.extend(_put_in(node.parent) if isinstance(node.parent, Assign) else ())
            found.append(record)
    for one in found:
        one.followed = id(one.node) in over or (isinstance(one.node, Call) and _is_followed(module, one.node))
    return found


def _is_followed(module: Module, call: Call) -> bool:
    """Tell whether a call makes an object of a class of which a guest is handed one, in whatever file that is."""
    made = definition(module, call.callee)
    return isinstance(made, Class) and any(made is one for one in handed_over(made.module))


def _is_given_at_once(module: Module, made: Object) -> bool:
    """Tell whether an object is written out for a guest that the file loads: ``guest.climb({ bells, rows })``."""
    around = made.parent
    return (
        isinstance(around, Call)
        and bool(made.entries)
        and made in around.args
        and loads_something(module.source)
        and is_guests(module, around)
    )


def _begins_context(assign: Assign) -> bool:
    """Tell whether a context is begun as an empty object: ``const context = Object.create(null)``."""
    value = strip(assign.value) if assign.value is not None else None
    empty = (isinstance(value, Object) and not value.entries) or (isinstance(value, Call) and value.name == "create")
    named = words(assign.target.id) if isinstance(assign.target, Name) else ()
    return empty and bool(named) and named[-1] in _CONTEXTS - {"handle"}


def _is_granted_in_parts(module: Module, assign: Assign) -> bool:
    """Tell whether an object gets members where somebody may have them: ``if (may(key, "seats")) things.seats = …``."""
    made = strip(assign.value) if assign.value is not None else None
    return isinstance(made, Object) and any(
        is_granted(module, place) for _name, place, _value in _put_in(assign) if isinstance(place, Assign)
    )


def is_granted(module: Module, put: Node) -> bool:
    """Tell whether something is done only where somebody may: a check stands around it."""
    return any(condition.holds and asks_permission(module, condition.test) for condition in conditions(put))


def _put_in(assign: Assign) -> list[tuple[str, Node, Expr]]:
    """Return what the same function puts into an object that a name holds: ``context.grants = grants``."""
    name = assign.target.id if isinstance(assign.target, Name) else ""
    function = function_of(assign)
    found: list[tuple[str, Node, Expr]] = []
    for node in find(function.body, Assign, into_functions=False) if function is not None else ():
        taken = step(node.target)
        holder = strip(taken[0]) if taken is not None else None
        if taken is None or not isinstance(holder, Name) or holder.id != name or node.value is None:
            continue
        if not isinstance(node.value, Function):
            found.append((taken[1], node, node.value))
    return found


def _functions_put_in(assign: Assign) -> Iterator[tuple[str, Function]]:
    """Yield the functions that the same function puts into an object that a name holds."""
    name = assign.target.id if isinstance(assign.target, Name) else ""
    function = function_of(assign)
    for node in find(function.body, Assign, into_functions=False) if function is not None else ():
        taken = step(node.target)
        holder = strip(taken[0]) if taken is not None else None
        if taken is not None and isinstance(holder, Name) and holder.id == name and isinstance(node.value, Function):
            yield taken[1], node.value


def functions_of(thing: Handed) -> Iterator[tuple[str, Function]]:
    """Yield the functions that whoever is handed something can call, by name."""
    if isinstance(thing.node, Object):
        for key, value in thing.node.entries:
            if isinstance(value, Function) and isinstance(key, Literal):
                yield str(key.value), value
    elif isinstance(thing.node, Class):
        for method in thing.node.methods:
            if not method.private and method.kind == "method" and not method.name.startswith("_"):
                yield method.name, method
    yield from thing.later


def _serves_many(cls: Class) -> bool:
    """Tell whether a class is told with each call which plugin asks: it is the host's own, and no plugin has one."""
    own = [method for method in cls.methods if method.kind == "method" and not method.private and method.params]
    told = any(set(words(method.params[0].name)) & {"plugin", "extension", "addon", "caller"} for method in own)
    return told or keyed_by_caller(cls)


def _is_record(module: Module, call: Call, given: set[int], types: frozenset[str]) -> bool:
    """Tell whether a call makes what a guest is given with the members that it names."""
    plain = call.name == "SimpleNamespace" and bool(call.keywords) and goes_to_guest(module, call)
    return plain or _makes_record(module, call, given, types)


def _makes_record(module: Module, call: Call, given: set[int], types: frozenset[str]) -> bool:
    """Tell whether a call makes a context whose members are what the call names: a dataclass has no constructor."""
    made = definition(module, call.callee) if call.name[:1].isupper() else None
    if made is None and call.name[:1].isupper():  # of another package; its name says what it is
        return words(call.name)[-1] in _CONTEXTS
    if not isinstance(made, Class) or made.method("__init__") is not None:
        return False
    last = words(made.name)
    context = (
        id(made) in given or _is_followed(module, call) or made.name in types or bool(last and last[-1] in _CONTEXTS)
    )
    return context and {field.name for field in made.fields} >= set(call.keywords)


def _is_context_object(node: Object) -> bool:
    """Tell whether an object is made as a context: returned from a function so named, or put into a name or type."""
    parent = node.parent
    while isinstance(parent, Call) and parent.name in FREEZERS and len(parent.args) == 1:
        parent = parent.parent
    maker = function_of(node)
    if maker is not None and set(words(maker.name)) & _FILLS:
        return False
    if isinstance(parent, Assign):
        named = words(parent.target.id) if isinstance(parent.target, Name) else ()
        if named and maker is not None and _fills(maker, parent.target):
            return False
        typed = words(parent.type.split("<")[0])
        told = bool(named and named[-1] in _CONTEXTS - {"handle"}) or bool(typed and typed[-1] in _TYPES)
        return told and not (maker is not None and _of_own_helpers(maker, parent.target))
    if isinstance(parent, Return):
        function = function_of(parent)
        if function is None:
            return False
        typed = words(function.returns.split("<")[0].strip("'\""))
        named = words(_passing_name(function, parent))
        return (
            bool(set(words(function.name)) & (_CONTEXTS - {"handle"}))
            or bool(typed and typed[-1] in _TYPES)
            or bool(named and named[-1] in _TYPES | {"ctx"})
        )
    return False


def _passing_name(function: Function, given: Return) -> str:
    """Return the name that a function gives back what it had called so: ``const context = {…}; return context;``."""
    written = function.module.text(given.raw).removeprefix("return").strip(" ;\n")
    return written if written.isidentifier() else ""


def _of_own_helpers(maker: Function, holder: Expr) -> bool:
    """Tell whether what a function notes in a context is only handed to helpers of the same file."""
    name = holder.id if isinstance(holder, Name) else ""
    handed_on = [
        call
        for call in find(maker.body, Call)
        if any(
            isinstance(given := strip(one), Name) and given.id == name for one in (*call.args, *call.keywords.values())
        )
    ]
    helpers = [one for call in handed_on for one in _run_by(maker.module, call)]
    used = sum(1 for one in find(maker.body, Name) if one.id == name and one is not holder)
    return used == len(handed_on) > 0 and all(
        isinstance(one, Function) and one.module is maker.module and one.owner is None for one in helpers
    )


def _run_by(module: Module, call: Call) -> list[object]:
    """Return what a call runs: what it names, or each of a list that is written out, one after the other."""
    bound = module.scopes.lookup(call.callee.id, call.callee) if isinstance(call.callee, Name) else []
    over = bound[0].iterable if bound and isinstance(bound[0], For) else None
    rows = module.scopes.origin(over) if over is not None else None
    return [definition(module, one) for one in (rows.items if isinstance(rows, Array) else [call.callee])]


def _fills(maker: Function, holder: Expr) -> bool:
    """Tell whether a context is handed to a call that fills a template: ``render(request, "page.html", context)``."""
    name = holder.id if isinstance(holder, Name) else ""
    return any(
        set(words(call.name)) & (_FILLS | {"templateresponse"})
        and any(
            isinstance(argument, Name) and argument.id == name for argument in (*call.args, *call.keywords.values())
        )
        for call in find(maker.body, Call)
    )


def _object_name(node: Object | Call) -> str:
    function = function_of(node)
    return function.name if function is not None else ""


def _entries(node: Object) -> list[tuple[str, Node, Expr]]:
    found: list[tuple[str, Node, Expr]] = []
    for key, value in node.entries:
        if not isinstance(key, Literal):
            continue
        if isinstance(value, Function) and (value.kind == "getter" or not value.params):
            returned = _returned(value)
            if returned is not None:
                found.append((str(key.value), value, returned))
        elif not isinstance(value, Function):
            found.append((str(key.value), value, value))
    return found


def _members(module: Module, cls: Class) -> list[tuple[str, Node, Expr]]:
    found: list[tuple[str, Node, Expr]] = []
    private = {f.name for f in cls.fields if f.private}
    private |= {p.name for m in cls.methods if m.kind == "constructor" for p in m.params if p.access}  # see below
    for name, assigns in module.scopes.fields(cls).items():
        if name.startswith(("_", "#")) or name in private:
            continue
        found.extend((name, a, a.value) for a in assigns if a.value is not None)
    for method in cls.methods:
        if method.kind == "constructor":
            for param in method.params:
                if param.access and "private" not in param.access and "protected" not in param.access:
                    made = Name.__new__(Name)
                    made.id, made.raw, made.parent = param.name, param.raw, param
                    found.append((param.name, param, made))
        elif (
            not method.private
            and not method.name.startswith(("_", "#"))
            and (method.kind == "getter" or not method.params)
        ):
            returned = _returned(method)
            if returned is not None:
                found.append((method.name, method, returned))
    shown = [item for item in cls.fields if not item.private and not item.name.startswith(("_", "#"))]
    found.extend((item.name, item, item.value) for item in shown if item.value is not None)
    return found


def _returned(function: Function) -> Expr | None:
    """Return what a function with a single ``return`` gives."""
    if len(function.body) == 1 and isinstance(function.body[0], Return):
        return function.body[0].value
    if len(function.body) == 2 and isinstance(function.body[1], Return):  # a docstring before it
        return function.body[1].value
    return None


def is_collection(module: Module, expr: Expr) -> bool:
    """Tell whether a value is a Map or a Set of JavaScript, by what makes it or by its type."""
    made = module.scopes.origin(expr)
    if isinstance(made, Call) and made.new:
        return made.name in ("Map", "Set", "WeakMap", "WeakSet")
    declared = made.type if isinstance(made, Param) else declared_type(module, expr)
    return declared.startswith(("Map<", "Set<", "Map", "Set"))


def is_frozen(module: Module, expr: Expr) -> bool:
    """Tell whether a value can't be changed by whoever holds it."""
    expr = strip(expr)
    if isinstance(expr, Name | Member):
        origin = module.scopes.origin(expr)
        if not isinstance(origin, Expr) or origin is expr:
            return False
        expr = strip(origin)
    if isinstance(expr, Literal):
        return True
    if isinstance(expr, Call) and expr.name in ("freeze", "seal") and expr.args and is_collection(module, expr.args[0]):
        return False  # freezing keeps nobody from calling add() or set()
    return isinstance(expr, Call) and (
        expr.name in FREEZERS or "frozen" in expr.name.lower() or "readonly" in expr.name.lower()
    )
