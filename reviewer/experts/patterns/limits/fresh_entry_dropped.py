"""PAT443: a record that is made where there is none is changed and never kept, so the next one begins anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    Class,
    Conditional,
    Expr,
    If,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Return,
    Unary,
    strip,
)
from reviewer.code.walk import ancestors, function_of, inside, names_in, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Function
    from reviewer.experts.check import Inquiry

_MADE: Final = frozenset({"Map", "Set", "dict", "set", "list", "deque", "Counter", "Array"})
_CHANGES: Final = frozenset({"set", "add", "push", "append", "unshift", "update", "extend", "appendleft"})


@module_check("PAT443", words=())
def fresh_entry_dropped(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each entry of a table that is taken out, or made where there is none, for the way back into it."""
    if module.is_test:
        return
    for node in module.all(Assign):
        target, function = node.target, function_of(node)
        if function is None or node.value is None or not isinstance(target, Name) or node.op != "=":
            continue
        looked_up = _or_made(module, node.value)
        if looked_up is None:
            looked_up = _made_behind(module, target, node)
        elif not _only_given(module, target, node):
            continue
        if looked_up is None or _put_in(module, function, looked_up):
            continue
        changed = _only_changed(function, target.id, node)
        if changed is None:
            continue
        yield Match(
            changed,
            f"'{target.id}' is made anew where '{short(module.text_of(looked_up))}' has none, and is not put in there: "
            "what is changed here is forgotten at once, and the next one begins from nothing again.",
            related=((node, "made here"),),
        )


def _or_made(module: Module, value: Expr) -> Expr | None:
    """Return the look into a table of ``table.get(key) ?? {…}`` and of ``table.get(key, {…})``; else None."""
    value = strip(value)
    if isinstance(value, Binary) and value.op in ("??", "or"):
        look, made = strip(value.left), strip(value.right)
    elif isinstance(value, Call) and value.name == "get" and len(value.args) == 2:
        look, made = value, strip(value.args[1])
    else:
        return None
    return _look(module, look) if _is_made(module, made) else None


def _made_behind(module: Module, target: Name, node: Assign) -> Expr | None:
    """Return the look into a table whose answer a name is, where a record takes its place if there is none.

    ``trouble = self._troubles.get(lamp)``, and then ``if trouble is None: trouble = Trouble()``.
    """
    bound = module.scopes.lookup(target.id, target)
    made = next((one for one in bound if one is not node), None)
    if len(bound) != 2 or node is not bound[0] or not isinstance(made, Assign) or made.value is None or not node.value:
        return None
    missing = any(
        isinstance(around, If) and target.id in names_in(around.test) and inside(made, around)
        for around in ancestors(made)
    )
    return _look(module, strip(node.value)) if missing and _is_made(module, strip(made.value)) else None


def _look(module: Module, look: Expr) -> Expr | None:
    """Return a look into a table that lives longer than the call, or None."""
    if isinstance(look, Call):
        return look if look.name == "get" and look.receiver is not None and _is_kept(module, look.receiver) else None
    keyed = isinstance(look, Index) and not isinstance(strip(look.key), Literal)
    return look if keyed and isinstance(look, Index) and _is_kept(module, look.object) else None


def _is_made(module: Module, made: Expr) -> bool:
    if isinstance(made, Object | Array):
        return True
    if isinstance(made, Call) and isinstance(made.callee, Name) and made.name[:1].isupper():
        return isinstance(definition(module, made.callee), Class) or (made.name in _MADE and not made.args)
    return isinstance(made, Call) and made.name in _MADE and not made.args


def _is_kept(module: Module, holder: Expr) -> bool:
    """Tell whether a table lives longer than the call: a field of this object, or a variable around the function."""
    holder = strip(holder)
    if isinstance(holder, Member):
        return isinstance(holder.object, Name) and holder.object.id == "this"
    if not isinstance(holder, Name):
        return False
    bound = module.scopes.lookup(holder.id, holder)
    return bool(bound) and all(isinstance(one, Assign) and function_of(one) is not function_of(holder) for one in bound)


def _put_in(module: Module, function: Function, looked_up: Expr) -> bool:
    """Tell whether the function puts something into the table that it looked into."""
    holder = looked_up.receiver if isinstance(looked_up, Call) else getattr(looked_up, "object", None)
    table = module.text_of(holder) if holder is not None else ""
    for node in walk(function.body):
        if isinstance(node, Call) and node.name in _PUTS and node.receiver is not None:
            if module.text_of(node.receiver) == table:
                return True
        elif (
            isinstance(node, Assign) and isinstance(node.target, Index) and module.text_of(node.target.object) == table
        ):
            return True
    return False


_PUTS: Final = frozenset({"set", "setdefault", "update", "put", "add"})


def _only_given(module: Module, target: Name, node: Assign) -> bool:
    return all(one is node for one in module.scopes.lookup(target.id, target))


def _only_changed(function: Function, name: str, made: Assign) -> Node | None:
    """Return where a record is changed, if nothing else is done with it than to change it and to read its members."""
    changed: Node | None = None
    for node in walk(function.body):
        if not isinstance(node, Name) or node.id != name or inside(node, made):
            continue
        part = node.parent
        if isinstance(part, Assign) and part.target is node:
            continue
        if not isinstance(part, Member | Index) or part.object is not node:
            if isinstance(part, Return) or not isinstance(part, Binary | Unary | Conditional | If):
                return None
            continue
        if isinstance(part, Index) and _is_found(part.key, function):
            return None  # an item that was found in it: there is none in what is new
        changed = changed or _change(part)
    return changed


def _is_found(key: Expr, function: Function) -> bool:
    """Tell whether a place in a list was looked for: ``const at = held.findIndex(…)``."""
    made = function.module.scopes.origin(key) if isinstance(key, Name) else None
    return isinstance(made, Call) and made.name in ("findIndex", "indexOf", "findLastIndex", "index")


def _change(part: Member | Index) -> Node | None:
    """Return the statement that changes a member of a record, or what is in it."""
    around = part.parent
    if isinstance(around, Assign) and around.target is part:
        return around
    if isinstance(around, Unary) and around.op in ("++", "--"):
        return around
    if isinstance(around, Call) and around.callee is part and around.name in _CHANGES:
        return around
    if isinstance(around, Member):
        return _change(around)
    return None
