"""Intervals that run what a host enters: who throws the handle of a helper away can't end them with the entry."""

from __future__ import annotations

import pytest
from idioms import findings

BOOTHS = """const booths = new Map();
const ears = new Map();

function listenIn(number, booth) {
  return setInterval(() => booth.listen(), 5_000);
}

export function lend(number, booth) {
  booths.set(number, booth);
  listenIn(number, booth);
}

export function takeBack(number) {
  booths.delete(number);
}
"""
KEPT = BOOTHS.replace("  listenIn(number, booth);", "  ears.set(number, listenIn(number, booth));").replace(
    "  booths.delete(number);", "  clearInterval(ears.get(number));\n  booths.delete(number);"
)
FOR_EVER = BOOTHS.replace("  booths.delete(number);", "  return booths.get(number);")


def test_a_handle_that_is_thrown_away_is_told():
    assert findings("LIF003", {"lib/booths.js": BOOTHS}) == [("lib/booths.js", 10)]


@pytest.mark.parametrize("source", [KEPT, FOR_EVER], ids=["kept", "never-taken-out"])
def test_an_interval_that_can_be_ended_or_is_to_stay_is_left_alone(source: str):
    assert findings("LIF003", {"lib/booths.js": source}) == []
