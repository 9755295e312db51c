"""Listens to the editor and tells it what a review finds, a moment after the last key."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Final

from lsprotocol import types
from pygls import uris
from pygls.lsp.server import LanguageServer

from reviewer import __version__
from reviewer.core.errors import ReviewerError
from reviewer.engine.workers.conduct import InternalError
from reviewer.lsp.convert import diagnostic, lines_of
from reviewer.lsp.desk import Desk, Seen, root_of

if TYPE_CHECKING:
    from reviewer.core.finding import Finding

_PAUSE: Final = 0.3
"""Seconds without a key after which a review begins."""


class Reviewer(LanguageServer):
    """The server with what it knows of each folder."""

    def __init__(self) -> None:
        """Start listening to nothing yet."""
        super().__init__("reviewer", __version__)
        self.desk = Desk()
        self._seen: dict[Path, Seen] = {}
        self._waiting: dict[Path, asyncio.Task[None]] = {}
        self._turn = asyncio.Lock()
        self._complained: dict[Path, str] = {}

    def later(self, uri: str, pause: float = _PAUSE) -> None:
        """Review the folder of a document once nothing has changed for a while."""
        file = self._file(uri)
        if file is None:
            return
        root = root_of(file, self._folders())
        waiting = self._waiting.pop(root, None)
        if waiting is not None:
            waiting.cancel()
        self._waiting[root] = asyncio.get_running_loop().create_task(self._review(root, pause))

    async def _review(self, root: Path, pause: float) -> None:
        await asyncio.sleep(pause)
        self._waiting.pop(root, None)  # from here on another change starts another review
        async with self._turn:
            documents = self.workspace.text_documents
            unsaved = {file: document.source for uri, document in documents.items() if (file := self._file(uri))}
            try:
                seen = await asyncio.to_thread(self.desk.review, root, unsaved)
            except (ReviewerError, InternalError, OSError) as error:
                self._complain(root, str(error))
                return
            self._complained.pop(root, None)
            self._publish(root, seen)

    def _complain(self, root: Path, message: str) -> None:
        """Say once what is wrong with a configuration; an editor that asks again hears it once."""
        if self._complained.get(root) != message:
            self._complained[root] = message
            self.window_show_message(types.ShowMessageParams(types.MessageType.Warning, message))

    def _publish(self, root: Path, seen: Seen) -> None:
        """Tell the findings of each file, and that there are none any more of a file that had some."""
        before = self._seen.get(root)
        self._seen[root] = seen
        files = {*seen.findings, *(before.findings if before is not None else ())}
        documents = self.workspace.text_documents
        open_here = {file: uri for uri in documents if (file := self._file(uri)) is not None}
        for file in sorted(files | {file for file in open_here if file.is_relative_to(root)}):
            uri = open_here.get(file) or uris.from_fs_path(str(file)) or ""
            version = documents[uri].version if uri in documents else None
            lines = self._lines(seen, file, uri)
            told = [diagnostic(one, lines, self.units, uri) for one in seen.findings.get(file, ())]
            self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, told, version))

    def findings(self, uri: str) -> tuple[list[Finding], tuple[str, ...]]:
        """Return what the last review found in a document, with the folders of a person's own rules.

        While a document is another than the one that was reviewed, nothing is known of it.
        """
        file = self._file(uri)
        text = self.workspace.get_text_document(uri).source
        for seen in self._seen.values():
            if file is not None and file in seen.findings and seen.texts.get(file) == text:
                return seen.findings[file], seen.outcome.skills
        return [], ()

    def _lines(self, seen: Seen, file: Path, uri: str) -> list[str] | None:
        documents = self.workspace.text_documents
        return lines_of(documents[uri].source) if uri in documents else seen.lines(file)

    def units(self, text: str) -> int:
        """Return how long the editor takes a text to be."""
        return int(self.workspace.position_codec.client_num_units(text))

    def _folders(self) -> list[Path]:
        found = [self._file(uri) for uri in self.workspace.folders]
        return [folder for folder in found if folder is not None]

    def _file(self, uri: str) -> Path | None:
        """Return the file of a document; None for one that is no file."""
        path = uris.to_fs_path(uri) if uri.startswith("file:") else None
        return Path(path) if path else None
