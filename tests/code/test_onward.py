"""Where a value goes on: variables that hold it, and calls of functions that answer with it."""

from __future__ import annotations

import pytest

from reviewer.code.project import Project
from reviewer.code.reach.onward import onward
from reviewer.code.syntax import Name


@pytest.mark.parametrize(
    ("path", "text", "lines"),
    [
        ("a.js", "const all = { x: source };\nlog(all);\nsend(all);\n", [1, 2, 3]),
        ("a.js", "function make() {\n  return { x: source };\n}\nsend(make());\n", [2, 4]),
        ("a.js", "const text = JSON.stringify(source);\nsend(text);\n", [1, 2]),
        ("a.js", "const size = count(source);\nsend(size);\n", [1]),
        ("a.js", "const all = source ? 1 : 2;\nsend(all);\n", [1]),
        ("a.js", "let all = source;\nfunction f(all) {\n  send(all);\n}\n", [1]),
        ("a.py", "def run():\n    report = {}\n    report['x'] = source\n    send(report)\n", [3, 4]),
        ("a.py", "def run(report):\n    report['x'] = source\n    send(report)\n", [2]),
        ("a.py", "def make():\n    found = {'x': source}\n    return found\n\n\nsend(make())\n", [2, 3, 6]),
    ],
)
def test_a_value_is_followed_to_where_it_or_its_holder_stands(path, text, lines):
    module = Project([path], lambda _path: text.encode()).module(path)
    assert module is not None
    start = next(name for name in module.all(Name) if name.id == "source")
    assert [place.line for place in onward(module, start, {"stringify"})] == lines
