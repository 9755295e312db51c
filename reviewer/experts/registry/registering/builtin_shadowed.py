"""REG092: what a plugin registers is found before what the host itself has under the same name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Class,
    Expr,
    Function,
    If,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Return,
    Statement,
    strip,
)
from reviewer.code.tables import tables
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, class_of, find, function_of, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import last_words, path_words, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

OWN_THINGS: Final = word_set("builtin builtins core native intrinsic intrinsics reserved internal system standard")
"""What a host calls the things that are its own."""
OVERRIDES: Final = word_set("override overrides overridden shadow shadows patched theme themes fallback user settings")
"""Words of tables that are there to be found first."""
_ENTERS: Final = word_set("register define add set put provide contribute declare install expose mount")


@module_check("REG092", words=OWN_THINGS | {"built", "default", "defaults"})
def builtin_shadowed(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each look-up that asks the plugins first and the host's own things after."""
    if module.is_test:
        return
    for own in _own_lookups(module):
        function = function_of(own)
        table = _asked_first(own, function) if function is not None else None
        if function is None or table is None or set(last_words(table)) & OVERRIDES:
            continue
        if set(words(function.name)) & OVERRIDES or _refused_at_entry(module, function, table):
            continue
        yield Match(
            table,
            f"'{module.text_of(table)}' is asked before the host's own things, and nothing keeps a plugin from "
            "registering one of their names: what it registers takes their place everywhere.",
            related=((own, "the host's own are asked here"),),
        )


def _own_lookups(module: Module) -> Iterator[Expr]:
    """Yield the look-ups in tables of what the host has itself, that stand in answers."""
    for node in module.some(Call, Index):
        if isinstance(node, Call):
            holder = node.receiver if node.name == "get" and node.args else None
        else:
            holder = node.object if isinstance(node, Index) and not isinstance(node.key, Literal) else None
        own = holder is not None and (_is_own(holder) or _is_default(module, holder))
        if own and isinstance(node, Expr):
            yield node


def _is_own(holder: Expr) -> bool:
    said = last_words(holder)
    joined = "".join(said)
    return bool(set(said) & OWN_THINGS) or joined.startswith(("builtin", "buildin"))


def _is_default(module: Module, holder: Expr) -> bool:
    """Tell whether a table of functions is what the host falls back on: ``DEFAULTS``, and no settings."""
    if not set(last_words(holder)) & {"default", "defaults"}:
        return False
    made = module.scopes.origin(holder)
    return isinstance(made, Object) and any(isinstance(strip(value), Function) for _key, value in made.entries)


def _key(node: Expr) -> str:
    key = node.args[0] if isinstance(node, Call) else node.key if isinstance(node, Index) else None
    return getattr(strip(key), "id", "") if key is not None else ""


def _asked_first(own: Expr, function: Function) -> Expr | None:
    """Return the table that is asked with the same key before, and whose answer is given back where it is there."""
    key = _key(own)
    if not key:
        return None
    around = next((a for a in ancestors(own) if not isinstance(a, Expr) or isinstance(a, Binary)), None)
    if isinstance(around, Binary) and around.op in ("??", "or"):
        return _table(around.left, key)
    for node in walk(function.body, into_functions=False):
        if node.start >= own.start:
            break
        table = _table(node, key) if isinstance(node, Call | Index) else None
        if table is not None and not _is_own(table) and _given_back(node, function, own):
            return table
    return None


def _table(expr: Node, key: str) -> Expr | None:
    expr = strip(expr) if isinstance(expr, Expr) else expr
    if isinstance(expr, Call) and expr.name == "get" and expr.args and _key(expr) == key and expr.receiver is not None:
        return expr.receiver if not _is_own(expr.receiver) else None
    if isinstance(expr, Index) and _key(expr) == key:
        return expr.object if not _is_own(expr.object) else None
    return None


def _given_back(asked: Node, function: Function, own: Expr) -> bool:
    """Tell whether the first answer leaves the function: ``if (found) return found;`` before the own are asked."""
    made = next((a for a in ancestors(asked) if not isinstance(a, Expr) or isinstance(a, Assign)), None)
    name = getattr(getattr(made, "target", None), "id", "")
    held = next((a for a in ancestors(asked) if isinstance(a, If)), None)
    if isinstance(made, Return) and held is not None and held.start < own.start:
        return _positive(held)
    for test in find(function.body, If, into_functions=False):
        if test.start < asked.start and not any(node is asked for node in walk(test.test)):
            continue
        about = any(node is asked or (isinstance(node, Name) and node.id == name and name) for node in walk(test.test))
        if about and test.start < own.start and any(isinstance(one, Return) for one in test.body):
            return not isinstance(test, Statement) or _positive(test)
    return False


def _positive(test: If) -> bool:
    """Tell whether a test asks that something is there."""
    asked = strip(test.test)
    if isinstance(asked, Binary):
        other = strip(asked.right)
        return asked.op in ("!=", "in") and (asked.op == "in" or (isinstance(other, Literal) and other.value is None))
    return isinstance(asked, Name | Call | Member | Index)


def _refused_at_entry(module: Module, function: Function, table: Expr) -> bool:
    """Tell whether those who enter something are refused the names of the host's own, or enter it elsewhere."""
    cls = class_of(function)
    entering = [
        access.function
        for one in tables(module)
        if one.name == getattr(table, "name", getattr(table, "id", ""))
        for access in one.of("write")
        if access.function is not None
    ]
    if not entering:
        return True  # nobody sees here how things get in
    for inside in entering:
        for node in walk(inside.body):
            if isinstance(node, Call | Binary | Index) and path_words(getattr(node, "receiver", None)) & OWN_THINGS:
                return True
            if isinstance(node, Name | Member) and (_is_own(node) or _is_default(module, node)):
                return True
            if isinstance(node, Call) and set(words(node.name)) & (OWN_THINGS | {"prefix", "namespaced", "qualified"}):
                return True
    return isinstance(cls, Class) and cls.kind != "class"
