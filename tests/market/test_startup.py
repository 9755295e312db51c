"""What a run over a market does not need is not loaded, and other commands know nothing of it."""

from __future__ import annotations

import json
import subprocess
import sys

from market_of_gauges import make_market

ELSEWHERE = {"distributed", "dask", "pyarrow", "textual", "jinja2", "pydantic", "dulwich", "asyncio", "ssl"}
PARSERS = {"tree_sitter", "defusedxml", "reviewer.code.module", "reviewer.subject.discover"}


def loaded(batch, words: list[str]) -> set[str]:
    """Return the modules that the program has loaded at its end."""
    program = (
        "import sys, json\nfrom reviewer.cli.main import main\n"
        f"code = main({words!r})\nprint('\\n' + json.dumps([code, *sorted(sys.modules)]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=batch.home,
        env=batch.environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    code, *modules = json.loads(done.stdout.splitlines()[-1])
    assert code == 0, done.stderr
    return set(modules)


def test_the_process_that_a_person_starts_parses_nothing_of_the_subjects(batch):
    market = make_market(batch.home / "market", 3)
    modules = loaded(batch, ["batch", str(market), "--select", "LIF001", "--fail-on", "none", "--export", "tables"])
    assert modules & (ELSEWHERE | PARSERS) == set()


def test_other_commands_load_nothing_of_markets(batch):
    modules = loaded(batch, ["explain", "LIF001"])
    assert {name for name in modules if name.startswith("reviewer.market")} == set()
    assert modules & {*ELSEWHERE, "sqlite3"} == set()
