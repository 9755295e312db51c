"""PAT009: who is being served is kept in a variable that all requests share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import after, before, conditions
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Await, Call, Expr, Function, Literal, Member, Name, Node, Param, strip
from reviewer.code.text.promise_types import is_promise_type
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, class_of, function_of, names_in, walk
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import word_set
from reviewer.experts.patterns.feeds import feeds
from reviewer.experts.patterns.leading import leading
from reviewer.experts.patterns.sharing import home
from reviewer.experts.patterns.vocabulary import (
    FIRM_TENANTS,
    PLUGINS,
    PRINCIPALS,
    TENANTS,
    names_principal,
    names_tenant,
    speaks_of,
    spelled,
)

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_CURRENT: Final = word_set("current active ambient running calling present executing now serving")
_CALLER: Final = word_set("caller sender actor requester scope context ctx request req session")
_WHO: Final = frozenset({"caller", "callerid", "requester", "requesterid"})
"""Names that say by themselves who acts."""
_OF_ONE: Final = word_set("session request context ctx call connection conversation message turn exchange")
"""Words of a class of which each request has an instance of its own."""
_SETTERS: Final = word_set(
    "activate init initialize initialise setup start configure login connect open load set select switch mount bind "
    "restore"
)
"""Words of a method that says for long whom an object is for."""
_RUN_ONCE: Final = word_set("main cli serve listen boot bootstrap launch run prepare register config")
"""Words of a function that a program runs once."""
_MOST: Final = 60
"""Assignments that are looked at in one file."""
_LOOPS: Final = frozenset({"map", "forEach", "filter", "reduce", "flatMap", "some", "every", "find"})
_FIRST: Final = frozenset({"constructor", "__init__", "__post_init__", "__enter__", "__aenter__"})


@module_check("PAT009", words=TENANTS | FIRM_TENANTS | PRINCIPALS | _CURRENT | _WHO | {"async"})
def tenant_in_shared_variable(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak where a call writes whom it serves into a variable of the module or a field, and others read it."""
    if module.is_test:
        return
    said: set[str] = set()
    looked = 0
    for node in module.all(Assign):
        if node.op != "=" or node.declare or node.value is None:
            continue
        function = function_of(node)
        name = _name(node.target)
        if function is None or name in said or not name or _told_first(function):
            continue
        named = says_who(name) or (bool(set(spelled(name)) & _CURRENT) and _tenant_in(node.value))
        named = named or (isinstance(node.value, Name) and node.value.id in leading(module))
        back = not named and _taken_back_after_wait(node, name, function)
        if not named and not back and not (function.asynchronous and _set_while_waiting(node)):
            continue
        looked += 1
        if looked > _MOST or not _given(module, node.value, function) or in_page(module):
            continue
        place: Node = node
        if isinstance(node.target, Name):
            lives = home(module, name, node)
            if lives is None or lives.scope is function or not (back or read_elsewhere(module, function, name)):
                continue
            if _of_one_call(lives.scope, function) or name in names_in(node.value):
                continue  # ``site = reloaded(site, part)``: the one that there is, in its next state
            sure = not named or _waits_after(node) or _runs_others(node) or speaks_of(name, FIRM_TENANTS)
            place = next((one for one in lives.bindings if isinstance(one, Assign) and function_of(one) is None), node)
        else:
            sure = (
                not named
                or _waits_after(node)
                or (bool(set(spelled(name)) & _CURRENT) and _read_by_waiting(node, name))
            )
            if not sure or not _field_of_many(module, node, function, name):
                continue
        said.add(name)
        yield Match(
            place,
            f"'{short(module.text_of(node.target))}' says for all requests at once whom this one serves: while it "
            "waits, the next request writes its own, and the first goes on with that.",
            related=((node, "written here"),) if place is not node else (),
            confidence=None if sure else Confidence.POSSIBLE,
        )


def _told_first(function: Function) -> bool:
    """Tell whether a function hears what the only client of a process says once, at first: ``onInitialize(…)``."""
    around = function.parent
    return isinstance(around, Call) and not {"initialize", "initialized"}.isdisjoint(words(around.name))


def in_page(module: Module) -> bool:
    """Tell whether a file is of a page in a browser, which serves the one person in front of it."""
    draws = {"createElement", "querySelector", "getElementById", "addClass", "removeClass", "appendChild", "jQuery"}
    return not draws.isdisjoint(module.identifiers) and not {"require", "createServer"} & module.identifiers


def _name(target: Expr) -> str:
    if isinstance(target, Name):
        return target.id
    return target.name if is_this_member(target) else ""


def says_who(name: str) -> bool:
    """Tell whether a variable says by its name whom something serves, or who acts."""
    said = set(spelled(name))
    if said & {"default", "defaults", "fallback"}:
        return False  # for whoever names nobody
    if said & _CURRENT and said & (PLUGINS | _CALLER | {"plugin"}):
        return True
    return names_tenant(name) or names_principal(name) or not _WHO.isdisjoint(spelled(name)[-1:])


def _tenant_in(value: Expr) -> bool:
    """Tell whether the value of a variable that says only 'current' is itself a tenant or a user."""
    value = strip(value)
    name = value.id if isinstance(value, Name) else value.name if isinstance(value, Member) else ""
    return names_tenant(name) or names_principal(name)


def _given(module: Module, value: Expr, function: Function) -> bool:
    """Tell whether what is written comes from a parameter of the function that writes it."""
    if isinstance(strip(value), Literal):
        return False
    return any(isinstance(feed.root, Param) and feed.root.parent is function for feed in feeds(module, value))


