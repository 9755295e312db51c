"""What a decision looks something up in, and by its own words may not be there: a policy that was never loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import callee, declared_type, named_type
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Binary,
    Call,
    Class,
    Expr,
    Function,
    If,
    Index,
    Member,
    Name,
    Param,
    Return,
    Throw,
    Unary,
    is_nothing,
    strip,
)
from reviewer.code.walk import ancestors, class_of, find, function_of
from reviewer.experts.paths import last_words
from reviewer.experts.security.deciding.entries import membership
from reviewer.experts.security.deciding.verdicts import says_no, says_yes
from reviewer.experts.security.vocabulary import ACTIONS, IDENTITIES, REQUIREMENTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node

_PLAIN: Final = ACTIONS | IDENTITIES | REQUIREMENTS | {"command", "route", "endpoint", "item", "entry", "target"}
"""Words of what is asked about, or of what may rightly be missing."""
_TABLES: Final = ("dict", "Mapping", "Map", "Record", "ReadonlyMap", "Readonly<Record", "defaultdict")
_COLLECTS: Final = frozenset({"has", "get", "includes", "some", "find", "every", "filter"})
"""Calls that look something up."""


def may_be_missing(module: Module, expr: Expr) -> bool:
    """Tell whether the function around asks if something is there at all, and looks up in it who may do what."""
    if not isinstance(expr, Name | Member) or set(last_words(expr)) & _PLAIN or not _is_asked_for(expr):
        return False
    if is_this_member(expr):
        cls = class_of(expr)
        return cls is not None and _is_looked_into(module, expr, cls)
    function = function_of(expr)
    bound = module.scopes.lookup(expr.id, expr) if isinstance(expr, Name) else []
    given = len(bound) == 1 and isinstance(bound[0], Param) and function is not None
    return given and function is not None and (_is_looked_into(module, expr, function) or _is_passed(module, expr))


def _is_asked_for(expr: Expr) -> bool:
    """Tell whether a condition asks if a value is nothing: ``!book``, ``book is None``, ``book === undefined``."""
    around = expr.parent
    if isinstance(around, Binary) and around.op in ("==", "!="):
        return is_nothing(around.right if strip(around.left) is strip(expr) else around.left)
    return isinstance(around, Unary) and around.op == "not"


def _same(module: Module, expr: Expr, within: Node) -> Iterator[Expr]:
    text = module.text_of(expr)
    yield from (one for one in find(within, type(expr)) if one is not expr and module.text_of(one) == text)


def _is_looked_into(module: Module, expr: Expr, within: Node) -> bool:
    """Tell whether entries are taken out of it: ``book[who]``, ``book.rights[who]``, ``book.actionsFor(who, what)``."""
    return any(_takes_entry(one) for one in _same(module, expr, within))


def _takes_entry(holder: Expr) -> bool:
    around: Node | None = holder.parent
    inner: Node = holder
    for _ in range(3):
        if isinstance(around, Index) and around.object is inner:
            return isinstance(strip(around.key), Name | Member)
        if not isinstance(around, Member) or around.object is not inner:
            return False
        call = around.parent
        if isinstance(call, Call) and call.callee is around:
            return bool(call.args) and not (around.name in _COLLECTS and is_nothing(call.args[0]))
        inner, around = around, call
    return False


def _is_passed(module: Module, expr: Expr) -> bool:
    """Tell whether a table or a record of the subject is handed on, with who asks, to a function that looks it up."""
    function = function_of(expr)
    declared = declared_type(module, expr).replace("None", "").strip("'\" |")
    known = declared.startswith(_TABLES) or isinstance(named_type(module, declared), Class)
    if function is None or (declared and not known):
        return False
    others = {param.name for param in function.params}
    for one in _same(module, expr, function):
        call = one.parent
        target = callee(module, call) if isinstance(call, Call) and one is not call.callee else None
        if isinstance(call, Call) and target is not None and (known or _looks_into(target, call, one)):
            given = [strip(arg) for arg in (*call.args, *call.keywords.values())]
            if any(isinstance(arg, Name) and arg.id in others and arg is not one for arg in given):
                return True
    return False


def _looks_into(target: Function, call: Call, given: Expr) -> bool:
    """Tell whether a function takes entries out of what it is handed: ``sheet[unit]``, ``sheet.get(unit)``."""
    place = next((i for i, arg in enumerate(call.args) if strip(arg) is given), -1)
    name = target.params[place].name if 0 <= place < len(target.params) else ""
    return bool(name) and any(_takes_entry(one) for one in find(target.body, Name) if one.id == name)


def grants_by_entry(module: Module, asked: Binary) -> bool:
    """Tell whether a key is sought in a table whose entries grant: what is not in the entry of that key is refused.

    ``if slug in self._live and right not in self._live[slug]: return False``
    """
    if set(last_words(asked.right)) & REQUIREMENTS:
        return False
    key, table, function = module.text_of(asked.left), module.text_of(asked.right), function_of(asked)
    for inner in find(function.body, Expr, into_functions=False) if function is not None else ():
        whole, part = membership(inner)
        held = strip(whole) if whole is not None and part is not None else None
        if _entry_of(module, held) == (table, key) and _refuses_without(inner):
            return True
    return False


def _entry_of(module: Module, held: Expr | None) -> tuple[str, str] | None:
    while isinstance(held, Binary) and held.op in ("??", "or"):
        held = strip(held.left)
    if isinstance(held, Index):
        return module.text_of(held.object), module.text_of(held.key)
    if isinstance(held, Call) and held.name == "get" and held.receiver is not None and held.args:
        return module.text_of(held.receiver), module.text_of(held.args[0])
    return None


def _refuses_without(inner: Expr) -> bool:
    """Tell whether not to be in an entry leads to a no, or to be in it to a yes."""
    positive = not (isinstance(inner, Binary) and inner.op == "not in")
    test: Node = inner
    for around in ancestors(inner):
        if isinstance(around, Unary) and around.op == "not":
            positive = not positive
        elif isinstance(around, Return):
            return positive
        elif isinstance(around, If):
            only = around.body[-1] if around.body and test is around.test else None
            refuses = isinstance(only, Throw) or (isinstance(only, Return) and says_no(only.value))
            grants = isinstance(only, Return) and says_yes(only.value)
            return (refuses and not positive) or (grants and positive)
        elif not isinstance(around, Binary) or around.op not in ("and", "or"):
            return False
        test = around
    return False
