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
    rate.taken(300)
    for number in range(100):
        clock.now += 0.5
        rate.reviewed(FAILED if number < 3 else DONE)
    assert rate.text == "500 of 1,000, 2.0 a second, 4 min 10 s left, 300 unchanged, 3 failed"


def test_what_was_taken_from_an_earlier_run_makes_the_rest_no_faster():
    clock = Clock()
    rate = Rate(10_000, 0, clock)
    rate.taken(9_000)
    clock.now = 10.0
    rate.reviewed(DONE)
    assert "0.1 a second" in rate.text


def test_a_stretch_of_time_is_written_as_it_is_said():
    assert [duration(seconds) for seconds in (0.4, 59.6, 61, 3600, 90_060)] == [
        "0 s",
        "1 min 00 s",
        "1 min 01 s",
        "1 h 00 min",
        "25 h 01 min",
    ]
