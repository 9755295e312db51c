"""Whether a value is checked before it is used: allow-lists, patterns, own validators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import before, conditions
from reviewer.code.syntax import (
    Assign,
    Await,
    Binary,
    Call,
    Cast,
    Expr,
    ExprStatement,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Template,
)
from reviewer.code.walk import function_of, walk
from reviewer.code.words import words
from reviewer.experts.paths import word_set

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reviewer.code.module import Module

_TESTS: Final = frozenset(
    "has includes test match fullmatch startsWith startswith endsWith endswith indexOf some every search "
    "is_relative_to isRelativeTo compare_digest timingSafeEqual hasOwn hasOwnProperty contains commonpath "
    "relpath relative is_private is_global isIP getOwnPropertyNames issubset isdisjoint".split()
)
"""Calls whose answer limits what a text may be."""
_VERBS: Final = word_set(
    "is are can may validate valid check verify allowed safe permitted matches trusted approve approved inside "
    "within contains known confirm"
)
"""Words of a function that answers whether a value will do."""
_DEMANDS: Final = word_set(
    "assert ensure require requires validate check verify guard must demand authorize authorise enforce "
    "parse sanitize "
    "sanitise restrict confine resolve contained inside within"
)
"""Words of a function that throws where a value won't do, or gives one that will."""
_FORMS: Final = frozenset(
    "URL urlparse urlsplit resolve realpath normalize abspath join Path str String trim strip lower "
    "toLowerCase basename relative relpath get parse decode encode split format toString dirname extname "
    "decodeURIComponent unquote".split()
)
"""Calls that give the same value in another form."""
_DEEPEST: Final = 5
_MOST: Final = 400


def limited(module: Module, values: Iterable[Expr], at: Node, names: Iterable[str] = ()) -> bool:
    """Tell whether a check of these values, or of what is made of them, stands before a place.

    ``names`` are further spellings under which the values are known.
    """
    wanted = set(names)
    for value in values:
        wanted |= _spellings(module, value)
    if not wanted:
        return False
    every = wanted | _derived(module, at, wanted)
    tests = conditions(at)
    return any(
        _limits(module, c.test, every) or _equals(module, c.test, wanted, holds=c.holds) for c in tests
    ) or _demanded(module, at, every)


def _spellings(module: Module, value: Node) -> set[str]:
    found: set[str] = set()
    for node in walk(value, into_functions=False):
        if isinstance(node, Name) and node.id != "this":
            found.add(node.id)
        elif isinstance(node, Member | Index):
            found.add(module.text_of(node))
    return found


def _derived(module: Module, at: Node, wanted: set[str]) -> set[str]:
    """Return the names of the function that hold a wanted value in another form: parsed, resolved, trimmed."""
    function = function_of(at)
    body = function.body if function is not None else module.body
    found: set[str] = set()
    for count, node in enumerate(walk(body, into_functions=False)):
        if count > _MOST * 4:
            break
        if isinstance(node, Assign) and isinstance(node.target, Name) and node.value is not None:
            if node.target.id in wanted:
                if isinstance(_bare(node.value), Name | Member | Index):
                    found |= _spellings(module, node.value)
            elif _in_other_form(module, node.value, wanted | found, 0):
                found.add(node.target.id)
    return found


def _in_other_form(module: Module, expr: Expr, wanted: set[str], depth: int) -> bool:
    """Tell whether an expression is a wanted value in another form, and not something worked out from it."""
    expr = _bare(expr)
    if depth > _DEEPEST:
        return False
    if isinstance(expr, Name):
        return expr.id in wanted
    if isinstance(expr, Member | Index):
        return module.text_of(expr) in wanted or _in_other_form(module, expr.object, wanted, depth + 1)
    parts: list[Expr] = []
    if isinstance(expr, Template):
        parts = expr.holes
    elif isinstance(expr, Binary):
        parts = [expr.left, expr.right]
    elif isinstance(expr, Call) and (depth == 0 or expr.name in _FORMS):
        parts = [*expr.args, *([expr.receiver] if expr.receiver is not None else [])]
    return any(_in_other_form(module, part, wanted, depth + 1) for part in parts)


def _bare(expr: Expr) -> Expr:
    while isinstance(expr, Cast | Await):
        expr = expr.value
    return expr


def _mentions(module: Module, node: Node, wanted: set[str]) -> bool:
    for count, part in enumerate(walk(node, into_functions=True)):
        if count > _MOST:
            return False
        if isinstance(part, Name) and part.id in wanted:
            return True
        if isinstance(part, Member | Index) and module.text_of(part) in wanted:
            return True
    return False


def _limits(module: Module, test: Expr, wanted: set[str]) -> bool:
    """Tell whether a test limits a wanted value, and doesn't only ask whether there is one."""
    for node in walk(test, into_functions=True):
        call = module.scopes.origin(node) if isinstance(node, Name) else node
        if isinstance(call, Call):
            said = words(call.name)
            named = call.name in _TESTS or bool(said and (said[0] in _VERBS or said[-1] in _VERBS))
            if named and not _asks_type(call) and _mentions(module, call, wanted):
                return True
        elif isinstance(node, Binary) and node.op in ("in", "not in") and _mentions(module, node.left, wanted):
            return not isinstance(node.left, Literal)
    return False


def _equals(module: Module, test: Expr, wanted: set[str], *, holds: bool) -> bool:
    """Tell whether a test holds only where a wanted value is one that the program names."""
    for node in walk(test, into_functions=False):
        if not isinstance(node, Binary) or node.op != ("==" if holds else "!="):
            continue
        for one, other in ((node.left, node.right), (node.right, node.left)):
            if _is_text(other) and _mentions(module, one, wanted):
                return True
        if isinstance(node.right, Name | Member) and not _typeof(node) and _mentions(module, node.left, wanted):
            return True
    return False


def _typeof(node: Binary) -> bool:
    return any(getattr(side, "op", "") == "typeof" for side in (node.left, node.right))


def _asks_type(call: Call) -> bool:
    """Tell whether a call only asks for the kind of value: ``isinstance(x, str)``, ``Array.isArray(x)``."""
    return call.name in ("isinstance", "isArray", "isString", "issubclass", "is_string", "isObject", "isFunction")


def _demanded(module: Module, at: Node, wanted: set[str]) -> bool:
    """Tell whether a call that throws where the value won't do runs before the place."""
    for count, node in enumerate(before(at)):
        if count > _MOST * 2:
            return False
        value = node.value if isinstance(node, ExprStatement | Assign) else node
        call = _bare(value) if isinstance(value, Expr) else None
        if not isinstance(call, Call) or call.name in ("resolve", "parse", "join"):
            continue
        if set(words(call.name)) & _DEMANDS and _mentions_any(module, call, wanted):
            return True
    return False


def _mentions_any(module: Module, call: Call, wanted: set[str]) -> bool:
    return any(_mentions(module, argument, wanted) for argument in [*call.args, *call.keywords.values()])


def _is_text(expr: Expr) -> bool:
    return isinstance(expr, Literal) and isinstance(expr.value, str) and bool(expr.value)
