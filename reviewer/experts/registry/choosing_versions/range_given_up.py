"""REG397: where no version fits the range, another one is taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Binary, Call, Conditional, Expr, Index, Literal, Member, Name, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import said_in, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_FITS: Final = word_set("satisfies satisfy fits fit matches accepts admits contains allowed inrange compatible")
_BEST: Final = word_set("maxsatisfying minsatisfying bestmatch")
_RANGE: Final = word_set("range ranges spec constraint wanted requirement specifier bounds semver")
_PICKS: Final = frozenset({"find", "filter", "findLast", "next", "max", "maxSatisfying", "max_satisfying"})
_LISTS: Final = word_set(
    "versions releases newest latest candidates all list records sorted found available last first"
)


@module_check("REG397", words=_FITS | _RANGE)
def range_given_up(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what stands for a version that fits where there is none."""
    if module.is_test:
        return
    for node in module.some(Binary, Conditional):
        if isinstance(node, Binary):
            chosen, other = (node.left, node.right) if node.op in ("??", "or") else (None, None)
        elif isinstance(node, Conditional):
            chosen, other = node.test, node.other
        if chosen is None or other is None or not _is_version(module, other) or not _by_range(module, chosen):
            continue
        yield Match(
            node,
            f"Where nothing fits the range, '{short(module.text_of(other))}' is taken all the same: whoever asked for "
            "a range is given a version that they said they can't use.",
        )


def _by_range(module: Module, chosen: Expr) -> bool:
    """Tell whether a value is the version that fits a range: ``versions.find((v) => satisfies(v, range))``."""
    made = strip(chosen)
    if isinstance(made, Name):
        bound = module.scopes.lookup(made.id, made)
        only = bound[0] if len(bound) == 1 else None
        made = strip(only.value) if isinstance(only, Assign) and only.value is not None else made
    calls = list(find(made, Call))
    if not any(call.name in _PICKS or "".join(words(call.name)) in _BEST for call in calls):
        return False
    asks = any(set(words(call.name)) & _FITS or "".join(words(call.name)) in _BEST for call in calls)
    return asks and bool(said_in(made) & _RANGE)


def _is_version(module: Module, other: Expr) -> bool:
    """Tell whether an expression is one of several versions: ``newest[0]``, ``versions.at(-1)``."""
    other = strip(other)
    if isinstance(other, Index):
        key = strip(other.key)
        number = (
            isinstance(key, Literal)
            or module.text_of(other.key).lstrip("-").isdigit()
            or ".length" in module.text_of(key)
        )
        return number and bool(said_in(other.object) & _LISTS)
    if isinstance(other, Call) and other.name in ("at", "pop", "shift", "latest", "newest", "max"):
        return other.receiver is None or bool(said_in(other.receiver) & _LISTS) or other.name in ("latest", "newest")
    return isinstance(other, Name | Member) and bool(
        set(words(getattr(other, "id", getattr(other, "name", "")))) & {"newest", "latest"}
    )
