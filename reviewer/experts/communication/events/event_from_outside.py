"""COM015: whoever sends a request chooses which event the host sends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Literal, Name, Object, Template, strip
from reviewer.code.text.ideas import SEND_WORDS, SENDS
from reviewer.code.text.words import words
from reviewer.code.walk import function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.incoming import incoming
from reviewer.experts.communication.vocabulary import EVENTS, NAMED_BY
from reviewer.experts.paths import name_words
from reviewer.experts.security.values.guards import limited
from reviewer.experts.security.values.origins import SAID
from reviewer.experts.security.values.provenance import trace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_ASKED_WITH: Final = (("req",), ("request",), ("ctx",), ("context",))
_KINDS: Final = frozenset({"request", "remote"})


@module_check("COM015", words=SEND_WORDS)
def event_from_outside(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each event whose name is not fixed for who chooses it."""
    if module.is_test:
        return
    reached = {id(found.function) for found in incoming(module)}
    for call in module.calls(SENDS):
        given = call.arg(0)
        if given is None or call.receiver is None or not set(name_words(call.receiver)) & EVENTS:
            continue
        name = _name_in(strip(given))
        if isinstance(name, Name) and len(call.args) > 1 and words(name.id)[-1:] in _ASKED_WITH:
            continue  # trigger(req, "exported"): who asks stands first, and the name behind
        if (
            name is None
            or isinstance(name, Literal)
            or (isinstance(name, Template) and isinstance(name.items[0], Literal))
        ):
            continue
        made = trace(module, name)
        kinds = _KINDS | {"message"} if id(function_of(call)) in reached and len(call.args) > 1 else _KINDS
        if made.kinds() & kinds and not limited(module, [name], call, made.names):
            origin = next(o for o in made.origins if o.kind in kinds)
            yield Match(
                call,
                f"The name of the event comes from {SAID[origin.kind]}: whoever sends that can set off every event, "
                "also those that only the host should send.",
            )


def _name_in(given: Expr) -> Expr | None:
    """Return what names the event: of one that is written out, ``{ topic: …, payload: … }``, the member that does."""
    if not isinstance(given, Object) or given.spreads:
        return given
    named = (given.get(key) for key in NAMED_BY)
    return next((strip(one) for one in named if one is not None), None)
