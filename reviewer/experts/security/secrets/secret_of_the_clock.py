"""SEC064: what lets somebody in is put together of the time and of a name, both of which anybody knows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.syntax import Assign, Binary, Call, Expr, Function, Index, Literal, Member, Name, Template, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.paths import surroundings, word_set
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from reviewer.code.module import Module

_LETS_IN: Final = frozenset({"token", "secret", "apikey", "password", "ticket"})
_CLOCKS: Final = frozenset(
    "Date.now time.time time.time_ns datetime.now datetime.datetime.now datetime.utcnow datetime.datetime.utcnow "
    "time.monotonic performance.now".split()
)
_SPELLS: Final = frozenset({"int", "str", "String", "toString", "hex", "round", "floor", "timestamp", "isoformat"})
"""Calls that give the same value in another spelling."""
_ELSE: Final = word_set("cancel cancellation page cursor sync continuation parser lexer cache bust test")
"""Words of tokens that let nobody in."""


@module_check("SEC064", words=_LETS_IN)
def secret_of_the_clock(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each token that is put together for whether there is anything in it that nobody can work out."""
    if module.is_test or is_tooling(module):
        return
    for made in module.all(Assign):
        function, name = function_of(made), made.target.id if isinstance(made.target, Name) else ""
        if function is None or made.value is None or words(name)[-1:] == () or words(name)[-1] not in _LETS_IN:
            continue
        if surroundings(function) & _ELSE or set(words(name)) & _ELSE or not _is_handed_out(function, name):
            continue
        parts = list(_parts(made.value))
        clock = next((part for part in parts if _is_clock(module, part)), None)
        if clock is not None and all(_is_known(module, part) for part in parts):
            yield Match(
                made,
                f"'{name}' lets somebody in, and is put together of the time and of what others know: whoever knows "
                "when it was made can work it out.",
                fix="Draw it by chance, with secrets.token_urlsafe or crypto.randomBytes.",
            )


def _parts(value: Expr) -> Iterator[Expr]:
    """Yield what a text is put together of."""
    value = strip(value)
    if isinstance(value, Template):
        for hole in value.holes:
            yield from _parts(hole)
    elif isinstance(value, Binary) and value.op == "+":
        yield from _parts(value.left)
        yield from _parts(value.right)
    elif isinstance(value, Call) and value.name in _SPELLS and (value.args or value.receiver is not None):
        yield from _parts(value.args[0] if value.args and value.receiver is None else value.receiver or value.args[0])
    else:
        yield value


def _is_clock(module: Module, part: Expr) -> bool:
    return isinstance(part, Call) and module.resolve(part.callee) in _CLOCKS


def _is_known(module: Module, part: Expr) -> bool:
    """Tell whether a part is the time, written out, or what a function is told of somebody: his id, his name."""
    if _is_clock(module, part) or isinstance(part, Literal):
        return True
    last = part.name if isinstance(part, Member) else part.id if isinstance(part, Name) else ""
    made = module.scopes.origin(part) if isinstance(part, Name) else None
    return bool(last) and not isinstance(made, Call) and not set(words(last)) & {"random", "salt", "nonce", "secret"}


def _is_handed_out(function: Function, name: str) -> bool:
    """Tell whether a function gives a value back that it has kept as a key."""
    given = any(
        one.value is not None and any(n.id == name for n in find(one.value, Name)) for one in returns_of(function)
    )
    keys = [strip(one.key) for one in find(function.body, Index)]
    keys += [strip(one.args[0]) for one in find(function.body, Call) if one.name in ("set", "add", "put") and one.args]
    return given and any(isinstance(key, Name) and key.id == name for key in keys)
