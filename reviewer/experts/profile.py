"""The profile of the ecosystem that a subject belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer import resources
from reviewer.subject.ecosystem import known_profiles

if TYPE_CHECKING:
    from reviewer.experts.check import Inquiry
    from reviewer.subject.ecosystem import EcosystemProfile


def profile_of(inquiry: Inquiry) -> EcosystemProfile | None:
    """Return the profile of the subject's ecosystem, shipped or in a skill folder of the settings, or None."""
    profiles = known_profiles(resources.skills() / "ecosystems", inquiry.settings.skills)
    return next((profile for profile in profiles if profile.name == inquiry.subject.ecosystem), None)
