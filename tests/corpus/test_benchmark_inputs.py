"""What the benchmarks read of the corpus can be read."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "benchmarks"))


@pytest.mark.needs("npm")
def test_a_plugin_is_grown_from_the_sources_of_the_corpus(tmp_path, fetched, monkeypatch, corpus_cache):
    assert fetched
    monkeypatch.setenv("REVIEWER_CORPUS_CACHE", str(corpus_cache))
    import inputs

    assert inputs.plugin(tmp_path, 50_000) >= 50_000
    assert len(list((tmp_path / "src").rglob("*.*"))) > 3
    assert (tmp_path / "plugin.json").is_file()
