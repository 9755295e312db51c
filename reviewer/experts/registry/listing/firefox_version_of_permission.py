"""REG227: a permission that the store of Firefox takes only from extensions for a newer Firefox."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.experts.check import Match, subject_check
from reviewer.subject.api_table import release

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry

_LEAST: Final = {"proxy": "91.1.0"}
"""As addons-linter 10.13.0 has it (`RESTRICTED_PERMISSIONS`, read 2026-11)."""
_SETTINGS: Final = ("browser_specific_settings", "applications")


@subject_check("REG227")
def firefox_version_of_permission(inquiry: Inquiry) -> Iterator[Match]:
    """Hold the oldest Firefox of the manifest against what the store asks for a permission."""
    manifest = inquiry.manifest
    settings = [manifest.get(name, "gecko") for name in _SETTINGS] if manifest is not None else []
    gecko = next((one for one in settings if one is not None), None)
    permissions = manifest.get("permissions") if manifest is not None else None
    if gecko is None or permissions is None:
        return
    oldest = gecko.get("strict_min_version")
    for asked in permissions.items():
        least = _LEAST.get(asked.text) if asked.kind == "string" else None
        if least and (oldest is None or (oldest.kind == "string" and release(oldest.text) < release(least))):
            yield Match(
                oldest or asked,
                f"Addons.mozilla.org takes '{asked.text}' from Firefox {least} on, and 'strict_min_version' "
                f"{f'is {oldest.text!r}' if oldest is not None else 'is missing'}: the upload is refused.",
            )
