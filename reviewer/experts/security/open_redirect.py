"""SEC073: a request says to which site its sender is led."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Object
from reviewer.experts.check import Match, module_check
from reviewer.experts.leading import leading_text
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
_ANSWERS: Final = frozenset("res response reply resp ctx h web flask fastapi".split())


@module_check("SEC073", words={"redirect", "found", "location", "other"})
def open_redirect(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at every redirection for who chose where it leads."""
    if module.is_test:
        return
    for node in module.all(Call):
        if node.name not in _CALLS or not node.args:
            continue
        if node.receiver is not None and not set(last_words(node.receiver)) & _ANSWERS:
            continue
        target = node.args[-1] if len(node.args) < 3 else node.args[0]
        start = leading_text(module, target)
        if len(start) > 1 and (start.startswith("/") or "://" in start) and not start.startswith("//"):
            continue
        if _own_path(module, target):
            continue
        found = unlimited(module, target, node, frozenset({"url_for", "urlFor"}))
        if found is not None and "request" in found.kinds():
            yield Match(
                node,
                f"'{shown(module, target, 40)}' comes from the request: a link here leads anywhere.",
            )


def _own_path(module: Module, target: Expr) -> bool:
    """Tell whether an address is built from an object that fixes its path and names no host."""
    origin = module.scopes.origin(target)
    options = module.scopes.origin(origin.args[0]) if isinstance(origin, Call) and origin.args else None
    if not isinstance(options, Object):
        return False
    return options.get("pathname") is not None and options.get("host") is None and options.get("hostname") is None
