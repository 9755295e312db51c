"""What makes a list or a map shorter, or bounds it: where nothing does, it grows for as long as its owner lives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.contexts import is_stopper
from reviewer.code.flow import conditions
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    Delete,
    Expr,
    Index,
    Member,
    Name,
    Opaque,
    Spread,
    strip,
)
from reviewer.code.walk import find, function_of, walk
from reviewer.experts.lifecycle.values import root_name

if TYPE_CHECKING:
    from reviewer.code.module import Module

_TAKES: Final = frozenset(
    "pop shift splice clear popleft popitem remove discard delete truncate trim prune flush drain".split()
)


_READS: Final = frozenset(
    "len list tuple set sorted sum min max any all enumerate reversed iter mean fmean median stdev pstdev variance "
    "quantiles join str repr print stringify dumps from freeze isArray structuredClone dict zip bool".split()
)
"""Calls that only look at the list that they are handed."""


def shrinks(module: Module, name: str, *, whole: bool) -> bool:
    """Tell whether anything in the module takes from a list, bounds it, hands it out or sets it anew.

    ``whole`` tells whether to empty it altogether counts where that is done when a plugin ends.
    """
    if any(
        _takes(call, name) and (whole or call.name != "clear" or not _at_the_end(call)) for call in module.all(Call)
    ):
        return True
    if any(root_name(target) == name for node in module.all(Delete) for target in node.targets):
        return True
    if any(node.op in ("<", ">", "<=", ">=", "==", "!=") and _counts(node, name) for node in module.all(Binary)):
        return True
    made = 0
    for node in module.all(Assign):
        if grows_by(module, node) is not None or _begins(node, name):
            continue
        if node.value is not None and _is(node.target, name):
            made += 1
            if made > 1 or _bounded(node.value):
                return True
        elif (node.value is not None and _is(node.value, name)) or (node.op == "=" and _cuts(node.target, name)):
            return True
    return False


def _at_the_end(call: Call) -> bool:
    function = function_of(call)
    return function is not None and is_stopper(function.name)


def grows_by(module: Module, node: Call | Assign) -> Expr | None:
    """Return the name or field whose value a node makes longer by an entry, keeping all that was there; else None.

    ``seen = [...seen, one]``, ``self.rows = self.rows + [row]``, ``curves.set(id, [...(curves.get(id) ?? []), at])``.
    """
    kept: Expr | None
    if isinstance(node, Assign):
        target, value = strip(node.target), node.value
        kept = target.object if isinstance(target, Index) else target
        longer = node.op == "+=" and isinstance(strip(value), Array) if value is not None else False
    else:
        kept, value = node.receiver, node.args[-1] if node.name == "set" and len(node.args) == 2 else None
        longer = False
    if value is None or kept is None or not root_name(kept):
        return None
    return kept if longer or _longer(module, value, root_name(kept)) else None


def _longer(module: Module, value: Expr, name: str) -> bool:
    made = module.scopes.origin(value) if isinstance(strip(value), Name) else strip(value)
    parts: list[Expr] = []
    if isinstance(made, Array) and len(made.items) > 1:
        parts = [item.value for item in made.items if isinstance(item, Spread)]
    elif (
        isinstance(made, Binary)
        and made.op == "+"
        and any(isinstance(strip(x), Array) for x in (made.left, made.right))
    ):
        parts = [made.left, made.right]
    elif isinstance(made, Call) and made.name == "concat" and made.receiver is not None:
        parts = [made.receiver]
    return any(_speaks_of(module, part, name) for part in parts)


def _speaks_of(module: Module, expr: Expr, name: str) -> bool:
    """Tell whether an expression is a list of that name, an entry of it, or a local that was given one."""
    if any(root_name(part) == name for part in _alternatives(expr)):
        return True
    made = module.scopes.origin(expr) if isinstance(expr, Name) else None
    return isinstance(made, Expr) and made is not expr and any(root_name(one) == name for one in _alternatives(made))


def _alternatives(expr: Expr) -> list[Expr]:
    """Return what an expression may be: both sides of ``a ?? b``."""
    made = strip(expr)
    if isinstance(made, Binary) and made.op in ("??", "or"):
        return [*_alternatives(made.left), *_alternatives(made.right)]
    return [made]


def entry_behind(module: Module, local: Name) -> Expr | None:
    """Return the table of whose entry a local is a name: ``rows = this.rows.get(bed) ?? []``; None for another local.

    A list that bounds itself, and what is no plain list, is none.
    """
    found: Expr | None = None
    for one in module.scopes.lookup(local.id, local):
        if not isinstance(one, Assign) or one.value is None:
            return None
        for part in (*_alternatives(one.value), *([one.default] if one.default is not None else [])):
            made = strip(part)
            if isinstance(made, Assign):
                made = strip(made.target)  # rows = (this.rows[bed] ??= [])
            if isinstance(made, Index) or (isinstance(made, Call) and made.name in ("get", "setdefault")):
                held = made.object if isinstance(made, Index) else made.receiver
                given = strip(made.args[1]) if isinstance(made, Call) and len(made.args) > 1 else None
                if held is None or not root_name(held) or (given is not None and not _is_plain_list(given)):
                    return None
                found = held
            elif not _is_plain_list(made):
                return None
    return found


def _is_plain_list(expr: Expr) -> bool:
    made = strip(expr)
    if isinstance(made, Call):
        return made.name in ("list", "deque", "Array") and not made.keywords and len(made.args) < 2
    return isinstance(made, Array)


def shortened(module: Module, local: Name) -> bool:
    """Tell whether the function that has a local name for a list takes from it, cuts it, or looks at how long it is."""
    function = function_of(local)
    body = function.body if function is not None else module.body
    for node in walk(body):
        if isinstance(node, Call) and _takes(node, local.id) and node.name not in ("set", "setdefault"):
            return True
        if isinstance(node, Delete) and any(root_name(target) == local.id for target in node.targets):
            return True
        if isinstance(node, Binary) and node.op in ("<", ">", "<=", ">=", "==", "!="):
            if any(_is_length(side, local.id) for side in (node.left, node.right)):
                return True
        elif (
            (isinstance(node, Assign) and _cuts(node.target, local.id))
            or (isinstance(node, Call) and node.name in ("slice", "filter") and root_name(node) == local.id)
            or (isinstance(node, Index) and isinstance(node.key, Opaque) and root_name(node.object) == local.id)
        ):
            return True
    return False


def _is_length(side: Expr, name: str) -> bool:
    """Tell whether one side of a comparison is the length of a list, or something of its first entry."""
    made = strip(side)
    if isinstance(made, Call) and made.name == "len" and len(made.args) == 1:
        return _is(made.args[0], name)
    return isinstance(made, Member | Index) and root_name(made) == name


def _begins(node: Assign, name: str) -> bool:
    """Tell whether an entry gets its first list where none is there: ``if bed not in rows: rows[bed] = []``."""
    if not isinstance(strip(node.target), Index) or node.value is None or not _is_plain_list(node.value):
        return False
    return any(root_name(part) == name for one in conditions(node) for part in find(one.test, Expr))


def _takes(call: Call, name: str) -> bool:
    """Tell whether a call takes from a list, or hands it to somebody who may."""
    if call.receiver is not None and call.name in _TAKES and root_name(call.receiver) == name:
        return True
    handed = any(_is(arg, name) for arg in (*call.args, *call.keywords.values()))
    return handed and call.name not in _READS


def _cuts(target: Expr, name: str) -> bool:
    """Tell whether an assignment sets the length of a list, or a part of it."""
    part = isinstance(target, Index) or (isinstance(target, Member) and target.name == "length")
    return part and root_name(target) == name


def _is(expr: Expr, name: str) -> bool:
    expr = strip(expr)
    if isinstance(expr, Member) and is_this_member(expr):
        return f"this.{expr.name}" == name
    return isinstance(expr, Name) and expr.id == name


def _bounded(value: Expr) -> bool:
    return any("maxlen" in call.keywords or len(call.args) > 1 for call in find(value, Call))


def _counts(node: Binary, name: str) -> bool:
    """Tell whether a comparison speaks of a list: of its length, most likely."""
    return any(isinstance(part, Member | Name) and root_name(part) == name for part in walk(node))
