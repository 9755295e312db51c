"""Many spellings of the flaws that host code has, and of right code that looks like them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from idioms import findings

_CASE = re.compile(r"^### (bad|good) (\S+)\n", re.MULTILINE)


def _cases(kind: str) -> list[object]:
    found: list[object] = []
    for file in sorted((Path(__file__).parent / "host").glob("*.txt")):
        parts = _CASE.split(file.read_text(encoding="utf-8"))[1:]
        for number in range(0, len(parts), 3):
            if parts[number] == kind:
                name, text = parts[number + 1 : number + 3]
                found.append(pytest.param(file.stem, f"src/{name}", text, id=f"{file.stem}-{kind}-{name}"))
    return found


@pytest.mark.parametrize(("rule", "path", "text"), _cases("bad"))
def test_a_flaw_is_found_where_it_stands(rule: str, path: str, text: str) -> None:
    marked = [(path, number) for number, line in enumerate(text.split("\n"), 1) if "<-" in line]
    assert findings(rule, {path: text}) == marked


@pytest.mark.parametrize(("rule", "path", "text"), _cases("good"))
def test_right_code_that_looks_like_it_is_left_alone(rule: str, path: str, text: str) -> None:
    assert findings(rule, {path: text}) == []
