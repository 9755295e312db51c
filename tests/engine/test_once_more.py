"""A later review of the same bytes asks only rules that changed, and says the same as one that asks them all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from msgspec.structs import replace

from reviewer.core.wire import from_wire, to_wire
from reviewer.engine.looking.looker import Asking
from reviewer.engine.looking.watch import Unwatched
from reviewer.engine.plan import Plan, jobs_of
from reviewer.engine.request import Request
from reviewer.engine.results import Before, RootResult
from reviewer.engine.root_review import review_root

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def job_of(path):
    (job,) = jobs_of(Plan((str(path),), Request(today="2026-01-01", strictness="auditor"), use_cache=False))
    return replace(job, observe=True)


def first(path):
    result = review_root(job_of(path), Unwatched())
    return from_wire(RootResult, json.loads(json.dumps(to_wire(result))))


@pytest.mark.parametrize("example", ["flawed-ts", "flawed-py", "flawed-host", "good-ts", "good-py"])
@pytest.mark.parametrize("every", [2, 9])
def test_the_whole_result_is_the_same_whichever_rules_changed(example, every):
    whole = first(EXAMPLES / example)
    asked = sorted({rule for one in whole.reviewed for rule in one.asked})
    unchanged = tuple(rule for number, rule in enumerate(asked) if number % every)
    again = review_root(
        replace(job_of(EXAMPLES / example), before=to_wire(Before(whole.observed, unchanged))), Unwatched()
    )
    assert to_wire(again)["reviewed"] == to_wire(whole)["reviewed"]


def test_rules_that_did_not_change_are_not_asked(monkeypatch):
    whole = first(EXAMPLES / "flawed-host")
    (spoken, *_others) = sorted(
        {one.rule for one in whole.reviewed[0].review.findings if not one.rule.startswith("FUN")}
    )
    unchanged = tuple(rule for rule in whole.reviewed[0].asked if rule != spoken)
    really, asked = Asking.ask, set()

    def ask(self, entry, module):
        asked.add(entry.rule)
        return really(self, entry, module)

    monkeypatch.setattr(Asking, "ask", ask)
    again = review_root(
        replace(job_of(EXAMPLES / "flawed-host"), before=to_wire(Before(whole.observed, unchanged))), Unwatched()
    )
    assert asked == {spoken}
    assert again.reviewed[0].review.findings == whole.reviewed[0].review.findings


def test_what_a_changed_rule_said_then_is_forgotten(monkeypatch):
    whole = first(EXAMPLES / "flawed-host")
    rules = {one.rule for one in whole.reviewed[0].review.findings}
    gone = max(rules)
    monkeypatch.setattr(Asking, "ask", lambda _self, _entry, _module: [])  # the rule says nothing any more
    before = to_wire(Before(whole.observed, tuple(rule for rule in whole.reviewed[0].asked if rule != gone)))
    again = review_root(replace(job_of(EXAMPLES / "flawed-host"), before=before), Unwatched())
    assert gone not in {one.rule for one in again.reviewed[0].review.findings}


def test_another_kind_of_subject_is_reviewed_from_the_start():
    whole = first(EXAMPLES / "flawed-ts")
    other = tuple(replace(one, kind="registry", files=()) for one in whole.observed)
    before = to_wire(Before(other, whole.reviewed[0].asked))
    again = review_root(replace(job_of(EXAMPLES / "flawed-ts"), before=before), Unwatched())
    assert to_wire(again)["reviewed"] == to_wire(whole)["reviewed"]


def test_what_nobody_can_read_is_found_out_again():
    whole = first(EXAMPLES / "flawed-ts")
    broken = {"subjects": [{"base": 7}], "unchanged": list(whole.reviewed[0].asked)}
    again = review_root(replace(job_of(EXAMPLES / "flawed-ts"), before=broken), Unwatched())
    assert to_wire(again)["reviewed"] == to_wire(whole)["reviewed"]
