"""SEC073: a request says to which site its sender is led."""

from __future__ import annotations

from functools import partial
from itertools import takewhile
from operator import is_not
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Binary, Call, Conditional, Expr, Literal, Member, Name, Object, Template, strip
from reviewer.code.text.words import words
from reviewer.experts.check import Match, module_check
from reviewer.experts.leading import first_value, leading_part, leading_text
from reviewer.experts.paths import last_words
from reviewer.experts.security.reaching.sinks import shown, unlimited
from reviewer.experts.security.values.origins import in_pieces
from reviewer.experts.security.values.provenance import trace
from reviewer.experts.security.values.source_words import KEEPERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_CALLS: Final = frozenset(
    {"redirect", "RedirectResponse", "HttpResponseRedirect", "HTTPFound", "HTTPSeeOther", "sendRedirect"}
)
_HEADERS: Final = frozenset({"setHeader", "header", "set"})
_HEADS: Final = frozenset({"writeHead", "Response", "HTTPException", "JSONResponse"})
"""Calls that begin an answer with its headers."""
_ANSWERS: Final = frozenset("res response reply resp ctx h web flask fastapi".split())


@module_check("SEC073", words={"redirect", "found", "location", "other", "head"})
def open_redirect(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at every redirection for who chose where it leads."""
    if module.is_test:
        return
    for node in module.all(Call):
        target = _target(module, node)
        if target is None:
            continue
        start = leading_text(module, target)
        if len(start) > 1 and (start.startswith(("/", "./", "../")) or "://" in start) and not start.startswith("//"):
            continue
        if _own_path(module, target) or _confined(target):
            continue
        head = leading_part(module, target, frozenset({"", "/"}))
        if head is None or _on_own_host(module, target):
            continue
        if any(_leads_away(module, part, node) for part in _branches(module, head)):
            yield Match(
                node,
                f"'{shown(module, target, 40)}' comes from the request: a link here leads anywhere.",
            )


_OWN_PATHS: Final = frozenset({"path", "path_info", "pathname", "full_path", "baseUrl"})
_CONFINES: Final = frozenset("guard safe local relative sanitize sanitise internal check checked confine same".split())
"""Words of a helper that lets only addresses of this server through."""


_OWN: Final = frozenset({"url_for", "urlFor", "reverse", "reverse_lazy"})
"""Calls that give an address of this server."""
_OF_SENDER: Final = frozenset({"headers", "cookies", "host", "hostname"})
"""Parts of a request that a link can't fill, ..."""
_OF_LINKS: Final = frozenset({"referer", "referrer"})
"""... and those of them that the page with the link fills."""


def _branches(module: Module, head: Expr) -> list[Expr]:
    """Return what an address may begin with; what a function of the settings makes of a request, the settings lead."""
    made = module.scopes.origin(head)
    if isinstance(made, Conditional):
        return [one for side in (made.then, made.other) for one in _branches(module, strip(side))] or []
    if isinstance(made, Call):
        callee = strip(made.callee)
        held = module.scopes.origin(callee) if isinstance(callee, Name) else None
        if isinstance(callee, Call) or (isinstance(held, Call) and held.name in KEEPERS):
            return []
        if isinstance(held, Member) and "config" in trace(module, held).kinds():
            return []
    return [head]


def _leads_away(module: Module, part: Expr, call: Call) -> bool:
    """Tell whether a link can say what an address begins with: not only its end, and not by a header."""
    found = unlimited(module, part, call, _OWN) if unlimited(module, part, part, _OWN) is not None else None
    for one in in_pieces(found).origins if found is not None else ():
        said = set(words(one.text))
        if one.kind == "request" and (said & _OF_LINKS or not said & _OF_SENDER) and _is_leading(one.node):
            return True
    return False


def _is_leading(node: Node) -> bool:
    """Tell whether nothing stands before a value in the text that it is put into."""
    while isinstance(around := node.parent, Expr):
        before: list[Expr] = []
        if isinstance(around, Template):
            before = list(takewhile(partial(is_not, node), around.items))
        elif isinstance(around, Binary) and around.op == "+" and around.right is node:
            before = [strip(around.left)]
        if any(not isinstance(one, Literal) or one.value not in ("", "/") for one in before):
            return False
        node = around
    return True


def _on_own_host(module: Module, target: Expr) -> bool:
    """Tell whether the program puts its own host into the address: ``url.host = req.headers.host``."""
    made = module.scopes.origin(target)
    parts = [strip(one) for one in made.args] if isinstance(made, Call) else [strip(target)]
    held = {one.id for one in parts if isinstance(one, Name)}
    if isinstance(made, Call) and isinstance(made.receiver, Name):
        held.add(made.receiver.id)
    return any(
        isinstance(place := strip(one.target), Member)
        and place.name in ("host", "hostname")
        and isinstance(place.object, Name)
        and place.object.id in held
        and one.value is not None
        and not set(words(module.text_of(one.value))) & {"query", "params", "body", "args"}
        for one in module.all(Assign)
    )


def _confined(target: Expr) -> bool:
    """Tell whether an address is what a helper lets through: ``res.redirect(guard(req.query.next))``."""
    made = strip(target)
    return isinstance(made, Call) and bool(_CONFINES & set(words(made.name)))


def _target(module: Module, call: Call) -> Expr | None:
    """Return the address that a call leads to: that of a redirection, or of a header ``Location``."""
    if call.receiver is not None and not set(last_words(call.receiver)) & _ANSWERS:
        return None
    if call.name in _CALLS:
        if not call.args:
            return call.keywords.get("location") or call.keywords.get("url")
        return call.args[-1] if len(call.args) < 3 else call.args[0]
    if call.name in _HEADERS and len(call.args) > 1:
        name = strip(call.args[0])
        return call.args[1] if isinstance(name, Literal) and str(name.value).lower() == "location" else None
    if call.name in _HEADS:
        for options in (*call.args, *call.keywords.values()):
            headers = module.scopes.origin(options)
            found = headers.get("Location") or headers.get("location") if isinstance(headers, Object) else None
            if found is not None:
                return found
    return None


def _own_path(module: Module, target: Expr) -> bool:
    """Tell whether an address is built from an object that fixes its path and names no host."""
    origin = first_value(module, strip(target))
    while isinstance(origin, Template | Binary):
        first = origin.items[0] if isinstance(origin, Template) else origin.left
        origin = first_value(module, strip(first))  # what it begins with leads
    if isinstance(origin, Member) and origin.name in _OWN_PATHS:
        return bool(set(last_words(origin.object)) & {"request", "req"})  # back to where the request came to
    options = module.scopes.origin(origin.args[0]) if isinstance(origin, Call) and origin.args else None
    if not isinstance(options, Object):
        return False
    return options.get("pathname") is not None and options.get("host") is None and options.get("hostname") is None
