"""PAT019: the failures of all plugins are counted in one number, or by one breaker, which cuts each of them off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.flow import exits
from reviewer.code.reach.links import callee
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Class,
    Expr,
    For,
    Function,
    If,
    Index,
    Literal,
    Member,
    Name,
    Unary,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, class_of, find, function_of, names_in, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.guests import ROLES, element_of
from reviewer.experts.paths import last_name, word_set
from reviewer.experts.patterns.sharing import home
from reviewer.experts.patterns.vocabulary import PLUGINS, names_tenant, spelled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_FAILS: Final = word_set(
    "failure failures failed fails error errors crash crashes fault faults strike strikes misses trips"
)
_BREAKERS: Final = word_set("breaker fuse circuit circuitbreaker")
_MANY: Final = word_set("breakers fuses registry group pool map set keyed per factory by")
"""Words of what holds a breaker for each."""
_COMPARES: Final = frozenset({">", ">=", "<", "<=", "==", "!="})
_NOBODY: Final = word_set("error err exc exception reason event message ms count limit most threshold options opts")
_ONE_GUEST: Final = frozenset(word for word in PLUGINS | ROLES if not word.endswith("s"))
_IDS: Final = frozenset({"id", "name", "key", "slug"})


class _Shared(Struct, frozen=True):
    """A number or a breaker that outlives a call: its name, and its class or the function whose variable it is."""

    name: str
    owner: Class | Function | None


@module_check("PAT019", words=_FAILS | {"consecutive"})
def failures_shared(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each count of failures that goes up where one plugin of several fails, and that refuses the next one."""
    if module.is_test:
        return
    said: set[tuple[str, int]] = set()
    for node in module.some(Assign, Unary):
        counter = _raised(module, node)
        if counter is None or (counter.name, id(counter.owner)) in said:
            continue
        who = _who(module, node, counter.owner)
        if who and _refuses(module, counter):
            said.add((counter.name, id(counter.owner)))
            yield Match(
                node,
                f"'{counter.name}' counts the failures of everybody, though one '{who}' has failed here: one that is "
                "broken cuts off all the others, and one that works hides it.",
            )


