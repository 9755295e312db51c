"""Conductors side by side, and workers that make room for fresh ones."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest
from market_of_gauges import files_of, write_folder

from reviewer.engine.job import Job
from reviewer.engine.request import Request
from reviewer.engine.workers import conduct
from reviewer.engine.workers.conduct import AbandonedError, Conductor
from reviewer.engine.workers.crew import Crew

REQUEST = Request(select=("LIF001",))


@pytest.fixture
def job(tmp_path: Path) -> Job:
    return Job(str(write_folder(tmp_path / "gauge", files_of(1))), "gauge", REQUEST)


def test_a_worker_that_has_worked_long_makes_room_and_the_answer_is_the_same(job, monkeypatch):
    with Conductor(1) as conductor:
        first = conductor.run(job).data
        kept = conductor._idle
        assert conductor.run(job).data == first
        assert conductor._idle is kept, "within its working life a worker is kept"
        monkeypatch.setattr(conduct, "WORKING_LIFE", 0.0)
        assert conductor.run(job).data == first
        assert conductor._idle is not kept
        assert kept is not None
        assert kept._process.wait(0) is not None, "the old one is gone"


def test_each_piece_of_work_has_a_conductor_to_itself(job):
    meeting = threading.Barrier(2, timeout=60)
    seen: list[int] = []

    def work(conductor: Conductor) -> str:
        seen.append(id(conductor))
        meeting.wait()  # both are under way at once, or this never ends
        return json.dumps(conductor.run(job).data, sort_keys=True)

    with Crew(2) as crew:
        one, other = crew.submit(work), crew.submit(work)
        assert one.result() == other.result()
    assert len(set(seen)) == 2


def test_leaving_the_crew_ends_what_is_under_way(job):
    started = threading.Event()

    def work(conductor: Conductor) -> object:
        started.set()
        while True:
            conductor.run(job)

    with Crew(1) as crew:
        future = crew.submit(work)
        assert started.wait(60)
    assert isinstance(future.exception(timeout=60), AbandonedError)
