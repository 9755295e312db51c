"""LIF023: dependencies are followed by recursion, or by a growing list, with no record of the way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import before, conditions
from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    Comprehension,
    Expr,
    For,
    Function,
    If,
    Index,
    Jump,
    Member,
    Name,
    Node,
    Param,
    Statement,
    While,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, inside, names_in, walk
from reviewer.core.scale import Confidence
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.bringing.carried import BELOW, plain
from reviewer.experts.lifecycle.bringing.dependencies import (
    callers,
    names_dependencies,
    outermost,
    put_behind,
    speaks_of_dependencies,
)
from reviewer.experts.lifecycle.bringing.followed import followed
from reviewer.experts.lifecycle.bringing.inherited import goes_to_base
from reviewer.experts.lifecycle.values import root_name
from reviewer.experts.lifecycle.vocabulary import DEPENDENCY_WORDS, has_word, stops
from reviewer.experts.place import locate_bytes

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.core.location import Location

_EACH: Final = frozenset({"map", "forEach", "flatMap", "every", "some", "reduce", "filter"})
_SAYS: Final = DEPENDENCY_WORDS - {"require", "required", "after", "imports", "uses", "extends"}
"""Words of which code that speaks of dependencies has at least one."""
_CYCLES: Final = frozenset(
    {"cycle", "cycles", "cyclic", "acyclic", "circular", "toposort", "topological", "topo", "dag"}
)
_TESTS: Final = frozenset({"has", "includes", "indexOf", "some", "get", "__contains__", "find", "contains", "hasOwn"})
_MARKS: Final = frozenset({"add", "set", "push", "append", "unshift", "insert", "setdefault", "concat", "union"})
_WAY: Final = frozenset({"stack", "visited", "visiting", "trail", "chain", "ancestors", "under"})
"""Words of a parameter that holds what is under way."""
_TAKES_OUT: Final = frozenset({"delete", "pop", "remove", "discard"})
"""Calls by which a second visit finds nothing any more."""


@module_check("LIF023")
def dependency_cycle_unchecked(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak at the call that goes down to a dependency without anything that would notice a cycle."""
    if module.is_test:
        return
    seen: set[int] = set()
    for function in module.functions:
        if function.name and id(function) not in seen and "schema" not in words(function.name):
            call = _descent(module, function, seen) if function.params else None
            if call is not None and not _cycle_named(function):
                seen.add(id(definition(module, call.callee)))  # the other half of the circle
                yield Match(
                    _circle(module, call, function),
                    f"'{function.name}' follows dependencies by calling itself and notes nowhere what is under way: "
                    "two that need each other recurse without end.",
                    confidence=Confidence.POSSIBLE if _ends(function) else None,
                )
    yield from _growing_lists(module)


def _circle(module: Module, call: Call, function: Function) -> Call | Location:
    """Return the call that goes down, with the one that comes back to it where two functions call each other."""
    target = definition(module, call.callee)
    if target is function or not isinstance(target, Function):
        return call
    back = next((one for one in calls_in(target.body) if definition(module, one.callee) is function), call)
    first, last = sorted((call, back), key=lambda one: one.start)
    return locate_bytes(module, first.raw.start_byte, last.raw.end_byte)


def _ends(function: Function) -> bool:
    """Tell whether a function ends plugins: of those that could be started, none needs itself, as a rule."""
    said = words(function.name)
    return stops(function.name) or bool(said and stops(said[0]))


def _descent(module: Module, function: Function, seen: set[int]) -> Call | None:
    """Return the recursive call for a dependency that nothing guards."""
    said = not _SAYS.isdisjoint(module.words)
    for call in calls_in(function.body):
        onward = followed(module, call, function) or goes_to_base(module, call, function)
        if onward and not _guarded(module, call, function):
            return call
        if not said:
            continue
        if _handed_itself(module, call, function) and not _guarded(module, call, function):
            return call
        if not _comes_back(module, call, function, seen) or not call.args:
            continue
        if _over_dependencies(module, call, function) and not _guarded(module, call, function):
            return call
    return None


