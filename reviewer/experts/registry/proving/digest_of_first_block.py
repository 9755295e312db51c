"""REG046: only the first block of a file goes into its digest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import enclosing_loop
from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    Expr,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Opaque,
    is_zero,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words, surroundings
from reviewer.experts.registry.vocabulary import DIGESTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_MADE: Final = frozenset({"sha256", "sha512", "sha384", "sha1", "md5", "blake2b", "blake2s", "new", "createHash"})
_CUTS: Final = frozenset({"subarray", "slice"})
_ON_PURPOSE: Final = frozenset("quick partial sample head sniff magic prefix short first cheap fast rough key".split())
"""Words of a function that means to look at a part only."""
_WHOLE: Final = frozenset("size length len total limit max".split())
"""Words of a number of bytes that may be all that there are."""


@module_check("REG046", words=DIGESTS | {"hashlib"})
def digest_of_first_block(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what each hash is given for one read of a fixed number of bytes that no loop repeats."""
    if module.is_test:
        return
    for call in module.calls(("update", *_MADE)):
        function = function_of(call)
        if function is None or not call.args or enclosing_loop(call) is not None or not _hashes(module, call):
            continue
        said = surroundings(function)
        amount = _amount(module, call.args[0])
        if amount is None or said & _ON_PURPOSE or _fed_elsewhere(module, call) or _is_measured(call, function):
            continue
        yield Match(
            call,
            f"Only the first {short(module.text_of(amount))} bytes go into the digest: what comes after them may be "
            "exchanged, and the digest stays the same.",
        )


def _hashes(module: Module, call: Call) -> bool:
    """Tell whether a call makes a hash of bytes, or puts bytes into one."""
    if call.name != "update":
        return module.resolve(call.callee).startswith("hashlib.")
    made = module.scopes.origin(call.receiver) if call.receiver is not None else None
    if isinstance(made, Call) and made.name in _MADE:
        return True
    return call.receiver is not None and bool(set(last_words(call.receiver)) & (DIGESTS | {"hasher"}))


def _amount(module: Module, given: Expr) -> Expr | None:
    """Return the fixed number of bytes that is read or cut off, or None."""
    given = strip(given)
    if isinstance(given, Name):
        bound = module.scopes.lookup(given.id, given)
        only = bound[0] if len(bound) == 1 else None
        if not isinstance(only, Assign) or only.value is None or enclosing_loop(only) is not None:
            return None
        given = strip(only.value)
    amount: Expr | None = None
    if isinstance(given, Call) and given.name == "read" and given.receiver is not None and len(given.args) == 1:
        amount = given.args[0]
    elif isinstance(given, Call) and given.name in _CUTS and len(given.args) == 2 and is_zero(given.args[0]):
        amount = given.args[1]
    elif isinstance(given, Index) and isinstance(given.key, Opaque) and module.text_of(given.key).startswith(":"):
        amount = next((item for item in given.key.items if isinstance(item, Expr)), None)
    return amount if amount is not None and _is_fixed(amount) else None


def _is_measured(call: Call, function: Function) -> bool:
    """Tell whether the number of bytes is held against a limit: more than that is refused, and not left out."""
    given = strip(call.args[0])
    sizes: list[Call | Member] = [*find(function.body, Call), *find(function.body, Member)]
    return isinstance(given, Name) and any(
        isinstance(size.parent, Binary)
        and size.name in ("len", "length")
        and any(one.id == given.id for one in find(size, Name))
        for size in sizes
    )


def _is_fixed(amount: Expr) -> bool:
    """Tell whether a number of bytes is a constant, and not what the file has."""
    amount = strip(amount)
    if isinstance(amount, Literal):
        return isinstance(amount.value, int) and amount.value > 0
    named = amount.id if isinstance(amount, Name) else amount.name if isinstance(amount, Member) else ""
    if isinstance(amount, Name | Member):
        return named.isupper() and not set(words(named)) & _WHOLE
    leaves = [part for part in amount.children() if isinstance(part, Expr)]
    return bool(leaves) and not isinstance(amount, Call | Array) and all(_is_fixed(part) for part in leaves)


def _fed_elsewhere(module: Module, call: Call) -> bool:
    """Tell whether the same hash is given more, here or in a loop."""
    if call.receiver is None or call.name != "update":
        return False
    text = module.text_of(call.receiver)
    return any(
        other is not call and other.receiver is not None and module.text_of(other.receiver) == text
        for other in module.calls(("update",))
        if function_of(other) is function_of(call)
    )
