"""What a value is made of: the expressions that it may be, and the pieces that a text is put together from."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.reach.links import definition
from reviewer.code.reach.passed_on import passed_on
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    Comprehension,
    Conditional,
    Expr,
    Function,
    Literal,
    Name,
    Object,
    Param,
    Statement,
    Template,
    strip,
)
from reviewer.code.walk import class_of, find, function_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module

_MOST: Final = 40
"""Expressions that are looked at for one value."""
_MOST_PIECES: Final = 80
"""Pieces of one text."""
_DEEPEST: Final = 3
"""Functions of the subject that a value is followed into."""
_GIVES: Final = frozenset({"=", ":=", "??=", "||="})
_COLLECTIONS: Final = frozenset({"Map", "Set", "dict", "set", "list", "deque"})
"""Calls that make a collection, which is filled afterwards."""
_GROWS: Final = frozenset({"push", "append", "unshift", "extend", "add", "set"})


def values_of(module: Module, expr: Expr) -> Iterator[tuple[Module, Expr]]:
    """Yield the expressions that a value may be, each with the module that it stands in.

    Names, fields, both sides of a choice, and what functions of the subject answer are followed; parameters,
    imports and what nobody defines end the way and are yielded as they are spelled.
    """
    pending = deque([(module, expr, 0)])
    seen: set[int] = set()
    for _ in range(_MOST):
        if not pending:
            return
        where, value, depth = pending.popleft()
        value = strip(value)
        if id(value) in seen:
            continue
        seen.add(id(value))
        further = _further(where, value, depth)
        if not further:
            yield where, value
        pending.extend(further)


def _further(module: Module, value: Expr, depth: int) -> list[tuple[Module, Expr, int]]:
    """Return what an expression stands for; empty where it stands for itself."""
    if isinstance(value, Name):
        given = _given(module, value)
        return [(module, one, depth) for one in given]
    if is_this_member(value):
        cls = class_of(value)
        values = module.scopes.field_values(cls, value.name) if cls is not None else []
        return [(module, one, depth) for one in values if not _is_nothing(one)]
    if isinstance(value, Conditional):
        return [(module, value.then, depth), (module, value.other, depth)]
    if isinstance(value, Binary) and value.op in ("or", "??"):
        return [(module, value.left, depth), (module, value.right, depth)]
    if isinstance(value, Call) and not value.new and depth < _DEEPEST:
        made = definition(module, value.callee)
        handed = passed_on(module, value)
        if handed is not None:
            return [(module, handed, depth)]
        if isinstance(made, Function) and not made.generator:
            return [(made.module, one.value, depth + 1) for one in returns_of(made) if one.value is not None]
    return []


def _given(module: Module, name: Name) -> list[Expr]:
    """Return the values that a name is given; empty where one of them isn't seen."""
    if name.id in ("this", "super"):
        return []
    bindings = module.scopes.lookup(name.id, name)
    given = [one for one in bindings if isinstance(one, Assign) and one.value is not None and one.op in _GIVES]
    if not given or not all(isinstance(one, Assign) for one in bindings):
        return []
    return [one.value for one in given if one.value is not None]


def _is_nothing(value: Expr) -> bool:
    return isinstance(value, Literal) and value.value is None


def pieces(module: Module, text: Expr) -> list[tuple[Module, Expr]]:
    """Return what a text is put together from, in order: constants, and the values between them.

    Holes of templates, sums, joined lists, what is added to a list or a text later, formatted texts, and what
    functions of the file put together are taken apart; a parameter of such a function is what the call hands it.
    """
    found: list[tuple[Module, Expr]] = []
    _collect(module, text, {}, found, 0)
    return found[:_MOST_PIECES]


def _collect(module: Module, expr: Expr, handed: dict[int, Expr], found: list[tuple[Module, Expr]], depth: int) -> None:
    expr = strip(expr)
    if depth > _DEEPEST * 4 or len(found) >= _MOST_PIECES:
        return
    parts = _parts(module, expr)
    if parts is None and isinstance(expr, Call):
        made = definition(module, expr.callee) if not expr.new else None
        answers = list(returns_of(made)) if isinstance(made, Function) and made.module is module else []
        if (
            isinstance(made, Function)
            and len(answers) == 1
            and answers[0].value is not None
            and _is_text(answers[0].value)
        ):
            inner = {
                id(param): one for i, param in enumerate(made.params) if (one := expr.arg(i, param.name)) is not None
            }
            _collect(module, answers[0].value, inner, found, depth + 1)
            return
    if parts is None:
        found.append((module, _argument(module, expr, handed)))
        return
    for part in parts:
        _collect(module, part, handed, found, depth + 1)


