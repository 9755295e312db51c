"""API250: a plugin that is offered to phones takes in what only the desktop has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.syntax import Binary, Call, Import, Literal, Name
from reviewer.code.walk import function_of
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.patterns import found
from reviewer.experts.obsidian.plugin import desktop_only, is_plugin_code

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_NODE: Final = frozenset(
    (
        "fs fs/promises child_process net tls dgram cluster worker_threads os crypto http https http2 zlib v8 vm path "
        "readline repl tty dns inspector stream electron @electron/remote original-fs"
    ).split()
)
_FILLED: Final = frozenset("os crypto http https zlib vm path tty stream".split())
"""Modules that packages put something of the browser in the place of."""
_FILLS: Final = r"browserify|polyfill|node-stdlib-browser"
_PLATFORM: Final = frozenset({"Platform", "isDesktop", "isDesktopApp", "isMobile", "isMobileApp", "FileSystemAdapter"})
_ADAPTER: Final = "FileSystemAdapter"


@module_check("API250", words={"import", "require", "electron", "fs", "child", "os", "path", "crypto", "http", "net"})
def desktop_module(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at imports of Node.js and Electron."""
    if inquiry.manifest is None or desktop_only(inquiry) or not is_plugin_code(inquiry, module):
        return
    own = inquiry.subject.other_documents.get("package.json")
    shipped = own.get("dependencies") if own is not None else None
    filled = own is not None and any(
        found(_FILLS, name)
        for holder in ("dependencies", "devDependencies")
        if (listed := own.get(holder)) is not None
        for name, _range in listed.members()
    )
    said = inquiry.manifest.get("isDesktopOnly")
    for name, at in _taken(module):
        bare = name.removeprefix("node:")
        if bare not in _NODE or (shipped is not None and shipped.get(bare) is not None) or _asked(module, at):
            continue
        if filled and bare in _FILLED:
            continue
        knows = not (_PLATFORM - {_ADAPTER}).isdisjoint(module.identifiers) or _tells_adapter(module)
        yield Match(
            at,
            f"'{bare}' is there on the desktop alone, and the manifest offers the plugin to phones and tablets.",
            related=((said, "offered to all"),) if said is not None else (),
            confidence=Confidence.POSSIBLE if knows else None,
        )


def _tells_adapter(module: Module) -> bool:
    """Tell whether code asks if the files lie on a disk; a cast to the adapter of a disk only says so."""
    return _ADAPTER in module.identifiers and any(
        isinstance(one.parent, Binary | Call) for one in module.all(Name) if one.id == _ADAPTER
    )


def _taken(module: Module) -> Iterator[tuple[str, Node]]:
    """Yield what a module takes in, types left out."""
    for statement in module.all(Import):
        if not statement.names or any(not name.type_only for name in statement.names):
            yield statement.source, statement
    for call in module.all(Call):
        if isinstance(call.callee, Name) and call.callee.id in ("require", "import") and call.args:
            first = call.args[0]
            if isinstance(first, Literal) and isinstance(first.value, str):
                yield first.value, call


def _asked(module: Module, node: Node) -> bool:
    """Tell whether the platform is asked before a call: in a test around it, or in one that leaves the function."""
    if isinstance(node, Import):
        return False
    function = function_of(node)
    while True:
        for condition in conditions(node):
            if any(word in module.text_of(condition.test) for word in _PLATFORM):
                return True
        if function is None:
            return False
        node, function = function, function.outer