def _handed_itself(module: Module, call: Call, function: Function) -> bool:
    """Tell whether a function is run for each dependency by its name: ``record.needs.forEach(visit)``."""
    over = call.receiver
    if over is None and call.name == "map" and len(call.args) == 2:
        over = call.args[1]  # map(visit, record.needs)
    if call.name not in _EACH or over is None or not names_dependencies(module, over):
        return False
    return any(definition(module, arg) is function for arg in call.args if isinstance(strip(arg), Name | Member))


def _comes_back(module: Module, call: Call, function: Function, seen: set[int]) -> bool:
    target = definition(module, call.callee)
    if target is function:
        return not _asks_same(call, function)
    if not isinstance(target, Function) or target.module is not module or id(target) in seen:
        return False
    if any(_WAY & set(words(param.name)) for param in (*target.params, *function.params)):
        return False  # it is handed what is under way: ``self._resolve(wanted, under_way=set())``
    for inner in calls_in(target.body):  # start → bring → start
        if definition(module, inner.callee) is function and not _guarded(module, inner, target):
            return not _guarded(module, call, function)
    return False


def _asks_same(call: Call, function: Function) -> bool:
    """Tell whether a function calls itself for the very thing that it was called for: ``define(key, alias(key))``."""
    if any(isinstance(around, For | Comprehension) and inside(around, function) for around in ancestors(call)):
        return False
    given = strip(call.args[0]) if call.args else None
    own = [param.name for param in function.params if param.name not in ("self", "cls")][:1]
    return isinstance(given, Name) and [given.id] == own and len(function.params) > 1


def _over_dependencies(module: Module, call: Call, function: Function) -> bool:
    """Tell whether a call is made for some dependencies, for each or for all at once."""
    if any(speaks_of_dependencies(arg, firm=True) for arg in call.args[:1]):
        return True
    for around in ancestors(call):
        if around is function:
            return False
        if isinstance(around, For) and around.iterable is not None:
            if _is_made_of(around.iterable) or _is_handed_list(module, around.iterable, function):
                continue
            if names_dependencies(module, around.iterable) or (
                around.target is not None and has_word(root_name(around.target), DEPENDENCY_WORDS)
            ):
                return True
        elif isinstance(around, Comprehension):
            if any(names_dependencies(module, iterable) for _t, iterable in around.clauses):
                return True
        elif (
            isinstance(around, Call)
            and around.name in _EACH
            and around.receiver is not None
            and not inside(call, around.receiver)
            and not _is_made_of(around.receiver)
            and not _is_handed_list(module, around.receiver, function)
            and names_dependencies(module, around.receiver)
        ):
            return True
    return False


def _is_made_of(iterable: Expr) -> bool:
    """Tell whether a loop goes over what a thing is made of, and not what it needs: ``requiredElement.children``."""
    over = plain(iterable)
    return isinstance(over, Member) and bool(set(words(over.name)) & BELOW) and not has_word(over.name, _SAYS)


def _is_handed_list(module: Module, iterable: Expr, function: Function) -> bool:
    """Tell whether a loop goes over the very list that the function was handed: it goes down to what is made of that.

    A function that goes down to dependencies asks the record of each for them.
    """
    over = plain(iterable)
    bound = module.scopes.lookup(over.id, over) if isinstance(over, Name) else []
    return len(bound) == 1 and isinstance(bound[0], Param) and bound[0].parent is function


def _guarded(module: Module, call: Call, function: Function) -> bool:
    """Tell whether something before the call would stop the second visit of the same thing."""
    outer = _steps_out(call, function)
    ran = [node for step in outer for node in before(step)]
    tests = [condition.test for step in outer for condition in conditions(step)]
    over = [one.iterable for one in ancestors(call) if isinstance(one, For) and one.iterable is not None]
    asked = _asked([*ran, *[n for test in (*tests, *over) for n in walk(test)]])
    marked = _marked(ran) | _handed_on(call, function)
    if asked & marked:
        return True
    return _counts_depth(tests, function) or any(
        isinstance(node, Call) and has_word(node.name, _CYCLES) for node in ran
    )


