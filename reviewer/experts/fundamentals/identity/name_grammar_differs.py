"""FUN017: what is sent or called is spelled in one way where it is named, and in another where it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Literal, strip
from reviewer.code.text.words import words
from reviewer.code.walk import function_of
from reviewer.core.location import Location
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, subject_check
from reviewer.experts.data.patterns import found
from reviewer.experts.drawn import Drawn, Fact
from reviewer.experts.fundamentals.held_patterns import held_patterns
from reviewer.experts.fundamentals.identities import plain
from reviewer.experts.fundamentals.pattern_texts import text_of
from reviewer.experts.fundamentals.vocabulary import spelled
from reviewer.experts.place import locate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_KINDS: Final = {
    **dict.fromkeys(("topic", "topics", "channel", "channels", "subject"), "topic"),
    **dict.fromkeys(("event", "events", "signal", "signals"), "event"),
    **dict.fromkeys(("command", "commands"), "command"),
    **dict.fromkeys(
        ("permission", "permissions", "scope", "scopes", "capability", "right", "rights", "grant"), "permission"
    ),
    **dict.fromkeys(("hook", "hooks"), "hook"),
}
"""Last words of what somebody names here and somebody else asks for there."""
_SIGNS: Final = tuple(".:/-_@#")
_SAMPLES: Final = (
    *(
        sample.format(sign)
        for sign in _SIGNS
        for sample in ("orders{0}created", "acme{0}orders{0}created", "ORDERS{0}CREATED", "orders2{0}created", "a{0}b")
    ),
    *("orders", "Orders", "ORDERS", "ordersCreated", "OrdersCreated", "orders2", "o", "orders.created.v2", "orders.*"),
    *("acme.orders:created", "acme.orders/created", "acme:orders-created", "acme.orders-created"),
    *("acme/orders_created", "order-line.created", "order_line.created", "acme:order-line"),
)
"""Names of every usual spelling; two grammars are compared by what they say of these."""


class _Named(Fact, frozen=True):
    """A grammar that names of one kind are held against."""

    at: Location
    kind: str
    pattern: str
    accepted: frozenset[str]
    function: int
    """Where the function that asks begins."""
    parted_by: str = ""
    """The sign by which a name is taken apart, where that is what is done there, and no pattern asked."""


@subject_check("FUN017")
def name_grammar_differs(inquiry: Inquiry) -> Iterator[Match]:
    """Hold the grammars of topics, events, commands, hooks and permissions against one another."""
    spelled_so = [one for drawn in _HELD.of(inquiry) for one in drawn]
    first: dict[str, _Named] = {}
    for one in spelled_so:
        if one.parted_by:
            yield from _parted(one, spelled_so)
            continue
        known = first.setdefault(one.kind, one)
        if known is one or known.pattern == one.pattern:
            continue
        if known.at.path == one.at.path and known.function == one.function:
            continue  # two spellings that one function takes
        here, there = sorted(one.accepted - known.accepted, key=len), sorted(known.accepted - one.accepted, key=len)
        if not here or not there:
            continue  # a subscription may take more: "orders.*"
        yield Match(
            one.at,
            f"A {one.kind} has to match /{one.pattern[:60]}/ here and /{known.pattern[:60]}/ elsewhere: '{there[0]}' "
            "is taken there and refused here, so one never meets the other.",
            related=((known.at, "the other grammar"),),
            confidence=None
            if known.at.path == one.at.path or not known.accepted & one.accepted
            else Confidence.POSSIBLE,
        )


def _parted(parted: _Named, spelled_so: list[_Named]) -> Iterator[Match]:
    """Find names that are taken apart by a sign which no grammar of such names takes, and that another one parts."""
    rules = [one for one in spelled_so if one.kind == parted.kind and not one.parted_by]
    taken = frozenset(name for one in rules for name in one.accepted)
    signs = {sign for sign in _SIGNS if any(sign in name for name in taken)}
    if rules and signs and parted.parted_by not in signs:
        yield Match(
            parted.at,
            f"A {parted.kind} is taken apart here by '{parted.parted_by}', and the grammar /{rules[0].pattern[:60]}/ "
            f"of such names knows only '{min(signs)}': nothing is ever taken apart.",
            related=((rules[0].at, "the grammar"),),
            confidence=None if rules[0].at.path == parted.at.path else Confidence.POSSIBLE,
        )


def _draw(_inquiry: Inquiry, module: Module) -> tuple[_Named, ...] | None:
    drawn = []
    for held in held_patterns(module):
        if held.key or held.pattern.module is not module:
            continue
        said = words(spelled(plain(held.value.expr)))
        kind = _KINDS.get(said[-1], "") if said else ""
        text = text_of(module, held.pattern.expr) if kind else ""
        passed = _accepted(text)
        function = function_of(held.check)
        if passed and function is not None:
            at = locate(module, held.pattern.expr)
            drawn.append(_Named(at, kind, text, passed, function.raw.start_byte))
    drawn += _parts(module)
    return tuple(drawn) or None


def _parts(module: Module) -> Iterator[_Named]:
    """Yield where names are taken apart by a sign: ``right.split(":")``, ``topic.partition("/")``."""
    for call in module.calls(("split", "partition", "rpartition", "rsplit")):
        sign = strip(call.args[0]) if call.args else None
        function = function_of(call)
        said = words(spelled(plain(call.receiver))) if call.receiver is not None else ()
        kind = _KINDS.get(said[-1], "") if said else ""
        if kind and isinstance(sign, Literal) and str(sign.value) in _SIGNS and function is not None:
            yield _Named(locate(module, call), kind, "", frozenset(), function.raw.start_byte, str(sign.value))


def _accepted(pattern: str) -> frozenset[str]:
    """Return which of the usual names a pattern accepts; none where it can't be read."""
    if not pattern or len(pattern) > 400:
        return frozenset()
    import re2

    try:
        return frozenset(one for one in _SAMPLES if found(f"^(?:{pattern})$", one))
    except re2.error:
        return frozenset()


_HELD: Final = Drawn(
    "fundamentals.names sent and called",
    _draw,
    tuple[_Named, ...],
    frozenset(
        {
            "topic",
            "event",
            "channel",
            "command",
            "hook",
            "permission",
            "scope",
            "capability",
            "signal",
            "right",
            "grant",
        }
    ),
    tests=False,
)
