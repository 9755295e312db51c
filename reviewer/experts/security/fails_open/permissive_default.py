"""SEC002: a default that grants where no permission is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.syntax import Field
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.security.fails_open.permissive import permissive_defaults
from reviewer.experts.security.vocabulary import TRIGGERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry


@module_check("SEC002", words=TRIGGERS | {"defaultdict"})
def permissive_default(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Report every default that grants."""
    if module.is_test:
        return
    # A plugin fills what it hands to others with the defaults that those have.
    unsure = Confidence.POSSIBLE if inquiry.subject.kind == "plugin" else None
    for default in permissive_defaults(inquiry, module):
        value = short(module.text_of(default.value))
        if isinstance(default.at, Field):
            yield Match(
                default.at,
                f"'{default.at.name}' is granted by default: an entry that leaves it out allows it.",
                confidence=unsure,
            )
        else:
            where = short(module.text_of(default.at))
            yield Match(
                default.at,
                f"'{where}' gives '{value}' where nothing is recorded: an absent permission is granted.",
                confidence=unsure,
            )
