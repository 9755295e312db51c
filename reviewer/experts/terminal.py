"""Files that a person runs at a terminal: nobody else waits there, and what is printed goes to that person alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.text.words import words

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_SERVES: Final = frozenset(
    "createServer listen WebSocketServer ipcMain BrowserWindow createConnection fastify express parentPort".split()
)


def is_program(module: Module) -> bool:
    """Tell whether a person starts the file at a terminal, where nobody else waits for anything."""
    *folders, name = module.path.split("/")
    if name == "__main__.py" or any({"cli", "pytest"} & set(words(folder)) for folder in folders):
        return True
    return module.source.startswith(b"#!") or "bin" in folders or "cli" in words(name.partition(".")[0])


def is_of_a_command(inquiry: Inquiry, module: Module) -> bool:
    """Tell whether a file is of a package of commands, which a person starts and which mostly serve nobody else.

    In JavaScript nearly all functions of such a package are asynchronous, whoever waits; a file that opens a server or
    hears messages does serve.
    """
    package = inquiry.subject.other_documents.get("package.json")
    if package is None and inquiry.subject.manifest_path == "package.json":
        package = inquiry.manifest
    if module.language == "python" or inquiry.subject.kind == "plugin" or package is None:
        return False
    return package.get("bin") is not None and _SERVES.isdisjoint(module.identifiers)
