"""PAT027: a limit is written down as a constant, and nothing in the subject ever reads it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.paths import word_set
from reviewer.experts.tooling import is_tooling
from reviewer.experts.written_limits import unread_limits

if TYPE_CHECKING:
    from reviewer.code.module import Module

_BOUNDS: Final = word_set("max maximum most limit cap capacity ceiling quota budget")
"""Words of a constant beyond which something is to end."""
_OF_TIME: Final = word_set("timeout deadline")
"""Words of a constant that ends a waiting; in a plugin that is a matter of its requests."""


@module_check("PAT027", words=_BOUNDS | _OF_TIME | {"per"})
def limit_written_unread(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each constant that by its name is a limit for anything that reads it."""
    if module.is_test or is_tooling(module):
        return
    bounds = _BOUNDS if inquiry.subject.kind == "plugin" else _BOUNDS | _OF_TIME
    for name, made in unread_limits(inquiry, module, bounds):
        yield Match(
            made,
            f"'{name}' is written down here, and nothing ever reads it: there is no such limit, whatever is asked for.",
            fix="Hold what is asked for against it, and refuse what is over it.",
        )
