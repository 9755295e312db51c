"""The faces that stay open, as the command line starts them; none is imported before it is asked for."""

from __future__ import annotations

from typing import Final

from reviewer.commands.command import Argument, Command

_PATH: Final = Argument("path", "path", "what to review at once: a folder, an archive or a file", "path", default="",
                        metavar="PATH")  # fmt: skip

TUI: Final = Command(
    "tui",
    "",
    "open the application in this terminal (so does reviewer alone)",
    (_PATH,),
    "reviewer.tui.start:tui",
    ("reviewer tui", "reviewer tui plugin.zip"),
)
SERVE: Final = Command(
    "serve",
    "",
    "open the application to a browser on this machine",
    (_PATH, Argument("--port", "port", "where to listen on the loopback", default="8000", metavar="N")),
    "reviewer.tui.start:serve",
    ("reviewer serve", "reviewer serve . --port 8080"),
)

LSP: Final = Command(
    "lsp",
    "",
    "serve an editor over standard input and output: findings, rule pages and fixes as you type",
    (Argument("--stdio", "stdio", "speak over standard input and output, as it always does", "flag", default=False),),
    "reviewer.lsp.start:run",
    ("reviewer lsp",),
)
MCP: Final = Command(
    "mcp",
    "",
    "serve an assistant over standard input and output: review, explain, search, design",
    (),
    "reviewer.mcp.start:run",
    ("reviewer mcp",),
)

FACES: Final = (TUI, SERVE, LSP, MCP)


def find_face(name: str) -> Command | None:
    """Return the face of a name, or None."""
    return next((face for face in FACES if face.name == name), None)
