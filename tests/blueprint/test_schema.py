"""The schema for editors is what the model and the rulebook give.

REVIEWER_WRITE_INDEX=1 python -m pytest tests/blueprint/test_schema.py makes it again.
"""

from __future__ import annotations

import json
import os

import jsonschema
import pytest

from reviewer.blueprint.schema import SHIPPED, schema_text

MINIMAL = {"host": {"id": "com.example.tides", "name": "Tides"}}


def test_the_schema_that_ships_is_made_from_the_model_and_the_rulebook():
    text = schema_text()
    if os.environ.get("REVIEWER_WRITE_INDEX"):
        SHIPPED.write_text(text, encoding="utf-8")
    assert SHIPPED.read_text(encoding="utf-8") == text, (__doc__ or "").strip()


def test_the_schema_is_a_schema_and_takes_a_minimal_design():
    schema = json.loads(SHIPPED.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(MINIMAL)


@pytest.mark.parametrize(
    "wrong",
    [
        {"inputs": {"authors": "publik"}},
        {"inputs": {"autors": "public"}},
        {"decisions": {"boundary": {"choose": "B9", "reason": "x"}}},
        {"decisions": {"boundry": {"choose": "B0", "reason": "x"}}},
        {"decisions": {"limits": {"choose": "cpu", "reason": "x"}}},
        {"waivers": [{"rule": "no-such-rule", "reason": "x", "owner": "y", "expires": "2027-01-01"}]},
    ],
)
def test_the_schema_refuses_what_the_loader_refuses(wrong):
    validator = jsonschema.Draft202012Validator(json.loads(SHIPPED.read_text(encoding="utf-8")))
    assert not validator.is_valid({**MINIMAL, **wrong})
