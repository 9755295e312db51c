"""SEC484: a right that is asked for is compared as a pattern, in which a sign stands for anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Literal, Template
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_AS_PATTERN: Final = regex(
    r"(?i)\bselect\b[^;]{0,600}\b((?:\w{1,40}\.)?(?:scope|permission|perm|right|role|action|verb|capability|privilege|"
    r"entitlement|grant)s?(?:_?name)?)\s+(i?like|glob|similar\s+to)\s+(?:\?|:\w+|%s|%\(\w+\)s|\$\d|@\w+)"
)
"""A column of rights that is compared with what is bound, as a pattern."""
_LONGEST: Final = 4_000


@module_check("SEC484", words={"like", "glob", "similar"})
def right_as_pattern(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each statement that looks a right up by ``like`` or ``glob`` and a bound value."""
    if module.is_test:
        return
    for node in module.some(Literal, Template):
        if isinstance(node.parent, Template):
            continue
        text = text_of(node)
        hit = _AS_PATTERN.search(text) if 20 < len(text) < _LONGEST else None
        if hit is None or "escape" in text.lower():
            continue
        yield Match(
            node,
            f"'{hit.group(1)}' is compared by {hit.group(2).lower()}, so that what is asked for is a pattern: whoever "
            "asks for '%' or '*' has what anybody was given.",
        )
