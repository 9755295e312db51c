"""Which values are the identity of a plugin, and which name another plugin that it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import class_of_value, definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
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
    Param,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import class_of, find, function_of
from reviewer.experts.fundamentals.identity_members import identity_members
from reviewer.experts.fundamentals.vocabulary import DEPENDENCIES, MANIFESTS, PLUGINS, has, spelled

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from reviewer.code.bindings import Binding
    from reviewer.code.module import Module

_EACH: Final = frozenset({"every", "some", "forEach", "filter", "find", "map", "flatMap"})
_SPANS: Final = frozenset("range ranges version versions value wanted span least minimum spec constraint".split())
_LOOKS_UP: Final = frozenset({"has", "get"})
_PUTS: Final = frozenset({"set", "add"})
_VALIDATE: Final = frozenset({"validator", "validates", "validate"})
_IDS: Final = frozenset({"id", "identifier"})


def role_of_value(module: Module, value: Expr) -> str:
    """Tell whether a value is the ``id`` of a plugin, names a ``dependency``, or is neither."""
    value = plain(value)
    name = spelled(value)
    if not name:
        return ""
    if has(name, DEPENDENCIES):
        return "dependency" if _SPANS.isdisjoint(words(name)) else ""
    if isinstance(value, Name):
        for binding in module.scopes.lookup(value.id, value)[:2]:
            if _names_needed(module, value, binding):
                return "dependency"
            if _is_under_id(binding):
                return "id"
        said = set(words(name))
        if not said & _IDS and isinstance(given := _given(module, value), Member | Index | Call):
            return role_of_value(module, given) if spelled(given) != name else ""
    if _is_of_needed(module, value, name):
        return "dependency"
    return "id" if _is_id(module, value, set(words(name))) else ""


def _is_of_needed(module: Module, value: Expr, name: str) -> bool:
    """Tell whether a value is the id of one of the records that say what a plugin needs: ``need.id``."""
    base = getattr(value, "object", None) or (value.receiver if isinstance(value, Call) else None)
    if not isinstance(base, Name) or not set(words(name)) <= _IDS | PLUGINS | {"name"}:
        return False
    return any(_names_needed(module, base, one) for one in module.scopes.lookup(base.id, base)[:1])


def plain(value: Expr) -> Expr:
    """Return what is made a text: ``data.get("name")`` of ``str(data.get("name"))``."""
    value = strip(value)
    made = isinstance(value, Call) and value.name in ("str", "String") and value.receiver is None
    return strip(value.args[0]) if made and isinstance(value, Call) and len(value.args) == 1 else value


def role_of_key(module: Module, at: Call, key: str) -> str:
    """Tell what a helper takes out of a manifest by a key: ``text(raw, "id", ID)``."""
    if not set(words(key)) <= _IDS:
        return ""
    function = function_of(at)
    read = {str(one) for one in _keys_beside(function, at)} if function is not None else set()
    return "id" if read & {"version", "release", "main", "entry"} or has(" ".join(read), DEPENDENCIES) else ""


def _keys_beside(function: Function, at: Call) -> set[str]:
    """Return the keys under which the same helper is asked for other things in a function."""
    said: set[str] = set()
    for call in find(function.body, Call):
        if call.name == at.name:
            said |= {str(value) for one in call.args if isinstance(value := getattr(strip(one), "value", None), str)}
    return said


def _given(module: Module, name: Name) -> Expr | None:
    """Return the expression that a name was given, where it was given one."""
    bound = module.scopes.lookup(name.id, name)
    only = bound[0] if len(bound) == 1 else None
    return strip(only.value) if isinstance(only, Assign) and only.op == "=" and only.value is not None else None


def _is_id(module: Module, value: Expr, said: AbstractSet[str]) -> bool:
    if isinstance(value, Name) and not said <= _IDS | PLUGINS and said & _IDS:
        given = _given(module, value)  # layer_id = raw.get("id")
        return given is not None and set(words(spelled(given))) <= _IDS and _is_id(module, given, _IDS & {"id"})
    if not said <= _IDS | PLUGINS or not said & _IDS:
        return False
    if isinstance(value, Name):
        given = _given(module, value)
        if _taken_apart(module, value) or (given is not None and _is_id(module, given, set(words(spelled(given))))):
            return True
    base = getattr(value, "object", None) or (value.receiver if isinstance(value, Call) else None)
    if isinstance(base, Name) and (_is_whole_manifest(base) or _is_described(module, base)):
        return True
    return len(said) > 1 or (base is not None and has(spelled(base), PLUGINS))


def _names_needed(module: Module, name: Name, binding: Binding) -> bool:
    """Tell whether a name runs over what a plugin needs, and is not what is asked of it."""
    source, target = _runs_over(module, name, binding)
    if source is None or name.id in _SPANS or _is_second(target, name):
        return False
    return has(_said_of(module, source), DEPENDENCIES) or _are_looked_up(module, name, source)


def _said_of(module: Module, source: Expr) -> str:
    """Return how a collection is spelled, and what the names in it were given."""
    given: list[Expr] = []
    held_under = _key_of(module.scopes.lookup(source.id, source)[:1]) if isinstance(source, Name) else ""
    for name in [source] if isinstance(source, Name) else list(find(source, Name))[:3]:
        whole = name.parent if isinstance(name.parent, Member) and is_this_member(name.parent) else None
        around = class_of(whole) if whole is not None else None
        if whole is not None and around is not None:
            given += module.scopes.field_values(around, whole.name)[:2]
        elif (held := _given(module, name)) is not None:
            given.append(held)
    return " ".join((held_under, *(module.text_of(one)[:200] for one in (source, *given))))


def _key_of(bound: list[Binding]) -> str:
    """Return the key under which a table holds the function that a name is the first parameter of."""
    param = bound[0] if bound else None
    check = param.parent if isinstance(param, Param) else None
    if isinstance(check, Function) and check.owner is not None:
        return _field_of(check)
    if not isinstance(check, Function) or check.params[0] is not param:
        return ""
    return next((key for key, held in _rows_around(check) if held is check), "")


def _rows_around(check: Function) -> list[tuple[str, Expr]]:
    """Return the rows of the table that a check stands in: ``{ id: … }``, or pairs ``[["id", …], …]``."""
    table = check.parent
    if isinstance(table, Object):
        return [(str(key.value), value) for key, value in table.entries if isinstance(key, Literal)]
    pairs = table.parent if isinstance(table, Array) and len(table.items) == 2 else None
    rows = [one.items for one in pairs.items if isinstance(one, Array)] if isinstance(pairs, Array) else []
    return [(str(key.value), row[1]) for row in rows if len(row) == 2 and isinstance(key := strip(row[0]), Literal)]


def _field_of(validator: Function) -> str:
    """Return the field that a method is there to check: ``@field_validator("needs")``, ``@validates("needs")``."""
    for one in validator.decorators:
        said = strip(one.args[0]) if isinstance(one, Call) and _VALIDATE & set(words(one.name)) and one.args else None
        if isinstance(said, Literal) and isinstance(said.value, str):
            return said.value
    return ""


def _is_under_id(binding: Binding) -> bool:
    """Tell whether a value is the id that a table of checks of a manifest asks about: ``{ id: (it) => …, … }``."""
    key = _key_of([binding])
    if not key or not isinstance(binding, Param) or not isinstance(binding.parent, Function):
        return False
    if (check := binding.parent).owner is not None:
        return key in _IDS | identity_members(check.module.project)
    if key not in _IDS:
        return False
    keys = {one for one, _value in _rows_around(check)}
    return bool(keys & {"version", "release", "main", "entry"}) or any(has(key, DEPENDENCIES) for key in keys)


def _runs_over(module: Module, name: Name, binding: Binding) -> tuple[Expr | None, Node | None]:
    """Return what a name runs over: in a loop, in a comprehension, or in a callback for each."""
    if isinstance(binding, For):
        return binding.iterable, binding.target
    if isinstance(binding, Comprehension):
        for target, iterable in binding.clauses:
            if any(one.id == name.id for one in find(target, Name)):
                return iterable, target
    if isinstance(binding, Param):
        each = binding.parent.parent if isinstance(binding.parent, Function) else None
        if isinstance(each, Call) and each.name in _EACH and each.receiver is not None:
            return each.receiver, None
        if isinstance(each, Call) and isinstance(binding.parent, Function):
            return _handed_each(module, each, binding.parent), None
    if isinstance(binding, Assign) and isinstance(value := binding.value, Expr):
        held = strip(value)
        whole = strip(held.object) if isinstance(held, Member | Index) else None
        if isinstance(whole, Name):  # a member of the record that the loop is at
            for outer in module.scopes.lookup(whole.id, whole)[:1]:
                if isinstance(outer, For):
                    return outer.iterable, None
    return None, None


def _handed_each(module: Module, call: Call, callback: Function) -> Expr | None:
    """Return the collection of which a helper hands each item to a callback: ``isListOf(needs, (id) => …)``."""
    helper = definition(module, call.callee)
    position = next((place for place, one in enumerate(call.args) if strip(one) is callback), -1)
    if not isinstance(helper, Function) or not 0 <= position < len(helper.params):
        return None
    asked = helper.params[position].name
    for inner in find(helper.body, Call):
        item = strip(inner.args[0]) if inner.args and isinstance(inner.callee, Name) else None
        if not isinstance(item, Name) or spelled(inner.callee) != asked:
            continue
        for binding in helper.module.scopes.lookup(item.id, item)[:1]:
            source = None if item.id == asked else _runs_over(helper.module, item, binding)[0]
            given = next((one for one in helper.params if isinstance(source, Name) and one.name == source.id), None)
            if given is not None:
                return call.arg(helper.params.index(given), given.name)
    return None


def _is_second(target: Node | None, name: Name) -> bool:
    """Tell whether a name is the second of a pair, which holds what is wanted of the first."""
    return isinstance(target, Array) and len(target.items) == 2 and spelled(target.items[1]) == name.id


def _are_looked_up(module: Module, name: Name, source: Expr) -> bool:
    """Tell whether what comes of a member of a record is looked up where the record's own id is put.

    ``for (const under of sheet.under) if (!byId.has(under)) …; byId.set(sheet.id, sheet)``.
    """
    function = function_of(name)
    held = strip(source)
    base = strip(held.object) if isinstance(held, Member) else None
    if function is None or not isinstance(base, Name):
        return False
    around = class_of(name)
    tables: set[str] = set()
    for call in find(around if around is not None else function.body, Call):
        key = strip(call.args[0]) if call.args else None
        put = call.name in _PUTS and call.receiver is not None and isinstance(key, Member) and spelled(key) in _IDS
        if put and call.receiver is not None and isinstance(key, Member) and spelled(key.object) == base.id:
            tables.add(module.text_of(call.receiver))
    for call in find(function.body, Call):
        held_in = module.text_of(call.receiver) if call.receiver is not None and call.name in _LOOKS_UP else ""
        if held_in in tables and call.args and spelled(call.args[0]) == name.id:
            return True
    return any(
        one.op == "in" and spelled(one.left) == name.id and module.text_of(one.right) in tables
        for one in find(function.body, Binary)
    )


def _is_described(module: Module, holder: Name) -> bool:
    """Tell whether a value is declared as what has the id and the version of a plugin, or as its manifest."""
    kind = class_of_value(module, holder)
    if not isinstance(kind, Class):
        return False
    named = {field.name for field in kind.fields}
    versioned = not named.isdisjoint({"version", "release"}) or has(" ".join(named), DEPENDENCIES)
    return (
        bool(named & _IDS) and versioned and (has(kind.name, PLUGINS | MANIFESTS) or has(" ".join(named), DEPENDENCIES))
    )


def _is_whole_manifest(holder: Name) -> bool:
    """Tell whether a function reads what only manifests have of what it also reads the id of."""
    function = function_of(holder)
    read: set[str] = set()
    for node in find(function.body, Index | Call | Member) if function is not None else ():  # type: ignore[arg-type]  # a union works as a kind
        base = node.receiver if isinstance(node, Call) else node.object
        if isinstance(base, Name) and base.id == holder.id:
            read.add(spelled(node))
    needs = any(has(name, DEPENDENCIES) for name in read)
    if "version" in read or "release" in read:
        return needs or bool(read & {"main", "entry", "permissions", "digest", "sha256"})
    return needs or _is_put_by_id(function, holder)


def _is_put_by_id(function: Function | None, holder: Name) -> bool:
    """Tell whether a record is put into a table by its id, in which a member of it is looked up."""
    loops = find(function.body, For) if function is not None else ()
    return function is not None and any(
        isinstance(name := one.target, Name)
        and one.iterable is not None
        and _base_of(one.iterable) == holder.id
        and _are_looked_up(function.module, name, one.iterable)
        for one in loops
    )


def _base_of(source: Expr) -> str:
    source = strip(source)
    base = strip(source.object) if isinstance(source, Member) else None
    return base.id if isinstance(base, Name) else ""


def _taken_apart(module: Module, name: Name) -> bool:
    """Tell whether a name is a member of a manifest that a parameter takes apart: ``({ id, dependencies }) => …``."""
    for binding in module.scopes.lookup(name.id, name):
        if isinstance(binding, Param) and has(" ".join(binding.fields), DEPENDENCIES | {"version"}):
            return True
    return False
