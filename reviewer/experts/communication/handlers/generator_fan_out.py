"""COM001: a generator asks one handler after the other, and ends for good at the first that fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.flow import guarding_try
from reviewer.code.syntax import Call, For, Function, Index, Member, Name, With, Yield, strip
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.event_tables import REFUSING
from reviewer.experts.communication.isolation import suppresses
from reviewer.experts.communication.vocabulary import HANDLERS, PLUGINS, first_word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry


@module_check("COM001", words=HANDLERS | PLUGINS)
def generator_fan_out(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each generator that yields what handlers answer for what catches the error of a single one."""
    if module.is_test:
        return
    for loop in module.all(For):
        function = loop.function
        if not isinstance(function, Function) or not function.generator or loop.target is None or loop.iterable is None:
            continue
        said = {word for name in names_in(loop.target) | names_in(loop.iterable) for word in words(name)}
        if not said & (HANDLERS | PLUGINS) or said & REFUSING:
            continue
        for given in find(loop.body, Yield, into_functions=False):
            call = _asked(given, names_in(loop.target))
            if call is None or guarding_try(given) is not None or _suppressed(given):
                continue
            yield Match(
                call,
                f"The first '{module.text_of(call.callee)[:60]}' that fails ends '{function.name or 'the generator'}': "
                "those behind it are never asked, and whoever goes through the answers gets the error of a stranger.",
            )


def _suppressed(given: Yield) -> bool:
    return any(isinstance(one, With) and suppresses(one) for one in ancestors(given))


def _asked(given: Yield, each: set[str]) -> Call | None:
    """Return the call by which one element of the loop is told something, whose answer is yielded."""
    for call in find(given, Call, into_functions=False):
        root: Expr = strip(call.callee)
        named = call.name
        while isinstance(root, Member | Index):
            root = strip(root.object)
        if not isinstance(root, Name) or root.id not in each:
            continue
        plain = strip(call.callee) is root
        if (plain or first_word(named) in {"on", "handle", "notify", "receive", "run"}) and (
            call.args or call.keywords
        ):
            return call
    return None
