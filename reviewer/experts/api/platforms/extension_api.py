"""API220 and API221: API that this manifest version does not have, or that a script in a web page does not have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.core.scale import Confidence
from reviewer.experts.browser.permissions import api_uses, needs_of, running
from reviewer.experts.browser.surfaces import CONTENT, runs_in
from reviewer.experts.check import Match, subject_check
from reviewer.experts.named_files import named_files
from reviewer.experts.profile import profile_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.browser.permissions import ApiUse
    from reviewer.experts.check import Inquiry
    from reviewer.subject.api_needs import Needs

_IN_PAGES: Final = frozenset(
    {
        "runtime",
        "i18n",
        "storage",
        "extension",
        "dom",
        "test",
        "app",
        "csi",
        "loadTimes",
        "webstore",
        "cast",
        "devtools",
    }
)
"""What scripts in web pages have of the API, and what pages themselves may have under its name."""
_FIREFOX: Final = ("browser_specific_settings.gecko", "applications.gecko")


@subject_check("API220")
def other_version_api(inquiry: Inquiry) -> Iterator[Match]:
    """Report each part of the API that the manifest's version does not have."""
    needs, profile = needs_of(inquiry), profile_of(inquiry)
    version = inquiry.manifest.get("manifest_version") if inquiry.manifest is not None else None
    if needs is None or profile is None or version is None or version.data not in (2, 3):
        return
    instead = profile.extra.get("instead", {})
    told: set[str] = set()
    for use in api_uses(inquiry):
        other, symbol = _other_version(inquiry, needs, use)
        if not other or other == str(version.data) or symbol in told:
            continue
        if not use.fails_without(symbol) or not running(inquiry, use):
            continue
        told.add(symbol)
        better = (
            instead.get(symbol) if other == "2" else next((old for old, new in instead.items() if new == symbol), "")
        )
        yield Match(
            use.at,
            f"'{use.root or 'browser'}.{use.path}' is of Manifest V{other}, and this manifest is of version "
            f"{version.data}: '{symbol}' is undefined here.",
            related=((version, "the version"),),
            fix=f"Use '{better}'." if better else "",
        )


def _other_version(inquiry: Inquiry, needs: Needs, use: ApiUse) -> tuple[str, str]:
    """Return the one manifest version that has a name, and the name; empty where both have it, or nobody knows."""
    for row in needs.of(use.path):
        said = (
            {row.chrome, row.firefox} if _for_both(inquiry) else {row.firefox if use.root == "browser" else row.chrome}
        )
        if len(said) == 1 and "" not in said:
            return said.pop(), row.symbol
    return "", ""


def _for_both(inquiry: Inquiry) -> bool:
    manifest = inquiry.manifest
    return manifest is not None and any(manifest.get(*path.split(".")) is not None for path in _FIREFOX)


@subject_check("API221")
def not_in_content_script(inquiry: Inquiry) -> Iterator[Match]:
    """Report each namespace that a script uses which runs in web pages alone."""
    if needs_of(inquiry) is None:
        return
    named = {one.path for one in named_files(inquiry) if one.pointer.startswith("content_scripts")}
    told: set[tuple[str, str]] = set()
    for use in api_uses(inquiry):
        namespace = use.path.split(".", 1)[0]
        if namespace in _IN_PAGES or use.asked or "." not in use.path or runs_in(inquiry, use.at.path) != {CONTENT}:
            continue
        if (use.at.path, namespace) not in told:
            told.add((use.at.path, namespace))
            yield Match(
                use.at,
                f"'{use.root or 'browser'}.{use.path}' is undefined in a script that runs in web pages: of the API "
                "they have messages, storage and texts.",
                confidence=None if use.at.path in named else Confidence.POSSIBLE,
            )
