"""SEC073: a request says to which site its sender is led."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Binary, Call, Literal, Member, Object, Template, strip
from reviewer.code.text.words import words
from reviewer.experts.check import Match, module_check
from reviewer.experts.leading import first_value, leading_text
from reviewer.experts.paths import last_words
from reviewer.experts.security.sinks import shown, unlimited

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
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
        if len(start) > 1 and (start.startswith("/") or "://" in start) and not start.startswith("//"):
            continue
        if _own_path(module, target) or _confined(target):
            continue
        found = unlimited(module, target, node, frozenset({"url_for", "urlFor"}))
        if found is not None and "request" in found.kinds():
            yield Match(
                node,
                f"'{shown(module, target, 40)}' comes from the request: a link here leads anywhere.",
            )


_OWN_PATHS: Final = frozenset({"path", "path_info", "pathname", "full_path", "baseUrl"})
_CONFINES: Final = frozenset("guard safe local relative sanitize sanitise internal check checked confine same".split())
"""Words of a helper that lets only addresses of this server through."""


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
