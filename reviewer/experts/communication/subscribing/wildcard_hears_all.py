"""COM448: who may not listen to something asks for everything, and gets it with the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits
from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Binary,
    Call,
    Comprehension,
    Expr,
    For,
    Function,
    If,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Param,
    Throw,
    Unary,
    strip,
)
from reviewer.code.walk import calls_in, find, function_of, inside, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_STARS: Final = frozenset({"*", "**", "#", ">", "+"})
_BEGINS: Final = frozenset({"startsWith", "startswith"})
_HOLDS: Final = frozenset({"has", "includes", "contains", "test", "match", "fullmatch", "search"})
_FITS: Final = frozenset({"fnmatch", "fnmatchcase", "minimatch", "isMatch", "micromatch", "picomatch"})


@module_check("COM448")
def wildcard_hears_all(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each refusal of a name for a wildcard that brings the same by another way."""
    if module.is_test:
        return
    for test in module.all(If):
        function = function_of(test)
        if function is None or not exits(test.body) or not _refuses(test):
            continue
        for asked, shut in _shut(module, function, test.test):
            if _asks_star(module, function, test):
                continue
            place = _through_star(module, function, shut)
            if place is not None:
                yield Match(
                    place,
                    f"'{short(asked)}' is refused only where it is asked for by its name; who listens by a wildcard "
                    f"gets it here with all the rest, and nobody asks for '{short(shut)}' any more.",
                    related=((test, "refused by name here"),),
                )


def _refuses(test: If) -> bool:
    return any(isinstance(node, Throw) for node in walk(test.body, into_functions=False)) and not test.orelse


def _shut(module: Module, function: Function, test: Expr) -> Iterator[tuple[str, str]]:
    """Yield what a parameter is refused for, and the constant that says so: ``name.startsWith(PRIVATE)``."""
    told = {name for param in function.params for name in (param.name, *param.fields.values())}
    for node in walk(test):
        if isinstance(node, Unary) and node.op == "not":
            return  # what is refused unless it is listed is open to nobody by its name
        asked: Expr | None = None
        by: Expr | None = None
        if isinstance(node, Call) and node.name in _BEGINS and node.receiver is not None and node.args:
            asked, by = strip(node.receiver), strip(node.args[0])
        elif isinstance(node, Call) and node.name in _HOLDS and node.receiver is not None and node.args:
            asked, by = strip(node.args[0]), strip(node.receiver)
        elif isinstance(node, Binary) and node.op == "in":
            asked, by = strip(node.left), strip(node.right)
        if isinstance(asked, Name) and asked.id in told and by is not None and _constant(module, by):
            yield module.text_of(asked), module.text_of(by)


def _constant(module: Module, by: Expr) -> bool:
    """Tell whether something is fixed for the whole file: a text, or a name at its top level."""
    if isinstance(by, Literal):
        return isinstance(by.value, str) and len(by.value) > 1
    bound = module.scopes.lookup(by.id, by) if isinstance(by, Name) else []
    return len(bound) == 1 and not isinstance(bound[0], Param) and getattr(bound[0], "function", None) is None


def _asks_star(module: Module, function: Function, but: If) -> bool:
    """Tell whether the function that takes listeners in looks at wildcards itself, in another test or in this one."""
    for node in find(function.body, If):
        if node is not but and _has_star(node.test) and exits(node.body):
            return True
    return _has_star(but.test)


def _has_star(node: Node) -> bool:
    return any(isinstance(one.value, str) and one.value.endswith("*") for one in find(node, Literal))


def _through_star(module: Module, taker: Function, shut: str) -> Node | None:
    """Return where listeners by a wildcard are gathered, in a function that asks nothing about what is shut."""
    for row in _rows_of_star(module, taker):
        for over in module.some(For, Comprehension):
            function = function_of(over)
            if function is None or function is taker or row not in module.text_of(over):
                continue
            if not _mentions(module, _whole(function), shut):
                return over
    for node in module.some(Literal, Call):
        function = function_of(node)
        if function is None or function is taker or inside(node, taker) or inside(taker, function):
            continue
        compared = _compares(node)
        if not (compared or _gathers(node) or _fits(node)):
            continue
        around = _whole(function)
        if not around.params or _mentions(module, around, shut):
            continue
        if compared:
            asked = [call for call in module.calls((around.name,)) if function_of(call) is not around]
            if any(inside(call, taker) for call in asked):
                return None
            return asked[0] if len(asked) == 1 else node.parent
        return node.parent if isinstance(node, Literal) and isinstance(node.parent, Call) else node
    return None


def _rows_of_star(module: Module, taker: Function) -> Iterator[str]:
    """Yield what a function puts those into who listen by a wildcard: ``if "*" in topic: self._all.append(…)``."""
    for test in find(taker.body, If):
        for call in calls_in(test.body) if _has_star(test.test) else ():
            if call.name in ("append", "add", "push") and call.receiver is not None:
                yield module.text_of(call.receiver)


def _compares(node: Node) -> bool:
    """Tell whether a pattern of a listener is held against the star: ``pattern === '*'``, ``endsWith('.*')``."""
    if not isinstance(node, Literal) or not isinstance(node.value, str) or not node.value.endswith("*"):
        return False
    around = node.parent
    if isinstance(around, Binary) and around.op == "==":
        return isinstance(strip(around.left), Name | Member)
    return isinstance(around, Call) and around.name in ("endsWith", "endswith") and around.args[:1] == [node]


def _gathers(node: Node) -> bool:
    """Tell whether a table is asked for those who listen by a star: ``seats.get('*')``, ``seats["*"]``."""
    if not isinstance(node, Literal) or node.value not in _STARS or not isinstance(node.value, str):
        return False
    around = node.parent
    if isinstance(around, Call):
        return around.name in ("get", "getAll", "setdefault") and around.args[:1] == [node]
    return isinstance(around, Index)


def _fits(node: Node) -> bool:
    """Tell whether a name is held against a pattern of a listener: ``fnmatch(topic, pattern)``."""
    if not isinstance(node, Call):
        return False
    return node.name in _FITS and len(node.args) > 1 and isinstance(strip(node.args[1]), Name | Member)


def _whole(function: Function) -> Function:
    """Return the nearest function around that has a name of its own."""
    current = function
    while not current.name and current.outer is not None:
        current = current.outer
    return current


def _mentions(module: Module, function: Function, shut: str) -> bool:
    """Tell whether a function, one that it calls, or one that calls it asks about what is shut."""
    if shut in module.text_of(function):
        return True
    for call in calls_in(function.body):
        target = definition(module, call.callee)
        if isinstance(target, Function) and target.module is module and shut in module.text_of(target):
            return True
    callers = (function_of(call) for call in module.calls((function.name,))) if function.name else ()
    return any(around is not None and shut in module.text_of(_whole(around)) for around in callers)
