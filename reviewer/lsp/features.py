"""What the server answers to, one small function for each question of the protocol."""

from __future__ import annotations

from typing import Final

from lsprotocol import types

from reviewer.lsp.actions import actions
from reviewer.lsp.convert import diagnostic, lines_of
from reviewer.lsp.pages import page
from reviewer.lsp.server import Reviewer

_STRICTNESS: Final = ("regular", "pedantic", "auditor")


def server() -> Reviewer:
    """Return a server that answers."""
    made = Reviewer()

    @made.feature(types.INITIALIZE)
    def _initialize(ls: Reviewer, params: types.InitializeParams) -> None:
        options = params.initialization_options
        wanted = options.get("strictness") if isinstance(options, dict) else None
        ls.desk.strictness = wanted if wanted in _STRICTNESS else ""

    @made.feature(types.TEXT_DOCUMENT_DID_OPEN)
    async def _opened(ls: Reviewer, params: types.DidOpenTextDocumentParams) -> None:
        ls.later(params.text_document.uri, 0)

    @made.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    async def _changed(ls: Reviewer, params: types.DidChangeTextDocumentParams) -> None:
        ls.later(params.text_document.uri)

    @made.feature(types.TEXT_DOCUMENT_DID_SAVE)
    async def _saved(ls: Reviewer, params: types.DidSaveTextDocumentParams) -> None:
        ls.later(params.text_document.uri, 0)

    @made.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    async def _closed(ls: Reviewer, params: types.DidCloseTextDocumentParams) -> None:
        ls.later(params.text_document.uri, 0)

    @made.feature(types.TEXT_DOCUMENT_HOVER)
    def _hover(ls: Reviewer, params: types.HoverParams) -> types.Hover | None:
        return _hovered(ls, params)

    @made.feature(types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions([types.CodeActionKind.QuickFix]))
    def _actions(ls: Reviewer, params: types.CodeActionParams) -> list[types.CodeAction]:
        uri = params.text_document.uri
        lines = lines_of(ls.workspace.get_text_document(uri).source)
        return list(actions(ls.findings(uri)[0], params.range, uri, lines, ls.units))

    @made.feature(types.SHUTDOWN)
    def _shutdown(ls: Reviewer, _params: None) -> None:
        ls.desk.close()

    return made


def _hovered(ls: Reviewer, params: types.HoverParams) -> types.Hover | None:
    """Return the pages of the rules that speak at a position."""
    uri, at = params.text_document.uri, params.position
    found, skills = ls.findings(uri)
    lines = lines_of(ls.workspace.get_text_document(uri).source)
    places = [(one, diagnostic(one, lines, ls.units, uri).range) for one in found]
    here = [
        (one, place)
        for one, place in places
        if (place.start.line, place.start.character) <= (at.line, at.character) <= (place.end.line, place.end.character)
    ]
    pages = [text for one, _ in here if (text := page(one.rule, skills))]
    if not pages:
        return None
    text = "\n\n---\n\n".join(dict.fromkeys(pages))
    return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, text), here[0][1])


def serve() -> None:
    """Serve an editor until it has enough of it."""
    made = server()
    try:
        made.start_io()
    finally:
        made.desk.close()
