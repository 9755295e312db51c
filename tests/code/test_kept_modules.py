"""Which modules stay, which are found again without being parsed, and that no memory of one keeps all the others."""

from __future__ import annotations

import gc

import pytest

from reviewer.code import kept_modules
from reviewer.code.project import Project

COUNT = 40
BODY = "\n".join(f"    value{line} = handle(event, {line})" for line in range(40))


def source(number):
    return f"def handler{number}(event):\n{BODY}\n    return handle(event)\n".encode()


FILES = {f"part{number:02}.py": source(number) for number in range(COUNT)}
SIZE = len(FILES["part00.py"])


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Take memory back soon, and only where it is asked for."""
    monkeypatch.setattr(kept_modules, "_COLLECT_BYTES", 4 * SIZE)
    gc.disable()
    yield
    gc.enable()


def project(keeps):
    read = []

    def reading(path):
        read.append(path)
        return FILES[path]

    return Project(list(FILES), reading, keeps=keeps), read


def alive(made):
    return sum(len(one.source) for one in made.kept.alive())


def test_a_module_that_left_is_found_again_until_its_memory_is_taken_back():
    made, read = project(keeps=2 * SIZE)
    first = made.module("part00.py")
    for path in ("part01.py", "part02.py", "part03.py"):
        made.module(path)
    assert made.kept.size <= 2 * SIZE
    assert made.module("part00.py") is first
    assert read.count("part00.py") == 1


def test_what_is_alive_stays_within_its_bound_however_many_there_are():
    made, read = project(keeps=2 * SIZE)
    for path in FILES:
        made.module(path).all(object)
        assert alive(made) <= 7 * SIZE
    made.module("part00.py")
    assert read.count("part00.py") == 2


def test_what_kept_modules_remember_of_others_does_not_hold_all_of_them():
    made, _read = project(keeps=2 * SIZE)
    for path in FILES:
        module = made.module(path)
        before = made.module("part00.py")
        before.memory.setdefault("others", []).append(module)
        assert alive(made) <= 12 * SIZE


def test_where_all_may_be_kept_nothing_is_read_twice():
    made, read = project(keeps=COUNT * SIZE * 2)
    for _ in range(2):
        for path in FILES:
            made.module(path)
    assert sorted(read) == sorted(FILES)


def test_a_file_that_is_no_source_is_asked_for_once():
    made = Project(["notes.txt"], FILES.__getitem__)
    assert made.module("notes.txt") is None
    assert made.module("notes.txt") is None
