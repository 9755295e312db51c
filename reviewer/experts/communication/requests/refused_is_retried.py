"""COM057: an error that says no for good is a kind of those after which one tries again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import lineage
from reviewer.code.syntax import Literal, strip
from reviewer.code.text.words import words
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.paths import last_words

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Class

_FOR_GOOD: Final = frozenset(
    "denied forbidden unauthorized unauthorised permission refused invalid malformed unsupported incompatible".split()
)
"""Words of errors that come again however often one asks."""
_MAY_PASS: Final = frozenset({"retryable", "retriable", "transient", "temporary", "again", "repeatable", "passing"})


@module_check("COM057", words=_MAY_PASS)
def refused_is_retried(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each class of errors that is named for a no, for what it says about trying again."""
    if module.is_test:
        return
    for cls in module.classes:
        said = set(words(cls.name))
        if cls.kind != "class" or not (said & _FOR_GOOD or _is_no(said)) or said & _MAY_PASS:
            continue
        if any(set(last_words(base)) & _MAY_PASS for base in cls.bases) or _says_so(cls):
            yield Match(
                cls,
                f"'{cls.name}' says no for good, and counts among the errors after which one tries again: each no is "
                "asked for again, and a right that is missing looks like a service that is busy.",
                fix="Derive it from the base of all errors, not from those that may pass.",
            )


def _is_no(said: set[str]) -> bool:
    """Tell whether a name says that something may not be: ``NotAllowed``."""
    return "not" in said and bool(said & {"allowed", "permitted", "authorized", "authorised", "granted"})


def _says_so(cls: Class) -> bool:
    """Tell whether a class, or the nearest above it that speaks of this, says that one may try again."""
    for owner in lineage(cls):
        for field in owner.fields:
            value = strip(field.value) if field.value is not None else None
            if set(words(field.name)) & _MAY_PASS and isinstance(value, Literal):
                return value.value is True
    return False
