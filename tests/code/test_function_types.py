"""What a function gives of which only the type is known."""

from __future__ import annotations

import pytest

from reviewer.code.module import Module
from reviewer.code.reach.function_types import result_of

TYPES = b"""
type Make = (slug: string) => Promise<Stall>;
interface Open { (slug: string): Stall }
"""


@pytest.mark.parametrize(
    ("annotation", "result"),
    [
        ("(slug: string) => Promise<Stall>", "Promise<Stall>"),
        ("((slug: string, done: () => void) => Stall) | undefined", "Stall"),
        ("Callable[[str], Awaitable[Stall]]", "Awaitable[Stall]"),
        ("Make", "Promise<Stall>"),
        ("Open", "Stall"),
        ("string", ""),
        ("(Stall)", ""),
        ("", ""),
    ],
)
def test_the_result_of_a_function_type(annotation, result):
    assert result_of(Module("stalls.ts", TYPES), annotation) == result


@pytest.mark.parametrize(
    "annotation", ["(" * 5_000 + ")" * 5_000, "(" * 5_000, "((" * 150 + "))", "Callable[[" * 3_000]
)
def test_types_that_nobody_would_write_have_none(annotation):
    assert result_of(Module("stalls.ts", b""), annotation) == ""
