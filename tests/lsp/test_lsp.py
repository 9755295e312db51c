"""An editor and the language server talk over standard input and output, as real ones do."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from lsprotocol import types
from pygls.lsp.client import LanguageClient

from tests.adoption.conftest import LEAK, MANIFEST, SECOND

MENDED = LEAK.replace("context.eventBus.on", "this.off = context.eventBus.on").replace(
    "async deactivate() {}", "async deactivate() { this.off?.(); }"
)
PATIENCE = 60


class Editor(LanguageClient):
    """A client that remembers what it was told."""

    def __init__(self) -> None:
        super().__init__("editor", "1")
        self.told: asyncio.Queue[types.PublishDiagnosticsParams] = asyncio.Queue()
        self.messages: list[str] = []

        @self.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def _published(params: types.PublishDiagnosticsParams) -> None:
            self.told.put_nowait(params)

        @self.feature(types.WINDOW_SHOW_MESSAGE)
        def _message(params: types.ShowMessageParams) -> None:
            self.messages.append(params.message)

    async def diagnostics(self, uri: str, version: int) -> list[types.Diagnostic]:
        """Wait for what is said about a version of a document."""
        while True:
            params = await asyncio.wait_for(self.told.get(), PATIENCE)
            if params.uri == uri and params.version == version:
                return list(params.diagnostics)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a plugin that is right on disk."""
    import json

    place = tmp_path / "gauge"
    place.mkdir()
    (place / "plugin.json").write_text(json.dumps(MANIFEST))
    (place / "plugin.js").write_text(MENDED)
    return place


@pytest_asyncio.fixture
async def editor(folder: Path) -> AsyncIterator[Editor]:
    """Return an editor with the server started in a folder."""
    client = Editor()
    await client.start_io(sys.executable, "-m", "reviewer", "lsp")
    capabilities = types.ClientCapabilities()
    await client.initialize_async(
        types.InitializeParams(
            capabilities=capabilities,
            root_uri=folder.as_uri(),
            workspace_folders=[types.WorkspaceFolder(folder.as_uri(), "gauge")],
            initialization_options={"strictness": "regular"},
        )
    )
    client.initialized(types.InitializedParams())
    yield client
    await client.shutdown_async(None)
    client.exit(None)
    await client.stop()


def opened(editor: Editor, folder: Path, text: str, name: str = "plugin.js") -> str:
    """Open a document with a text that is not on disk."""
    uri = (folder / name).as_uri()
    editor.text_document_did_open(types.DidOpenTextDocumentParams(types.TextDocumentItem(uri, "javascript", 1, text)))
    return uri


def change(editor: Editor, uri: str, version: int, text: str) -> None:
    """Replace the text of an open document."""
    editor.text_document_did_change(
        types.DidChangeTextDocumentParams(
            types.VersionedTextDocumentIdentifier(version, uri), [types.TextDocumentContentChangeWholeDocument(text)]
        )
    )


async def test_what_is_typed_is_reviewed_before_it_is_saved(editor: Editor, folder: Path):
    uri = opened(editor, folder, LEAK)
    (leak,) = await editor.diagnostics(uri, 1)
    assert (leak.code, leak.range.start.line, leak.source) == ("LIF001", 3, "reviewer")
    assert leak.severity == types.DiagnosticSeverity.Warning
    change(editor, uri, 2, LEAK.rstrip().removesuffix("}") + SECOND)
    assert [one.range.start.line for one in await editor.diagnostics(uri, 2)] == [3, 8]
    change(editor, uri, 3, MENDED)
    assert await editor.diagnostics(uri, 3) == []
    assert (folder / "plugin.js").read_text() == MENDED, "nothing was written"


