"""What expressions of host code hold, as far as names and annotations say."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.elements import part_type
from reviewer.code.reach.function_types import result_of
from reviewer.code.reach.links import class_of_value, declared_type, definition, made_type, named_type
from reviewer.code.reach.passed_on import passed_on
from reviewer.code.reach.remembered import remembered
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Assign,
    Call,
    Class,
    Comprehension,
    Conditional,
    Expr,
    Field,
    For,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Param,
    Spread,
    strip,
)
from reviewer.code.tables import tables
from reviewer.code.walk import function_of

if TYPE_CHECKING:
    from reviewer.code.module import Module

_DEEPEST: Final = 6
_EACH: Final = frozenset({"map", "forEach", "filter", "flatMap"})
_ORDERS: Final = frozenset(
    "list tuple sorted reversed values reverse slice toReversed toSorted sort filter copy from".split()
)
"""Calls that give the items of a collection, in whatever order."""


def last_word(expr: Expr) -> str:
    """Return the last name of an expression: ``instance`` of ``slot.instance``, ``get`` of ``x.get(k)``."""
    expr = strip(expr)
    if isinstance(expr, Name):
        return expr.id
    if isinstance(expr, Member):
        return expr.name
    if isinstance(expr, Index):
        return last_word(expr.object)
    if isinstance(expr, Call):
        inner = expr.receiver
        if expr.name in ("get", "pop", "at", "values", "find") and inner is not None:
            return last_word(inner)
        return expr.name
    if isinstance(expr, Conditional):
        return last_word(expr.then)
    return ""


def part_name(expr: Expr) -> str:
    """Return the last name of an expression; the key of a part that is asked for by a text: ``row["part"]``."""
    expr = strip(expr)
    if isinstance(expr, Index) and isinstance(expr.key, Literal) and isinstance(expr.key.value, str):
        return expr.key.value
    return last_word(expr)


def root_name(expr: Expr) -> str:
    """Return the first name of a chain: ``slot`` of ``slot.instance``; a field of ``this`` gives ``this.x``."""
    expr = strip(expr)
    while isinstance(expr, Member | Index | Call | Assign):
        if isinstance(expr, Member) and is_this_member(expr):
            return f"this.{expr.name}"
        if isinstance(expr, Assign):
            expr = strip(expr.target)  # (lists[key] ??= []).push(item)
            continue
        inner = expr.callee if isinstance(expr, Call) else expr.object
        expr = strip(inner)
    return expr.id if isinstance(expr, Name) else ""


@remembered
def value_class(module: Module, expr: Expr) -> Class | None:
    """Return the class of an expression's value; members and entries of typed tables are followed."""
    return _value_class(module, expr, 0)


def _value_class(module: Module, expr: Expr, depth: int) -> Class | None:
    expr = strip(expr)
    if depth > _DEEPEST:
        return None
    found = class_of_value(module, expr)
    if found is not None:
        return found
    annotation = value_type(module, expr, depth + 1)
    return named_type(module, annotation) if annotation else None


def value_type(module: Module, expr: Expr, depth: int = 0) -> str:
    """Return the text of the declared type of an expression, as far as annotations say, or empty."""
    expr = strip(expr)
    if depth > _DEEPEST:
        return ""
    direct = declared_type(module, expr)
    made = module.scopes.origin(expr) if isinstance(expr, Name) else expr
    given = passed_on(module, made) if isinstance(made, Call) else None
    if given is not None and (not direct or named_type(module, direct) is None):  # ``T``, whatever that is here
        return result_of(module, held := value_type(module, given, depth + 1)) or held
    if direct:
        return direct
    if isinstance(expr, Name):
        return _name_type(module, expr, depth)
    if isinstance(expr, Member):
        owner = _value_class(module, expr.object, depth + 1)
        return member_type(owner, expr.name) if owner is not None else ""
    if isinstance(expr, Index):
        pair = strip(expr.object)  # name, instance = running.popitem()
        if isinstance(pair, Call) and pair.name == "popitem" and pair.receiver is not None:
            pair = pair.receiver
        held, place = value_type(module, pair, depth + 1), strip(expr.key)
        if held.startswith(("tuple[", "Tuple[")):  # plant, share = sown[bed]
            return part_type(held, place.value) if isinstance(place, Literal) and isinstance(place.value, int) else ""
        return element_type(held)
    if isinstance(expr, Call):
        if expr.name in ("get", "pop", "values", "at", "find") and expr.receiver is not None:
            return element_type(value_type(module, expr.receiver, depth + 1))
        return _answer_type(module, expr, depth)
    return ""


