"""Published plugins in the application: reviewed from their archives, read from the first tab to the last."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from reviewer.tui.widgets.sheet import Sheet

CORPUS = Path(__file__).resolve().parents[1] / "corpus"
CHOSEN = 3


def archives() -> list[Path]:
    """Return some archives of the corpus, small ones of both registries, as far as they are in the cache."""
    spec = importlib.util.spec_from_file_location("corpus_list", CORPUS / "corpus.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["corpus_list"] = module  # its dataclass looks its own module up
    spec.loader.exec_module(module)
    found = [package.archive(module.cache_folder()) for package in module.present(module.load(), module.cache_folder())]
    small = sorted(found, key=lambda path: path.stat().st_size)
    middle = small[len(small) // 2 :]
    packed = [path for path in middle if path.suffix == ".tgz"]
    wheels = [path for path in middle if path.suffix == ".whl"]
    return [*packed[:2], *wheels[:1]]


@pytest.fixture
def chosen() -> list[Path]:
    """Return three archives, fetched where they are not in the cache yet."""
    if not archives():
        subprocess.run([sys.executable, str(CORPUS / "fetch.py")], capture_output=True, check=False)
    found = archives()
    if len(found) < CHOSEN:
        pytest.skip("the corpus is not in the cache, and the registries did not deliver it")
    return found


@pytest.mark.needs("npm", "pip")
@pytest.mark.usefixtures("place")
async def test_published_plugins_can_be_reviewed_and_read_to_their_end(opened, chosen):
    async with opened(size=(100, 30)) as hand:
        for archive in chosen:
            screen = await hand.review(f"/review-plugin {archive}")
            for tab in "2345":
                await hand.press(tab)
            assert "files analysed" in screen.query_one("#coverage-page", Sheet).text
            assert "The gate" in screen.query_one("#summary-page", Sheet).text
            await hand.press("1")
            for entry in screen.result.index.entries[:20]:
                assert screen.findings.list.go_to(entry.key)
                sheet = screen.findings.sheet
                await hand.until(lambda sheet=sheet, rule=entry.finding.rule: f"· {rule} " in sheet.text)
                lines = screen.result.outcome.sources(entry.subject, entry.finding.location.path)
                if lines is not None and entry.finding.location.line <= len(lines):
                    assert f"{entry.finding.location.line} ┃" in screen.findings.sheet.text
            await hand.press("x")
            assert any("only read" in said or "Go to a finding" in said for said in hand.said)
            await hand.press("escape")