async def test_a_hover_shows_the_page_of_the_rule_and_actions_mend_or_accept(editor: Editor, folder: Path):
    uri = opened(editor, folder, LEAK)
    (leak,) = await editor.diagnostics(uri, 1)
    at = types.TextDocumentPositionParams(types.TextDocumentIdentifier(uri), leak.range.start)
    hover = await editor.text_document_hover_async(types.HoverParams(at.text_document, at.position))
    assert hover is not None
    assert isinstance(hover.contents, types.MarkupContent)
    assert "LIF001" in hover.contents.value
    assert "Why it matters" in hover.contents.value
    elsewhere = await editor.text_document_hover_async(types.HoverParams(at.text_document, types.Position(0, 0)))
    assert elsewhere is None
    found = await editor.text_document_code_action_async(
        types.CodeActionParams(at.text_document, leak.range, types.CodeActionContext([leak]))
    )
    actions = {one.title: one for one in found or () if isinstance(one, types.CodeAction)}
    accept = actions["Accept LIF001 here, for a reason"]
    assert accept.edit is not None
    ((edit,),) = (accept.edit.changes or {}).values()
    lines = LEAK.split("\n")
    lines.insert(edit.range.start.line, edit.new_text.rstrip("\n"))
    change(editor, uri, 2, "\n".join(lines))
    assert await editor.diagnostics(uri, 2) == [], "the comment that was offered is understood"


async def test_columns_count_as_the_editor_counts(editor: Editor, folder: Path):
    line = LEAK.split("\n")[3]
    astral = line.replace("    context", "    /* \U0001f30a\U0001f30a */ context")
    uri = opened(editor, folder, LEAK.replace(line, astral))
    (leak,) = await editor.diagnostics(uri, 1)
    before = astral[: astral.index("context.eventBus")]
    assert leak.range.start.character == len(before.encode("utf-16-le")) // 2


async def test_a_flaw_between_two_files_is_told_in_the_other_one(editor: Editor, folder: Path):
    text = (folder / "plugin.json").read_text().replace('"requiredFeatures": ["events"]', '"requiredFeatures": []')
    uri = opened(editor, folder, text, "plugin.json")
    found = await editor.diagnostics(uri, 1)
    assert found == [] or all(one.source == "reviewer" for one in found)
    change(editor, uri, 2, "{")
    assert "FUN080" in [one.code for one in await editor.diagnostics(uri, 2)]


async def test_a_configuration_that_is_wrong_is_said_once_and_a_right_one_counts(editor: Editor, folder: Path):
    (folder / "reviewer.toml").write_text("fail-onn = 3\n")
    uri = opened(editor, folder, LEAK)
    for _ in range(100):
        await asyncio.sleep(0.2)
        if editor.messages:
            break
    assert "did you mean 'fail-on'?" in editor.messages[0]
    (folder / "reviewer.toml").write_text('ignore = ["LIF"]\n')
    change(editor, uri, 2, LEAK + "\n")
    assert await editor.diagnostics(uri, 2) == []


async def test_text_made_to_break_the_parser_leaves_the_server_standing(editor: Editor, folder: Path):
    uri = opened(editor, folder, "const x = " + "[" * 50_000 + "\n" + "a<b," * 20_000)
    await editor.diagnostics(uri, 1)
    change(editor, uri, 2, LEAK)
    assert [one.code for one in await editor.diagnostics(uri, 2)] == ["LIF001"]


def test_without_its_package_it_says_what_to_install():
    program = (
        "import sys, importlib.abc\n"
        "class Gone(importlib.abc.MetaPathFinder):\n"
        "    def find_spec(self, name, path, target=None):\n"
        "        if name.split('.')[0] in ('pygls', 'mcp'):\n"
        "            raise ModuleNotFoundError(name)\n"
        "sys.meta_path.insert(0, Gone())\n"
        "import importlib.util\n"
        "real = importlib.util.find_spec\n"
        "importlib.util.find_spec = lambda name, package=None: None if name in ('pygls', 'mcp') else real(name, package)\n"
        "from reviewer.cli.main import main\n"
        "sys.exit(main([sys.argv[1]]))\n"
    )
    for face in ("lsp", "mcp"):
        done = subprocess.run([sys.executable, "-c", program, face], capture_output=True, text=True, check=False)
        assert done.returncode == 2
        assert f'pip install "plugin-reviewer[{face}]"' in done.stderr
