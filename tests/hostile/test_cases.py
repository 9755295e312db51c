"""Every hostile subject ends as it must: its exit code, what is found, what is said, within bounds, nothing touched."""

from __future__ import annotations

import pytest
from case import CASES, FINDINGS, INCOMPLETE, NOTHING, PASSED, Case, flat
from together import together

MOST_MEGABYTES = 600
GRAVE = {"high", "critical"}
MOST_SECONDS = 90
"""For a whole group on a busy machine; none of its subjects may hold up the others."""
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


def failing(case: Case, reviews: list[dict]) -> str:
    """Say how a case ended otherwise than it must; empty where it ended so."""
    found = {finding["rule"] for review in reviews for finding in review["findings"]}
    wrong = []
    if not reviews:
        wrong.append("nothing is said of it")
    if code_of(reviews) != case.code:
        wrong.append(f"it means exit code {code_of(reviews)} instead of {case.code}")
    if not case.finds <= found:
        wrong.append(f"{sorted(case.finds - found)} are silent, {sorted(found)} speak")
    if case.says not in words_of(reviews):
        wrong.append(f"nothing says {case.says!r}")
    return f"{case.name}: {'; '.join(wrong)}\n  {words_of(reviews)[:300]}" if wrong else ""


@pytest.mark.parametrize("group", list(CASES))
def test_every_subject_of_a_group_ends_as_it_must_in_one_run_within_bounds(tmp_path, group: str):
    made = together(group, tmp_path)
    assert [text for one in CASES[group] if (text := failing(one, made.reviews[one.name]))] == []
    codes = {code_of(reviews) for reviews in made.reviews.values()}
    assert made.ran.code == (FINDINGS if FINDINGS in codes else INCOMPLETE)
    assert made.ran.err == ""
    assert made.ran.megabytes < MOST_MEGABYTES
    assert made.seconds < MOST_SECONDS
    assert made.after == made.before
    assert not [path for path in made.after if path.endswith("/canary")]
    for secret in ("root:x:", "SECRET_OF_THE_NEIGHBOUR", "com.stolen.identity", "Traceback"):
        assert secret not in made.ran.out


def test_there_are_more_than_a_hundred_cases_and_no_two_have_one_name():
    names = [one.name for _, one in EVERY]
    assert len(names) > 100
    assert len(set(names)) == len(names)
    assert len({one.folder for _, one in EVERY}) == len(names)
