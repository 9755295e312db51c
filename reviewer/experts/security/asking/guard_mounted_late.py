"""SEC086: a guard is put before all routes, and stands behind one that is answered before it is reached."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Expr, Function, Literal, Name, Statement, strip
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import constant_text, last_words, said_in, word_set
from reviewer.experts.security.values.source_words import ROUTERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_CHANGES: Final = frozenset({"post", "put", "patch", "delete", "del"})
_VERBS: Final = _CHANGES | {"get", "all"}
_GUARDS: Final = word_set(
    "auth authenticate authenticated authorize authorise authorization authentication login jwt bearer guard"
)
_DEMANDS: Final = word_set("require requires ensure verify check must")
_DEMANDED: Final = word_set("user token session admin signed principal identity key")
_OPEN: Final = word_set(
    "login logout signin signup signout register registration session sessions webhook webhooks hook hooks callback "
    "callbacks oauth saml sso token tokens refresh password reset health healthz healthcheck live ping ready readiness "
    "status metrics public csp report static assets favicon robots docs openapi well version auth invite"
)
"""Words of paths that are open on purpose."""
_ASKS: Final = word_set(
    "auth authorization forbidden unauthorized permission permissions allowed signature verify acl admin guard"
)
_SECRET: Final = word_set("secret secrets vault credential credentials password passwords")
_ALL: Final = frozenset({"", "*", "/", "/*"})


@module_check("SEC086", words=ROUTERS | {"router", "use"})
def guard_mounted_late(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what a router answers that stands before the guard of the whole router."""
    if module.is_test or module.language == "python":
        return
    for guard in module.calls(("use",)):
        router = guard.receiver
        if router is None or not _guards_all(guard) or not set(last_words(router)) & ROUTERS:
            continue
        own, text = function_of(guard), module.text_of(router)
        for route in module.calls(_VERBS):
            if route.receiver is None or route.start > guard.start or function_of(route) is not own:
                continue
            if module.text_of(route.receiver) == text and _needs_guard(module, route, guard):
                yield Match(
                    route,
                    f"'{constant_text(route.args[0])}' is answered before '{short(module.text_of(guard.args[-1]))}' is "
                    "reached, which stands further down: whoever reaches the server may call it.",
                    related=((guard, "the guard of all that follows"),),
                    fix="Put the guard above the routes that it is to protect.",
                )


def _guards_all(call: Call) -> bool:
    """Tell whether a call puts a guard before all that follows: ``app.use(authenticate)``, ``app.use("*", auth)``."""
    *before, last = call.args or [call]
    if any(constant_text(one) not in _ALL or not isinstance(strip(one), Literal) for one in before):
        return False
    made = strip(last)
    if isinstance(made, Function) or made is call:
        return False
    named = made.callee if isinstance(made, Call) else made
    said = set(last_words(named))
    return bool(said & _GUARDS) or (bool(said & _DEMANDS) and bool(said & _DEMANDED))


def _needs_guard(module: Module, route: Call, guard: Call) -> bool:
    """Tell whether a route has nobody ask who calls, though it changes something or gives a secret away."""
    path = constant_text(route.args[0]) if route.args else ""
    handler = strip(route.args[-1]) if len(route.args) == 2 else None
    if not path.startswith("/") or set(words(path)) & _OPEN or not isinstance(handler, Function):
        return False
    body: list[Statement] = handler.body
    if said_in(body) & _ASKS or any(isinstance(one, Literal) and one.value in (401, 403) for one in _literals(body)):
        return False
    secret = said_in(body) & _SECRET
    return route.name in _CHANGES or bool(secret) or _beside_guarded(module, path, route, guard)


def _literals(body: list[Statement]) -> Iterator[Expr]:
    for call in calls_in(body):
        yield from (strip(one) for one in call.args)


def _beside_guarded(module: Module, path: str, route: Call, guard: Call) -> bool:
    """Tell whether routes behind the guard are about the same things as one before it."""
    first = path.split("/")[1] if path.count("/") else ""
    text = module.text_of(route.receiver) if isinstance(route.receiver, Name) else ""
    later = [one for one in module.calls(_VERBS) if one.start > guard.start and one.receiver is not None and one.args]
    paths = [constant_text(one.args[0]) for one in later if module.text_of(one.receiver or one) == text]
    return bool(first) and len([one for one in paths if one.split("/")[1:2] == [first]]) > 0
