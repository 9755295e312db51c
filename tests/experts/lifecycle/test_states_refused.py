"""An error that is caught around a restored state excuses the host only where it says that the state does not fit."""

from __future__ import annotations

import pytest
from whole import reviewed

KEEPER = """
import asyncio

class Keeper:
    def __init__(self):
        self._running = {{}}

    async def replace(self, name, make):
        old = self._running[name]
        state = await asyncio.wait_for(old.get_state(), 5)
        fresh = make()
        await asyncio.wait_for(fresh.activate(name), 5)
        try:
            await asyncio.wait_for(fresh.restore_state(state), 5)
        except {error}:
            print("starts without its earlier state")
        self._running[name] = fresh
        await asyncio.wait_for(old.deactivate(), 5)
"""


@pytest.mark.parametrize(("error", "told"), [("TimeoutError", True), ("ValueError", False), ("WrongVersion", False)])
def test_only_an_error_about_the_state_excuses_the_host(tmp_path, error, told):
    found = reviewed(tmp_path, {"keeper.py": KEEPER.format(error=error)}, "LIF008")
    assert bool(found) is told
