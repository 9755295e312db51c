"""Further spellings of each flaw, and right code that looks like it, in ``spellings/<rule>.md``; same form as a rule page."""

from __future__ import annotations

from pathlib import Path

import pytest
from idioms import findings

from reviewer.library.examples import MARK
from reviewer.library.markdown import read_markdown

FOLDER = Path(__file__).parent / "spellings"


def _cases():
    for path in sorted(FOLDER.glob("*.md")):
        for section in read_markdown(path.read_text("utf-8")).sections:
            subjects: dict[str, dict[str, str]] = {}
            for fence in section.fences:
                name, _, case = fence.info.split(" ", 1)[1].partition(" case=")
                subjects.setdefault(case or f"line{fence.line}", {})[name] = fence.text
            for case, files in subjects.items():
                yield pytest.param(path.stem, files, section.heading, id=f"{path.stem}-{section.heading}-{case}")


@pytest.mark.parametrize(("rule", "files", "heading"), list(_cases()))
def test_a_flaw_is_found_in_many_spellings_and_right_code_is_not(rule, files, heading):
    marks = [
        (path, number)
        for path, text in sorted(files.items())
        for number, line in enumerate(text.split("\n"), start=1)
        if MARK in line
    ]
    assert bool(marks) == (heading == "Bad")
    assert findings(rule, files) == marks
