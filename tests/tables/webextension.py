"""Makes the tables of the browsers' extension API from published data: what exists since when, and what it needs.

    python tests/tables/webextension.py CACHE_FOLDER

`@mdn/browser-compat-data` says in which release of Chrome and of Firefox a name came and which manifest versions
have it; the comments of `chrome-types` say the same of what only Chrome has, which permission opens a namespace and
what a service worker can't call.
"""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from packages import published, texts
from table import Row, write

COMPAT = "@mdn/browser-compat-data"
TYPES = "chrome-types"
FOLDER = Path(__file__).parents[2] / "skills/ecosystems/webextension"
_COMMENTED = re.compile(
    r"/\*\*((?:(?!\*/)[\s\S])*)\*/\s*export (namespace|function|const|let|var) (\w+(?:\.\w+)*)|^ {2}\}$", re.MULTILINE
)
_TAG = re.compile(r"@(chrome-[\w-]+|since|deprecated)[ \t]*([^\n]*)")
_ONLY_2 = "Manifest V2 only"
_ONLY_3 = "Manifest V3 or later"

# What neither source says. Firefox: https://developer.mozilla.org/docs/Mozilla/Add-ons/WebExtensions/API; the debugger
# namespace: https://developer.chrome.com/docs/extensions/reference/api/debugger (both read 2026-11).
_FURTHER = {
    "browserAction": ("", "browser_action"),
    "pageAction": ("", "page_action"),
    "action": ("", "action"),
    "sidebarAction": ("", "sidebar_action"),
    "commands": ("", "commands"),
    "omnibox": ("", "omnibox"),
    "devtools": ("", "devtools_page"),
    "sidePanel": ("sidePanel", ""),
    "debugger": ("debugger", ""),
    "menus": ("menus contextMenus", ""),
    "contextMenus": ("contextMenus menus", ""),
    "contextualIdentities": ("contextualIdentities", ""),
    "browserSettings": ("browserSettings", ""),
    "captivePortal": ("captivePortal", ""),
    "dns": ("dns", ""),
    "find": ("find", ""),
    "geckoProfiler": ("geckoProfiler", ""),
    "pkcs11": ("pkcs11", ""),
    "downloads.open": ("downloads.open", ""),
    "downloads.setShelfEnabled": ("downloads.shelf", ""),
    "downloads.setUiOptions": ("downloads.ui", ""),
    "tabs.hide": ("tabHide", ""),
    "webRequest.filterResponseData": ("webRequestFilterResponse webRequestBlocking", ""),
    "runtime.connectNative": ("nativeMessaging", ""),
    "runtime.sendNativeMessage": ("nativeMessaging", ""),
    "system.display": ("system.display", ""),
    "userScripts": ("userScripts", "user_scripts"),
}
# Gone in Manifest V3: https://developer.chrome.com/docs/extensions/develop/migrate/api-calls (read 2026-11).
_GONE = (
    "extension.connect extension.connectNative extension.getExtensionTabs extension.getURL extension.lastError "
    "extension.onConnect extension.onConnectExternal extension.onMessage extension.onRequest extension.onRequestExternal "
    "extension.sendMessage extension.sendNativeMessage extension.sendRequest tabs.getAllInWindow tabs.getSelected "
    "tabs.onActiveChanged tabs.onHighlightChanged tabs.onSelectionChanged tabs.sendRequest"
).split()
_GONE_IN_FIREFOX = frozenset({"extension.getURL"})
# What the data calls deprecated and says no release for: since there is what took its place.
# https://developer.mozilla.org/docs/Mozilla/Add-ons/WebExtensions/API/extension/getURL (read 2026-11).
_REPLACED = {"extension.getURL": "runtime.getURL"}
# They need nothing though their namespace does.
_FREE = ("management.getSelf", "management.uninstallSelf", "management.getPermissionWarningsByManifest")
# Firefox has one for Manifest V2 and another for V3 under the same name.
_TWICE = frozenset({"userScripts"})
_NOT_EXTENSIONS = frozenset({"mimeHandler", "sockets.tcp", "sockets.tcpServer", "sockets.udp", "sidebarAction"})


def main(cache: Path) -> None:
    """Bring both packages and write the tables."""
    compat_version, types_version = published(COMPAT)[-1], published(TYPES)[-1]
    ((_, compat),) = texts(COMPAT, [compat_version], "data.json", cache)
    ((_, types),) = texts(TYPES, [types_version], "index.d.ts", cache)
    api = json.loads(compat)["webextensions"]["api"]
    said = dict(_commented(types))
    source = f"npm {COMPAT} {compat_version} (CC0-1.0), npm {TYPES} {types_version} (Apache-2.0)"
    head = {"source": f"{source}, tests/tables/webextension.py", "licence": "facts from CC0-1.0 and Apache-2.0 sources"}
    columns = {"columns": "symbol, since, deprecated, removed, type, note"}
    for browser in ("chrome", "firefox"):
        rows = {row.symbol: row for row in _since(api, browser)}
        if browser == "chrome":
            for symbol, tags in said.items():
                row = rows.setdefault(symbol, Row(symbol))
                row.since = _earlier(_release(tags.get("since", "")), row.since)
                row.deprecated = _release(tags.get("chrome-deprecated-since", ""))
        for old, new in _REPLACED.items():
            rows[old].deprecated, rows[old].note = rows[new].since, f"use {new}"
        kept = sorted((row for row in rows.values() if row.since or row.deprecated), key=lambda row: row.symbol)
        newest = max((int(row.since.split(".")[0]) for row in kept if row.since), default=0)
        write(FOLDER / f"{browser}.tsv", {**head, "newest": str(newest), **columns}, kept)
    needs = "\n".join("\t".join(row).rstrip("\t") for row in _needs(api, said))
    text = "".join(f"# {key}: {value}\n" for key, value in head.items())
    text += "# columns: symbol, permissions (- for none), manifest keys, manifest versions of Chrome, of Firefox, of workers\n"
    (FOLDER / "needs.tsv").write_text(f"{text}{needs}\n", encoding="utf-8")


