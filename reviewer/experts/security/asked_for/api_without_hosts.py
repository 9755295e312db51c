"""SEC228: an extension calls what acts on chosen sites alone, and its manifest chooses none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.experts.browser.permissions import api_uses, asked_for, is_host, names_elsewhere, running
from reviewer.experts.check import Match, subject_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry

_ACTS: Final = {
    "cookies.get": "finds no cookie",
    "cookies.getAll": "finds no cookie",
    "cookies.set": "sets no cookie",
    "cookies.remove": "removes no cookie",
    "cookies.onChanged": "hears of no cookie",
    "webRequest.onBeforeRequest": "hears of no request",
    "webRequest.onBeforeSendHeaders": "hears of no request",
    "webRequest.onSendHeaders": "hears of no request",
    "webRequest.onHeadersReceived": "hears of no request",
    "webRequest.onAuthRequired": "hears of no request",
    "webRequest.onResponseStarted": "hears of no request",
    "webRequest.onCompleted": "hears of no request",
    "webRequest.onErrorOccurred": "hears of no request",
    "scripting.executeScript": "reaches no page",
    "scripting.insertCSS": "reaches no page",
    "scripting.registerContentScripts": "reaches no page",
    "tabs.executeScript": "reaches no page",
    "tabs.insertCSS": "reaches no page",
}
"""What works on the sites that the extension may reach, and what becomes of it where there are none."""


@subject_check("SEC228")
def api_without_hosts(inquiry: Inquiry) -> Iterator[Match]:
    """Report the first use of each such call in an extension that asks for no site, now or later."""
    if inquiry.manifest is None:
        return
    asked = {one.name for one in asked_for(inquiry)} | names_elsewhere(inquiry)
    if "activeTab" in asked or any(is_host(name) for name in asked):
        return
    field = "host_permissions" if _is_third(inquiry) else "permissions"
    told: set[str] = set()
    for use in api_uses(inquiry):
        name = next((name for name in _ACTS if use.path == name or use.path.startswith(f"{name}.")), "")
        namespace = name.split(".")[0]
        if not name or namespace in told or not running(inquiry, use):
            continue
        told.add(namespace)
        yield Match(
            use.at,
            f"'{use.root or 'browser'}.{name}' works on the sites that the manifest asks for, and it asks for none: it "
            f"{_ACTS[name]}.",
            fix=f"Name the sites in '{field}', such as \"https://example.com/*\".",
        )


def _is_third(inquiry: Inquiry) -> bool:
    version = inquiry.manifest.get("manifest_version") if inquiry.manifest is not None else None
    return version is not None and version.data == 3
