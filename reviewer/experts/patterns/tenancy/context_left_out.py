"""PAT001: the results of a function are kept although a context variable has a part in them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.core.scale import Severity
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import last_name, word_set
from reviewer.experts.patterns.context_variables import variable_read
from reviewer.experts.patterns.vocabulary import names_tenant, spelled
from reviewer.experts.patterns.wrapped import wrapped

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

BESIDE: Final = word_set("request trace span log logger correlation depth calls clock deadline timeout")
"""Words of context variables that say something of the work, and nothing of its result."""


@module_check("PAT001", words={"cache", "memoize", "memoized", "cached"})
def context_left_out(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak where a decorator keeps by its arguments what also depends on the context of the caller."""
    if module.is_test or module.language != "python":
        return
    for kept in wrapped(module):
        read = variable_read(kept.function)
        name = last_name(read.receiver) if read is not None else ""
        if not name or set(spelled(name)) & BESIDE:
            continue
        yield Match(
            kept.node,
            f"'{kept.by}' keeps the results of '{kept.function.name}' by its arguments, and they depend on the context "
            f"variable '{name}' as well: the next one is answered with the first one's.",
            severity=None if names_tenant(name) else Severity.HIGH,
        )
