"""What a host hands to one guest: functions that fill the host's tables, and what takes out of those tables again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.flow import returns_of, use_of
from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Assign,
    Call,
    Comprehension,
    Delete,
    Expr,
    For,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Object,
    Return,
    Unary,
    strip,
)
from reviewer.code.tables import tables
from reviewer.code.text.ideas import HANDLER
from reviewer.code.walk import calls_in, class_of, find, function_of, inside, names_in
from reviewer.experts.communication.aliases import alias_text
from reviewer.experts.lifecycle.holding.fate import home_of
from reviewer.experts.lifecycle.holding.undo_lists import is_undo
from reviewer.experts.lifecycle.values import last_word
from reviewer.experts.lifecycle.vocabulary import has_word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Class, Node
    from reviewer.code.tables import Access, Table
    from reviewer.experts.check import Inquiry

_PUTS: Final = frozenset({"set", "push", "append", "add", "unshift", "setdefault", "insert", "appendleft"})
_TAKES: Final = frozenset({"delete", "clear", "pop", "remove", "discard", "splice", "shift", "popitem", "popleft"})
_KEEPS: Final = frozenset({"push", "append", "add", "unshift", "callback", "defer", "use"})
_CALLED: Final = HANDLER | frozenset("handle fn func function run execute action job work render draw fill".split())
_LOOKS: Final = frozenset(
    "keys values entries hasOwn has freeze list dict set tuple sorted reversed len enumerate from fromEntries iter any "
    "all sum max min print structuredClone stringify dumps assign log".split()
)
"""Calls that are given a table to look into it."""
_OF_TEXTS: Final = frozenset({"startswith", "startsWith", "endswith", "endsWith", "split", "join", "includes", "get"})
"""Calls on a key or a record that run nothing of a guest."""


class Filled(Struct, frozen=True):
    """A table of the host into which a function of a guest's face puts what it is handed; ``at`` is where."""

    member: Function
    table: Table
    at: Node


class Face(Struct, frozen=True):
    """The functions that one guest is given by ``maker``, with what they fill and where they note what to undo."""

    maker: Function
    members: tuple[Function, ...]
    filled: tuple[Filled, ...]
    undone: tuple[Call, ...]


def faces(module: Module) -> tuple[Face, ...]:
    """Return the faces that a module makes, one a guest, in source order; worked out once."""
    return module.once("lifecycle.faces", lambda: tuple(_faces(module)))


def _faces(module: Module) -> Iterator[Face]:
    if not tables(module):
        return
    by_maker: dict[int, list[Function]] = {}
    for function in module.functions:
        if function.outer is not None and function.params and _is_member(function):
            by_maker.setdefault(id(function.outer), []).append(function)
    for maker in module.functions:
        members = by_maker.get(id(maker), [])
        if len(members) > 1 and maker.params and any(True for _ in find(maker.body, Return, into_functions=False)):
            filled = [one for member in members for one in _filled(module, maker, member)]
            undone = [call for member in members for call in _notes(module, member)]
            if filled:
                yield Face(maker, tuple(members), tuple(filled), tuple(undone))
    for cls in module.classes:
        begin = cls.method("constructor") or cls.method("__init__")
        if begin is not None and begin.params and cls.kind == "class":
            own = [method for method in cls.methods if method.params and method is not begin]
            filled = [one for method in own for one in _filled_of_another(module, cls, method)]
            if filled:
                undone = [call for method in own for call in _notes(module, method)]
                yield Face(begin, tuple(own), tuple(filled), tuple(undone))


def _is_member(function: Function) -> bool:
    """Tell whether a function stands under a name of its own: in a record, or in the function around it."""
    return isinstance(function.parent, Object) or (bool(function.name) and not isinstance(function.parent, Call))


def _notes(module: Module, member: Function) -> Iterator[Call]:
    """Yield where a member notes what is to be undone when its guest leaves."""
    for call in calls_in(member.body):
        if (
            call.name in _KEEPS
            and call.args
            and call.receiver is not None
            and is_undo(module, last_word(call.receiver))
        ) or _keeps_what_it_is_given(module, call):
            yield call


def _keeps_what_it_is_given(module: Module, call: Call) -> bool:
    """Tell whether a call hands a way back to a function of the file that notes it: ``kept(() => set.delete(one))``."""
    target = definition(module, call.callee) if any(isinstance(strip(arg), Function) for arg in call.args) else None
    if not isinstance(target, Function) or target.module is not module or len(target.params) != 1:
        return False
    return any(
        one.name in _KEEPS
        and one.receiver is not None
        and len(one.args) == 1
        and _named(one.args[0], target.params[0].name)
        and is_undo(module, last_word(one.receiver))
        for one in calls_in(target.body, into_functions=False)
    )


