"""SEC087: the time in a signed request is never held against the clock."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.call_sites import call_sites
from reviewer.code.syntax import Assign, Binary, Call, Function, If, Index, Literal, Name, Param, strip
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, function_of, names_in, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import path_words, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node
    from reviewer.experts.check import Inquiry

_COMPARES: Final = frozenset({"timingSafeEqual", "compare_digest"})
_TIMES: Final = word_set("time timestamp date at ts issued sent")
_SURE_TIMES: Final = frozenset({"timestamp", "ts"})
"""Words of a parameter that says when something was sent."""
_MOST_SITES: Final = 6
_CARRIES: Final = word_set("headers header")
_ASKS: Final = word_set("fresh recent skew age expired stale within clock old late window elapsed since")


@module_check("SEC087", words={"hmac"})
def time_not_signed(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at functions that hold a time against the clock for whether it is part of what was signed."""
    if module.is_test:
        return
    for function in module.functions:
        made = list(_signed_parts(module, function))
        if not made or not any(call.name in _COMPARES for call in calls_in(function.body, into_functions=False)):
            continue
        signed = _origins(module, function, made)
        for name, at in _times(function):
            known = {name} | _made_of(function, name)
            if not known & signed and _is_held(function, name):
                yield Match(
                    made[0],
                    f"'{name}' says when this was sent and is held against the clock, and it is no part of what is "
                    "signed: whoever recorded a message sends it again with the time of today.",
                    related=((at, "the time that came with it"),),
                    fix="Sign the time together with the body.",
                )
                break


def _signed_parts(module: Module, function: Function) -> Iterator[Expr]:
    """Yield what a function makes a message code of: ``update(body)``, ``hmac.new(key, body, sha256)``."""
    for call in calls_in(function.body, into_functions=False):
        if module.resolve(call.callee) in ("hmac.new", "hmac.digest") and len(call.args) > 1:
            yield call.args[1]
        elif call.name == "update" and call.args and any(one.name == "createHmac" for one in calls_in(call)):
            yield call.args[0]


def _origins(module: Module, function: Function, made: list[Expr]) -> set[str]:
    """Return the names that parts are put together of, by way of variables of the function too."""
    found = {name for part in made for name in names_in(part)}
    for _ in range(3):
        for assign in find(function.body, Assign, into_functions=False):
            if isinstance(assign.target, Name) and assign.target.id in found and assign.value is not None:
                found |= names_in(assign.value)
    return found


def _made_of(function: Function, name: str) -> set[str]:
    """Return the variables that a time becomes: ``at = Number(timestamp)``."""
    return {
        assign.target.id
        for assign in find(function.body, Assign, into_functions=False)
        if isinstance(assign.target, Name) and assign.value is not None and name in names_in(assign.value)
    }


def _times(function: Function) -> Iterator[tuple[str, Node]]:
    """Yield what says when something was sent: a header that is read, or a parameter of that name."""
    for param in function.params:
        if param.name and set(words(param.name)) & _SURE_TIMES:
            yield param.name, param
    for assign in find(function.body, Assign, into_functions=False):
        if isinstance(assign.target, Name) and assign.value is not None and _is_time(assign.value):
            yield assign.target.id, assign


@module_check("SEC087", words={"timing", "digest"})
def signed_time_unread(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at functions that verify a signature for what becomes of the time that came with it."""
    if module.is_test:
        return
    for function in module.functions:
        if not any(call.name in _COMPARES for call in calls_in(function.body, into_functions=False)):
            continue
        for assign in find(function.body, Assign, into_functions=False):
            name = assign.target.id if isinstance(assign.target, Name) else ""
            if not name or assign.value is None or not _is_time(assign.value) or _is_held(function, name):
                continue
            yield Match(
                _test_of(function, name) or assign,
                f"'{name}' is when the request was signed, and nothing holds it against the clock: whoever records a "
                "request can send it again at any time.",
                related=((assign, "the time that came with the request"),),
                fix="Refuse what is further from now than a few minutes.",
            )
            break
        else:
            yield from _told_and_unread(module, function)


def _told_and_unread(module: Module, function: Function) -> Iterator[Match]:
    """Look at a time that a function which verifies is told, and that neither it nor who calls it holds."""
    for param in function.params:
        if not set(words(param.name)) & _SURE_TIMES or _is_held(function, param.name) or not _is_used(function, param):
            continue
        sites = list(islice(call_sites(module, function) or (), _MOST_SITES))
        callers = [(around, call) for _other, call in sites if (around := function_of(call)) is not None]
        held = any(_is_held(around, name) for around, call in callers for name in names_in(call.args))
        if callers and not held:
            yield Match(
                _test_of(function, param.name) or param,
                f"'{param.name}' is when the request was signed, and nothing holds it against the clock: whoever "
                "records a request can send it again at any time.",
                fix="Refuse what is further from now than a few minutes.",
            )
            return


def _is_used(function: Function, param: Param) -> bool:
    return any(name.id == param.name for name in find(function.body, Name))


def _is_time(value: Expr) -> bool:
    """Tell whether a value is a header that says when something was sent."""
    for node in walk(value, into_functions=False):
        key: Node | None = None
        if isinstance(node, Index):
            key = strip(node.key)
        elif isinstance(node, Call) and node.name in ("get", "header", "getHeader") and node.args:
            key = strip(node.args[0])
        if isinstance(key, Literal) and isinstance(key.value, str) and path_words(node) & _CARRIES:
            return bool(set(words(key.value.replace("-", "_"))) & _TIMES)
    return False


def _is_held(function: Function, name: str) -> bool:
    """Tell whether a time, or what is made of it, is compared with something, or handed to who does."""
    known = {name}  # and what was signed with it says nothing: ``f"{at}.{body}"`` goes to the MAC
    for assign in find(function.body, Assign):
        if isinstance(assign.target, Name) and assign.value is not None and names_in(assign.value) & known:
            known.add(assign.target.id)
    for test in find(function.body, Binary):
        if test.op in ("<", ">", "<=", ">=") and names_in(test) & known:
            return True
    for call in calls_in(function.body):
        if set(words(call.name)) & _ASKS and any(names_in(arg) & known for arg in call.args):
            return True
    return False


def _test_of(function: Function, name: str) -> If | None:
    """Return the test that asks for nothing but the form of a time."""
    return next((one for one in find(function.body, If) if name in names_in(one.test)), None)
