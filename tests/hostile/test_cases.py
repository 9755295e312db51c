"""Every hostile subject ends as it must: its exit code, what is found, what is said, within bounds, nothing touched."""

from __future__ import annotations

import json

import pytest
from case import CASES, FINDINGS, INCOMPLETE, NOTHING, PASSED, Case, flat

MOST_MEGABYTES = 600
GRAVE = {"high", "critical"}
EVERY = list(flat(CASES))


def code_of(reviews: list[dict]) -> int:
    """Return the exit code that these reviews mean, findings before gaps."""
    findings = [one for review in reviews for one in review["findings"] if one["suppressed"] is None]
    if any(one["severity"] in GRAVE for one in findings):
        return FINDINGS
    problems = [problem for review in reviews for problem in review["errors"]]
    if any(problem["message"].startswith("nothing to review") for problem in problems):
        return NOTHING
    missed = [file for review in reviews for file in review["coverage"]["skipped"] if file["matters"]]
    return INCOMPLETE if problems or missed else PASSED


def words_of(reviews: list[dict]) -> str:
    """Return everything that the reviews say in words."""
    found = [problem["message"] for review in reviews for problem in review["errors"]]
    found += [f"{file['path']}: {file['reason']}" for review in reviews for file in review["coverage"]["skipped"]]
    found += [finding["message"] for review in reviews for finding in review["findings"]]
    found += [text for review in reviews for text in review["ignored"]]
    return "\n".join(found)


@pytest.mark.parametrize(("group", "case"), EVERY, ids=[f"{group}: {one.name}" for group, one in EVERY])
def test_a_hostile_subject_ends_as_it_must(runs, group: str, case: Case):
    reviews = runs[group].reviews[case.name]
    assert reviews, "nothing is said of it"
    found = {finding["rule"] for review in reviews for finding in review["findings"]}
    told = f"{code_of(reviews)} {sorted(found)} {words_of(reviews)[:600]}"
    assert code_of(reviews) == case.code, told
    assert case.finds <= found, told
    assert case.says in words_of(reviews), told


@pytest.mark.parametrize("group", list(CASES))
def test_the_run_over_a_group_stays_in_bounds_and_tells_no_secret(runs, group: str):
    made = runs[group]
    codes = {code_of(reviews) for reviews in made.reviews.values()}
    assert made.ran.code == (FINDINGS if FINDINGS in codes else INCOMPLETE)
    assert made.ran.err == ""
    assert made.ran.megabytes < MOST_MEGABYTES
    assert made.after == made.before
    assert "root:x:" not in made.ran.out
    assert "SECRET_OF_THE_NEIGHBOUR" not in made.ran.out
    assert "com.stolen.identity" not in made.ran.out
    assert "Traceback" not in made.ran.out
    json.loads(made.ran.out)


def test_there_are_more_than_a_hundred_cases_and_no_two_have_one_name():
    names = [one.name for _, one in EVERY]
    assert len(names) > 100
    assert len(set(names)) == len(names)
    assert len({one.folder for _, one in EVERY}) == len(names)
