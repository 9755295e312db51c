"""The corpus against its snapshot: no crash, nothing skipped without a reason, no change unseen.

The gate looks at every third package, always the same ones; ``REVIEWER_CORPUS=all`` looks at all, before a release.
"""

from __future__ import annotations

import os

import pytest
from corpus import Package, load, present
from review_corpus import differences, read_snapshot, review, unexplained

CLIENT = {"npm": "npm", "pypi": "pip"}
STEP = 1 if os.environ.get("REVIEWER_CORPUS") == "all" else 3

PACKAGES = [
    pytest.param(package, id=package.key, marks=pytest.mark.needs(CLIENT[package.registry]))
    for package in load()[::STEP]
]


@pytest.mark.parametrize("package", PACKAGES)
def test_a_published_plugin_is_reviewed_as_the_snapshot_says(package: Package, corpus_cache):
    if not present([package], corpus_cache):
        pytest.skip(f"{package.key} is not in the cache and {package.registry} did not deliver it")
    record = review(package, corpus_cache)
    assert unexplained(record) == []
    assert differences(read_snapshot().get(package.key), record) == []


def test_the_snapshot_holds_exactly_the_packages_of_the_list():
    assert sorted(read_snapshot()) == sorted(package.key for package in load())
