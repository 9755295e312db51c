"""LIF363: a state that the table of transitions allows is refused, and every other one is let through."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits, returns_of, siblings
from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    Expr,
    Function,
    If,
    Index,
    Member,
    Name,
    Node,
    Param,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import find, names_in
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import constant_text, last_words

if TYPE_CHECKING:
    from reviewer.code.module import Module

_STATES: Final = frozenset({"state", "status", "phase", "stage", "mode", "step"})
_REFUSED: Final = frozenset(
    "forbidden illegal invalid denied deny blocked block refused refuse disallowed impossible never bad terminal final "
    "not no locked frozen busy".split()
)
"""Words of a table that holds what must not be."""
_SOURCES: Final = frozenset("from froms previous before sources prior predecessors".split())
"""Words of a table that says from where a state may come."""
_HOLDS: Final = frozenset({"includes", "has", "contains"})


@module_check("LIF363", words=_STATES)
def transition_turned_round(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each refusal in front of a change of state for what the table says of the new one."""
    if module.is_test:
        return
    for test in module.all(If):
        turned = _follows_the_new(module, test)
        if turned is not None:
            yield Match(
                test,
                f"'{short(module.text_of(test.test))}' looks up what may follow the new state, and seeks the old one "
                "there: what the table allows is refused, and what it forbids is done.",
                related=((turned, "changed here"),),
            )
            continue
        asked = _asked(module, strip(test.test))
        if asked is None or test.orelse or not exits(test.body):
            continue
        new, table, old = asked
        if set(last_words(table)) & _REFUSED or not _is_state(module, old):
            continue
        change = _changed_behind(module, test, new, old)
        if change is not None:
            yield Match(
                test,
                f"'{short(module.text_of(test.test))}' refuses what the table allows: line {change.line} is reached by "
                "all other states alone.",
                related=((change, "changed here"),),
            )


def _asked(module: Module, test: Expr) -> tuple[Expr, Expr, Expr] | None:
    """Return (new, table, old) of ``new in TABLE[old]``, ``TABLE.get(old).has(new)``, ``(old, new) in T``."""
    if isinstance(test, Binary) and test.op == "in":
        pair = strip(test.left)
        if isinstance(pair, Array) and len(pair.items) == 2:
            return pair.items[1], test.right, pair.items[0]
        looked = _looked_up(_made(module, test.right))
        return (test.left, *looked) if looked is not None else None
    if isinstance(test, Call) and test.name in _HOLDS and len(test.args) == 1 and test.receiver is not None:
        looked = _looked_up(_made(module, test.receiver))
        return (test.args[0], *looked) if looked is not None else None
    if isinstance(test, Call) and test.name == "some" and test.receiver is not None:
        looked, sought = _looked_up(_made(module, test.receiver)), _sought(test)
        return (sought, *looked) if looked is not None and sought is not None else None
    return None


def _made(module: Module, held: Expr) -> Expr:
    """Return what a variable was given: ``NEXT[this.state]`` of ``const allowed = NEXT[this.state]``."""
    named = strip(held)
    made = module.scopes.origin(named) if isinstance(named, Name) else named
    return made if isinstance(made, Expr) else held


def _sought(some: Call) -> Expr | None:
    """Return what a list is searched for: ``to`` of ``allowed.some((one) => one === to)``."""
    given = strip(some.args[0]) if len(some.args) == 1 else None
    answers = [strip(one.value) for one in returns_of(given) if one.value] if isinstance(given, Function) else []
    only = answers[0] if len(answers) == 1 else None
    if not isinstance(given, Function) or not isinstance(only, Binary) or only.op != "==" or len(given.params) != 1:
        return None
    sides = (strip(only.left), strip(only.right))
    own = [isinstance(side, Name) and side.id == given.params[0].name for side in sides]
    return sides[own.index(False)] if own.count(True) == 1 else None


def _follows_the_new(module: Module, test: If) -> Node | None:
    """Return where a state changes that was sought among what may follow the new: ``row.state not in NEXT[to]``."""
    asked = strip(test.test)
    if not isinstance(asked, Binary) or asked.op != "not in" or test.orelse or not exits(test.body):
        return None
    old, looked = strip(asked.left), _looked_up(asked.right)
    new = strip(looked[1]) if looked is not None else None
    if not isinstance(old, Member) or not isinstance(new, Name) or not set(words(old.name)) & _STATES:
        return None
    bound = module.scopes.lookup(new.id, new)
    if looked is None or set(last_words(looked[0])) & _SOURCES or not any(isinstance(one, Param) for one in bound):
        return None
    rest = [one for one in siblings(test, module) if one.start > test.start]
    for assign in find(rest, Assign):
        given = strip(assign.value) if assign.value is not None else None
        same = isinstance(assign.target, Member) and assign.target.name == old.name
        if same and isinstance(given, Name) and given.id == new.id:
            return assign
    for call in find(rest, Call):
        text = constant_text(strip(call.args[0])).lower() if call.args else ""
        if text.startswith("update ") and old.name.lower() in text and new.id in names_in(call.args):
            return call
    return None


def _is_state(module: Module, old: Expr) -> bool:
    """Tell whether something is a state by its name, or by that of the field it was taken from."""
    return any(one is not None and set(last_words(one)) & _STATES for one in (old, _taken_from(module, old)))


def _taken_from(module: Module, old: Expr) -> Member | None:
    """Return the field that a variable was given: ``self.state`` of ``current = self.state``."""
    old = strip(old)
    bound = module.scopes.lookup(old.id, old) if isinstance(old, Name) else []
    only = bound[0] if len(bound) == 1 else None
    value = strip(only.value) if isinstance(only, Assign) and only.value is not None else None
    return value if isinstance(value, Member) else None


def _looked_up(expr: Expr) -> tuple[Expr, Expr] | None:
    """Return (table, key) of a look-up in a table of what may follow."""
    expr = strip(expr)
    if isinstance(expr, Binary) and expr.op in ("or", "??"):
        expr = strip(expr.left)
    if isinstance(expr, Index):
        return expr.object, expr.key
    if isinstance(expr, Call) and expr.name == "get" and expr.receiver is not None and expr.args:
        return expr.receiver, expr.args[0]
    return None


def _changed_behind(module: Module, test: If, new: Expr, old: Expr) -> Node | None:
    """Return where the very state that was asked about becomes the new one, behind the refusal."""
    old_text, new_text = module.text_of(old), module.text_of(new)
    aliases = {old_text}
    field = _taken_from(module, old)
    if field is not None:
        aliases.add(module.text_of(field))
    rest = siblings(test, module)
    for assign in find([one for one in rest if one.start > test.start], Assign):
        given = module.text_of(assign.value) if assign.value is not None else ""
        if given == new_text and module.text_of(assign.target) in aliases:
            return assign
    return None
