"""LIF022: what a load that failed is answered with is kept as if it were what was loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits, in_handler, siblings
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Handler,
    If,
    Index,
    Literal,
    Name,
    Node,
    Throw,
    Try,
    Unary,
    strip,
)
from reviewer.code.tables import tables
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, statement_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import last_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.code.tables import Access, Table
    from reviewer.experts.check import Inquiry

_LOADS: Final = frozenset(
    "load loads loaded import require read fetch download open parse exec compile instantiate resolve request "
    "connect".split()
)
_ALL: Final = frozenset({"Exception", "BaseException", "Error"})
_MEANT: Final = frozenset("failed failure failures failing missing negative absent broken errors bad unknown".split())
"""Words of a table that is there to know what failed."""


@module_check("LIF022", words=_LOADS)
def failed_answer_kept(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak where nothing, which stands for a failure, is put into a table that answers with whatever it holds."""
    if module.is_test or not any(True for _ in module.all(Handler)):
        return
    for table in tables(module):
        if table.kind != "map" or not _MEANT.isdisjoint(words(table.name)):
            continue
        for access in table.of("write"):
            handler = _failure_of(module, access)
            if handler is not None and _served(table, access) and not _read_as_failure(table, access):
                yield Match(
                    access.node if in_handler(access.node) is handler else _at(handler, access),
                    f"When the load fails, '{table.name}' keeps nothing for '{_key(module, access)}' and answers later "
                    "callers with that: one failure stays until the process ends.",
                    related=((access.node, "kept here"),),
                )
                break


def _failure_of(module: Module, access: Access) -> Handler | None:
    """Return the handler of a load whose failure a table is given nothing for, in it or behind it."""
    value = strip(access.value) if access.value is not None else None
    inside = in_handler(access.node)
    if inside is not None and value is not None:
        tried = inside.parent
        return inside if _is_nothing(value) and isinstance(tried, Try) and _hides(tried, inside) else None
    statement = statement_of(access.node)
    if not isinstance(value, Name) or statement is None:
        return None
    for earlier in siblings(statement, module):
        if earlier is statement:
            return None
        if isinstance(earlier, Try) and len(earlier.handlers) == 1:
            handler = earlier.handlers[0]
            loaded = any(_gives(one, value.id) for one in find(earlier.body, Assign))
            given = [one.value for one in find(handler.body, Assign) if _gives(one, value.id) and one.value is not None]
            left = [strip(one) for one in given] or _before(access, earlier, value.id)
            if loaded and left and all(_is_nothing(one) for one in left) and _hides(earlier, handler):
                return handler
    return None


def _before(access: Access, tried: Try, name: str) -> list[Expr]:
    """Return what a name holds before the ``try`` that gives it what is loaded: ``let found = null``."""
    body = access.function.body if access.function is not None else []
    made = [one for one in find(body, Assign) if _gives(one, name) and one.start < tried.start]
    return [strip(one.value) for one in made[-1:] if one.value is not None]


def _gives(assign: Assign, name: str) -> bool:
    return assign.op == "=" and isinstance(assign.target, Name) and assign.target.id == name


def _is_nothing(value: Expr) -> bool:
    return isinstance(value, Literal) and value.value is None


def _hides(tried: Try, handler: Handler) -> bool:
    """Tell whether any failure of a load ends in a handler that goes on; one kind of error may be an answer."""
    wide = not handler.types or any(last_name(one) in _ALL for one in handler.types)
    loads = any(_LOADS & set(words(call.name)) for call in calls_in(tried.body, into_functions=False))
    thrown = any(True for _ in find(handler.body, Throw))
    return wide and loads and not thrown and (_enters(handler) or not exits(handler.body))


def _enters(handler: Handler) -> bool:
    """Tell whether a handler itself enters something: then it may leave right after."""
    return any(call.name in ("set", "setdefault") for call in calls_in(handler.body)) or any(
        one.op == "=" and isinstance(one.target, Index) for one in find(handler.body, Assign)
    )


def _served(table: Table, access: Access) -> bool:
    """Tell whether the function answers with what the table holds, nothing included, before it loads."""
    asked = [one for one in table.of("has") if one.function is access.function]
    if any(_turns(one.node) for one in asked):
        return True
    for read in table.of("read"):
        around = read.node.parent
        if read.function is access.function and isinstance(around, Assign) and isinstance(around.target, Name):
            name = around.target.id
            body = access.function.body if access.function is not None else []
            if any(_told_apart(test, name) for test in find(body, Binary) if test.op in ("!=", "is not")):
                return True
    return False


def _told_apart(test: Binary, name: str) -> bool:
    """Tell whether a name is held against what stands for no entry, which is not what was kept: ``!== undefined``."""
    held, other = strip(test.left), strip(test.right)
    return isinstance(held, Name) and held.id == name and isinstance(other, Name) and other.id != name


def _turns(asked: Node) -> bool:
    """Tell whether a question for a key is the test of an ``if`` that leaves with what is there."""
    for around in ancestors(asked):
        if isinstance(around, If):
            return exits(around.body) or bool(around.orelse)
        if not isinstance(around, Binary | Call) and not isinstance(around, Unary):
            return False
    return False


def _read_as_failure(table: Table, access: Access) -> bool:
    """Tell whether what failed is taken out again in the same function, after a while for instance."""
    return any(one.function is access.function for one in table.of("delete", "clear"))


def _at(handler: Handler, access: Access) -> Node:
    """Return where a failure is made nothing: the statement of the handler that does, or where that is kept."""
    value = strip(access.value) if access.value is not None else None
    name = value.id if isinstance(value, Name) else ""
    return next((one for one in find(handler.body, Assign) if _gives(one, name)), access.node)


def _key(module: Module, access: Access) -> str:
    return module.text_of(access.key) if access.key is not None else "the key"
