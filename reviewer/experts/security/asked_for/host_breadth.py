"""SEC223: an extension asks for all of the web and its code speaks to a few servers alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Binary, Literal, Template
from reviewer.core.scale import Confidence
from reviewer.experts.browser.patterns import is_everywhere
from reviewer.experts.browser.permissions import asked_for, spoken
from reviewer.experts.check import Match, subject_check
from reviewer.experts.data.patterns import found
from reviewer.experts.drawn import Drawn
from reviewer.experts.tooling import is_foreign

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_REQUESTS: Final = frozenset({"fetch", "open", "sendBeacon", "WebSocket", "EventSource", "ajax", "getJSON", "axios"})
_WANTS_ALL: Final = (
    r"\b(executeScript|insertCSS|removeCSS|registerContentScripts|updateContentScripts|captureVisibleTab|captureTab|"
    r"webRequest|cookies|declarativeNetRequest|userScripts|contentScripts|webNavigation|proxy|pageCapture|tabCapture|"
    r"debugger|favIconUrl|pendingUrl|changeInfo|contentSettings|browsingData|originTrials|desktopCapture|origins)\b"
)
"""API that reaches pages of every host, by intent."""
_TAB: Final = r"\b(tabs?|sender)\b[\w$.\[\]?()]{0,40}\.(url|title)\b"
_HOST: Final = r"^(?:https?|wss?)://[A-Za-z0-9.-]+"
_DEEPEST: Final = 8


def _addresses(_inquiry: Inquiry, module: Module) -> tuple[frozenset[str], bool] | None:
    """Return the hosts that a module asks by a plain address, and whether it asks any by one that code makes."""
    if module.language == "python" or is_foreign(module.path):
        return None
    hosts: set[str] = set()
    made = False
    for call in module.calls(_REQUESTS):
        position = 1 if call.name == "open" and len(call.args) > 1 else 0
        text = _beginning(module, call.arg(position))
        if text is None:
            made = made or call.name != "open" or len(call.args) > 1
        elif found(_HOST, text):
            hosts.add("/".join(text.split("/")[:3]))
    return frozenset(hosts), made


_ADDRESSES: Final = Drawn("browser.addresses", _addresses, tuple[frozenset[str], bool], tests=False)


def _beginning(module: Module, expr: Expr | None) -> str | None:
    """Return the text that an address begins with, or None where code makes it."""
    part = expr
    for _ in range(_DEEPEST):
        origin = module.scopes.origin(part) if part is not None else None
        if isinstance(origin, Literal):
            return origin.value if isinstance(origin.value, str) else None
        if isinstance(origin, Binary) and origin.op == "+":
            part = origin.left
        elif isinstance(origin, Template) and origin.items:
            part = origin.items[0]
        else:
            return None
    return None


@subject_check("SEC223")
def host_breadth(inquiry: Inquiry) -> Iterator[Match]:
    """Compare the patterns of the manifest that leave no host out with the hosts that code speaks to."""
    broad = [one for one in asked_for(inquiry) if one.is_host and not one.optional and is_everywhere(one.name)]
    if not broad or not inquiry.project.sources or _reaches_pages(inquiry):
        return
    parts = list(_ADDRESSES.of(inquiry))
    hosts = sorted({host for part, _ in parts for host in part})
    if any(made for _, made in parts) or not parts:
        return
    wanted = ", ".join(f"'{host}/*'" for host in hosts[:4])
    said = f"speaks to {wanted} alone" if hosts else "does nothing that needs a host"
    yield Match(
        broad[0].at,
        f"'{broad[0].name}' lets the extension into every page and every server, and its code {said}.",
        fix=f"Ask for {wanted}." if hosts else f"Take '{broad[0].name}' out.",
        confidence=None if hosts else Confidence.POSSIBLE,
    )


def _reaches_pages(inquiry: Inquiry) -> bool:
    """Tell whether anything of the extension works in the pages of every host."""
    scripts = inquiry.manifest.get("content_scripts") if inquiry.manifest is not None else None
    for script in scripts.items() if scripts is not None else ():
        matches = script.get("matches")
        if matches is not None and any(is_everywhere(one.text) for one in matches.items()):
            return True
    rules = inquiry.manifest.get("declarative_net_request") if inquiry.manifest is not None else None
    return rules is not None or spoken(inquiry, _WANTS_ALL) or spoken(inquiry, _TAB)