def _steps_out(call: Call, function: Function) -> list[Node]:
    """Return the call, and every arrow around it up to the function, so that all that ran before is seen."""
    steps: list[Node] = [call]
    for around in ancestors(call):
        if around is function:
            break
        if isinstance(around, Function):
            steps.append(around)
    return steps


def _asked(nodes: list[Node]) -> set[str]:
    """Return the collections and fields whose content is asked for."""
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, Call) and node.name in _TESTS and node.receiver is not None:
            found.add(_key(node.receiver))
        elif isinstance(node, Binary) and node.op in ("in", "not in"):
            found.add(_key(node.right))
        elif isinstance(node, Binary) and node.op == "-":
            found.update(names_in(node.right))  # needs - set(path)
        elif isinstance(node, Binary) and node.op in ("==", "!="):
            found.update(_field(side) for side in (node.left, node.right))
        elif isinstance(node, Member):
            found.add(_field(node))
        elif isinstance(node, Index):
            found.add(_key(node.object))
    return found - {""}


def _marked(nodes: list[Node]) -> set[str]:
    """Return the collections and fields that are written."""
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, Call) and node.name in _MARKS | _TAKES_OUT and node.receiver is not None:
            found.add(_key(node.receiver))
        elif isinstance(node, Assign) and isinstance(node.target, Member):
            found.add(_field(node.target))
        elif isinstance(node, Assign) and isinstance(node.target, Index):
            found.add(_key(node.target.object))
        elif isinstance(node, Assign) and isinstance(node.target, Name) and _adds_to_it(node.value, node.target.id):
            found.add(node.target.id)
    return found - {""}


def _adds_to_it(value: Expr | None, name: str) -> bool:
    """Tell whether a value is what a name held, and more: ``way = {*way, plugin}``, ``way = way + [plugin]``."""
    made = strip(value) if value is not None else None
    joins = isinstance(made, Array) or (isinstance(made, Binary) and made.op in ("+", "|"))
    return joins and made is not None and name in names_in(made)


def _handed_on(call: Call, function: Function) -> set[str]:
    """Return the parameters of the function that the call hands on inside its arguments (``[...path, name]``).

    A function that hands itself a collection as it came has put nothing into it by that.
    """
    itself = definition(function.module, call.callee) is function
    params = {param.name for param in function.params[1:]} | {param.name for param in function.params if param.default}
    handed: set[str] = set()
    for arg in (*call.args[1:], *call.keywords.values()):
        made = function.module.scopes.origin(arg) if isinstance(arg, Name) else arg
        made = made if isinstance(made, Expr) else arg
        if not (itself and isinstance(made, Name)):
            handed.update(node.id for node in walk(made) if isinstance(node, Name) and node.id in params)
    return handed


def _key(expr: Expr) -> str:
    """Return a text by which a collection is known again."""
    if isinstance(expr, Member):
        return f".{expr.name}"
    if isinstance(expr, Name):
        return expr.id
    return root_name(expr)


def _field(expr: Node) -> str:
    return f".{expr.name}" if isinstance(expr, Member) else ""


def _counts_depth(tests: list[Expr], function: Function) -> bool:
    params = {param.name for param in function.params}
    return any(
        isinstance(node, Binary) and node.op in ("<", ">", "<=", ">=")
        and any(isinstance(side, Name) and side.id in params for side in (node.left, node.right))
        for test in tests
        for node in walk(test)
    )  # fmt: skip


def _cycle_named(function: Function) -> bool:
    """Tell whether callers of the function, or a function of its own beside it, look for cycles first."""
    if any(other.name and has_word(other.name, _CYCLES) for other in function.module.functions):
        return True
    for call in callers(function):
        around = outermost(call)
        if around is not None and any(has_word(inner.name, _CYCLES) for inner in calls_in(around.body)):
            return True
    return False


