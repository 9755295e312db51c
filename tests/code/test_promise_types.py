"""Which declared types say that something comes later."""

from __future__ import annotations

import pytest

from reviewer.code.text.promise_types import is_promise_type


@pytest.mark.parametrize(
    "declared",
    [
        "Promise<Lamp>",
        "Promise<Map<string, Lamp[]>>",
        "Promise<() => Lamp[]>",
        " Promise<Lamp> | undefined",
        "PromiseLike<void>",
        "Awaitable[list[Lamp]]",
        "Coroutine[Any, Any, Lamp]",
        "Promise<Lamp",
    ],
)
def test_what_comes_later(declared):
    assert is_promise_type(declared)


@pytest.mark.parametrize("declared", ["", "Lamp", "Promise<Lamp>[]", "Promise<Lamp> []", "Map<string, Promise<Lamp>>"])
def test_what_is_there_though_promises_may_be_in_it(declared):
    assert not is_promise_type(declared)