def _answer_type(module: Module, call: Call, depth: int) -> str:
    """Return the type of what a function of the subject, a factory or a member of something gives."""
    target = definition(module, call.callee)
    if isinstance(target, Function):
        return target.returns
    made = _made_by(module, call.callee, depth)
    if made:
        return made
    if isinstance(call.callee, Member):
        owner = _value_class(module, call.callee.object, depth + 1)
        return member_type(owner, call.callee.name) if owner is not None else ""
    return ""


def _made_by(module: Module, maker: Expr, depth: int) -> str:
    """Return what a call of something gives that is declared as a class or a function: ``kinds[name]()``."""
    maker = strip(maker)
    declared = value_type(module, maker, depth + 1) if isinstance(maker, Index | Name | Member) else ""
    for opening in ("type[", "Type["):
        if declared.startswith(opening) and declared.endswith("]"):
            return declared[len(opening) : -1]
    return result_of(module, declared)


def _name_type(module: Module, expr: Name, depth: int) -> str:
    for binding in module.scopes.lookup(expr.id, expr)[:2]:
        if isinstance(binding, For) and binding.iterable is not None:
            return _looped_type(module, strip(binding.iterable), depth + 1)
        if isinstance(binding, Comprehension):
            for target, iterable in binding.clauses:
                if isinstance(target, Name) and target.id == expr.id:
                    return _looped_type(module, strip(iterable), depth + 1)
        if isinstance(binding, Param) and (each := _gone_through(binding, expr.id)) is not None:
            return _looped_type(module, strip(each), depth + 1)
    origin = module.scopes.origin(expr)
    if isinstance(origin, Expr) and origin is not expr:
        known = value_type(module, origin, depth + 1)
        return known or (_kept_type(module, expr, depth) if isinstance(origin, Call) else "")
    return ""


def _kept_type(module: Module, expr: Name, depth: int) -> str:
    """Return the type of what the same function puts a variable into: ``live[name] = step``, ``slot.step = step``."""
    function = function_of(expr)
    for part in _parts_given(module).get((id(function), expr.id), ()):
        if kind := value_type(module, part, depth + 1):
            return kind
    for table in tables(module):
        declared = table.declared
        held = declared.type if isinstance(declared, Assign | Field) else ""
        for access in table.of("write") if held else ():
            value = strip(access.value) if access.value is not None else None
            if access.function is function and isinstance(value, Name) and value.id == expr.id:
                return element_type(held)
    return ""


def _parts_given(module: Module) -> dict[tuple[int, str], list[Member]]:
    """Return the members that each function gives a variable to, by function and variable; worked out once."""
    return module.once("lifecycle.parts_given", lambda: _find_parts(module))


def _find_parts(module: Module) -> dict[tuple[int, str], list[Member]]:
    found: dict[tuple[int, str], list[Member]] = {}
    for assign in module.all(Assign):
        value, target = assign.value, assign.target
        if isinstance(value, Name) and isinstance(target, Member):
            found.setdefault((id(function_of(assign)), value.id), []).append(target)
    return found


def _gone_through(param: Param, name: str) -> Expr | None:
    """Return what hands its items to a callback as this parameter, or as its second part: ``([id, entry]) => …``."""
    function = param.parent
    call = function.parent if isinstance(function, Function) else None
    if not isinstance(call, Call) or call.name not in _EACH or not call.args or call.args[0] is not function:
        return None
    first = isinstance(function, Function) and function.params[0] is param
    return call.receiver if first and name in (param.name, param.fields.get("1")) else None


