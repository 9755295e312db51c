"""Rules and checks belong together: every rule has exactly one voice, and every check a rule."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

import reviewer.experts
from reviewer.core.experts import RULE_PREFIXES
from reviewer.engine.knowledge import library_of
from reviewer.engine.rules import ENGINE_RULES
from reviewer.experts import INDEX, homes, load_checks
from reviewer.experts.check import registered

RULES = library_of((), pages=True).rules


def test_every_rule_speaks_by_data_or_by_a_check_or_by_the_engine_and_never_twice():
    load_checks(RULES)
    # A folder of somebody's own rules that another test has read leaves its checks in this process.
    homes_of = {entry.rule: (entry.on_module or entry.on_subject).__module__ for entry in registered()}
    checked = {rule for rule, home in homes_of.items() if home.startswith("reviewer.")}
    data = {rule.id for rule in RULES.values() if rule.match is not None}
    assert checked | data | ENGINE_RULES == set(RULES)
    assert (checked & data, checked & ENGINE_RULES, data & ENGINE_RULES) == (set(), set(), set())


@pytest.mark.parametrize("rule", sorted(homes()))
def test_a_check_lives_with_the_expert_of_its_rule(rule):
    for module in homes()[rule]:
        assert module.split(".")[2] == RULE_PREFIXES[rule[:3]]


def test_checks_stand_in_rooms_and_nothing_outside_asks_what_stands_in_one():
    home = Path(reviewer.experts.__file__).parent
    checks = [module for modules in homes().values() for module in modules]
    assert all(len(module.split(".")) > len("reviewer.experts.security.asking".split(".")) for module in checks)
    rooms = {".".join(module.split(".")[:4]) + "." for module in checks}
    asked_from_outside = []
    for path in sorted(home.glob("**/*.py")):
        name = ".".join(["reviewer.experts", *path.relative_to(home).with_suffix("").parts])
        text = path.read_text(encoding="utf-8")
        asked_from_outside += [
            (name, room) for room in sorted(rooms) if f"from {room}" in text and not name.startswith(room)
        ]
    assert asked_from_outside == []


def test_reading_the_files_finds_the_checks_that_importing_them_registers():
    program = (
        "import importlib, pathlib, reviewer.experts as e\n"
        "home = pathlib.Path(e.__file__).parent\n"
        "for p in sorted(home.glob('*/**/*.py')):\n"
        "    importlib.import_module('.'.join(['reviewer', 'experts', *p.relative_to(home).with_suffix('').parts]))\n"
        "from reviewer.experts.check import registered\n"
        "print(*sorted({entry.rule for entry in registered()}))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == sorted(homes())


def test_a_check_is_registered_once_however_often_it_is_asked_for():
    rule = next(iter(homes()))
    load_checks([rule])
    before = len(list(registered()))
    load_checks([rule, rule])
    for module in homes()[rule]:
        importlib.import_module(module)
    assert len(list(registered())) == before


def test_the_index_of_the_checks_is_made_from_the_files_that_ship():
    """Make it again after a change of a check: REVIEWER_WRITE_INDEX=1 python -m pytest tests/experts/test_checks.py."""
    program = "from reviewer.experts import index_text; print(index_text(), end='')"
    text = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    if os.environ.get("REVIEWER_WRITE_INDEX"):
        INDEX.write_text(text, encoding="utf-8")
    assert INDEX.read_text(encoding="utf-8") == text


def test_checks_that_wait_for_their_words_are_not_imported():
    program = (
        "import sys\n"
        "from reviewer.experts import checks_of, homes\n"
        "found = list(checks_of(homes()))\n"
        "assert {entry.rule for entry in found} == set(homes())\n"
        "print(*[name for name in sys.modules if name.count('.') >= 3 and name.startswith('reviewer.experts.')])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
