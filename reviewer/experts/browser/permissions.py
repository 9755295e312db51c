"""What a browser extension asks for in its manifest, and what its code uses of the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.syntax import Call
from reviewer.core.errors import UnreadableError
from reviewer.core.location import Location
from reviewer.experts.browser.api import uses
from reviewer.experts.browser.surfaces import CONTENT, surfaces
from reviewer.experts.data.patterns import found
from reviewer.experts.drawn import Drawn, Fact
from reviewer.experts.place import locate
from reviewer.experts.profile import profile_of
from reviewer.experts.tooling import is_tooling
from reviewer.subject.api_needs import Needs, api_needs
from reviewer.subject.document import DocumentError
from reviewer.subject.documents.read import read_document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Value

_FIELDS: Final = (
    ("permissions", False),
    ("host_permissions", False),
    ("optional_permissions", True),
    ("optional_host_permissions", True),
)
_VARIANT: Final = r"(?i)^manifest\W?[\w.-]*\.json$"
_MOST: Final = 2000
_MOST_VARIANTS: Final = 8
_MOST_TEXT: Final = 20_000_000
_PAGES: Final = (".html", ".htm")
_TEXTS: Final = (".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx", ".html", ".htm", ".vue", ".svelte")


class Asked(Struct, frozen=True):
    """One permission or host pattern of the manifest."""

    name: str
    at: Value
    field: str
    optional: bool

    @property
    def is_host(self) -> bool:
        """Whether it is a pattern of addresses instead of a permission."""
        return is_host(self.name)


class ApiUse(Fact, frozen=True):
    """One use of the API; ``asked`` tells that the code asks whether it is there, ``called`` that it is called."""

    path: str
    root: str
    at: Location
    asked: bool
    called: bool

    def fails_without(self, symbol: str) -> bool:
        """Tell whether a use throws where a symbol of the API is undefined: one that is only read does not."""
        return not self.asked and (self.called or len(self.path) > len(symbol))


def is_host(text: str) -> bool:
    """Tell whether an entry of the permissions is a pattern of addresses."""
    return text == "<all_urls>" or "://" in text or text.startswith(("*.", "about:", "file:"))


def needs_of(inquiry: Inquiry) -> Needs | None:
    """Return what the API of the subject's ecosystem needs, or None where there is no such table."""
    profile = profile_of(inquiry)
    path = profile.folder / "needs.tsv" if profile is not None else None
    return api_needs(path) if path is not None and path.is_file() else None


def asked_for(inquiry: Inquiry) -> list[Asked]:
    """Return what the manifest asks for, in its order."""
    if inquiry.manifest is None:
        return []
    return [
        Asked(item.text, item, name, optional)
        for name, optional in _FIELDS
        for value in [inquiry.manifest.get(name)]
        if value is not None
        for item in value.items()
        if item.text
    ][:_MOST]


def names_elsewhere(inquiry: Inquiry) -> frozenset[str]:
    """Return what other manifests of the subject ask for: those for another browser, or another version."""
    known = inquiry.memory.get("browser.elsewhere")
    if isinstance(known, frozenset):
        return known
    names: set[str] = set()
    own = inquiry.subject.manifest_path
    others = [path for path in inquiry.subject.files if path != own and found(_VARIANT, path.rsplit("/", 1)[-1])]
    for path in others[:_MOST_VARIANTS]:
        try:
            root = read_document(path, inquiry.subject.read(path)).root
        except (DocumentError, UnreadableError):
            continue
        for name, _ in _FIELDS:
            value = root.get(name)
            names.update(item.text for item in value.items()) if value is not None else None
        names.update(key for key, _ in root.members())
    made = frozenset(names)
    inquiry.memory["browser.elsewhere"] = made
    return made


def _module_uses(inquiry: Inquiry, module: Module) -> tuple[ApiUse, ...] | None:
    if module.language == "python":
        return None
    return tuple(
        ApiUse(one.path, one.root, locate(module, one.at), one.asked, isinstance(one.at.parent, Call))
        for one in uses(module)[:_MOST]
    )


_USES: Final = Drawn(
    "browser.api",
    _module_uses,
    tuple[ApiUse, ...],
    naming=("chrome", "browser", "polyfill", "extensionizer"),
    tests=False,
)


def api_uses(inquiry: Inquiry) -> tuple[ApiUse, ...]:
    """Return every use of the API in code that is no test; worked out once."""
    known = inquiry.memory.get("browser.api-uses")
    if isinstance(known, tuple):
        return known
    made = tuple(use for module in _USES.of(inquiry) for use in module)
    inquiry.memory["browser.api-uses"] = made
    return made


def running(inquiry: Inquiry, use: ApiUse) -> bool:
    """Tell whether a use stands in code that has the whole API: of the background, or of a page of the extension."""
    where = surfaces(inquiry)
    if not where:
        return not is_tooling(use.at.path)
    return bool(where.get(use.at.path, frozenset()) - {CONTENT})


def spoken(inquiry: Inquiry, pattern: str, *, in_pages: bool = True) -> bool:
    """Tell whether the text of any code or page of the subject fits a pattern (RE2), what was not parsed included."""
    import re2

    compiled = re2.compile(pattern)
    return any(compiled.search(text) is not None for text in _code(inquiry, in_pages=in_pages))


def counted(inquiry: Inquiry, name: str, *, quoted: bool = False) -> int:
    """Return how often a name stands in code or pages: as a text, and unless ``quoted`` as a key or as a member."""
    import re2

    plain = re2.escape(name)
    further = "" if quoted else rf"|(?:^|[^\w$-]){plain}\s*[:(,=]|\.{plain}(?:[^\w$]|$)"
    pattern = re2.compile(rf"['\"`]{plain}['\"`]{further}")
    return sum(1 for text in _code(inquiry, in_pages=True) for _ in pattern.finditer(text))


def _code(inquiry: Inquiry, *, in_pages: bool) -> Iterator[str]:
    left = _MOST_TEXT
    for path in inquiry.subject.files:
        if not path.lower().endswith(_TEXTS) or (path.lower().endswith(_PAGES) and not in_pages):
            continue
        try:
            data = inquiry.subject.read(path)
        except UnreadableError:
            continue
        left -= len(data)
        if left < 0:
            return
        yield data.decode("utf-8", "replace")
