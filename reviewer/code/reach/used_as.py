"""What an object without a declared type is: told from the members that are asked of it and from what it is called.

Plain JavaScript and Python without annotations say nothing of a parameter; but ``old.get_state()`` and
``old.deactivate()`` are asked of a ``Plugin``, where that is the one class at hand which has both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Assign,
    Call,
    Class,
    Comprehension,
    For,
    Index,
    Member,
    Name,
    Object,
    Opaque,
    Param,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import class_of

if TYPE_CHECKING:
    from reviewer.code.bindings import Binding
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr

_MOST_IMPORTS: Final = 8
"""Imported classes that are looked at for one file."""
_EVERYBODYS: Final = frozenset(
    "get set has add delete clear keys values items entries forEach map filter find push pop append extend remove "
    "update copy setdefault length size slice splice sort reverse join split includes indexOf then catch finally "
    "toString strip lower upper format encode decode startswith endswith startsWith endsWith trim replace read write "
    "close open send start stop run name id index count on off emit once call apply bind".split()
)
"""Members that tell little: built-in objects have them, or half of all classes."""
_TAKES_OUT: Final = frozenset({"get", "pop", "find", "at", "shift"})
_PUTS: Final = {"set": 1, "push": 0, "append": 0, "add": 0, "unshift": 0}
_MADE: Final = {"Map": "Map<string, {}>", "Set": "Set<{}>", "dict": "dict[str, {}]"}


def used_type(module: Module, expr: Expr) -> str:
    """Return the name of the class that a name or a field is used as; of a collection, with what is put into it.

    Empty where something says what it is in another way, or where several classes would do.
    """
    expr = strip(expr)
    if not module.once("code.used_as.any", lambda: b"class" in module.source or b"interface" in module.source):
        return ""
    if is_this_member(expr):
        cls = class_of(expr)
        return _of_field(module, cls, expr.name) if cls is not None else ""
    bound = module.scopes.lookup(expr.id, expr) if isinstance(expr, Name) and expr.id not in ("this", "super") else []
    if not isinstance(expr, Name) or len(bound) != 1 or not _says_nothing(bound[0]):
        return ""
    used = _uses(module).get((id(bound[0]), expr.id), frozenset())
    return _class_with(module, used, expr.id, class_of(expr))


def _says_nothing(binding: Binding) -> bool:
    """Tell whether what binds a name leaves open what it is."""
    if isinstance(binding, Param):
        return not binding.type and binding.default is None and not binding.rest
    if isinstance(binding, For | Comprehension):
        return True
    if not isinstance(binding, Assign) or binding.type or binding.op not in ("=", ":="):
        return False
    value = strip(binding.value) if binding.value is not None else None
    if isinstance(value, Index):
        return not isinstance(value.key, Opaque)  # a slice is a list as well
    return isinstance(value, Call) and isinstance(value.callee, Member) and value.name in _TAKES_OUT


def _uses(module: Module) -> dict[tuple[int, str], frozenset[str]]:
    """Return the members that are asked of each binding, and of each field of a class."""
    return module.once("code.used_as.uses", lambda: _all_uses(module))


def _all_uses(module: Module) -> dict[tuple[int, str], frozenset[str]]:
    found: dict[tuple[int, str], set[str]] = {}
    for one in module.all(Member):
        holder = strip(one.object)
        if isinstance(holder, Name) and holder.id not in ("this", "super"):
            bound = module.scopes.lookup(holder.id, holder)
            if len(bound) == 1:
                found.setdefault((id(bound[0]), holder.id), set()).add(one.name)
        elif is_this_member(holder):
            cls = class_of(holder)
            if cls is not None:
                found.setdefault((id(cls), holder.name), set()).add(one.name)
    return {key: frozenset(names) for key, names in found.items()}


def _of_field(module: Module, cls: Class, name: str) -> str:
    """Return what a field is used as: a class, or a collection of what is put into it."""
    values = module.scopes.field_values(cls, name)
    made = [kind for value in values if (kind := _collection(strip(value)))]
    if made:
        inside = module.once(f"code.used_as.inside.{cls.raw.start_byte}.{name}", lambda: _put_into(module, cls, name))
        return made[0].format(inside) if inside else ""
    if any(not _is_open(module, value) for value in values):
        return ""
    return _class_with(module, _uses(module).get((id(cls), name), frozenset()), name, cls)


def _is_open(module: Module, value: Expr) -> bool:
    """Tell whether a field is given a parameter of which nobody says what it is."""
    value = strip(value)
    bound = module.scopes.lookup(value.id, value) if isinstance(value, Name) else []
    return len(bound) == 1 and isinstance(bound[0], Param) and _says_nothing(bound[0])


def _collection(value: Expr) -> str:
    """Return the spelling of the type of an empty collection, with a place for what it holds."""
    if isinstance(value, Array):
        return "list[{}]" if not value.items else ""
    if isinstance(value, Object):
        return "dict[str, {}]" if not value.entries else ""
    return _MADE.get(value.name, "") if isinstance(value, Call) and not value.args else ""


def _put_into(module: Module, cls: Class, name: str) -> str:
    """Return the one class of what the methods of a class put into a collection that it keeps."""
    found: set[str] = set()
    for target, value in stores(module):
        if is_this_member(target) and target.name == name and class_of(target) is cls:
            found.add(_kind_of(module, value))
    return found.pop() if len(found) == 1 else ""


def stores(module: Module) -> list[tuple[Expr, Expr]]:
    """Return what is put into which collection in a file: ``held[key] = one``, ``held.set(key, one)``."""
    return module.once("code.used_as.stores", lambda: _all_stores(module))


def _all_stores(module: Module) -> list[tuple[Expr, Expr]]:
    found: list[tuple[Expr, Expr]] = []
    for assign in module.all(Assign):
        target = strip(assign.target)
        if isinstance(target, Index) and assign.op == "=" and assign.value is not None:
            found.append((strip(target.object), assign.value))
    for call in module.calls(_PUTS):
        given = call.arg(_PUTS[call.name])
        if call.receiver is not None and given is not None and len(call.args) == _PUTS[call.name] + 1:
            found.append((strip(call.receiver), given))
    return found


def _kind_of(module: Module, value: Expr) -> str:
    value = strip(value)
    if isinstance(value, Call) and isinstance(value.callee, Name):
        bound = module.scopes.lookup(value.callee.id, value)
        return value.callee.id if len(bound) == 1 and isinstance(bound[0], Class) else ""
    return used_type(module, value) if isinstance(value, Name) else ""


def _class_with(module: Module, used: frozenset[str], called: str, inside: Class | None) -> str:
    """Return the name of the one class at hand that has the members, or that something is called after.

    What a class handles is rarely another of its own, or one that builds on it: that is told by the name alone.
    """
    if not used:
        return ""
    from reviewer.code.reach.links import lineage  # it asks what is told here

    said = words(called.lstrip("#_"))
    fitting: list[str] = []
    for cls, has in _at_hand(module):
        name = words(cls.name)
        if name == said and used & has:
            return cls.name
        alike = bool(said) and bool(name) and name[-1] == said[-1]
        if used <= has and (alike or (used - _EVERYBODYS and inside not in lineage(cls))):
            fitting.append(cls.name)
    return fitting[0] if len(fitting) == 1 else ""


def _at_hand(module: Module) -> list[tuple[Class, frozenset[str]]]:
    """Return the classes of a file, and those that it imports from its subject, with the names of their members."""
    return module.once("code.used_as.classes", lambda: _classes(module))


def _classes(module: Module) -> list[tuple[Class, frozenset[str]]]:
    found = [cls for cls in module.classes if cls.outer is None and cls.name]
    if module.project is not None:
        named = [one for one in module.imports if one.source.startswith(".") and one.local[:1].isupper()]
        for one in named[:_MOST_IMPORTS]:
            node = module.project.definition(module, one) if module.project.classes.may_be(one.name) else None
            if isinstance(node, Class) and node.name == one.local:
                found.append(node)
    return [(cls, _members(cls)) for cls in found]


def _members(cls: Class) -> frozenset[str]:
    from reviewer.code.reach.links import lineage  # it asks what is told here

    names: set[str] = set()
    for owner in lineage(cls):
        names |= {field.name for field in owner.fields} | {method.name for method in owner.methods}
        names |= set(owner.module.scopes.fields(owner))
    return frozenset(names)
