"""PAT020: what is there already is held against the limit, and not what is about to be added."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits
from reviewer.code.reach.links import callee
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Expr,
    Function,
    If,
    Index,
    Literal,
    Member,
    Name,
    Param,
    Throw,
    strip,
)
from reviewer.code.walk import behind, class_of, find, names_in
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words, word_set

if TYPE_CHECKING:
    from reviewer.code.module import Module

_LIMITS: Final = word_set(
    "quota limit max maximum budget allowance cap most capacity ceiling allotment bytes quotas limits budgets "
    "allowances caps ceilings"
)
_SIZES: Final = frozenset({"length", "byteLength", "size", "len", "getsizeof", "byte_length"})
_MORE: Final = frozenset({">", ">="})
_LESS: Final = frozenset({"<", "<="})


@module_check("PAT020", words=_LIMITS | {"quotas", "limits"})
def limit_without_amount(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each tally to which the size of something is added for what was asked of it before."""
    if module.is_test:
        return
    for function in module.functions:
        tests = [test for test in find(function.body, If, into_functions=False) if exits(test.body)]
        for tally, amount, added in _added(module, function) if tests else ():
            earlier = [test for test in tests if behind(added, test)]
            known = _names_of(module, amount)
            if not known or any(known & _names_of(module, test.test) for test in earlier):
                continue
            asked = next((test for test in earlier if _asks_for(module, test, tally)), None)
            if asked is not None:
                yield Match(
                    asked.test,
                    f"'{short(module.text_of(asked.test))}' asks what is there already, and not whether "
                    f"'{short(module.text_of(amount))}' fits as well: a single one may be of any size.",
                    fix="Hold the sum of what is there and what is added against the limit.",
                    related=((added, "added here, whatever it is"),),
                )
                break


def _added(module: Module, function: Function) -> Iterator[tuple[str, Expr, Assign | Call]]:
    """Yield (tally, amount, where) for each size that a function adds to a field, or enters in a table of sizes."""
    for assign in find(function.body, Assign, into_functions=False):
        target = strip(assign.target)
        if assign.value is None:
            continue
        tally = target.object if isinstance(target, Index) else target
        held = strip(tally)
        if not is_this_member(held):
            continue
        more = assign.value if assign.op == "+=" else _more(module, assign.value, held.name)
        if more is not None and (_is_size(module, more) or _is_told(module, more)):
            yield held.name, more, assign
        elif isinstance(target, Index) and _is_size(module, assign.value):
            yield held.name, assign.value, assign
    for call in find(function.body, Call, into_functions=False):
        holder = strip(call.receiver) if call.receiver is not None else None
        if call.name != "set" or len(call.args) != 2 or holder is None or not is_this_member(holder):
            continue
        more = _more(module, call.args[1], holder.name)
        if more is not None and (_is_size(module, more) or _is_told(module, more)):
            yield holder.name, more, call
        elif _is_size(module, call.args[1]):
            yield holder.name, call.args[1], call


def _more(module: Module, value: Expr, tally: str) -> Expr | None:
    """Return what is added where a value is a tally and something more: ``used + bytes``."""
    total = strip(value)
    if not isinstance(total, Binary) or total.op != "+":
        return None
    if _is_read(module, total.left, tally):
        return total.right
    return total.left if _is_read(module, total.right, tally) else None


def _is_told(module: Module, amount: Expr) -> bool:
    """Tell whether an amount is what the caller says."""
    return isinstance(strip(amount), Name) and isinstance(module.scopes.origin(amount), Param)


def _is_read(module: Module, value: Expr, tally: str) -> bool:
    """Tell whether a value was read from a tally: ``this.used``, ``used`` of ``this.used.get(id) ?? 0``."""
    made = module.scopes.origin(strip(value)) if isinstance(strip(value), Name) else strip(value)
    read = strip(made) if isinstance(made, Expr) else None
    if isinstance(read, Binary) and read.op in ("??", "or"):
        read = strip(read.left)
    if isinstance(read, Call) and read.name == "get" and read.receiver is not None:
        read = strip(read.receiver)
    elif isinstance(read, Index):
        read = strip(read.object)
    return isinstance(read, Member) and is_this_member(read) and read.name == tally


def _is_size(module: Module, value: Expr) -> bool:
    """Tell whether a value is the size of what a function was handed: ``value.length``, ``len(data)``."""
    made = module.scopes.origin(strip(value)) if isinstance(strip(value), Name) else strip(value)
    measured: Expr | None = None
    if isinstance(made, Member) and made.name in _SIZES:
        measured = made.object
    elif isinstance(made, Call) and made.name in _SIZES and made.args:
        measured = made.args[0]
    root = strip(measured) if measured is not None else None
    return isinstance(root, Name) and isinstance(module.scopes.origin(root), Param)


def _names_of(module: Module, value: Expr) -> set[str]:
    """Return the names in an expression, and those that its own names were made of."""
    names = names_in(value) - {"this"}
    for name in find(value, Name):
        made = module.scopes.origin(name)
        if made is not name and isinstance(made, Expr):
            names |= names_in(made) - {"this"}
    return names - {"Buffer", "len", "Math", "self"}


def _asks_for(module: Module, test: If, tally: str) -> bool:
    """Tell whether a test refuses where the tally alone is over a limit."""
    asked = strip(test.test)
    if not isinstance(asked, Binary) or not any(True for _ in find(test.body, Throw, into_functions=False)):
        return False
    if asked.op not in _MORE | _LESS:
        return False
    held, most = (asked.left, asked.right) if asked.op in _MORE else (asked.right, asked.left)
    most = strip(most)
    if isinstance(most, Call) and most.name == "get" and most.receiver is not None:
        most = strip(most.receiver)
    elif isinstance(most, Index):
        most = strip(most.object)
    if isinstance(most, Literal) or not isinstance(most, Name | Member):
        return False
    limit = set(last_words(most)) & _LIMITS or (isinstance(most, Name) and most.id.isupper())
    return bool(limit) and (_is_tally(module, strip(held), tally) or _is_read(module, held, tally))


def _is_tally(module: Module, held: Expr, tally: str) -> bool:
    """Tell whether an expression is a tally, or a method of the same object that only adds up what is in it."""
    if is_this_member(held):
        cls = class_of(held) if held.name != tally else None
        total = cls.method(held.name) if cls is not None else None
        told = total is not None and total.kind == "getter"
        return held.name == tally or (told and total is not None and _speaks_of(total, tally))
    if not isinstance(held, Call) or held.args or not is_this_member(strip(held.callee)):
        return False
    adds_up = callee(module, held)
    return adds_up is not None and _speaks_of(adds_up, tally)


def _speaks_of(function: Function, tally: str) -> bool:
    return any(is_this_member(one) and one.name == tally for one in find(function.body, Member))
