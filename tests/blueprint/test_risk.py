"""The risk of what a design can grant: breadth counts, combinations add, a boundary takes away, one heap is everything."""

from __future__ import annotations

import pytest

from reviewer.blueprint.decide import decide
from reviewer.blueprint.model import Design
from reviewer.blueprint.risk import risk_of

HOST = {"id": "com.example.tides", "name": "Tides"}
LISTED = {"hosts": ["api.example.org"]}


def risk(permissions: list, authors: str = "partner", boundary: str = "B2"):
    return risk_of(
        decide(
            Design.model_validate(
                {
                    "host": HOST,
                    "inputs": {"authors": authors},
                    "services": [{"name": "storage"}],
                    "permissions": permissions,
                    "decisions": {"boundary": {"choose": boundary, "reason": "Test."}},
                }
            )
        )
    )


@pytest.mark.parametrize(
    ("permissions", "score"),
    [
        ([], 0),
        ([{"name": "network.fetch"}], 49),
        ([{"name": "network.fetch", "scope": LISTED}], 20),
        ([{"name": "network.fetch", "scope": {"hosts": ["*.example.org"]}}], 34),
        ([{"name": "network.fetch", "scope": LISTED}, {"name": "storage.read"}], 20),
        ([{"name": "secrets.read"}, {"name": "storage.read"}], 63),
        ([{"name": "secrets.read"}, {"name": "network.fetch"}], 95),
        ([{"name": "process.execute"}, {"name": "filesystem.write"}], 100),
    ],
)
def test_the_score_follows_the_formula(permissions, score):
    assert risk(permissions).score == score


def test_a_boundary_that_enforces_takes_from_the_score_and_one_heap_makes_it_everything():
    permissions = [{"name": "network.fetch"}]
    assert risk(permissions, "public", "B3").score == 29
    assert risk(permissions, "public", "B1").score == 100
    assert risk(permissions, "public", "B1").everything
    assert risk([], "partner", "B0").score == 100
    assert risk(permissions, "internal", "B0").score == 49
