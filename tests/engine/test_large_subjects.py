"""A subject that does not fit into memory as a whole is told the same about, and holds no more of it than it may."""

from __future__ import annotations

import gc
import json
import shutil
from functools import cached_property
from pathlib import Path

import pytest

from reviewer.code import kept_modules
from reviewer.code.module import Module
from reviewer.core.wire import from_wire, to_wire
from reviewer.engine.looking import reading
from reviewer.engine.plan import Plan, jobs_of
from reviewer.engine.request import Request
from reviewer.engine.results import KnownFile
from reviewer.engine.root_review import RootReview
from reviewer.experts.drawn import Drawn

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


class Quiet:
    """Hears of the walk and says nothing."""

    def at(self, _path):
        pass

    def during(self, _rule):
        pass


def keep(monkeypatch, size):
    """Let no more source text than this have its modules kept, however small the subject is."""
    monkeypatch.setattr(reading, "KEPT_BYTES", size)
    monkeypatch.setattr(reading, "LARGE", 0)
    monkeypatch.setattr(reading, "_KEPT_OF_LARGE", 0)


def opened(path):
    (job,) = jobs_of(Plan((str(path),), Request(today="2026-01-01", strictness="auditor"), use_cache=False))
    return RootReview(job, Quiet())


def findings(path):
    root = opened(path)
    results = {(unit.subject, unit.path): root.look(unit.subject, unit.path) for unit in root.units}
    return [one.review.findings for one in root.finish(results).reviewed]


@pytest.mark.parametrize("example", ["flawed-ts", "flawed-py", "flawed-host", "good-ts", "good-py"])
def test_what_is_drawn_of_modules_that_go_is_what_they_say_when_they_stay(example, monkeypatch):
    whole = findings(EXAMPLES / example)
    keep(monkeypatch, 1_000)
    assert findings(EXAMPLES / example) == whole


@pytest.mark.parametrize("example", ["flawed-ts", "flawed-py", "flawed-host", "good-ts", "good-py"])
def test_what_another_process_drew_is_heard_without_a_look_at_the_file(example, monkeypatch):
    keep(monkeypatch, 1_000)
    root = opened(EXAMPLES / example)
    told = {
        (unit.subject, unit.path): json.dumps(to_wire(KnownFile(unit.subject, root.look(unit.subject, unit.path))))
        for unit in root.units
    }
    whole = [one.review.findings for one in root.finish({key: known(text) for key, text in told.items()}).reviewed]
    hearing = opened(EXAMPLES / example)
    results = {key: hearing.recall(from_wire(KnownFile, json.loads(text))) for key, text in told.items()}
    drawn_again = []
    monkeypatch.setattr(Drawn, "take", lambda _self, _inquiry, module: drawn_again.append(module.path))
    assert [one.review.findings for one in hearing.finish(results).reviewed] == whole
    assert drawn_again == []


def known(text):
    return from_wire(KnownFile, json.loads(text)).result


def test_modules_are_let_go_with_all_that_was_worked_out_about_them(tmp_path, monkeypatch):
    keep(monkeypatch, 20_000)
    source = (EXAMPLES / "flawed-ts" / "src" / "label-printer.ts").read_text()
    (tmp_path / "plugin.json").write_text((EXAMPLES / "flawed-ts" / "plugin.json").read_text())
    for number in range(12):
        (tmp_path / f"printer{number}.ts").write_text(source)
    root = opened(tmp_path)
    results = {(unit.subject, unit.path): root.look(unit.subject, unit.path) for unit in root.units}
    root.finish(results)
    gc.collect()
    paths = {unit.path for unit in root.units}
    alive = [one for one in gc.get_objects() if isinstance(one, Module) and one.path in paths]
    assert len(results) == 12
    assert sum(len(one.source) for one in alive) < 20_000 + 2 * len(source)


def test_files_of_the_same_names_are_not_parsed_again_for_each_of_them(tmp_path, monkeypatch):
    keep(monkeypatch, 20_000)
    monkeypatch.setattr(kept_modules, "_COLLECT_BYTES", 20_000)
    parsed = []
    tree = Module.tree.func
    monkeypatch.setattr(Module, "tree", cached(lambda self: parsed.append(self.path) or tree(self)))
    counts = []
    for copies in (10, 20):
        subject = tmp_path / str(copies)
        for number in range(copies):
            shutil.copytree(EXAMPLES / "flawed-host" / "src", subject / f"part{number}")
        shutil.copy(EXAMPLES / "flawed-host" / "package.json", subject)
        parsed.clear()
        findings(subject)
        counts.append(len(parsed))
    assert counts[1] <= 2.5 * counts[0]  # four times as many where each is parsed for each other


def cached(work):
    prop = cached_property(work)
    prop.__set_name__(Module, "tree")
    return prop


def test_many_subjects_of_one_path_hold_no_more_than_one_may_and_are_told_the_same(tmp_path, monkeypatch):
    source = (EXAMPLES / "flawed-ts" / "src" / "label-printer.ts").read_text()
    for number in range(12):
        subject = tmp_path / f"printer{number}"
        shutil.copytree(EXAMPLES / "flawed-ts", subject)
        manifest = json.loads((subject / "plugin.json").read_text())
        (subject / "plugin.json").write_text(json.dumps({**manifest, "name": f"printer-{number}"}))
    whole = findings(tmp_path)
    keep(monkeypatch, 2 * len(source))
    root = opened(tmp_path)
    most = 0
    results = {}
    for unit in root.units:
        results[unit.subject, unit.path] = root.look(unit.subject, unit.path)
        most = max(most, sum(walk.reading.project.kept.size for walk in root.walks))
    again = [one.review.findings for one in root.finish(results).reviewed]
    assert len(root.walks) == 12
    assert most <= 5 * len(source)
    assert sum(walk.reading.project.kept.size for walk in root.walks) <= 5 * len(source)
    assert again == whole


def test_a_model_under_the_name_of_a_script_is_data_however_large_it_is(tmp_path):
    shutil.copytree(EXAMPLES / "good-ts", tmp_path, dirs_exist_ok=True)
    model = json.dumps({"vertices": [number / 7 for number in range(80_000)]}, indent=1)
    assert len(model) > reading.LARGEST_SOURCE
    (tmp_path / "src" / "statue.js").write_text(model)
    (tmp_path / "src" / "code.js").write_text(f"let {model[:3]}".ljust(reading.LARGEST_SOURCE + 1))
    root = opened(tmp_path)
    results = {(unit.subject, unit.path): root.look(unit.subject, unit.path) for unit in root.units}
    skipped = {path: result.skipped for (_, path), result in results.items() if result.skipped is not None}
    assert skipped["src/statue.js"].reason.startswith("data in JSON, and no code; larger than 1 MB")
    assert not skipped["src/statue.js"].matters
    assert skipped["src/code.js"].matters


def test_each_file_has_a_clock_of_its_own_however_early_it_was_read():
    (job,) = jobs_of(Plan((str(EXAMPLES / "flawed-host"),), Request(today="2026-01-01"), use_cache=False))
    watch = Hearing()
    root = RootReview(job, watch)
    for unit in root.units:
        watch.heard.clear()
        root.look(unit.subject, unit.path)
        assert watch.heard[0] == root.walks[unit.subject].subject.base + unit.path


class Hearing(Quiet):
    """Keeps what it hears of files."""

    def __init__(self):
        self.heard = []

    def at(self, path):
        self.heard.append(path)