def _waits_after(node: Assign) -> bool:
    return any(isinstance(later, Await) or getattr(later, "asynchronous", False) is True for later in after(node))


def _set_while_waiting(node: Assign) -> bool:
    """Tell whether something shared is set to what was handed in, others are waited for, and it is set again.

    ``current = job; try { await work(); } finally { current = undefined; }``, where nothing makes the next one wait.
    """
    name, value = _name(node.target), strip(node.value) if node.value is not None else None
    if not isinstance(value, Name | Member) or not name:
        return False
    waited = again = False
    for later in after(node):
        if isinstance(later, Await):
            waited = waited or _handed_in(later.value)
        elif isinstance(later, Assign) and not later.declare and _name(later.target) == name:
            again = again or waited
    return again and not _asked_before(node, name)


def _taken_back_after_wait(node: Assign, name: str, function: Function) -> bool:
    """Tell whether a function puts what it is handed into a variable of the module, waits, and reads it from there.

    What is said for long, by a start or a setting, is none of these.
    """
    value = strip(node.value) if node.value is not None else None
    if not isinstance(node.target, Name) or not isinstance(value, Name):
        return False
    return lays_down(function, value) and reads_back(node, name) and not _asked_before(node, name)


def lays_down(function: Function, value: Expr) -> bool:
    """Tell whether an asynchronous function that runs for one of many at a time was handed a value."""
    if not function.asynchronous or set(spelled(function.name)) & (_SETTERS | _RUN_ONCE):
        return False
    return isinstance(value, Name) and any(value.id == one.name for one in function.params)


def reads_back(node: Node, name: str) -> bool:
    """Tell whether a function waits behind a place, and then reads a variable of the module."""
    waited = False
    for later in after(node):
        if waited and isinstance(later, Name) and later.id == name:
            return not _written(later)
        waited = waited or isinstance(later, Await)
    return False


def _handed_in(value: Expr) -> bool:
    """Tell whether what is waited for is work of others: a parameter that is called, or a method of one."""
    call = strip(value)
    root: Expr = call.callee if isinstance(call, Call) else call
    while isinstance(root, Member):
        root = strip(root.object)
    function = function_of(value)
    bound = function.module.scopes.lookup(root.id, root) if function is not None and isinstance(root, Name) else []
    return isinstance(call, Call) and any(isinstance(one, Param) for one in bound)


def _asked_before(node: Assign, name: str) -> bool:
    """Tell whether the function looks first whether another one is at work."""
    asked: list[Node] = [one.test for one in conditions(node)]
    asked += [one for one in before(node) if isinstance(one, Await)]
    return any(
        (isinstance(part, Name) and part.id == name)
        or (isinstance(part, Member) and is_this_member(part) and part.name == name)
        for one in asked
        for part in walk(one)
    )


def _runs_others(node: Assign) -> bool:
    """Tell whether the function is asynchronous at all, or gives the promise of work: what it starts may wait."""
    function = function_of(node)
    return function is not None and (function.asynchronous or is_promise_type(function.returns))


def _of_one_call(scope: Function | None, writer: Function) -> bool:
    """Tell whether a variable belongs to one call of a function, which waits for the callback that writes it."""
    inner: Function | None = writer
    while scope is not None and scope.asynchronous and inner is not None and inner is not scope:
        asked = inner.parent
        waited = (one for one in ancestors(inner) if isinstance(one, Await) and function_of(one) is inner.outer)
        if not isinstance(asked, Call) or (asked.name not in _LOOPS and next(waited, None) is None):
            return False
        inner = inner.outer
    return inner is not None and inner is scope


def read_elsewhere(module: Module, function: Function, name: str) -> bool:
    """Tell whether another function reads the variable that one writes."""
    for node in module.all_nodes:
        if isinstance(node, Name) and node.id == name and not _written(node):
            where = function_of(node)
            if where is not None and where is not function:
                lives = home(module, name, node)
                if lives is not None and lives.scope is not where:
                    return True
    return False


def _read_by_waiting(node: Assign, name: str) -> bool:
    """Tell whether asynchronous methods of the object read a field that a plain one writes."""
    cls = class_of(node)
    return cls is not None and any(
        method.asynchronous
        and any(isinstance(part, Member) and is_this_member(part) and part.name == name for part in walk(method.body))
        for method in cls.methods
    )


def _read_after_wait(node: Assign, name: str) -> bool:
    """Tell whether the function that writes a field waits, and then takes it from there again."""
    waited = False
    for later in after(node):
        if waited and isinstance(later, Member) and is_this_member(later) and later.name == name:
            return not _written(later)
        waited = waited or isinstance(later, Await)
    return False


def _written(node: Node) -> bool:
    return isinstance(node.parent, Assign) and node.parent.target is node


def _field_of_many(module: Module, node: Assign, function: Function, name: str) -> bool:
    """Tell whether the object serves many: a method takes the one it serves, and another method reads it."""
    cls = class_of(node)
    if cls is not None and set(spelled(cls.name)) & _OF_ONE:
        return False
    method = function
    names = {method.name}
    while method.owner is None and method.outer is not None:
        method = method.outer
        names.add(method.name)
    if cls is None or method.name in _FIRST or method.kind in ("constructor", "setter"):
        return False
    if any(set(spelled(one)) & _SETTERS or set(words(name)) <= set(words(one)) for one in names):
        return False
    if _read_after_wait(node, name):
        return True
    for other in cls.methods:
        if other is method:
            continue
        for part in walk(other.body):
            if isinstance(part, Member) and is_this_member(part) and part.name == name and not _written(part):
                return True
    return False
