"""What ``this`` names in a method of an object that is written out."""

from __future__ import annotations

import pytest

from reviewer.code.module import Module
from reviewer.code.reach.links import callee


def _reached(text: str) -> str | None:
    module = Module("desk.js", text.encode())
    target = callee(module, next(module.calls(("ask",))))
    return target.name if target is not None else None


@pytest.mark.parametrize(
    "text",
    [
        "const desk = { run() { this.ask(); }, ask() {} };",
        "export const make = () => ({ run: async () => 1, act() { return () => this.ask(); }, ask() {} });",
        "class Desk { open() { return { run() { this.ask(); }, ask() {} }; } }",
    ],
)
def test_a_method_of_an_object_is_reached_through_this(text: str) -> None:
    assert _reached(text) == "ask"


@pytest.mark.parametrize(
    "text",
    ["const desk = { run: () => this.ask(), ask() {} };", "const desk = { run() { this.ask(); } };"],
)
def test_nothing_is_reached_where_this_is_something_else(text: str) -> None:
    assert _reached(text) is None
