"""``items.forEach((item) => { … });`` is a loop, unless its function is more than the body of one."""

from __future__ import annotations

import pytest

from reviewer.code.module import Module
from reviewer.code.syntax import For, Jump


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("boats.forEach(boat => { boat.moor(); });", "boat"),
        ("boats.forEach(({ name }) => { moor(name); });", "{ name }"),
        ("fleet.boats().forEach((boat) => { if (!boat) return; boat.moor(); });", "boat"),
    ],
)
def test_a_call_for_each_item_is_a_loop(text, target):
    module = Module("a.ts", text.encode())
    (loop,) = module.all(For)
    assert module.text_of(loop.target) == target
    assert len(module.all(Jump)) == text.count("return")


@pytest.mark.parametrize(
    "text",
    [
        "boats.forEach(async (boat) => { await boat.moor(); });",
        "boats.forEach((boat, place) => { moor(boat, place); });",
        "boats.forEach((boat: Boat) => { boat.moor(); });",
        "boats?.forEach((boat) => { boat.moor(); });",
        "boats.forEach(moor);",
        "boats.forEach((boat) => { for (const rope of boat.ropes) { if (rope.torn) return; } boat.moor(); });",
        "const answers = boats.map((boat) => { boat.moor(); });",
    ],
)
def test_what_is_more_than_a_body_stays_a_function(text):
    module = Module("a.ts", text.encode())
    assert not [loop for loop in module.all(For) if loop.target is None or module.text_of(loop.target) == "boat"]