def gives_back(member: Function) -> bool:
    """Tell whether a function of a face gives its guest a way back, itself or as what a call gives."""
    answers = [strip(one.value) for one in returns_of(member) if one.value is not None]
    return any(
        isinstance(one, Function)
        or (isinstance(one, Call) and any(isinstance(strip(arg), Function) for arg in one.args))
        for one in answers
    )


def _filled(module: Module, maker: Function, member: Function) -> Iterator[Filled]:
    given = {param.name for param in member.params} - {""}
    for table in tables(module):
        if table.scope is maker or (table.scope is not None and inside(table.scope, maker)):
            continue
        for access in table.of("write"):
            held = [one for one in (access.value, access.key) if one is not None]
            if access.function is member and any(names_in(one) & given for one in held):
                yield Filled(member, table, access.node)
                break
        else:
            for call in calls_in(member.body, into_functions=False):
                if _hands(module, call, table) and any(names_in(arg) & given for arg in call.args):
                    yield Filled(member, table, call)
                    break


def _filled_of_another(module: Module, cls: Class, method: Function) -> Iterator[Filled]:
    """Yield what a method puts into tables of an object that its own holds: ``self._rig._lamps[key] = value``."""
    given = {param.name for param in method.params} - {""}
    others = [table for table in tables(module) if table.owner is not None and table.owner is not cls]
    puts: list[tuple[Node, Expr | None]] = [
        (call, call.receiver) for call in calls_in(method.body, into_functions=False) if call.name in _PUTS
    ]
    puts += [
        (assign, assign.target.object)
        for assign in find(method.body, Assign, into_functions=False)
        if isinstance(assign.target, Index)
    ]
    for table in others:
        for at, holder in puts:
            held = _table_of_entry(holder) if holder is not None else None
            of_host = isinstance(held, Member) and _is_of_other(held, table) and is_this_member(held.object)
            if of_host and names_in(at) & given:
                yield Filled(method, table, at)
                break


def _table_of_entry(holder: Expr) -> Expr:
    """Return the table of which something is an entry, or what it is: ``hub.ears`` of ``hub.ears[topic]``."""
    held = strip(holder)
    if isinstance(held, Index):
        return strip(held.object)
    entry = isinstance(held, Call) and held.name in ("get", "setdefault") and held.receiver is not None
    return strip(held.receiver) if entry and isinstance(held, Call) and held.receiver is not None else held


def _hands(module: Module, call: Call, table: Table) -> bool:
    """Tell whether a call hands a table to a function of the file that fills it, and takes nothing out."""
    for position, arg in enumerate(call.args):
        if _is(module, arg, table):
            target = definition(module, call.callee)
            params = target.params if isinstance(target, Function) else []
            if isinstance(target, Function) and position < len(params):
                name = params[position].name
                return _puts_into(target, name) and not _takes_from(target, name)
    return False


def _puts_into(function: Function, name: str) -> bool:
    """Tell whether a function puts something into what it is handed under a name."""
    for assign in find(function.body, Assign):
        target = strip(assign.target)
        if isinstance(target, Index) and _named(target.object, name):
            return True
    return any(
        call.name in _PUTS and call.receiver is not None and _named(call.receiver, name)
        for call in calls_in(function.body)
    )


def _takes_from(function: Function, name: str) -> bool:
    """Tell whether a function takes something out of what it is handed under a name."""
    for node in find(function.body, Index):
        gone = isinstance(node.parent, Delete) or (isinstance(node.parent, Unary) and node.parent.op == "delete")
        if gone and _named(node.object, name):
            return True
    return any(
        call.name in _TAKES and call.receiver is not None and _named(call.receiver, name)
        for call in calls_in(function.body)
    )


def _named(expr: Expr, name: str) -> bool:
    expr = strip(expr)
    return isinstance(expr, Name) and expr.id == name


def _is(module: Module, expr: Expr, table: Table) -> bool:
    """Tell whether an expression is a table itself."""
    expr = strip(expr)
    if table.owner is not None:
        return is_this_member(expr) and expr.name == table.name and class_of(expr) is table.owner
    if not isinstance(expr, Name) or expr.id != table.name:
        return False
    return home_of(module, expr.id, expr) is table.scope


def taken_out_at(inquiry: Inquiry, module: Module, face: Face, table: Table) -> Node | None:
    """Return where something is taken out of a table by anybody but the guest itself, or None."""
    for access in table.of("delete", "clear"):
        own = any(access.function is member or _is_way_back(access, member, face) for member in face.members)
        if not own and not _is_turn(access.node):
            return access.node
    for mention in _mentions(module, table):
        around = mention.parent
        if isinstance(around, Assign) and around.target is mention and not _begins(around, table):
            return around
        if isinstance(around, Array | Return | Object):
            return around  # somebody goes through several tables, or has this one
        if not isinstance(around, Call) or around.callee is mention or around.name in _LOOKS:
            continue
        if not _hands(module, around, table):
            return around
    return _taken_by_others(module, face, table) or (
        table.declared if _emptied_elsewhere(inquiry, module, table) else None
    )


