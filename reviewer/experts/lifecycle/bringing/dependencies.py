"""How host code speaks of what plugins depend on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import use_of
from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Array,
    Assign,
    Call,
    Class,
    Comprehension,
    Delete,
    Expr,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Opaque,
    Param,
    Return,
    Spread,
    Unary,
    While,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, class_of, find, function_of, walk
from reviewer.experts.lifecycle.bringing.carried import BELOW, descended, gone_down, plain
from reviewer.experts.lifecycle.vocabulary import DEPENDENCY_WORDS, FIRM_DEPENDENCY_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reviewer.code.module import Module

_COPIES: Final = frozenset("list tuple set sorted reversed reverse toReversed slice from Set".split())
_DEMANDS: Final = frozenset({"need", "needs", "require", "requires"})
_OF_EACH: Final = frozenset({"every", "all", "issubset", "isSubsetOf"})
"""Calls that ask something of all needs of one plugin."""
_LONG: Final = 40
_TAKES: Final = frozenset({"pop", "delete", "discard", "remove", "clear"})


def speaks_of_dependencies(nodes: Node | Iterable[Node], *, firm: bool = False, read: bool = False) -> bool:
    """Tell whether code names dependencies: ``record.requires``, ``dependents_of(x)``, ``"needs"``.

    With ``read`` a table from which something is only taken out does not count.
    """
    vocabulary = FIRM_DEPENDENCY_WORDS if firm else DEPENDENCY_WORDS
    for node in walk(nodes):
        said = ""
        if isinstance(node, Name):
            said = node.id
        elif isinstance(node, Member):
            said = node.name
        elif isinstance(node, Literal) and isinstance(node.value, str):
            said = _named_in(node.value)
        if not said or vocabulary.isdisjoint(words(said)) or said == "require" or _demands(node, said):
            continue
        if not (read and only_emptied(node)):
            return True
    return False


def _demands(node: Node, said: str) -> bool:
    """Tell whether a name is that of a function which throws where a right is missing: ``need("mail")``."""
    if _DEMANDS.isdisjoint(words(said)[:1]):
        return False
    around = node.parent
    if isinstance(around, Assign):
        return around.target is node and isinstance(around.value, Function)
    if not isinstance(around, Call) or around.callee is not node:
        return False
    return use_of(around).how in ("dropped", "item") or _is_left_of_comma(around)


def _is_left_of_comma(call: Call) -> bool:
    """Tell whether what a call gives is passed over: ``(need("mail"), post.send(text))``."""
    around = call.parent
    return isinstance(around, Opaque) and around.kind == "sequence_expression" and around.items[-1] is not call


def _named_in(text: str) -> str:
    """Return the part of a text that names something: a short key, or the tables and columns that a query reads."""
    if text.lstrip()[:7].upper() == "SELECT ":
        return "_".join(text.replace(".", " ").split())
    return "" if len(text) >= _LONG or " " in text else text  # a sentence names nothing, nor does a piece of one


def only_emptied(node: Node) -> bool:
    """Tell whether a table is named only to take something out of it: ``needs.pop(id)``, ``del needs[id]``."""
    parent = node.parent
    if isinstance(parent, Member):
        call = parent.parent
        return isinstance(call, Call) and call.callee is parent and parent.name in _TAKES
    return isinstance(parent, Index) and (
        isinstance(parent.parent, Delete) or (isinstance(parent.parent, Unary) and parent.parent.op == "delete")
    )


def names_dependencies(module: Module, iterable: Expr) -> bool:
    """Tell whether what a loop goes over are a plugin's dependencies; a variable is followed to its value."""
    origin = module.scopes.origin(iterable)
    if _are_ready(iterable) or (isinstance(origin, Expr) and _are_ready(origin)):
        return False
    if speaks_of_dependencies(iterable) or worked_out_for_one(module, iterable) or _is_gone_down(module, iterable):
        return True
    if not isinstance(origin, Expr) or origin is iterable:
        return False
    return speaks_of_dependencies(origin) or worked_out_for_one(module, origin)


def _are_ready(listed: Expr) -> bool:
    """Tell whether a list is of those plugins whose needs are all met, and of no one's needs.

    ``waiting.filter((one) => one.needs.every((id) => up.has(id)))``, and the comprehension that says the same.
    """
    listed = as_made(listed)
    if isinstance(listed, Call) and listed.name == "filter" and listed.receiver is not None:
        over, tests = [listed.receiver], list(listed.args)
    elif isinstance(listed, Comprehension):
        over, tests = [iterable for _target, iterable in listed.clauses], listed.tests
    else:
        return False
    return not speaks_of_dependencies(over) and any(
        call.name in _OF_EACH and speaks_of_dependencies([call.callee, *call.args]) for call in find(tests, Call)
    )


def worked_out_for_one(module: Module, listed: Expr) -> bool:
    """Tell whether a list is what the subject works out for one plugin: ``in_order(name, packages)``, of its needs."""
    listed = as_made(listed)
    maker = definition(module, listed.callee) if isinstance(listed, Call) else None
    if not isinstance(listed, Call) or not isinstance(maker, Function) or not maker.params:
        return False
    named = [given for given in listed.args if isinstance(given, Name)]
    of_one = any(isinstance(module.scopes.origin(name), Param) and _is_one(name) for name in named)
    return of_one and (speaks_of_dependencies(maker.body) or bool(needs_followed(maker)))


