"""SEC099: what somebody sends becomes a part of the address that a plugin asks, as it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Binary, Expr, Function, Index, Literal, Member, Name, Param, Template, strip
from reviewer.code.text.words import words
from reviewer.code.walk import class_of
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.security.reaching.network_calls import NETWORK_WORDS, fetches
from reviewer.experts.security.values.guards import limited
from reviewer.experts.security.values.provenance import trace
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.experts.security.values.origins import Trace

_SENT: Final = frozenset({"message", "plugin"})
_ADDRESSES: Final = frozenset({"url", "uri", "href", "link"})
"""Last words of what is an address itself, and never a value of a query as it is."""


@module_check("SEC099", words=NETWORK_WORDS | {"fetch"})
def text_in_own_address(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each address that is pieced together for a piece that somebody else has written."""
    if module.is_test or is_tooling(module) or inquiry.subject.kind != "plugin":
        return
    told: set[int] = set()
    for address in _addresses(module):
        if id(address) in told:
            continue
        told.add(id(address))
        hole, whole = next(_taken_as_they_are(module, address), (None, False))
        if hole is not None:
            yield Match(
                address,
                f"'{short(module.text_of(hole))}' becomes a part of the address as it is: "
                + (
                    "what stands behind its first '&' or '#' is lost, or asks for something else."
                    if whole
                    else "with '../' or '?' in it another end of that server is asked, in the name of the plugin."
                ),
            )


def _addresses(module: Module) -> Iterator[Expr]:
    """Yield the texts by which servers are asked, where they are asked or where a helper is told what to ask."""
    helpers: dict[int, Function] = {}
    for _call, address in fetches(module):
        made = module.scopes.origin(address) if isinstance(strip(address), Name) else strip(address)
        if isinstance(made, Template | Binary):
            yield made
        for part in _parts(module, made) if isinstance(made, Expr) else [address]:
            bound = module.scopes.lookup(part.id, part) if isinstance(part, Name) else []
            owner = bound[0].parent if len(bound) == 1 and isinstance(bound[0], Param) else None
            if isinstance(owner, Function) and owner.params[:1] == bound:
                helpers[id(owner)] = owner
    for helper in helpers.values():
        for call in module.calls((helper.name,)) if helper.name else ():
            given = strip(call.args[0]) if call.args else None
            if isinstance(given, Template | Binary) and definition(module, call.callee) is helper:
                yield given


def _parts(module: Module, expr: Expr) -> Iterator[str | Expr]:
    """Yield what a text is pieced together of: what is known of it as text, the rest as it stands."""
    expr = strip(expr)
    if isinstance(expr, Template):
        for item in expr.items:
            yield from _parts(module, item)
    elif isinstance(expr, Binary) and expr.op == "+":
        yield from _parts(module, expr.left)
        yield from _parts(module, expr.right)
    else:
        made = module.scopes.origin(expr) if isinstance(expr, Name) else expr
        if isinstance(made, Template) and isinstance(expr, Name) and expr.id.isupper():
            yield from _parts(module, made)
        else:
            yield str(made.value) if isinstance(made, Literal) else expr


def _taken_as_they_are(module: Module, address: Expr) -> Iterator[tuple[Expr, bool]]:
    """Yield the pieces of an address that somebody else has written, and whether one is a whole address itself."""
    before, asks = "", False
    for part in _parts(module, address):
        if isinstance(part, str):
            before, asks = part, asks or "?" in part
            continue
        value = before.endswith("=")
        if isinstance(part, Name | Member | Index) and (value or (before.endswith("/") and not asks)):
            whole = value and _is_address(part)
            if whole or _is_sent(module, part, address):
                yield part, whole
        before = ""


def _is_address(part: Expr) -> bool:
    """Tell whether a piece is an address by its name, and no member that is one only in part."""
    name = part.id if isinstance(part, Name) else part.name if isinstance(part, Member) else ""
    return words(name)[-1:] != () and words(name)[-1] in _ADDRESSES and "encoded" not in words(name)


def _is_sent(module: Module, part: Expr, address: Expr) -> bool:
    """Tell whether a piece comes from a message, and nobody looked at it before it got here."""
    cls = class_of(part)
    if is_this_member(part) and cls is not None:
        given = [value for value in module.scopes.field_values(cls, part.name) if not isinstance(strip(value), Literal)]
        return any(_of_others(trace(module, value)) and not limited(module, [value], value) for value in given)
    found = trace(module, part)
    return _of_others(found) and not limited(module, [part], address, found.names)


def _of_others(found: Trace) -> bool:
    """Tell whether a value comes out of a message, or is a member of a request, which as a whole is many things."""
    members = any(one.kind == "request" and ("." in one.text or "[" in one.text) for one in found.origins)
    return members or bool(found.kinds() & _SENT)
