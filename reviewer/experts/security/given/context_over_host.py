"""SEC016: a context is laid over an object of the host, which shows through it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Call, Expr, Function, Index, Member, Name, Object, Param, Return, strip
from reviewer.code.text.ideas import FACES
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import last_words
from reviewer.experts.security.decisions import asks_permission

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_VIEWS: Final = FACES | {"view", "sandbox"}
"""Words of what is made to be handed over."""
_DATA: Final = frozenset({"config", "options", "settings", "defaults", "prototype", "proto", "data", "base"})


@module_check("SEC016", words={"create", "proxy"})
def context_over_host(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at objects that inherit from one of the host, and at proxies that pass on what they don't know."""
    if module.is_test or module.language == "python":
        return
    for call in module.calls(("create", "Proxy")):
        below = strip(call.args[0]) if call.args else None
        if not isinstance(below, Name | Member) or not _of_host(module, below):
            continue
        if call.name == "create" and module.resolve(call.callee) == "Object.create" and _is_view(call):
            yield Match(
                call,
                f"The context inherits from '{module.text_of(below)}': the plugin reaches every member of it, whatever "
                "it was granted.",
            )
        elif call.name == "Proxy" and call.new and len(call.args) == 2:
            passed = _passed_on(module, call.args[1])
            if passed is not None:
                yield Match(
                    call,
                    f"What the proxy does not know itself is read from '{module.text_of(below)}': the plugin reaches "
                    "every other member of it, whatever it was granted.",
                    related=((passed, "passed on here"),),
                )


def _of_host(module: Module, below: Name | Member) -> bool:
    """Tell whether an object is handed in or a part of this one, and no data or prototype."""
    if set(last_words(below)[-1:]) & _DATA:
        return False
    return is_this_member(below) or isinstance(module.scopes.origin(below), Param)


def _is_view(call: Call) -> bool:
    """Tell whether what is made is a context by its name, or by that of the function that makes it."""
    made, function = call.parent, function_of(call)
    if not isinstance(made, Assign | Return):
        return False
    named = last_words(made.target)[-1:] if isinstance(made, Assign) else ()
    return bool({*named, *(words(function.name) if function is not None else ())} & _VIEWS)


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
