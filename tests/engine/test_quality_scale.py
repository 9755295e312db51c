"""The quality scale of an integration stands in the checklist: what its file says, and what code shows of it."""

from __future__ import annotations

import json

import pytest
from msgspec.structs import replace

from reviewer.core.checklist import Status
from reviewer.engine.adoption.demands import unmet
from reviewer.engine.plan import Plan, jobs_of
from reviewer.engine.request import Request
from reviewer.engine.root_review import review_root
from reviewer.engine.walk import SCALE as SCALE_ROWS

MANIFEST = {
    "domain": "acme_lamp",
    "name": "Acme Lamp",
    "version": "1.0.0",
    "codeowners": ["@acme"],
    "documentation": "https://acme.example/lamp",
    "config_flow": True,
    "iot_class": "local_polling",
    "quality_scale": "bronze",
}
SCALE = """
rules:
  runtime-data: done
  config-entry-unloading: done
  brands: done
  common-modules: todo
  diagnostics: {status: todo, comment: Wanted for autumn.}
  docs-actions: {status: exempt, comment: There are no actions.}
  discovery: {status: exempt}
"""
SETUP = """
async def async_setup_entry(hass, entry):
    entry.runtime_data = entry.data["host"]
    return True
"""
DIAGNOSTICS = """
async def async_get_config_entry_diagnostics(hass, entry):
    return {"host": "***"}
"""


class Quiet:
    """Hears of the walk and says nothing."""

    def at(self, _path: str) -> None:
        pass

    def during(self, _rule: str) -> None:
        pass


@pytest.fixture
def job(tmp_path):
    """Write an integration, and return the job to review it."""

    def written(**more):
        files = {
            "manifest.json": json.dumps(MANIFEST),
            "quality_scale.yaml": SCALE,
            "__init__.py": SETUP,
            "diagnostics.py": DIAGNOSTICS,
        }
        for name, text in (files | more).items():
            if text:
                (tmp_path / name).write_text(text, encoding="utf-8")
        request = Request(today="2026-01-01", experts=("fundamentals",), require_signoff=True)
        (one,) = jobs_of(Plan((str(tmp_path),), request, use_cache=False))
        return one

    return written


@pytest.fixture
def reviewed(job):
    """Review an integration, and return what the engine makes of it."""

    def review(**more):
        (one,) = review_root(job(**more), Quiet()).reviewed
        assert one.review.errors == ()
        return one

    return review


def rows(one):
    return {answer.id: answer for answer in one.review.checklist if "/" in answer.id}


@pytest.mark.parametrize(
    ("row", "status", "said"),
    [
        ("bronze/runtime-data", Status.PASS, "__init__.py sets runtime_data"),
        ("silver/config-entry-unloading", Status.FAIL, "the code contradicts it"),
        ("bronze/brands", Status.NOT_ASSESSED, "a person has to look"),
        ("bronze/common-modules", Status.FAIL, "the manifest claims a tier that asks for it"),
        ("bronze/config-flow", Status.FAIL, "does not list it"),
        ("gold/diagnostics", Status.NOT_ASSESSED, "Wanted for autumn.; it may be done already"),
        ("bronze/docs-actions", Status.WAIVED, "exempt: There are no actions."),
        ("gold/discovery", Status.FAIL, "without a reason"),
        ("platinum/strict-typing", Status.NOT_ASSESSED, "does not list it"),
        ("bronze/all", Status.FAIL, "the manifest claims it, and it lacks"),
        ("gold/all", Status.NOT_ASSESSED, "it still asks for"),
    ],
)
def test_each_rule_stands_as_file_and_code_say(reviewed, row, status, said):
    answer = rows(reviewed())[row]
    assert answer.status is status
    assert said in answer.evidence[0]


def test_the_rows_stand_tier_by_tier_among_the_questions_of_their_expert(reviewed):
    checklist = reviewed().review.checklist
    tiers = [answer.id.split("/")[0] for answer in checklist if "/" in answer.id]
    assert list(dict.fromkeys(tiers)) == ["bronze", "silver", "gold", "platinum"]
    assert {answer.expert for answer in checklist} == {"fundamentals"}


def test_an_exemption_that_an_action_contradicts_fails(reviewed):
    actions = "def register(hass):\n    hass.services.async_register('acme_lamp', 'blink', print)\n"
    answer = rows(reviewed(**{"services.py": actions}))["bronze/docs-actions"]
    assert answer.status is Status.FAIL
    assert "services.py contradicts it" in answer.evidence[0]


def test_an_integration_without_the_file_has_no_rows(reviewed):
    assert rows(reviewed(**{"quality_scale.yaml": ""})) == {}


def test_nobody_is_asked_to_sign_what_the_file_of_the_scale_answers(reviewed):
    one = reviewed()
    waiting = {answer.id for answer in one.review.checklist if answer.status is Status.NOT_ASSESSED}
    assert one.demands.signoff
    assert "bronze/brands" in waiting
    assert not any("/" in reason for reason in unmet([one]))


def test_a_scale_that_ended_a_worker_is_left_out_and_said(job):
    stopped = replace(job(), silenced={SCALE_ROWS: "it took more processor time than a file may take"})
    (one,) = review_root(stopped, Quiet()).reviewed
    assert rows(one) == {}
    assert [(problem.rule, "processor time" in problem.message) for problem in one.review.errors] == [
        (SCALE_ROWS, True)
    ]


def test_a_scale_that_crashes_is_a_problem_and_the_other_questions_stand(job, monkeypatch):
    def fails(_inquiry):
        raise KeyError("tier")

    monkeypatch.setattr("reviewer.experts.integration.scale_rows.scale_answers", fails)
    (one,) = review_root(job(), Quiet()).reviewed
    assert rows(one) == {}
    assert one.review.checklist
    assert [(problem.rule, "KeyError: 'tier'" in problem.message) for problem in one.review.errors] == [
        (SCALE_ROWS, True)
    ]
