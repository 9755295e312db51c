"""COM448: who may not listen to something asks for everything, and gets it with the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions, exits
from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Binary,
    Call,
    Conditional,
    Expr,
    Function,
    If,
    Literal,
    Member,
    Name,
    Node,
    Param,
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
    return any(type(node).__name__ == "Throw" for node in walk(test.body, into_functions=False)) and not test.orelse


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
        if node is not but and _has_star(node.test):
            return True
    return _has_star(but.test) or any(
        isinstance(node, Conditional) and _has_star(node.test) for node in find(function.body, Conditional)
    )


def _has_star(node: Node) -> bool:
    return any(isinstance(one.value, str) and one.value in _STARS for one in find(node, Literal))


def _through_star(module: Module, taker: Function, shut: str) -> Node | None:
    """Return where listeners by a wildcard are gathered, in a function that asks nothing about what is shut."""
    for node in module.some(Literal, Call):
        function = function_of(node)
        if function is None or function is taker or inside(node, taker) or inside(taker, function):
            continue
        if not (_gathers(node) or _fits(module, node)):
            continue
        around = _whole(function)
        if not _sends_on(module, around) or _mentions(module, around, shut):
            continue
        return node.parent if isinstance(node, Literal) and isinstance(node.parent, Call) else node
    return None


def _gathers(node: Node) -> bool:
    """Tell whether a table is asked for those who listen by a star: ``seats.get('*')``, ``seats["*"]``."""
    if not isinstance(node, Literal) or node.value not in _STARS or not isinstance(node.value, str):
        return False
    around = node.parent
    if isinstance(around, Call):
        return around.name in ("get", "getAll", "setdefault") and around.args[:1] == [node]
    return type(around).__name__ == "Index"


def _fits(module: Module, node: Node) -> bool:
    """Tell whether a name is held against a pattern of a listener: ``fnmatch(topic, pattern)``."""
    if not isinstance(node, Call):
        return False
    return node.name in _FITS and len(node.args) > 1 and isinstance(strip(node.args[1]), Name | Member)


def _whole(function: Function) -> Function:
    """Return the outermost function around that still has a name of its own and no other around it holds the table."""
    current = function
    while not current.name and current.outer is not None:
        current = current.outer
    return current


def _sends_on(module: Module, function: Function) -> bool:
    """Tell whether a function hands something to those whom it gathers: it is given a name, and calls or answers."""
    return bool(function.params) and any(True for _call in calls_in(function.body))


def _mentions(module: Module, function: Function, shut: str) -> bool:
    """Tell whether a function, one that it calls, or one that calls it asks about what is shut."""
    if shut in module.text_of(function):
        return True
    for call in calls_in(function.body):
        target = definition(module, call.callee)
        if isinstance(target, Function) and target.module is module and shut in module.text_of(target):
            return True
    for call in module.calls((function.name,)) if function.name else ():
        around = function_of(call)
        if around is not None and any(shut in module.text_of(one.test) for one in conditions(call)):
            return True
    return False