@module_check("PAT019", words=_BREAKERS)
def breaker_shared(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each circuit breaker that is made once and through which the calls of one plugin after another go."""
    if module.is_test:
        return
    said: set[tuple[str, int]] = set()
    for call in module.all(Call):
        held = _breaker(module, call)
        if held is None or (held.name, id(held.owner)) in said:
            continue
        who = _who(module, call, held.owner)
        if who and not _keyed(call, who):
            said.add((held.name, id(held.owner)))
            yield Match(
                call,
                f"'{held.name}' is one breaker for all, and the calls of one '{who}' go through it: one that is broken "
                "cuts off all the others.",
            )


def _raised(module: Module, node: Node) -> _Shared | None:
    """Return the number that a node counts up because something has failed; None for anything else."""
    target: Expr | None = None
    if isinstance(node, Unary) and node.op == "++":
        target = node.operand
    elif isinstance(node, Assign) and node.op == "+=":
        target = node.target if node.value is not None and isinstance(strip(node.value), Literal) else None
    elif isinstance(node, Assign) and node.op == "=" and isinstance(node.value, Binary) and node.value.op == "+":
        target = node.target if module.text_of(node.value.left) == module.text_of(node.target) else None
    held = _held(module, target) if target is not None else None
    return held if held is not None and set(spelled(held.name)) & _FAILS else None


def _held(module: Module, target: Expr) -> _Shared | None:
    """Return a plain field or a variable of an outer scope, unless there is one of it for each plugin."""
    target = strip(target)
    if is_this_member(target):
        owner = class_of(target)
        begin = (owner.method("constructor") or owner.method("__init__")) if owner is not None else None
        return None if begin is not None and _is_for_one(begin) else _Shared(target.name.lstrip("#"), owner)
    if not isinstance(target, Name):
        return None
    lives = home(module, target.id, target)
    if lives is None or lives.scope is function_of(target):
        return None
    return None if lives.scope is not None and _is_for_one(lives.scope) else _Shared(target.id, lives.scope)


def _is_for_one(maker: Function) -> bool:
    """Tell whether a function or a constructor is told of the single plugin that it makes something for."""
    said = [set(words(param.name)) - _IDS for param in maker.params]
    return any(one and one <= _ONE_GUEST for one in said)


def _who(module: Module, node: Node, owner: Class | Function | None) -> str:
    """Return the one of several that a place is about: a parameter, or what a loop takes; else nothing."""
    for around in ancestors(node):
        if around is owner:
            return ""
        taken = around.target if isinstance(around, For) else None
        if isinstance(taken, Name) and set(words(taken.id)) & (ROLES | PLUGINS) and element_of(module, taken):
            return taken.id
        if isinstance(around, Function):
            if around.name in ("constructor", "__init__"):
                return ""
            for param in around.params:
                if _names_one(module, around, param.name):
                    return param.name
    return ""


def _names_one(module: Module, function: Function, name: str) -> bool:
    said = set(spelled(name))
    if not said or (said & _NOBODY and not said & (PLUGINS | ROLES)):
        return False
    if said & PLUGINS or said & ROLES or names_tenant(name):
        return True
    return (words(name)[-1] in _IDS or len(words(name)) == 1) and _looks_up(module, function, name, onward=True)


def _looks_up(module: Module, function: Function, name: str, *, onward: bool) -> bool:
    """Tell whether a function looks something up by what it is told, or hands it to one of the file that does."""
    for node in walk(function.body):
        if isinstance(node, Index) and last_name(strip(node.key)) == name:
            return True
        given = node.args if isinstance(node, Call) else []
        place = next((at for at, arg in enumerate(given) if isinstance(arg, Name) and arg.id == name), None)
        if place is None or not isinstance(node, Call):
            continue
        if node.name in ("get", "has") and place == 0:
            return True
        target = callee(module, node) if onward else None
        if target is None or target.module is not module or place >= len(target.params):
            continue
        if _looks_up(module, target, target.params[place].name, onward=False):
            return True
    return False


def _refuses(module: Module, counter: _Shared) -> bool:
    """Tell whether a function that is told of one of several leaves where the count is too high, and it is forgiven."""
    start = counter.owner if counter.owner is not None else module.body
    tests = [test for test in find(start, Binary) if test.op in _COMPARES and _compares(test, counter)]
    return any(_turns_away(module, test, counter) for test in tests)


def _compares(test: Binary, counter: _Shared) -> bool:
    parts = (strip(test.left), strip(test.right))
    sides = tuple(strip(one.operand) if isinstance(one, Unary) and one.op == "++" else one for one in parts)
    named = [one for one in sides if isinstance(one, Name | Member) and last_name(one).lstrip("#") == counter.name]
    other = next((one for one in sides if one not in named), None)
    return bool(named) and not (isinstance(other, Literal) and other.value in (0, 1))


def _turns_away(module: Module, test: Binary, counter: _Shared) -> bool:
    """Tell whether a test lets nobody through: it leaves a function that is told of one, or says that all is shut."""
    for around in ancestors(test):
        if isinstance(around, If) and any(one is test for one in find(around.test, Binary)):
            if exits(around.body) and _who(module, around, counter.owner):
                return True
            return any(_shuts(one) for one in find(around.body, Assign))
        if isinstance(around, Function):
            break
    return False


def _shuts(assign: Assign) -> bool:
    """Tell whether an assignment sets a mark of the whole: ``this.open = true``, ``openedAt = Date.now()``."""
    target, value = strip(assign.target), strip(assign.value) if assign.value is not None else None
    if not (is_this_member(target) or isinstance(target, Name)) or assign.declare:
        return False
    said = set(words(last_name(target)))
    return bool(
        said & {"open", "opened", "tripped", "broken", "until", "blocked", "state", "paused", "halted", "off"}
    ) and (value is not None)


def _breaker(module: Module, call: Call) -> _Shared | None:
    """Return the breaker that a call asks, where it was made once for whatever holds it."""
    held = _held(module, call.receiver) if call.receiver is not None else None
    if held is None or not set(spelled(held.name)) & _BREAKERS or set(spelled(held.name)) & _MANY:
        return None
    made = module.scopes.origin(strip(call.receiver)) if call.receiver is not None else None
    if not isinstance(made, Call):
        return None
    said = set(words(last_name(made.callee)))
    return held if said & _BREAKERS and not said & _MANY else None


def _keyed(call: Call, who: str) -> bool:
    """Tell whether the breaker is told whom a call is for, beside the function that it runs."""
    given = [strip(arg) for arg in (*call.args, *call.keywords.values())]
    return any(
        (isinstance(one, Name) and one.id == who)
        or (not isinstance(one, Function | Call) and who in names_in(one) and not _is_method(one))
        for one in given
    )


def _is_method(expr: Expr) -> bool:
    return isinstance(expr, Member) and expr.name not in _IDS
