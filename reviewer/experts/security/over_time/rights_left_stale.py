"""SEC028: what somebody may do is kept, and a function that changes it leaves what is kept where it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.experts.check import Match, module_check
from reviewer.experts.patterns.worked_from import about_rights, stale_results
from reviewer.experts.security.vocabulary import TRIGGERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry


@module_check("SEC028", words=TRIGGERS | {"allow", "revoke", "consents", "grants"})
def rights_left_stale(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each table of rights, or of answers about them, for changes of what they were worked out from."""
    if module.is_test:
        return
    for stale in stale_results(inquiry, module):
        if about_rights(stale):
            yield Match(
                stale.place,
                f"'{stale.function.name}' changes what '{stale.memo.name}' was worked out from and leaves it there: "
                "what was allowed before is allowed until the program is started anew.",
                related=((stale.memo.node, "kept here"), (stale.witness, "looked after here")),
            )
