"""Each flaw in the dress of many hosts, and correct code that looks like it.

A file of cases holds blocks: ``### RULE good|bad PATH [plugin|host]``, the code, and further files of
the same subject after ``--- PATH``. ``<- here`` marks the lines on which a bad one is found.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from idioms import findings

_HERE = Path(__file__).parent / "idioms"
_CASE = re.compile(r"### (?P<rule>\w+) (?P<how>good|bad) (?P<path>\S+)(?: (?P<kind>\w+))?$")


def _cases():
    for file in sorted(_HERE.glob("*.txt")):
        blocks = re.split(r"^(?=### )", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
        for number, block in enumerate(filter(None, blocks), 1):
            first, _, rest = block.partition("\n")
            head = _CASE.match(first)
            assert head is not None, first
            parts = re.split(r"^--- (\S+)\n", rest, flags=re.MULTILINE)
            files = {head["path"]: parts[0], **dict(zip(parts[1::2], parts[2::2], strict=True))}
            name = f"{file.stem}-{number}-{head['rule']}-{head['how']}"
            yield pytest.param(head["rule"], head["how"], files, head["kind"] or "host", id=name)


@pytest.mark.parametrize(("rule", "how", "files", "kind"), list(_cases()))
def test_a_flaw_is_found_on_its_line_and_correct_code_is_left_alone(rule, how, files, kind):
    marks = sorted(
        (path, number)
        for path, text in files.items()
        for number, line in enumerate(text.splitlines(), 1)
        if "<- here" in line
    )
    assert bool(marks) == (how == "bad")
    assert findings(rule, files, kind) == marks
