"""SEC087: the time in a signed request is never held against the clock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Binary, Call, Function, If, Index, Literal, Name, strip
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, names_in, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import path_words, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node
    from reviewer.experts.check import Inquiry

_COMPARES: Final = frozenset({"timingSafeEqual", "compare_digest"})
_TIMES: Final = word_set("time timestamp date at ts issued sent")
_CARRIES: Final = word_set("headers header")
_ASKS: Final = word_set("fresh recent skew age expired stale within clock old late window elapsed since")


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
