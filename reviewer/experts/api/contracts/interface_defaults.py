"""Finds defaults that are others than in an earlier version: the same call now does something else."""

from __future__ import annotations

from collections.abc import Iterator

from reviewer.core.scale import Severity
from reviewer.experts.check import Inquiry, Match, subject_check
from reviewer.experts.interface.change import comparison


@subject_check("API045")
def default_changed(inquiry: Inquiry) -> Iterator[Match]:
    """Yield parameters, fields and constants that begin with another constant."""
    change = comparison(inquiry)
    if change is None:
        return
    severity = Severity.INFO if change.allowed else Severity.MEDIUM
    said = f"; {change.now.version} is a version that may break things" if change.allowed else ""
    for _key, old, new in change.kept():
        if old.default and new.default and old.default != new.default and not old.implemented:
            text = f"{new.name} begins with {new.default}, where it began with {old.default} {change.versions}{said}"
            yield Match(new.place, text, severity=severity)
        if old.signature is None or new.signature is None or old.overloaded or new.overloaded:
            continue
        before = {one.name: one.default for one in old.signature.parameters}
        for one in new.signature.parameters:
            was = before.get(one.name, "")
            if was and one.default and was != one.default and not _cured(was, one.default):
                text = f"{new.name} takes {one.default} for {one.name} where none is given, and took {was}"
                yield Match(new.place, f"{text} {change.versions}{said}", severity=severity)


def _cured(was: str, now: str) -> bool:
    """Tell whether nothing became None: how a default that all calls share is mended."""
    return now == "None" and was in ("[]", "{}", "''", "0", "False")
