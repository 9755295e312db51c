"""Which file of a browser extension runs where: in the background, in web pages, in pages of the extension."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Array, Call, Literal, Object, Template
from reviewer.experts.browser.api import calls_of
from reviewer.experts.browser.pages import pages
from reviewer.experts.drawn import Drawn, Fact
from reviewer.experts.named_files import State, named_files

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry
    from reviewer.experts.named_files import NamedFile

WORKER: Final = "worker"
"""A service worker: no document, stopped when it is idle."""
BACKGROUND: Final = "background"
"""A background page or an event page, which has a document."""
CONTENT: Final = "content"
"""In the pages of the web, with a small part of the API."""
PAGE: Final = "page"
"""A popup, an options page or another page of the extension, with the whole API."""
DEVTOOLS: Final = "devtools"
_ROLES: Final = (
    ("background.service_worker", WORKER),
    ("background.", BACKGROUND),
    ("content_scripts", CONTENT),
    ("user_scripts", CONTENT),
    ("devtools_page", DEVTOOLS),
)
_SOURCES: Final = (".ts", ".tsx", ".js", ".mjs", ".jsx", ".mts")
_MOST: Final = 5000


class _Loads(Fact, frozen=True):
    """What one module loads: files by import, and those that it puts into web pages."""

    path: str
    imports: tuple[str, ...]
    injected: tuple[str, ...]


def _loads(inquiry: Inquiry, module: Module) -> _Loads | None:
    if module.language == "python":
        return None
    imports = {imported.source for imported in module.imports}
    injected: set[str] = set()
    if not module.identifiers.isdisjoint({"importScripts", "import", "require"}):
        for call in module.calls({"importScripts", "import", "require"}):
            imports.update(_texts(call.args))
    for _, call in calls_of(module, "scripting.executeScript", "scripting.registerContentScripts", "tabs.executeScript",
                            "contentScripts.register", "userScripts.register"):  # fmt: skip
        injected.update(text for text in _texts(call.args) if text.endswith((".js", ".mjs")))
    return _Loads(module.path, tuple(sorted(imports)), tuple(sorted(injected)))


_LOADS: Final = Drawn("browser.loads", _loads, _Loads)


def _texts(values: Iterable[Expr]) -> Iterator[str]:
    """Yield the plain texts in arguments, those in lists and objects too."""
    for value in values:
        if isinstance(value, Literal) and isinstance(value.value, str):
            yield value.value
        elif isinstance(value, Template) and not value.holes:
            yield "".join(str(item.value) for item in value.items if isinstance(item, Literal))
        elif isinstance(value, Array):
            yield from _texts(value.items)
        elif isinstance(value, Object):
            yield from _texts(inner for _, inner in value.entries)
        elif isinstance(value, Call):
            yield from _texts(value.args)


def surfaces(inquiry: Inquiry) -> dict[str, frozenset[str]]:
    """Return for each script that the manifest leads to where it runs; worked out once."""
    known = inquiry.memory.get("browser.surfaces")
    if isinstance(known, dict):
        return known
    loads = {one.path: one for one in _LOADS.of(inquiry)}
    roles: dict[str, set[str]] = {}
    for path, role in _entries(inquiry, loads):
        _spread(inquiry, loads, roles, path, role)
    made = {path: frozenset(found) for path, found in roles.items()}
    inquiry.memory["browser.surfaces"] = made
    return made


def runs_in(inquiry: Inquiry, path: str) -> frozenset[str]:
    """Return where a script runs; empty where nothing leads to it."""
    return surfaces(inquiry).get(path, frozenset())


def _entries(inquiry: Inquiry, loads: dict[str, _Loads]) -> Iterator[tuple[str, str]]:
    named = named_files(inquiry)
    html = pages(inquiry)
    own: dict[str, str] = {}
    for one in named:
        role = next((role for start, role in _ROLES if one.pointer.startswith(start)), PAGE)
        if one.path in html:
            own[one.path] = role
        elif one.what == "script":
            for path in _sources_of(inquiry, one):
                yield path, role
    base = posixpath.dirname(inquiry.subject.manifest_path)
    for path, page in html.items():
        for script in page.files(base):
            yield script, own.get(path, PAGE)
    for load in loads.values():
        for text in load.injected:
            yield posixpath.normpath(posixpath.join(base, text.lstrip("/"))), CONTENT


def _sources_of(inquiry: Inquiry, one: NamedFile) -> list[str]:
    """Return the file that a path leads to, or where that is not built the source that has its name."""
    if one.path:
        return [one.path]
    if one.state is not State.UNBUILT:
        return []
    stem = posixpath.splitext(posixpath.basename(one.value.text))[0]
    fits = [path for path in inquiry.project.sources if posixpath.splitext(posixpath.basename(path))[0] == stem]
    folders = [
        path for path in inquiry.project.sources if path.endswith(tuple(f"/{stem}/index{end}" for end in _SOURCES))
    ]
    found = fits or folders
    return found if len(found) == 1 else []


def _spread(inquiry: Inquiry, loads: dict[str, _Loads], roles: dict[str, set[str]], start: str, role: str) -> None:
    """Give a script and all that it loads a role."""
    waiting = [start]
    while waiting and len(roles) < _MOST:
        path = waiting.pop()
        if path not in loads or role in roles.get(path, ()):
            continue
        roles.setdefault(path, set()).add(role)
        folder, top = posixpath.dirname(path), posixpath.dirname(inquiry.subject.manifest_path)
        for source in loads[path].imports:
            reached = inquiry.project.target(path, source)
            if not reached and not source.startswith(".") and ":" not in source:
                base = top if source.startswith("/") else folder
                reached = posixpath.normpath(posixpath.join(base, source.lstrip("/")))
            waiting.append(reached)
