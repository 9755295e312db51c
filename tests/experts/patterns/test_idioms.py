"""Whole small files in many idioms: each flaw is marked with the rule that speaks there, and nothing else is said."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from idioms import findings

from reviewer.experts import homes

SAMPLES = Path(__file__).parent / "samples"
RULES = sorted(rule for rule in homes() if rule.startswith("PAT"))
FILES = sorted(SAMPLES.glob("*/*.txt"))


@pytest.mark.parametrize("file", FILES, ids=[f"{file.parent.name}-{file.stem}" for file in FILES])
def test_each_flaw_is_found_and_nothing_else_is_said(file: Path):
    text = file.read_text("utf-8")
    path = file.stem.replace("__", "/")
    wanted = [
        (rule, number) for number, line in enumerate(text.splitlines(), 1) for rule in re.findall(r"<(PAT[0-9]+)", line)
    ]
    found = [(rule, line) for rule in RULES for _path, line in findings(rule, {path: text}, file.parent.name)]
    assert sorted(found) == sorted(wanted)
