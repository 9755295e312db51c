"""SEC016: a context is laid over an object of the host, which shows through it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.contexts import is_starter
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Assign,
    Call,
    Expr,
    ExprStatement,
    Function,
    Index,
    Member,
    Name,
    Node,
    Object,
    Param,
    Return,
    strip,
)
from reviewer.code.text.ideas import FACES
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import last_words
from reviewer.experts.security.deciding.decisions import asks_permission
from reviewer.experts.security.given.guarded_and_whole import behind_guard

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_VIEWS: Final = FACES | {"view", "sandbox"}
"""Words of what is made to be handed over."""
_DRESSES: Final = frozenset({"freeze", "seal", "preventExtensions", "assign", "defineProperties", "setPrototypeOf"})
"""Calls that give back what they were given first."""
_REQUESTS: Final = frozenset({"req", "request", "res", "response"})
_INHERITS: Final = frozenset({"Object.create", "Object.setPrototypeOf", "Reflect.setPrototypeOf"})
_DATA: Final = frozenset({"config", "options", "settings", "defaults", "prototype", "proto", "data", "base"})


@module_check("SEC016", words={"create", "proxy", "proto", "prototype"})
def context_over_host(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at objects that inherit from one of the host, and at proxies that pass on what they don't know."""
    if module.is_test or module.language == "python":
        return
    for made in module.all(Object):
        proto = made.get("__proto__")
        below = strip(proto) if proto is not None else None
        if isinstance(below, Name | Member) and _of_host(module, below) and _is_view(module, made):
            yield _inherits(module, made, below)
    for call in module.calls(("create", "Proxy", "setPrototypeOf")):
        place = 1 if call.name == "setPrototypeOf" else 0
        below = strip(call.args[place]) if len(call.args) > place else None
        if not isinstance(below, Name | Member) or not _of_host(module, below):
            continue
        if call.name != "Proxy":
            if module.resolve(call.callee) in _INHERITS and (
                _is_view(module, call) or _beside_guards(module, call, below)
            ):
                yield _inherits(module, call, below)
        elif call.name == "Proxy" and call.new and len(call.args) == 2:
            passed = _passed_on(module, call.args[1])
            if passed is not None:
                yield Match(
                    call,
                    f"What the proxy does not know itself is read from '{module.text_of(below)}': the plugin reaches "
                    "every other member of it, whatever it was granted.",
                    related=((passed, "passed on here"),),
                )


def _inherits(module: Module, at: Expr, below: Expr) -> Match:
    return Match(
        at,
        f"The context inherits from '{module.text_of(below)}': the plugin reaches every member of it, whatever it was "
        "granted.",
    )


def _of_host(module: Module, below: Name | Member) -> bool:
    """Tell whether an object is handed in or a part of this one, and neither data nor a context itself."""
    if set(last_words(below)[-1:]) & _DATA:
        return False
    this = isinstance(below, Name) and below.id == "this"
    # Whoever was given a context may give a narrower one to its own parts.
    given = isinstance(module.scopes.origin(below), Param) and not set(last_words(below)[-1:]) & _VIEWS
    return this or is_this_member(below) or given


def _is_view(module: Module, made: Expr) -> bool:
    """Tell whether what is made is a context: by its name or its maker's, or because a plugin is woken with it."""
    function, around = function_of(made), made.parent
    if function is not None and any(set(words(param.name)) & _REQUESTS for param in function.params):
        return False  # what handlers of one request are given
    while isinstance(around, Call) and around.name in _DRESSES:
        around = around.parent
    if isinstance(around, Call):
        return around.receiver is not None and is_starter(around.name)
    kept = made
    if isinstance(made, Call) and made.name == "setPrototypeOf" and isinstance(around, ExprStatement):
        kept = strip(made.args[0])
        return _is_handed(function, kept) or bool(set(last_words(kept)[-1:]) & _VIEWS)
    if not isinstance(around, Assign | Return):
        return False
    if isinstance(around, Assign) and _is_handed(function, around.target):
        return True
    named = last_words(around.target)[-1:] if isinstance(around, Assign) else ()
    return bool({*named, *(words(function.name) if function is not None else ())} & _VIEWS)


def _beside_guards(module: Module, made: Call, below: Expr) -> bool:
    """Tell whether members that ask first are laid over an object: ``Object.assign(Object.create(desk), {…})``."""
    around = made.parent
    if not isinstance(around, Call) or around.name != "assign":
        return False
    laid = [strip(one) for one in around.args[1:]]
    members = [value for one in laid if isinstance(one, Object) for _key, value in one.entries]
    return any(module.text_of(below) in behind_guard(module, value) for value in members)


def _is_handed(function: Function | None, kept: Node) -> bool:
    """Tell whether a plugin is woken with a variable: ``await guest.activate(room)``."""
    for call in find(function.body, Call) if function is not None and isinstance(kept, Name) else ():
        first = strip(call.args[0]) if call.args and call.receiver is not None and is_starter(call.name) else None
        if isinstance(first, Name) and isinstance(kept, Name) and first.id == kept.id:
            return True
    return False


def _passed_on(module: Module, handler: Expr) -> Expr | None:
    """Return the answer by which a proxy that asks for permission gives any other member of its target."""
    made = module.scopes.origin(handler)
    get = made.get("get") if isinstance(made, Object) else None
    if not isinstance(get, Function) or len(get.params) < 2:
        return None
    target, name = get.params[0].name, get.params[1].name
    answers = [(one, strip(one.value)) for one in find(get.body, Return, into_functions=False) if one.value is not None]
    last = answers[-1][1] if answers and answers[-1][0] is get.body[-1] else None
    whole = isinstance(last, Index) and isinstance(last.object, Name) and last.object.id == target
    whole = whole and isinstance(last, Index) and isinstance(strip(last.key), Name)
    reflected = isinstance(last, Call) and module.resolve(last.callee) == "Reflect.get"
    if last is None or not (whole or reflected) or not name:
        return None
    guarded = any(asks_permission(module, call) for call in find(get.body, Call))
    return last if guarded else None