def needs_followed(maker: Function) -> frozenset[str]:
    """Return the members by which a record names others, for each of which a function calls itself.

    A function inside of it may do so, which is handed them by its name: ``sheet.after.forEach(visit)``.
    """
    made: list[Member | None] = []
    for one in (maker, *find(maker.body, Function)):
        made += [descended(maker.module, call, one) for call in calls_in(one.body)]
        made += [_handed_each(maker.module, call, one) for call in calls_in(one.body)]
        made += [
            held for loop in find(one.body, While) for call in calls_in(loop.body) for held in put_behind(loop, call)
        ]
    return frozenset(one.name for one in made if one is not None and not set(words(one.name)) & BELOW)


def put_behind(loop: While, call: Call) -> Iterator[Member]:
    """Yield the members of records that a loop adds to the list it goes through: ``todo.push(...sheet.after)``."""
    held = strip(call.receiver) if call.receiver is not None else None
    if call.name not in ("push", "extend", "append", "unshift") or not isinstance(held, Name):
        return
    if held.id not in {name.id for name in find(loop.test, Name)}:
        return
    given = [strip(arg.value) for arg in call.args if isinstance(arg, Spread)]
    given += [strip(arg) for arg in call.args if call.name == "extend" and not isinstance(arg, Spread)]
    function = function_of(loop)
    scopes = function.module.scopes if function is not None else None
    for one in given:
        over = plain(one)
        record = strip(over.object) if isinstance(over, Member) else None
        made = scopes.origin(record) if scopes is not None and isinstance(record, Name) else record
        if isinstance(over, Member) and isinstance(made, Call | Index):
            yield over


def _handed_each(module: Module, call: Call, function: Function) -> Member | None:
    """Return the member of a record over whose items a function is run by its name, from inside of itself."""
    over = strip(call.receiver) if call.receiver is not None else None
    if call.name not in ("forEach", "map", "flatMap") or not isinstance(over, Member):
        return None
    return over if any(definition(module, arg) is function for arg in call.args if isinstance(arg, Name)) else None


def _is_gone_down(module: Module, iterable: Expr) -> bool:
    """Tell whether a list is the member of a record over which a function of the module calls itself."""
    over = plain(iterable)
    return isinstance(over, Member) and over.name in gone_down(module)


def as_made(listed: Expr) -> Expr:
    """Return what is copied or turned round before it is gone over: ``order(name)`` of ``list(order(name))``."""
    listed = strip(listed)
    while isinstance(listed, Call) and listed.name in _COPIES:
        inner = listed.args[0] if listed.args else listed.receiver
        if inner is None:
            break
        listed = strip(inner)
    return listed


def _is_one(name: Name) -> bool:
    """Tell whether a name holds one plugin, or the name of one, and no list of them."""
    last = words(name.id)[-1:]
    return bool(last) and not last[0].endswith("s") and last[0] not in ("folder", "root", "path", "dir", "directory")


def home(function: Function) -> Class | Module:
    """Return the class that a function belongs to, or its module."""
    return class_of(function) or function.module


def functions_of(place: Class | Module) -> list[Function]:
    """Return the methods of a class, or the functions at the top level of a module and in its closures."""
    if isinstance(place, Class):
        return [method for method in place.methods if not method.signature_only]
    return [f for f in place.functions if (f.kind != "arrow" or f.name) and class_of(f) is None]


def with_helpers(function: Function, depth: int = 2) -> list[Function]:
    """Return a function and the functions of its module that it calls, to a depth of calls."""
    found = [function]
    edge = [function]
    for _ in range(depth):
        fresh: list[Function] = []
        for current in edge:
            for call in calls_in(current.body):
                target = definition(current.module, call.callee)
                if isinstance(target, Function) and target not in found:
                    found.append(target)
                    fresh.append(target)
        edge = fresh
    return found


def callers(function: Function) -> Iterator[Call]:
    """Yield the calls of a function in its module, those in itself left out."""
    if function.name:
        for call in function.module.calls((function.name,)):
            if definition(function.module, call.callee) is function and outermost(call) is not function:
                yield call


def is_inner(function: Function) -> bool:
    """Tell whether a function inside of another is only called there: it is neither answered nor handed on."""
    around = function.outer
    if around is None or not function.name or isinstance(function.parent, Object):
        return False
    names = (name for name in find(around.body, Name) if name.id == function.name)
    return not any(isinstance(name.parent, Object | Return | Array | Spread) for name in names)


def outermost(node: Node) -> Function | None:
    """Return the method or named function around a node, nameless arrows seen through."""
    function = function_of(node)
    while function is not None and _passing(function) and function.outer is not None:
        function = function.outer
    return function


def _passing(function: Function) -> bool:
    """Tell whether a function only stands in another: an arrow that nobody can call by a name."""
    return function.owner is None and function.kind == "arrow" and not function.name
