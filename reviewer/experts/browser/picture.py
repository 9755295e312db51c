"""The permission picture of a browser extension: what it asks for, what its code uses, and what that may do."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from reviewer.core.review import PermissionPlace, Permissions
from reviewer.experts.browser.missing_permissions import missing
from reviewer.experts.browser.patterns import is_everywhere
from reviewer.experts.browser.permissions import api_uses, asked_for, needs_of
from reviewer.experts.browser.unused_permissions import without_use
from reviewer.experts.profile import profile_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.browser.permissions import ApiUse, Asked
    from reviewer.experts.check import Inquiry
    from reviewer.subject.api_needs import Needs

_MOST: Final = 200
_PLACES_OF_ONE: Final = 5
_DEFAULT: Final = 3
_MOST_RISK: Final = 100


def extension_permissions(inquiry: Inquiry) -> Permissions | None:
    """Return the picture, or None for a subject whose ecosystem has no table of what its API needs."""
    needs = needs_of(inquiry)
    if needs is None or inquiry.manifest is None:
        return None
    asked = asked_for(inquiry)[:_MOST]
    names = {one.name for one in asked}
    used = {use: _permission(needs, use, names) for use in api_uses(inquiry)}
    risks = _risks(inquiry)
    return Permissions(
        declared=tuple(sorted(names)),
        used=tuple(sorted(set(used.values()) - {""})),
        undeclared=tuple(sorted({need.permissions[0] for _, need in missing(inquiry) if need.permissions})),
        unused=tuple(sorted({one.name for one, _ in without_use(inquiry)})),
        score=_score(asked, risks),
        places=(*_asked_places(asked, risks), *_used_places(used, names, risks)),
    )


def _permission(needs: Needs, use: ApiUse, names: set[str]) -> str:
    """Return the permission that a use needs: of several that would do the one that is asked for."""
    need = needs.permission(use.path)
    if need is None or not need.permissions:
        return ""
    return next((one for one in need.permissions if one in names), need.permissions[0])


def _risks(inquiry: Inquiry) -> dict[str, int]:
    profile = profile_of(inquiry)
    said: dict[str, Any] = profile.extra.get("risk", {}) if profile is not None else {}
    return {str(name): int(risk) for name, risk in said.items()}


def _risk(name: str, risks: dict[str, int]) -> int:
    if is_everywhere(name):
        return risks.get("<all_urls>", _DEFAULT)
    return risks.get("host", _DEFAULT) if "://" in name else risks.get(name, _DEFAULT)


def _score(asked: list[Asked], risks: dict[str, int]) -> int:
    """Return the risk from 0 to 100: seven times the greatest, three tenths of the others; the optional count half."""
    weights = sorted((_risk(one.name, risks) * (0.5 if one.optional else 1.0) for one in asked), reverse=True)
    return min(_MOST_RISK, round(7 * weights[0] + 3 * sum(weights[1:]) / 10)) if weights else 0


def _asked_places(asked: list[Asked], risks: dict[str, int]) -> Iterator[PermissionPlace]:
    for one in asked:
        yield PermissionPlace(
            one.name, one.at.place, one.name, declared=True, risk=_risk(one.name, risks),
            scoped=one.is_host and not is_everywhere(one.name),
        )  # fmt: skip


def _used_places(used: dict[ApiUse, str], names: set[str], risks: dict[str, int]) -> Iterator[PermissionPlace]:
    told: Counter[str] = Counter()
    for use, permission in sorted(used.items(), key=lambda item: (item[0].at, item[1])):
        told[permission] += 1
        if permission and told[permission] <= _PLACES_OF_ONE:
            covering = (permission,) if permission in names else ()
            yield PermissionPlace(
                permission, use.at, use.path, declared=False, risk=_risk(permission, risks), covered_by=covering
            )
