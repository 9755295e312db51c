"""Locals that only name a field are the field, where that can't be something else by then."""

from __future__ import annotations

import pytest

from reviewer.code.module import Module
from reviewer.code.syntax import Call

HEAD = "class Kiln {\n  #heat = 0;\n  racks = new Map();\n  run;\n"


def _argument(path: str, text: str) -> str:
    """What the call of ``sink`` in a text is given, spelled in full."""
    module = Module(path, text.encode())
    (call,) = (call for call in module.all(Call) if call.name == "sink")
    return module.text_of(call.args[0])


@pytest.mark.parametrize(
    ("method", "said"),
    [
        ("a() { const { racks } = this; sink(racks.size); }", "this.racks.size"),
        ("a() { const { racks: all } = this; sink({ all }); }", "{ all: this.racks }"),
        ("a() { const held = this.racks; later(() => sink(held)); }", "this.racks"),
        ("async a() { const { racks } = this; await idle(); sink(racks); }", "this.racks"),
        ("async a() { const { run } = this; sink(run); await idle(); } b() { this.run = 1; }", "this.run"),
        ("a() { const add = this.racks; sink(add); } set() { this.racks.x = 1; }", "this.racks"),
        ("a() { const heat = this.#heat; sink(heat); }", "this.#heat"),
        # what a field was before is no name of it
        ("async a() { const { run } = this; await idle(); sink(run); } b() { this.run = 1; }", "run"),
        ("a() { const { run } = this; this.run = null; sink(run); }", "run"),
        ("a() { const { run } = this; this.b(); sink(run); } b() { this.run = 1; }", "run"),
        ("a() { const { run } = this; later(() => sink(run)); } b() { this.run = 1; }", "run"),
        # nor is what may be something else as well
        ("a() { let racks = this.racks; if (b) racks = other; sink(racks); }", "racks"),
        ("a() { const { racks } = this; later((racks) => sink(racks)); }", "racks"),
        ("a() { const { b } = this; sink(b); } b() {}", "b"),
    ],
)
def test_a_local_of_a_method_is_the_field_that_it_names(method: str, said: str) -> None:
    assert _argument("kiln.js", f"{HEAD}  {method}\n}}\n") == said


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("racks = self._racks\n        sink(racks)", "self._racks"),
        ("racks: dict = self._racks\n        sink([r for r in racks])", "[r for r in self._racks]"),
        ("run = self._run\n        self._run = None\n        sink(run)", "run"),
        ("racks = self._racks\n        racks = racks or {}\n        sink(racks)", "racks"),
    ],
)
def test_a_local_of_python_is_the_field_that_it_names(body: str, said: str) -> None:
    head = (
        "class Kiln:\n    def __init__(self):\n        self._racks = {}\n\n    def go(self):\n        self._run = 1\n\n"
    )
    assert _argument("kiln.py", f"{head}    def a(self):\n        {body}\n") == said


def test_a_name_that_nobody_reads_any_more_is_gone() -> None:
    method = "a() { const { racks, run } = this; racks.clear(); later(() => run()); }"
    module = Module("kiln.js", f"{HEAD}  {method}\n}}\n".encode())
    only = next(function for function in module.functions if function.name == "a")
    assert [module.text_of(statement) for statement in only.body] == ["this.racks.clear();", "later(() => this.run());"]
