"""How far a run is, in words that hold."""

from __future__ import annotations

from reviewer.market.records import DONE, FAILED
from reviewer.market.running.rate import Rate, duration


class Clock:
    """A clock that a test turns."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_the_rate_says_speed_remaining_time_and_failures():
    clock = Clock()
    rate = Rate(1000, 100, clock)
    for number in range(100):
        clock.now += 0.5
        rate.reviewed(FAILED if number < 3 else DONE)
    assert rate.text == "200 of 1,000, 2.0 a second, 6 min 40 s left, 3 failed"


def test_speed_is_that_of_the_last_minute_whatever_came_before():
    clock = Clock()
    rate = Rate(10_000, 0, clock)
    clock.now = 1.0
    rate.taken(8_000)
    for _ in range(200):
        clock.now += 1.0
        rate.reviewed(DONE)
    assert rate.text == "8,200 of 10,000, 1.0 a second, 30 min 00 s left, 8,000 unchanged"


def test_a_run_at_its_end_has_nothing_left():
    clock = Clock()
    rate = Rate(1, 0, clock)
    clock.now = 2.0
    rate.reviewed(DONE)
    assert rate.text == "1 of 1, 0.5 a second"


def test_a_stretch_of_time_is_written_as_it_is_said():
    assert [duration(seconds) for seconds in (0.4, 59.6, 61, 3600, 90_060)] == [
        "0 s",
        "1 min 00 s",
        "1 min 01 s",
        "1 h 00 min",
        "25 h 01 min",
    ]
