"""Permissions that the manifest asks for and no call needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.core.scale import Confidence
from reviewer.experts.browser.permissions import api_uses, asked_for, needs_of, spoken
from reviewer.experts.named_files import State, named_files

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.browser.permissions import Asked
    from reviewer.experts.check import Inquiry
    from reviewer.subject.api_needs import Needs

_BY_KEY: Final = {
    "sidePanel": ("side_panel",),
    "declarativeNetRequest": ("declarative_net_request",),
    "declarativeNetRequestWithHostAccess": ("declarative_net_request",),
    "ttsEngine": ("tts_engine",),
    "input": ("input_components",),
    "userScripts": ("user_scripts",),
}
"""Permissions that a key of the manifest uses by itself."""
_BY_WORD: Final = {
    "tabs": r"\b(url|title|favIconUrl|pendingUrl)\b",
    "activeTab": r"\b(executeScript|insertCSS|removeCSS|captureVisibleTab|tabCapture|pageCapture|url|title|favIconUrl|"
    r"pendingUrl|getMediaStreamId|getUserMedia|saveAsMHTML|openPopup|getActionRules|updateDynamicRules)\b",
    "webRequestBlocking": r"\b(blocking|asyncBlocking|filterResponseData)\b",
    "webRequestAuthProvider": r"\bonAuthRequired\b",
    "declarativeNetRequestFeedback": r"\b(getMatchedRules|onRuleMatchedDebug|testMatchOutcome)\b",
    "declarativeNetRequestWithHostAccess": r"\bdeclarativeNetRequest\b",
    "notifications": r"\b([Nn]otifications?|showNotification)\b",
    "cookies": r"\b(cookies|contextualIdentities|cookieStoreId)\b",
    "favicon": r"_favicon",
    "nativeMessaging": r"\b(connectNative|sendNativeMessage|onConnectNative)\b",
    "downloads.open": r"\bdownloads\b",
    "gcm": r"\b(gcm|instanceID)\b",
}
"""Permissions whose use is more than a namespace: what is spoken of where they are used."""


def without_use(inquiry: Inquiry) -> Iterator[tuple[Asked, Confidence]]:
    """Yield the permissions of the manifest that nothing uses, and how sure that is."""
    needs = needs_of(inquiry)
    if needs is None or inquiry.manifest is None or not _all_there(inquiry):
        return
    known = needs.permissions()
    used = {permission for use in api_uses(inquiry) for row in needs.of(use.path) for permission in row.permissions}
    for one in asked_for(inquiry):
        if one.optional or one.is_host or one.name in used or one.name not in (known | _BY_WORD.keys()):
            continue
        if any(inquiry.manifest.get(key) is not None for key in _BY_KEY.get(one.name, ())):
            continue
        sure = _sure(inquiry, needs, one)
        if sure is not None:
            yield one, sure


def _all_there(inquiry: Inquiry) -> bool:
    """Tell whether there is code, and all of it that the manifest names."""
    scripts = [one for one in named_files(inquiry) if one.what in ("script", "page")]
    return bool(inquiry.project.sources) and not any(one.state is State.UNBUILT and not one.path for one in scripts)


def _sure(inquiry: Inquiry, needs: Needs, one: Asked) -> Confidence | None:
    """Return how sure it is that a permission has no use; None where something may use it."""
    pattern = _BY_WORD.get(one.name)
    if pattern is not None:
        return None if spoken(inquiry, pattern) else Confidence.LIKELY
    names = sorted({row.symbol.rsplit(".", 1)[-1] for row in needs.rows.values() if one.name in row.permissions})
    word = "|".join(names)
    spelled = rf"[.\[]\s*['\"`]?({word})\b|[{{,]\s*({word})\s*[,}}]"
    return None if spoken(inquiry, spelled) else Confidence.LIKELY
