"""How sure general rules are in an ecosystem whose code they were not made for.

An ecosystem's ``profile.toml`` says it::

    [confidence]
    possible = ["API010"]       # what these rules say is at most possible here: auditors see it
    libraries = "possible"      # and so is what rules of security say of a copy of somebody else's library

What other rules say of such a copy is only possible everywhere: who carries it can't mend it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from reviewer.core.scale import Confidence
from reviewer.experts.profile import profile_of
from reviewer.experts.tooling import is_foreign

if TYPE_CHECKING:
    from reviewer.experts.check import Inquiry


_OF_HOSTS: Final = frozenset({"SEC022", "SEC025"})
"""Rules of security on what a host guards badly, by which a file that is none of its own does no harm."""


class Tempering(Struct, frozen=True):
    """The most that rules may be sure of in one ecosystem."""

    possible: frozenset[str] = frozenset()
    libraries: Confidence = Confidence.CERTAIN

    def of(self, rule: str, sure: Confidence, path: str) -> Confidence:
        """Return how sure a rule is of what it says about a file, given how sure it would be elsewhere."""
        most = Confidence.CERTAIN
        if is_foreign(path):
            # Its name says that it is somebody else's, and anybody can give it that: what may do harm counts as ever.
            harmful = rule.startswith("SEC") and rule not in _OF_HOSTS
            most = self.libraries if harmful else Confidence.POSSIBLE
        if rule in self.possible:
            most = Confidence.POSSIBLE
        return min(sure, most, key=lambda one: one.rank)


def tempering_of(inquiry: Inquiry) -> Tempering:
    """Return what the profile of a subject's ecosystem says of the rules."""
    profile = profile_of(inquiry)
    said: dict[str, Any] = profile.extra.get("confidence", {}) if profile is not None else {}
    return Tempering(frozenset(said.get("possible", ())), Confidence(said.get("libraries", "certain")))
