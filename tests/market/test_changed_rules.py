"""A run after rules have changed: those alone are asked again, and the store says what a new one would."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from market_of_gauges import make_market

from reviewer.experts import homes
from reviewer.market.running import rules
from reviewer.market.running.rule_parts import rule_parts

PAGE = """+++
id = "ACME00{number}"
name = "{name}"
expert = "fundamentals"
severity = "low"
confidence = "certain"
status = "stable"
since = "0.1.0"
fix = "Write another."
guide = [1]

[applies-to]
kind = ["plugin"]

[match]
kind = "call"
names = ["{call}"]
message = "This is called."
+++

## What it finds
Calls.

## Why it matters
It is a test.

## Bad

```js index.js
{call}(1);
```

## Good

```js index.js
other(1);
```

## When not to apply
Never.

## References
None.
"""
FOUND = (
    "SELECT entry_name, rule, line, message, fingerprint FROM run_finding WHERE run = ? ORDER BY entry_name, rule, line"
)
ASKED = ("--select", "ACME", "--jobs", "1", "--fail-on", "none", "--config", "reviewer.toml")


def page(home: Path, number: int, name: str, call: str) -> None:
    folder = home / "own" / "acme" / "rules"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"ACME00{number}-{name}.md").write_text(PAGE.format(number=number, name=name, call=call))


@pytest.fixture
def market(batch):
    page(batch.home, 1, "listening", "context.eventBus.on")
    page(batch.home, 2, "logging", "context.nothing.log")
    (batch.home / "reviewer.toml").write_text('skills = ["own"]\n')
    return make_market(batch.home / "market", 3)


def test_only_a_rule_that_changed_is_asked_again_and_the_rest_stays(batch, market):
    ran = batch(market, "--store", batch.store, *ASKED)
    assert ran.code == 0, ran.err
    assert {row[1] for row in batch.rows(FOUND, 1)} == {"ACME001"}
    page(batch.home, 2, "logging", "context.eventBus.on")
    ran = batch(market, "--store", batch.store, *ASKED)
    assert "1 are others than in an earlier run: only they are asked" in ran.err
    fresh = batch(market, "--store", batch.home / "fresh.db", *ASKED)
    assert fresh.code == 0, fresh.err
    with sqlite3.connect(batch.home / "fresh.db") as other:
        assert batch.rows(FOUND, 2) == other.execute(FOUND, (1,)).fetchall()
    assert {row[1] for row in batch.rows(FOUND, 2)} == {"ACME001", "ACME002"}


def test_a_damaged_observation_is_made_again(batch, market):
    batch(market, "--store", batch.store, *ASKED)
    with sqlite3.connect(batch.store) as store:
        store.execute("UPDATE observation SET data = x'00ff'")
    page(batch.home, 2, "logging", "context.eventBus.on")
    ran = batch(market, "--store", batch.store, *ASKED)
    assert ran.code == 0, ran.err
    assert {row[1] for row in batch.rows(FOUND, 2)} == {"ACME001", "ACME002"}


def files():
    return {name: Path(path).read_bytes() for name, path in rules._files(())}


def changed(before, after):
    return {rule for rule, digest in before.rules.items() if after.rules[rule] != digest}


def test_every_rule_that_has_a_check_stands_for_its_file_and_for_what_that_imports():
    whole = files()
    first = rule_parts(whole, b"")
    assert first.rules.keys() >= homes().keys()
    check = homes()["REG041"][0].removeprefix("reviewer.").replace(".", "/") + ".py"
    again = rule_parts({**whole, check: whole[check] + b"\n# more\n"}, b"")
    assert changed(first, again) == {"REG041"}
    assert again.common == first.common
    shared = "experts/lifecycle/vocabulary.py"
    again = rule_parts({**whole, shared: whole[shared] + b"\n# more\n"}, b"")
    assert 10 < len(changed(first, again)) < len(first.rules) / 2
    assert again.common == first.common


@pytest.mark.parametrize(
    "name", ["code/module.py", "experts/check.py", "experts/permission_use.py", "engine/judging/judge.py"]
)
def test_what_all_rules_share_is_no_part_of_one(name):
    whole = files()
    first = rule_parts(whole, b"")
    again = rule_parts({**whole, name: whole[name] + b"\n# more\n"}, b"")
    assert again.common != first.common
    assert changed(first, again) == set()


def test_versions_of_parsers_are_common():
    whole = files()
    assert rule_parts(whole, b"1").common != rule_parts(whole, b"2").common