def _is_way_back(access: Access, member: Function, face: Face) -> bool:
    """Tell whether what a member gives its guest takes out again, where others note such a way back as well."""
    noting = [one for one in face.members if any(inside(call, one) for call in face.undone)]
    return member not in noting and inside(access.node, member) and any(map(gives_back, noting))


def _is_turn(node: Node) -> bool:
    """Tell whether the first of those that wait is taken because its turn has come: ``news = waiting.shift()``."""
    if not isinstance(node, Call) or not (
        node.name in ("shift", "popleft") or (node.name == "pop" and _is_first(node))
    ):
        return False
    return use_of(node).how not in ("dropped", "other")


def _is_first(call: Call) -> bool:
    given = strip(call.args[0]) if call.args else None
    return isinstance(given, Literal) and given.value == 0


def _begins(assign: Assign, table: Table) -> bool:
    """Tell whether an assignment is the one by which a table comes into being."""
    function = function_of(assign)
    made = function is not None and (function.kind == "constructor" or function.name == "__init__")
    return assign is table.declared or (table.owner is not None and made)


def _taken_by_others(module: Module, face: Face, table: Table) -> Node | None:
    """Return where something is taken out of the table of another object: ``self._rig._lamps.pop(key)``."""
    for call in module.calls(_TAKES) if table.owner is not None else ():
        if _is_of_other(call.receiver, table) and not any(inside(call, member) for member in face.members):
            return call
    for node in module.all(Index) if table.owner is not None else ():
        gone = isinstance(node.parent, Delete) or (isinstance(node.parent, Unary) and node.parent.op == "delete")
        if gone and _is_of_other(node.object, table) and not any(inside(node, member) for member in face.members):
            return node
    return None


def _is_of_other(expr: Expr | None, table: Table) -> bool:
    """Tell whether an expression is a field of this name of some other object."""
    held = strip(expr) if expr is not None else None
    return isinstance(held, Member) and held.name == table.name and not is_this_member(held)


def _mentions(module: Module, table: Table) -> Iterator[Expr]:
    kind: type[Member | Name] = Member if table.owner is not None else Name
    for node in module.all(kind):
        if _is(module, node, table):
            yield node


def _emptied_elsewhere(inquiry: Inquiry, module: Module, table: Table) -> bool:
    """Tell whether another file takes something out of a field of this name."""
    if table.owner is None:
        return False
    name = re.escape(table.name.removeprefix("#").encode())
    pattern = re.compile(rb"\b" + name + rb"\b[\])]?\s*(?:\?\.|\.)\s*(?:" + "|".join(sorted(_TAKES)).encode() + rb")\b")
    return any(
        path != module.path and pattern.search(text)
        for path, text in inquiry.project.texts({table.name.removeprefix("#")})
    )


def is_called(module: Module, filled: Filled) -> bool:
    """Tell whether what a table is given is a function: by how it is declared, or because the host calls it there."""
    table, given = filled.table, filled.member.params
    typed = [param.type + alias_text(filled.member.module, param.type.strip()) for param in given]
    if any("=>" in said or "Callable" in said for said in typed) or any(has_word(one.name, _CALLED) for one in given):
        return True
    for mention in _mentions(module, table):
        inner: Node = mention
        around = mention.parent
        while isinstance(around, Member | Index) and around.object is inner:
            inner, around = around, around.parent
        called = isinstance(around, Call) and around.callee is inner and inner is not mention
        if called and not (isinstance(inner, Member) and inner.object is mention):
            return True  # lamps[channel].level()
    return any(_calls_items(access.node) for access in table.of("iterate", "read"))


def _calls_items(node: Node) -> bool:
    """Tell whether a loop or a comprehension calls what it goes through: ``for lamp in lamps.values(): lamp()``."""
    taken: set[str] = set()
    while isinstance(node, Expr) and not isinstance(node, Comprehension | Function) and node.parent is not None:
        node = node.parent  # list(lamps.values()), [...(lamps.get(room) ?? [])]
    if isinstance(node, For) and node.target is not None:
        taken = names_in(node.target)
    elif isinstance(node, Comprehension):
        taken = {name for target, _iterable in node.clauses for name in names_in(target)}
    for call in calls_in(node) if taken else ():
        callee = strip(call.callee)
        root = strip(callee.object) if isinstance(callee, Member) else callee
        if isinstance(root, Name) and root.id in taken and call.name not in _OF_TEXTS:
            return True
    return False