def _growing_lists(module: Module) -> Iterator[Match]:
    """Find ``while queue: x = queue.pop(); queue.extend(x.requires)`` without a note of what was seen."""
    for loop in module.all(While):
        grown = _grown(module, loop)
        if grown is None or _notes_all(loop, grown):
            continue
        if any(inside(grown, other) for other in walk(loop.body) if isinstance(other, While)):
            continue
        half = any(_looked_through(node) is not None for node in walk(loop.body))
        yield Match(
            locate_bytes(module, loop.raw.start_byte, grown.raw.end_byte) if half else grown,
            "The loop adds the dependencies of each plugin to the list that it goes through and notes nowhere what "
            "it has seen: with two that need each other it never ends.",
        )


def _grown(module: Module, loop: While) -> Call | None:
    lists = {_key(node) for node in walk(loop.test) if isinstance(node, Name | Member)}
    for call in calls_in(loop.body, into_functions=False):
        receiver = call.receiver
        if call.name in ("push", "extend", "append", "unshift") and receiver is not None and _key(receiver) in lists:
            around = next((n for n in ancestors(call) if isinstance(n, For) and inside(n, loop)), None)
            source: list[Expr] = list(call.args)
            if around is not None and around.iterable is not None:
                source.append(around.iterable)
            said = not _SAYS.isdisjoint(module.words) and any(_names_needs(module, expr) for expr in source)
            if said or any(not set(words(one.name)) & BELOW for one in put_behind(loop, call)):
                return call
    return None


def _names_needs(module: Module, expr: Expr) -> bool:
    """Tell whether what is added are dependencies; a variable that is only called 'after' may be the rest of a text."""
    plain = isinstance(expr, Name) and _SAYS.isdisjoint(words(expr.id))
    return names_dependencies(module, expr) and not plain


def _notes_all(loop: While, grown: Call) -> bool:
    """Tell whether a loop looks at what it has seen, and that holds all that it has added to its list.

    A list of what is through says nothing of what still waits for others: ``order.includes(need)``, where each is
    put in order when it leaves the list.
    """
    lists = {_key(node) for node in walk(loop.test) if isinstance(node, Name | Member)}
    asked = {_key(one) for node in walk(loop.body) for one in [_looked_through(node)] if one is not None}
    filled = {_key(one.receiver) for one in calls_in(loop.body) if one.name == "set" and one.receiver is not None}
    asked |= {_key(one) for one in _turned_back_by(loop)} & filled
    if not asked or asked & lists:
        return bool(asked)
    around = next((one for one in ancestors(grown) if isinstance(one, If) and _turns_back(one.body)), None)
    notes = [
        call
        for call in calls_in(loop.body)
        if call.name in _MARKS and call.receiver is not None and _key(call.receiver) in asked
    ]
    late = [one for one in notes if around is not None and not inside(one, around) and one.start > grown.start]
    return not notes or len(late) < len(notes)


def _turned_back_by(loop: While) -> Iterator[Expr]:
    """Yield the tables that say whether the loop goes on with the next: ``const was = taken.get(id)``, ``if (was)``."""
    turning = [one for one in walk(loop.body) if isinstance(one, If) and _turns_back(one.body)]
    tested = {name for one in turning for name in names_in(one.test)}
    for made in walk(loop.body):
        if not isinstance(made, Assign) or not isinstance(made.target, Name) or made.target.id not in tested:
            continue
        value = strip(made.value) if made.value is not None else None
        if isinstance(value, Call) and value.name == "get" and value.receiver is not None:
            yield value.receiver
    for one in turning:
        yield from (call.receiver for call in calls_in(one.test) if call.name == "get" and call.receiver is not None)


def _turns_back(body: list[Statement]) -> bool:
    return bool(body) and isinstance(body[-1], Jump) and body[-1].kind == "continue"


def _looked_through(node: Node) -> Expr | None:
    """Return the collection that is asked whether it holds something."""
    if isinstance(node, Call) and node.name in ("has", "includes", "add", "indexOf"):
        return node.receiver
    return node.right if isinstance(node, Binary) and node.op in ("in", "not in") else None
