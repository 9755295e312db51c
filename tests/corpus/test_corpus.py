"""The corpus against its snapshot: no crash, nothing skipped without a reason, no change unseen.

The gate looks at every ninth package, always the same ones, without the two slowest; ``REVIEWER_CORPUS=all``
looks at all, before a release.
"""

from __future__ import annotations

import os

import pytest
from corpus import Package, load, present
from review_corpus import differences, read_snapshot, review, unexplained

CLIENT = {"debian": "apt-get", "npm": "npm", "pypi": "pip"}
STEP = 1 if os.environ.get("REVIEWER_CORPUS") == "all" else 9

SLOW = frozenset() if STEP == 1 else frozenset({"uBlock0@raymondhill.net", "node-red-node-email"})
"""Packages that take as long as all the others together."""

PACKAGES = [
    pytest.param(package, id=package.key, marks=pytest.mark.needs(CLIENT[package.registry]))
    for package in load()[::STEP]
    if SLOW.isdisjoint((package.name, package.part.rpartition("/")[2]))
]


@pytest.mark.parametrize("package", PACKAGES)
def test_a_published_plugin_is_reviewed_as_the_snapshot_says(package: Package, corpus_cache, fetched):
    if not present([package], corpus_cache):
        said = next((line for line in fetched.splitlines() if f"{package.name} {package.version}: " in line), "")
        why = "Debian's archive has moved on" if "was not found" in said else f"{package.registry} did not deliver it"
        pytest.skip(f"{package.key} is not in the cache: {why}: {said}")
    record = review(package, corpus_cache)
    assert unexplained(record) == []
    assert differences(read_snapshot().get(package.key), record) == []


@pytest.mark.parametrize("registry", CLIENT)
def test_a_registry_that_answers_has_most_of_what_is_pinned(registry: str, corpus_cache, fetched):
    wanted = [package for package in load() if package.registry == registry]
    there = present(wanted, corpus_cache)
    if not there:
        pytest.skip(f"{registry} delivered nothing: {fetched.strip()[-200:]}")
    gone = sorted({package.key for package in wanted} - {package.key for package in there})
    assert len(there) * 2 > len(wanted), f"pin newer versions and read what is found in them: {', '.join(gone)}"


def test_the_snapshot_holds_exactly_the_packages_of_the_list():
    assert sorted(read_snapshot()) == sorted(package.key for package in load())
