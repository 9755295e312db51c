"""Starts the language server on standard input and output."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from reviewer.commands.command import Reply
from reviewer.core.errors import UsageError

if TYPE_CHECKING:
    from reviewer.commands.command import Invocation


def run(_invocation: Invocation) -> Reply:
    """Serve until the editor has enough of it; raises `UsageError` where the package for it is missing."""
    if find_spec("pygls") is None:
        raise UsageError(
            'the language server needs a package that is not installed\n  python -m pip install "plugin-reviewer[lsp]"'
        )
    from reviewer.lsp.features import serve

    serve()
    return Reply("")
