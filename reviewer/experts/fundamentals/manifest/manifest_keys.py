"""FUN003: a member of the manifest that is nearly one that the host knows."""

from __future__ import annotations

from difflib import get_close_matches
from itertools import islice
from typing import TYPE_CHECKING, Final

from reviewer.experts.check import Match, subject_check
from reviewer.experts.fundamentals.manifests import SPELLINGS, manifest_schema, plugin_manifest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Value

_ALSO: Final = (
    "repository bugs support icon icons category categories tags engines scripts devDependencies peerDependencies "
    "optionalDependencies files hooks events commands capabilities settings config configuration configSchema "
    "lifecycle tests test type types kind api apiVersion api_version platforms platform os locale locales i18n "
    "private exports imports signature checksum integrity changelog readme preview screenshots contact email url "
    "source features provides requires extends conflicts replaces channel status enabled priority order timeout "
    "schemaVersion schema_version manifest_version maintainers contributors copyright trust level budget budgets "
    "limits resources storage network permissionsReason hostPermissions networkAccess sandbox isolation menus views "
    "languages themes language theme runtime python node depends needs after before load build targets target "
    "features emits handles listens subscriptions publishes actions tools triggers services middleware providers "
    "minAppVersion maxAppVersion minApiVersion maxApiVersion appVersion hostApi trusted galleryBanner "
    "isolated entitlements scope scopes tenants tenancy region dataRetention data privacy policy terms"
).split()
"""Further members that manifests of the field have; they are no misspelling of another."""
_FEATURES: Final = (
    "events storage commands hooks middleware providers messaging database network filesystem notifications clipboard "
    "logger config ui scheduler settings secrets metrics sandbox localization capabilities permissions"
).split()
_CLOSE: Final = 0.82
_MOST: Final = 300
"""Names of each kind that are compared: no manifest that people wrote has more."""


@subject_check("FUN003")
def manifest_keys(inquiry: Inquiry) -> Iterator[Match]:
    """Compare the names in a manifest with those that the reference model knows."""
    document = plugin_manifest(inquiry)
    if document is None or inquiry.subject.assumed:
        return
    known = {*manifest_schema()["properties"], *_ALSO, *(one for each in SPELLINGS.values() for one in each)}
    present = {key for key, _value in document.root.members()}
    for key, value in islice(document.root.members(), _MOST):
        meant = _meant(key, known)
        if meant and meant not in present:
            yield Match(value.key or value, f"No host reads '{key}'; '{meant}' is what it looks like.", fix=_fix(meant))
    features = document.root.get("requiredFeatures") or document.root.get("required_features")
    for item in islice(features.items(), _MOST) if features is not None else ():
        meant = _meant(item.text, _FEATURES)
        if meant and not _is_used(inquiry, item.text):
            yield Match(item, f"There is no feature '{item.text}'; '{meant}' is what it looks like.", fix=_fix(meant))
    permissions = document.root.get("permissions")
    for key, value in islice(permissions.members(), _MOST) if permissions is not None else ():
        yield from _permission(key, value)


def _is_used(inquiry: Inquiry, name: str) -> bool:
    """Tell whether the code takes a member of that name, so that its host goes by that spelling."""
    member = b"." + name.encode()
    return any(member + after in text for _path, text in inquiry.project.texts({name}) for after in (b".", b"?.", b"("))


def _permission(key: str, value: Value) -> Iterator[Match]:
    meant = _meant(key, _FEATURES)
    if meant:
        at = value.key or value
        yield Match(at, f"There is no resource '{key}'; '{meant}' is what it looks like.", fix=_fix(meant))
    for action, inner in islice(value.members(), _MOST):
        close = _meant(action, _ACTIONS)
        if close:
            at = inner.key or inner
            yield Match(at, f"'{key}' has no action '{action}'; '{close}' is what it looks like.", fix=_fix(close))


_ACTIONS: Final = ("read", "write", "execute", "delete", "fetch", "connect", "listen", "send", "subscribe", "publish")
_PAIRS: Final = frozenset(
    {("reads", "read"), ("writes", "write"), ("sends", "send"), ("notification", "notifications")}
)
"""Other forms of a word that systems use of their own."""


def _meant(name: str, known: Iterable[str]) -> str:
    """Return the known name that a name misspells, or an empty string where it is known or like none."""
    known = sorted(known)
    if name in known or len(name) < 4 or name.startswith(("$", "_", "x-", "@")):
        return ""
    bare = name.replace("_", "").replace("-", "").lower()
    for one in known:
        if one.replace("_", "").lower() == bare:
            return "" if "_" in name or "-" in name else one
    close = get_close_matches(name[:80], known, n=1, cutoff=_CLOSE)
    if f"{name}s" in manifest_schema()["properties"]:
        return f"{name}s"
    if not close or (name, close[0]) in _PAIRS or f"{name}s" in known or name.removesuffix("s") in known:
        return ""
    return close[0]


def _fix(meant: str) -> str:
    return f"Write '{meant}'."
