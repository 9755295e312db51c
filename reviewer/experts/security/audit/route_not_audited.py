"""SEC562, of routes: all that changes something behind one router is written down, and one route leaves no line."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Function, strip
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import constant_text, last_words
from reviewer.experts.security.audit.change_not_audited import changes_kept, written_in
from reviewer.experts.security.values.source_words import ROUTERS
from reviewer.experts.security.vocabulary import AUDITS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_CHANGES: Final = frozenset({"post", "put", "patch", "delete"})
_ENOUGH: Final = 2
"""Routes that leave a line, beside which one that adds something and leaves none is a slip."""


@module_check("SEC562", words=AUDITS | {"audited"})
def route_not_audited(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Compare the handlers of the changing routes of each router for the one that leaves no line."""
    if module.is_test or module.language == "python":
        return
    by_router: dict[str, list[tuple[Call, Function]]] = defaultdict(list)
    for call in module.calls(_CHANGES):
        handler = _handler(call.args[-1]) if len(call.args) > 1 else None
        if handler is None or call.receiver is None or not set(last_words(call.receiver)) & ROUTERS:
            continue
        if constant_text(call.args[0]).startswith("/"):
            by_router[module.text_of(call.receiver)].append((call, handler))
    for routes in by_router.values():
        lines = {id(handler): written_in(handler) for _call, handler in routes}
        silent = [one for one in routes if lines[id(one[1])] is None]
        told = [one for one in routes if lines[id(one[1])] is not None]
        if len(silent) != 1 or not told or (silent[0][0].name != "delete" and len(told) < _ENOUGH):
            continue
        route, handler = silent[0]
        changed, line = changes_kept(handler), lines[id(told[0][1])]
        if changed is not None and line is not None:
            yield Match(
                changed,
                f"'{constant_text(told[0][0].args[0])}' leaves a line in the audit trail and the "
                f"{route.name} of '{constant_text(route.args[0])}' does not: nobody can tell afterwards who did it, "
                "and when.",
                related=((line, "the other is recorded here"),),
            )


def _handler(expr: Expr) -> Function | None:
    """Return the handler of a route, out of what is only put around it: ``wrap(async (req, res) => …)``."""
    made = strip(expr)
    if isinstance(made, Call) and len(made.args) == 1:
        made = strip(made.args[0])
    return made if isinstance(made, Function) else None