def _looped_type(module: Module, iterable: Expr, depth: int) -> str:
    """Return the type of what a loop goes over: of the values, where it gets keys and values."""
    made = module.scopes.origin(iterable) if isinstance(iterable, Name) else None
    if isinstance(made, Expr) and made is not iterable and depth < _DEEPEST:
        return _looped_type(module, strip(made), depth + 1)
    if isinstance(iterable, Call) and iterable.name in ("list", "sorted", "reversed", "tuple") and iterable.args:
        iterable = strip(iterable.args[0])
    if isinstance(iterable, Array) and len(iterable.items) == 1 and isinstance(iterable.items[0], Spread):
        iterable = strip(iterable.items[0].value)  # [...plugins.values()]
    if isinstance(iterable, Call) and iterable.receiver is not None:
        if iterable.name in ("values", "items", "entries"):
            return element_type(value_type(module, iterable.receiver, depth))
        if iterable.name in ("reverse", "slice", "toReversed", "filter", "sort", "toSorted", "copy"):
            return _looped_type(module, strip(iterable.receiver), depth + 1) if depth < _DEEPEST else ""
    return element_type(value_type(module, iterable, depth))


def member_type(cls: Class, name: str) -> str:
    """Return the declared type of a field, or the declared result of a method."""
    for field in cls.fields:
        if field.name == name:
            return field.type or made_type(cls.module, field.value)
    for method in cls.methods:
        if method.name == name:
            return method.returns
        if method.kind == "constructor":
            for param in method.params:
                if param.name == name and (param.access or param.type):
                    return param.type
    return ""


def element_type(annotation: str) -> str:
    """Return the type of the values in a collection's type: ``Slot`` of ``Map<string, Slot>``."""
    text = annotation.strip().strip("'\"").removeprefix("readonly ")
    if text.endswith("[]"):
        return text[:-2].strip("()")
    match = re.fullmatch(r"[\w.]+\s*[<\[](.*)[>\]]", text, re.DOTALL)
    if match is None:
        return ""
    depth, last = 0, 0
    inner = match.group(1)
    for position, char in enumerate(inner):
        depth += (char in "<[({") - (char in ">])}")
        if char == "," and depth == 0:
            last = position + 1
    return inner[last:].strip()


def given_with(module: Module, receiver: Expr, stored: Expr) -> bool:
    """Tell whether a variable was given what is stored in the same breath: ``part = slots[name] = load(name)``."""
    held = strip(receiver)
    return isinstance(held, Name) and isinstance(stored, Call) and module.scopes.origin(held) is stored


def taken_from(module: Module, expr: Expr) -> str:
    """Return the name of the collection of which a variable is one item: of a loop, or of ``list.map((x) => …)``."""
    expr = strip(expr)
    bound = module.scopes.lookup(expr.id, expr) if isinstance(expr, Name) else []
    for binding in bound[:1]:
        if isinstance(binding, For) and binding.iterable is not None:
            return _collection(binding.iterable)
        if isinstance(binding, Comprehension):
            return next((_collection(it) for target, it in binding.clauses if _names(target, expr)), "")
        function = binding.parent if isinstance(binding, Param) else None
        call = function.parent if isinstance(function, Function) else None
        if isinstance(call, Call) and call.name in _EACH and call.receiver is not None and function in call.args:
            return _collection(call.receiver)
    return ""


def _names(target: Expr, name: Expr) -> bool:
    return isinstance(target, Name) and isinstance(name, Name) and target.id == name.id


def _collection(expr: Expr) -> str:
    """Return the name of what is gone through in whatever order: ``plugins`` of ``[...plugins].reverse()``."""
    for _ in range(_DEEPEST):
        expr = strip(expr)
        if isinstance(expr, Array) and len(expr.items) == 1 and isinstance(expr.items[0], Spread):
            expr = expr.items[0].value
        elif isinstance(expr, Call) and expr.name in _ORDERS:
            inner = expr.args[0] if expr.receiver is None or last_word(expr.receiver) == "Object" else expr.receiver
            expr = inner
        else:
            return last_word(expr) if isinstance(expr, Name | Member) else ""
    return ""
