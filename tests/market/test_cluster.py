"""A real Dask scheduler with four workers on loopback: whoever is killed meanwhile, the result is the local run's."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from batch_program import Batch
from market_of_gauges import files_of, make_market, write_folder, write_tgz

from reviewer.core.errors import UsageError
from reviewer.market.running import cluster as cluster_module
from reviewer.market.running.cluster import on_cluster

COUNT = 16
WORDS = ("--select", "LIF001,LIF003", "--fail-on", "none", "--export", "tables")
WORKERS = 4
ALLOWED = "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES"
"""How the scheduler is told after how many dead workers it gives up a task."""


class Cluster:
    """A scheduler on a port of its own, and workers that can be killed one by one."""

    def __init__(self, home: Path, environment: dict[str, str]) -> None:
        """Start nothing yet."""
        self.home = home
        self.environment = environment
        self.port = free_port()
        self.scheduler: subprocess.Popen[bytes] | None = None
        self.workers: list[subprocess.Popen[bytes]] = []

    @property
    def address(self) -> str:
        """Where the scheduler is."""
        return f"tcp://127.0.0.1:{self.port}"

    def start_scheduler(self) -> None:
        """Start a scheduler, or another one in the place of the last."""
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", str(self.port), "--no-dashboard")

    def start_worker(self) -> None:
        """Start one worker with one thread, and nobody who would start it again."""
        self.workers.append(
            self._start("worker", self.address, "--nworkers", "1", "--nthreads", "1", "--no-nanny", "--no-dashboard")
        )

    def _start(self, *words: str) -> subprocess.Popen[bytes]:
        log = (self.home / "cluster.log").open("ab")
        with log:
            return subprocess.Popen(
                [sys.executable, "-m", "distributed.cli.dask_scheduler" if words[0] == "scheduler" else
                 "distributed.cli.dask_worker", *words[1:]],
                cwd=self.home, env=self.environment, stdout=log, stderr=log,
            )  # fmt: skip

    def complete(self, workers: int) -> None:
        """Start what is not running: the scheduler, and workers up to so many."""
        if self.scheduler is None or self.scheduler.poll() is not None:
            self.start_scheduler()
        self.workers = [worker for worker in self.workers if worker.poll() is None]
        while len(self.workers) < workers:
            self.start_worker()

    def end(self) -> None:
        """Kill everything that was started here."""
        for process in (*self.workers, *([self.scheduler] if self.scheduler else [])):
            process.kill()
            process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def started(tmp_path_factory) -> Iterator[Cluster]:
    """One cluster for all tests: what one of them kills is started again for the next."""
    home = tmp_path_factory.mktemp("cluster")
    made = Cluster(home, Batch(home).environment({"PYTHONWARNINGS": "ignore"}))
    yield made
    made.end()


@pytest.fixture
def cluster(started) -> Cluster:
    started.complete(WORKERS)
    return started


@pytest.fixture
def small_cluster(started) -> Cluster:
    started.complete(1)
    return started


@pytest.fixture(scope="module")
def market(tmp_path_factory) -> Path:
    return make_market(tmp_path_factory.mktemp("cluster-market") / "market", COUNT)


@pytest.fixture(scope="module")
def local(tmp_path_factory, market) -> dict[str, bytes]:
    """Export what the run on this machine alone gives."""
    here = Batch(tmp_path_factory.mktemp("local"))
    ran = here(market, "--store", here.store, *WORDS)
    assert ran.code == 0, ran.err
    return here.files("tables")


def wait_until_known(batch, process, count: int) -> None:
    """Wait until a run has so many results in its store."""
    sql = "SELECT count(*) FROM entry WHERE state <> 'waiting'"
    until = time.monotonic() + 200
    while not (batch.store.exists() and batch.store.stat().st_size and counted(batch, sql) >= count):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < until, "nothing comes back from the cluster"
        time.sleep(0.02)


def counted(batch, sql: str) -> int:
    try:
        return batch.rows(sql)[0][0]
    except UsageError:
        return 0


def test_a_cluster_gives_the_bytes_of_the_local_run_while_a_worker_is_killed_and_another_joins(
    batch, cluster, market, local
):
    process = batch.start(market, "--store", batch.store, *WORDS, "--cluster", cluster.address)
    wait_until_known(batch, process, 3)
    victim = cluster.workers[0]
    below = psutil.Process(victim.pid).children(recursive=True)
    victim.send_signal(signal.SIGKILL)
    cluster.start_worker()
    _out, err = process.communicate(timeout=240)
    assert process.returncode == 0, err
    assert f"run 1: {COUNT} of {COUNT}" in err
    assert batch.rows("SELECT state, count(*), count(DISTINCT result) FROM entry GROUP BY state") == [
        ("done", COUNT, COUNT)
    ]
    assert batch.files("tables") == local
    assert not psutil.wait_procs(below, timeout=20)[1], "what reviews ends with the worker that asked for it"


def test_the_scheduler_is_killed_and_started_again_and_no_result_is_lost_or_counted_twice(
    batch, cluster, market, local
):
    process = batch.start(market, "--store", batch.store, *WORDS, "--cluster", cluster.address)
    wait_until_known(batch, process, 4)
    before = batch.rows("SELECT number, seconds FROM entry WHERE state = 'done'")
    assert cluster.scheduler is not None
    cluster.scheduler.send_signal(signal.SIGKILL)
    cluster.scheduler.wait()
    cluster.start_scheduler()
    for _ in range(2):
        cluster.start_worker()  # the others leave with their scheduler
    _out, err = process.communicate(timeout=240)
    assert process.returncode == 0, err
    assert batch.rows("SELECT count(*) FROM entry WHERE state = 'done'") == [(COUNT,)]
    after = dict(batch.rows("SELECT number, seconds FROM entry"))
    assert {number: after[number] for number, _ in before} == dict(before)
    assert batch.files("tables") == local


def test_an_entry_that_every_worker_dies_of_is_told_and_the_next_run_reviews_it(batch, market):
    made = Cluster(batch.home, batch.environment({"PYTHONWARNINGS": "ignore", ALLOWED: "0"}))
    try:
        made.complete(1)
        process = batch.start(market, "--store", batch.store, *WORDS, "--cluster", made.address)
        wait_until_known(batch, process, 2)
        made.workers[0].send_signal(signal.SIGKILL)
        made.start_worker()
        out, err = process.communicate(timeout=240)
        assert process.returncode == 4, out + err
        states = dict(batch.rows("SELECT state, count(*) FROM entry GROUP BY state"))
        assert states["failed"] >= 1
        assert states["failed"] + states["done"] == COUNT
        assert batch.rows("SELECT DISTINCT error FROM entry WHERE state = 'failed'") == [
            ("every worker that began to review it died",)
        ]
        ran = batch(market, "--store", batch.store, *WORDS)
        assert ran.code == 0, ran.err
        assert batch.rows("SELECT state, reused, count(*) FROM entry WHERE run = 2 GROUP BY 1, 2 ORDER BY 2") == [
            ("done", 0, states["failed"]),
            ("done", 1, states["done"]),
        ]
    finally:
        made.end()


def test_files_are_shipped_where_workers_can_not_see_them_and_folders_are_told(batch, another, small_cluster):
    market = batch.home / "market"
    market.mkdir()
    for number in range(3):
        write_tgz(market / f"gauge{number}.tgz", files_of(number))
    (market / "damaged.zip").write_bytes(b"PK\x03\x04 cut off")
    write_folder(batch.home / "loose" / "gauge", files_of(9))
    ran = batch.program(market, "loose", "--store", batch.store, *WORDS, "--cluster", small_cluster.address, "--ship")
    assert (ran.code, "only files can be shipped" in ran.out) == (4, True)
    here = another("here")
    here(market, "--store", here.store, *WORDS)
    shipped, local = batch.files("tables"), here.files("tables")
    assert shipped["finding.jsonl"].count(b"LIF001") == 3
    assert shipped.pop("entry.jsonl").startswith(local.pop("entry.jsonl"))
    del shipped["run.jsonl"], local["run.jsonl"]  # their sources are named there
    assert shipped == local


def test_workers_that_go_by_other_rules_are_refused(batch, small_cluster, market):
    program = (
        "import sys\nimport reviewer\nreviewer.__version__ = '9.9.9'\n"
        "from reviewer.cli.main import main\n"
        f"sys.exit(main(['batch', {str(market)!r}, '--cluster', {small_cluster.address!r}]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=batch.home, env=batch.environment(), capture_output=True, text=True,
        check=False, timeout=200,
    )  # fmt: skip
    assert done.returncode == 2, done.stderr
    assert "a worker of the cluster has another version" in done.stderr


def test_dask_that_is_not_installed_is_told_before_the_work(batch, market):
    program = (
        "import sys\nsys.modules['distributed'] = None\n"
        "from reviewer.cli.main import main\n"
        f"sys.exit(main(['batch', {str(market)!r}, '--cluster', 'tcp://127.0.0.1:1']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=batch.home,
        env=batch.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, "plugin-reviewer[cluster]" in done.stderr) == (2, True)
    assert not batch.store.exists()


@pytest.mark.parametrize("address", ["10.0.0.5:8786", "nonsense://10.0.0.5:8786", "tcp://", "here"])
def test_what_can_be_no_address_of_a_scheduler_is_told_at_once(address):
    with pytest.raises(UsageError, match="expected the address of a Dask scheduler"):
        on_cluster(address, print)


def test_a_scheduler_that_does_not_answer_is_told(monkeypatch):
    monkeypatch.setattr(cluster_module, "_PATIENCE", 0.5)
    with pytest.raises(UsageError, match="no scheduler answered"):
        list(on_cluster(f"tcp://127.0.0.1:{free_port()}", lambda _text: None)(iter(())))
