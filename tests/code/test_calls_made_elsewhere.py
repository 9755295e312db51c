"""A call that is handed to a thread, a pool or for later is seen with its function and its arguments."""

from __future__ import annotations

import pytest

from reviewer.code.module import Module
from reviewer.code.reach.elsewhere import handed_calls


@pytest.mark.parametrize(
    "line",
    [
        "asyncio.to_thread(shutil.move, a, b)",
        "loop.run_in_executor(None, shutil.move, a, b)",
        "pool.submit(shutil.move, a, b)",
        "functools.partial(shutil.move, a, b)",
        "asyncio.to_thread(functools.partial(shutil.move, a, b))",
    ],
)
def test_the_function_and_its_arguments_are_seen(line):
    module = Module("a.py", f"import asyncio, functools, shutil\n{line}\n".encode())
    (found,) = handed_calls(module)
    assert module.resolve(found.callee) == "shutil.move"
    assert [module.text_of(arg) for arg in found.args] == ["a", "b"]


def test_a_pool_that_is_given_nothing_hands_nothing_on():
    module = Module("a.py", b"form.submit()\nloop.run_in_executor(None)\n")
    assert list(handed_calls(module)) == []