def _argument(module: Module, expr: Expr, handed: dict[int, Expr]) -> Expr:
    """Return what a call hands over where an expression is a parameter of the function that it runs."""
    bound = module.scopes.lookup(expr.id, expr) if handed and isinstance(expr, Name) else []
    return handed.get(id(bound[0]), expr) if len(bound) == 1 and isinstance(bound[0], Param) else expr


def _is_text(value: Expr) -> bool:
    """Tell whether an expression puts a text together."""
    value = strip(value)
    if isinstance(value, Binary) and value.op in ("or", "??"):
        return _is_text(value.left)  # " AND ".join(clauses) or "1"
    return (
        isinstance(value, Template) or _is_sum(value) or (isinstance(value, Call) and value.name in ("format", "join"))
    )


def _is_sum(value: Expr) -> bool:
    return isinstance(value, Binary) and value.op in ("+", "%")


def _parts(module: Module, expr: Expr) -> list[Expr] | None:
    """Return the parts of a text; None for what is no text put together."""
    if isinstance(expr, Template):
        return expr.items
    if isinstance(expr, Binary) and expr.op in ("+", "%"):
        return [expr.left, *_operands(expr)]
    if isinstance(expr, Conditional):
        return [expr.then, expr.other]
    if isinstance(expr, Binary) and expr.op in ("or", "??") and _is_text(expr.left):
        return [expr.left, expr.right]
    if isinstance(expr, Call) and expr.receiver is not None:
        if expr.name == "format":
            return [expr.receiver, *expr.args, *expr.keywords.values()]
        if expr.name == "join":
            return _items(module, expr.receiver) or (_items(module, expr.args[0]) if expr.args else None)
    if isinstance(expr, Name):
        return _written(module, expr)
    return None


def _operands(expr: Binary) -> list[Expr]:
    right = strip(expr.right)
    return right.items if expr.op == "%" and isinstance(right, Array) else [right]


def _written(module: Module, name: Name) -> list[Expr] | None:
    """Return the texts that a variable is given and that are added to it; None where it holds something else."""
    bindings = module.scopes.lookup(name.id, name)
    if not bindings or not all(isinstance(one, Assign) for one in bindings):
        return None
    given = [one for one in bindings if isinstance(one, Assign) and one.value is not None]
    texts = [one.value for one in given if one.value is not None]
    grows = any(one.op == "+=" for one in given)
    return (
        texts
        if texts and (grows or all(_is_text(text) or isinstance(strip(text), Literal) for text in texts))
        else None
    )


def _items(module: Module, holder: Expr) -> list[Expr] | None:
    """Return the items of a list that is written down, and what is added to it in its function; else None."""
    made = module.scopes.origin(holder)
    if isinstance(made, Call) and made.name == "values":
        record = module.scopes.origin(made.args[0] if made.args else made.callee)
        return [value for _key, value in record.entries] if isinstance(record, Object) else None
    if isinstance(made, Comprehension):
        return [made.element] if _is_text(made.element) or isinstance(made.element, Literal) else None
    if isinstance(made, Call) and made.name == "map" and made.receiver is not None and made.args:
        each = strip(made.args[0])
        answers = list(returns_of(each)) if isinstance(each, Function) else []
        given = answers[0].value if len(answers) == 1 else None
        return [given] if given is not None and (_is_text(given) or isinstance(strip(given), Literal)) else None
    if not isinstance(made, Array):
        return None
    found = list(made.items)
    name = strip(holder)
    if isinstance(name, Name):
        found += added(module, name)
    return found


def added(module: Module, name: Name) -> list[Expr]:
    """Return what is put into the collection that a variable of a function holds, in source order; keys, too."""
    around = function_of(name)
    place = around.raw.start_byte if around is not None else -1
    return module.once(f"code.added.{place}", lambda: _additions(around.body if around else module.body)).get(
        name.id, []
    )


def held(module: Module, name: Name, value: Expr | None) -> list[Expr]:
    """Return what is put into a variable that begins as a collection, keys too; nothing for any other value."""
    begins = isinstance(value, Array) or (isinstance(value, Call) and value.name in _COLLECTIONS)
    return added(module, name) if begins else []


def _additions(body: list[Statement]) -> dict[str, list[Expr]]:
    """Return what the calls of a function put into each of its collections, by the name of the collection."""
    found: dict[str, list[Expr]] = {}
    for call in find(body, Call):
        if call.name in _GROWS and isinstance(call.receiver, Name):
            found.setdefault(call.receiver.id, []).extend(call.args)
    return found
