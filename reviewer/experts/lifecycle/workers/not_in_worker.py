"""LIF221: code of a service worker that uses what only a page has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Binary, Call, Literal, Member, Name, Node, Unary
from reviewer.core.scale import Confidence
from reviewer.experts.browser.api import uses
from reviewer.experts.browser.background import in_page, is_worker_alone
from reviewer.experts.browser.permissions import needs_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.tooling import is_foreign

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_INSTEAD: Final = {
    "window": "'self' or 'globalThis'",
    "document": "an offscreen document, by 'chrome.offscreen'",
    "localStorage": "'chrome.storage.local'",
    "sessionStorage": "'chrome.storage.session'",
    "XMLHttpRequest": "'fetch'",
    "alert": "a notification, or a page of the extension",
    "confirm": "a page of the extension",
    "prompt": "a page of the extension",
    "Image": "'createImageBitmap'",
    "Audio": "an offscreen document, by 'chrome.offscreen'",
    "DOMParser": "an offscreen document, by 'chrome.offscreen'",
    "getComputedStyle": "an offscreen document, by 'chrome.offscreen'",
}
"""What a worker does not have, and what it has instead."""


_WORDS: Final = frozenset(
    "window document storage request alert confirm prompt image audio parser computed background views capture "
    "directory".split()
)


_BUNDLERS: Final = frozenset(
    "__webpack_require__ __webpack_modules__ __webpack_exports__ parcelRequire __commonJS __esm __export __toESM "
    "__toCommonJS __defProp __vite__ __vitePreload".split()
)
"""Names that bundlers write into what they put together."""


@module_check("LIF221", words=_WORDS)
def not_in_worker(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look for globals of pages, and for the parts of the API that a worker can't call."""
    if not is_worker_alone(inquiry, module.path) or is_foreign(module.path):
        return
    asked = _asked(module)
    told: set[str] = set()
    sure = Confidence.POSSIBLE if _is_bundle(module) else None
    for name in module.all(Name):
        if name.id not in _INSTEAD or name.id in told or name.id in asked or not _is_global(module, name):
            continue
        if in_page(module, name):
            continue
        told.add(name.id)
        yield Match(
            name,
            f"'{name.id}' does not exist in a service worker: this throws a ReferenceError.",
            fix=f"Use {_INSTEAD[name.id]}.",
            confidence=sure,
        )
    needs = needs_of(inquiry)
    for use in uses(module) if needs is not None else ():
        row = needs.rows.get(use.path) if needs is not None else None
        if row is not None and row.page and not use.asked and use.path not in told:
            told.add(use.path)
            yield Match(use.at, f"'{use.path}' can't be called in a service worker: there is no page to give.")


def _is_bundle(module: Module) -> bool:
    """Tell whether a bundler put a file together: much of it may be there for other places, and never run here."""
    return not module.identifiers.isdisjoint(_BUNDLERS) or ".bundle." in module.path.rsplit("/", 1)[-1]


def _is_global(module: Module, name: Name) -> bool:
    parent = name.parent
    if isinstance(parent, Member) and parent.object is not name:
        return False
    return not module.scopes.lookup(name.id, name)


def _asked(module: Module) -> set[str]:
    """Return the globals whose presence the module asks for."""
    found = {
        node.operand.id for node in module.all(Unary) if node.op in ("typeof", "not") and isinstance(node.operand, Name)
    }
    for node in module.all(Binary):
        if node.op == "in" and isinstance(node.left, Literal) and isinstance(node.left.value, str):
            found.add(node.left.value)
    for member in module.all(Member):
        if member.optional and isinstance(member.object, Name):
            found.add(member.object.id)
        if isinstance(member.object, Name) and member.object.id in ("self", "globalThis") and not _called(member):
            found.add(member.name)
    return found


def _called(node: Node) -> bool:
    return isinstance(node.parent, Call) and node.parent.callee is node
