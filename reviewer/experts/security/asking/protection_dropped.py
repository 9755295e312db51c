"""SEC010: a copy that is safe is made and dropped, and the value as it was is used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.pure import answers_dropped
from reviewer.code.text.words import words
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_PROTECTS: Final = word_set(
    "redact redacted scrub scrubbed mask masked sanitize sanitise sanitized escape escaped censor without strip omit "
    "hide anonymize anonymise clean freeze frozen restrict attenuate"
)
"""Words of a function that takes something out, or makes something harmless."""


@module_check("SEC010", words=_PROTECTS)
def protection_dropped(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look for answers that are dropped though they are what may go on."""
    if module.is_test:
        return
    for call, function in answers_dropped(module):
        if set(words(function.name)) & _PROTECTS:
            yield Match(
                call,
                f"'{function.name}' answers with a copy that is safe, and '{short(module.text_of(call))}' drops it: "
                "what is used is the value as it was.",
                fix="Use what the function answers.",
            )
