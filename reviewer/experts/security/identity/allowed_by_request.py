"""SEC020: whether somebody may do something is also answered by a switch that he sends himself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.syntax import Binary, Call, Expr, Index, Literal, Member, Name, strip
from reviewer.code.text.words import words
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.security.deciding.decisions import is_decision

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_REQUESTS: Final = frozenset({"request", "req", "msg", "message", "ctx"})
_SENT: Final = frozenset("args query headers params cookies json body form values get_json searchparams".split())
_PROOFS: Final = frozenset("token secret signature key apikey password authorization session csrf cookie auth".split())
"""Words of what is sent as a proof, which somebody else holds against what he knows."""
_ASKS: Final = frozenset({"may", "can", "allowed", "permitted", "authorized", "authorised"})
"""First words of who asks whether somebody may do something."""
_ROLES: Final = frozenset("admin root owner superuser staff trusted privileged moderator operator".split())


@module_check("SEC020", words={"request", "req", "message", "msg"})
def allowed_by_request(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the ways to a yes of each decision for one that the request itself opens."""
    if module.is_test or inquiry.subject.kind != "host":
        return
    for function in module.functions:
        said = words(function.name)
        if is_decision(function) or not _ROLES.isdisjoint(said) or not _ASKS.isdisjoint(said[:1]):
            for answer in returns_of(function):
                yield from _opened(module, answer.value) if answer.value is not None else ()


def _opened(module: Module, answer: Expr) -> Iterator[Match]:
    made = strip(answer)
    if not isinstance(made, Binary) or made.op not in ("or", "??"):
        return
    for side in (made.left, made.right):
        sent = strip(side)
        if isinstance(sent, Binary):
            if sent.op == "==" and isinstance(strip(sent.right), Literal):
                sent = strip(sent.left)
            else:
                yield from _opened(module, sent)
                continue
        if _is_sent(sent):
            yield Match(
                side,
                f"'{short(module.text_of(side))}' is what the caller sends, and it alone is a yes: whoever adds it to "
                "a request may do everything that this guards.",
                fix="Answer from what the host knows of the session; a switch for tests belongs in its settings.",
            )


def _is_sent(value: Expr) -> bool:
    """Tell whether a value is a part of a request, and no proof: ``request.args.get("debug")``, ``req.query.force``."""
    said: set[str] = set()
    held: Expr = value
    if isinstance(held, Call) and held.name in ("get", "header") and held.args:
        first = strip(held.args[0])
        said |= set(words(str(first.value))) if isinstance(first, Literal) else {"token"}
        held = strip(held.receiver) if held.receiver is not None else held
    while isinstance(held, Member | Index):
        name = held.name if isinstance(held, Member) else str(getattr(strip(held.key), "value", ""))
        said |= {*words(name), name.lower()}
        held = strip(held.object)
    root = held.id if isinstance(held, Name) else ""
    return root in _REQUESTS and bool(said & _SENT) and said.isdisjoint(_PROOFS)
