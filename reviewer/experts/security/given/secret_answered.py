"""SEC012: a secret of the host is part of what it answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.syntax import Array, Call, Comprehension, Expr, Function, Literal, Name, Object, strip
from reviewer.code.text.words import words
from reviewer.code.walk import function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words, path_words
from reviewer.experts.security.secret_words import names_secret
from reviewer.experts.security.values.access import step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_ANSWERS: Final = frozenset(
    {"json", "send", "jsonify", "JSONResponse", "JsonResponse", "postMessage", "send_json", "render_template"}
)
_ANSWERERS: Final = frozenset("res response reply web port process worker parent frame contentwindow socket ws".split())
_METHODS: Final = frozenset({"get", "post", "put", "patch", "delete", "route", "api_route"})
_ROUTERS: Final = frozenset({"app", "router", "blueprint", "bp", "api", "routes"})
_DEEPEST: Final = 3
_GIVES: Final = frozenset(
    "login signin token tokens refresh issue create rotate generate register invite invites session sessions key "
    "keys".split()
)
"""Words of functions and paths that are there to hand a secret out, once, to its owner."""
_OWN: Final = frozenset({"token", "tokens", "jwt", "csrf", "nonce", "session", "public", "hash", "id", "name", "hint"})


@module_check(
    "SEC012",
    words={
        "json",
        "send",
        "jsonify",
        "post",
        "response",
        "render",
        "router",
        "route",
        "app",
        "handler",
        "view",
        "resource",
        "endpoint",
    },
)
def secret_answered(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at every answer for members that hold a secret by their name."""
    if module.is_test:
        return
    for call in module.calls(_ANSWERS):
        if call.receiver is not None and call.name != "postMessage" and not path_words(call.receiver) & _ANSWERERS:
            continue
        for given in [*call.args, *call.keywords.values()]:
            found = _secret(module, strip(given)) or (
                _is_secret(strip(given)) if given in call.keywords.values() else None
            )
            if found is not None and not _hands_out(call):
                yield _match(module, found)
                break
    for call in module.calls(("write", "finish")):
        function = function_of(call)
        if function is not None and isinstance(call.receiver, Name) and call.receiver.id == "this" and call.args:
            found = _secret(module, strip(call.args[0])) if _is_view(function) else None
            if found is not None and not _hands_out(call):
                yield _match(module, found)
    for function in module.functions:
        if _is_route(function) or _is_view(function):
            yield from _of_route(module, function)


def _of_route(module: Module, function: Function) -> Iterator[Match]:
    """Look at what a function that a router calls gives back: frameworks make the answer of it."""
    for answer in returns_of(function):
        found = _secret(module, strip(answer.value)) if answer.value is not None else None
        if found is not None and not _hands_out(found):
            yield _match(module, found)
            return


def _is_route(function: Function) -> bool:
    return any(
        isinstance(by, Call)
        and (
            (by.name in _METHODS and path_words(by.receiver) & _ROUTERS)
            or (by.receiver is None and by.name[:1].isupper() and by.name.lower() in _METHODS)
        )
        for by in function.decorators
    )


def _is_view(function: Function) -> bool:
    """Tell whether a method answers the requests of one kind, as its class says: ``class Show(View)``."""
    if function.owner is None or function.name not in _METHODS:
        return False
    named = {word for base in function.owner.bases for word in last_words(base)}
    return bool(named & {"handler", "view", "resource", "endpoint"})


def _match(module: Module, found: Expr) -> Match:
    return Match(
        found, f"'{short(module.text_of(found))}' is part of the answer: whoever asks gets a secret of the host."
    )


def _secret(module: Module, given: Expr, depth: int = 0) -> Expr | None:
    made = module.scopes.origin(given)
    if not isinstance(made, Object):
        inside = _elements(made) if isinstance(made, Expr) and depth < _DEEPEST else []
        found = (_secret(module, part, depth + 1) for part in inside)
        return next((secret for secret in found if secret is not None), None)
    for _key, value in made.entries:
        inner = strip(value)
        if isinstance(inner, Object | Array) and depth < _DEEPEST:
            found_in = _secret(module, inner, depth + 1)
            if found_in is not None:
                return found_in
        if _is_secret(inner):
            return inner
    return None


def _is_secret(inner: Expr) -> Expr | None:
    """Return a value that holds a secret by the name under which it is kept, else None."""
    name = inner.id if isinstance(inner, Name) else (step(inner) or (inner, ""))[1]
    return inner if name and not set(words(name)) & _OWN and names_secret(name) == "sure" else None


def _elements(made: Expr) -> list[Expr]:
    """Return what each item of a list is made as: by ``map``, by a comprehension, or written out."""
    if isinstance(made, Array):
        return made.items
    if isinstance(made, Comprehension):
        return [made.element]
    by = made.args[0] if isinstance(made, Call) and made.name == "map" and made.args else None
    return [answer.value for answer in returns_of(by) if answer.value] if isinstance(by, Function) else []


def _hands_out(answer: Expr) -> bool:
    function = function_of(answer)
    while function is not None:
        said = set(words(function.name))
        for around in (function.parent, *function.decorators):
            given = around.args if isinstance(around, Call) else []
            paths = [one.value for one in given if isinstance(one, Literal) and isinstance(one.value, str)]
            said.update(word for path in paths for word in words(path))
        if said & _GIVES:
            return True
        function = function.outer
    return False