def _since(api: dict[str, Any], browser: str) -> Iterator[Row]:
    """Yield every name of the API with the release of a browser that brought it."""
    for symbol, entry in _entries(api, ""):
        support = entry.get("support", {}).get(browser)
        first = support[-1] if isinstance(support, list) else support
        added = first.get("version_added") if isinstance(first, dict) else None
        if browser == "firefox" and symbol.split(".")[0] in _TWICE:
            continue
        if isinstance(added, str) and "partial_implementation" not in first:
            yield Row(
                symbol, "" if added.startswith("≤") else _release(added), "", ""
            )  # "at the latest" is no beginning


def _entries(node: dict[str, Any], prefix: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the functions, events and namespaces; of a function's arguments nothing."""
    for name, inner in node.items():
        if name.startswith("__") or not re.fullmatch(r"[A-Za-z]\w*", name) or name.endswith("_parameter"):
            continue
        if prefix and name[0].isupper() and not name.isupper():
            continue  # a type
        symbol = f"{prefix}{name}"
        if "__compat" in inner:
            yield symbol, inner["__compat"]
        if symbol.count(".") < 2 and not inner.get("__compat", {}).get("mdn_url", "").endswith(f"/{name}/{name}"):
            yield from ((one, said) for one, said in _entries(inner, f"{symbol}.") if said.get("mdn_url"))


def _commented(types: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield every name of `chrome-types` with the tags of its comment; of several forms the first counts."""
    namespace, seen = "", set()
    for hit in _COMMENTED.finditer(types):
        comment, kind, name = hit[1], hit[2], hit[3]
        if name is None:
            namespace = ""
            continue
        if kind == "namespace":
            namespace = name
        symbol = name if kind == "namespace" else f"{namespace}.{name}" if namespace else ""
        if symbol and symbol not in seen:
            seen.add(symbol)
            tags: dict[str, str] = {}
            for tag, value in _TAG.findall(comment):
                tags[tag] = f"{tags[tag]} {value.strip()}" if tag in tags else value.strip()
            yield symbol, tags


def _release(text: str) -> str:
    found = re.search(r"\d+(?:\.\d+)*", text)
    return found[0] if found else ""


def _earlier(one: str, other: str) -> str:
    """Return the earlier of two releases: where the sources differ, one speaks of a later form of the same name."""
    if not one or not other:
        return one or other
    return min(one, other, key=lambda release: [int(part) for part in release.split(".")])


def _needs(api: dict[str, Any], said: dict[str, dict[str, str]]) -> Iterator[tuple[str, ...]]:
    """Yield the names that need a permission or a key of the manifest, or that a version or a worker does not have."""
    rows: dict[str, list[str]] = defaultdict(lambda: [""] * 5)
    _from_types(said, rows)
    _from_compat(api, rows)
    for symbol, (permissions, key) in _FURTHER.items():
        rows[symbol][0:2] = permissions, key
    for symbol in _GONE:
        rows[symbol][2:4] = ["2", "2" if symbol in _GONE_IN_FIREFOX else ""]
    for symbol in _FREE:
        rows[symbol][0] = "-"
    for symbol in sorted(rows):
        yield (symbol, *rows[symbol])


def _from_types(said: dict[str, dict[str, str]], rows: dict[str, list[str]]) -> None:
    for symbol, tags in said.items():
        if symbol in _NOT_EXTENSIONS:
            continue
        if tags.get("chrome-permission"):
            rows[symbol][0] = tags["chrome-permission"]
        elif tags.get("chrome-manifest"):
            rows[symbol][1] = tags["chrome-manifest"]
        if tags.get("chrome-min-manifest"):
            rows[symbol][2] = "3"
        if "chrome-disallow-service-workers" in tags:
            rows[symbol][4] = "page"


def _from_compat(api: dict[str, Any], rows: dict[str, list[str]]) -> None:
    for symbol, entry in _entries(api, ""):
        for place, browser in ((2, "chrome"), (3, "firefox")):
            notes = json.dumps(entry.get("support", {}).get(browser) or "")
            if _ONLY_2 in notes:
                rows[symbol][place] = "2"
            elif _ONLY_3 in notes:
                rows[symbol][place] = "3"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
