"""What fits a schema surely is valid for the validator too, and what does not is its to say."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.experts.data.validator import errors_of
from reviewer.experts.data.violations import surely_fits

ROOT = Path(__file__).resolve().parents[2]
NAMES = st.sampled_from(["id", "name", "tags", "on"])
SCALARS = st.none() | st.booleans() | st.integers(-3, 3) | st.floats(-3, 3) | st.sampled_from(["", "a", "ab", "true"])
DATA = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=8
)
KINDS = st.sampled_from(["string", "boolean", "array", "object", "null", "integer", "number"])


def schemas(inner: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    """Schemas of the keywords that manifests are held against, and now and then of another."""
    return st.fixed_dictionaries(
        {},
        optional={
            "type": KINDS | st.lists(KINDS, min_size=1, max_size=3, unique=True),
            "enum": st.lists(SCALARS, min_size=1, max_size=3),
            "const": SCALARS,
            "if": inner,
            "then": inner,
            "else": inner,
            "properties": st.dictionaries(NAMES, inner, max_size=3),
            "patternProperties": st.dictionaries(st.sampled_from(["^n", "a"]), inner, max_size=1),
            "additionalProperties": inner,
            "required": st.lists(NAMES, max_size=2, unique=True),
            "items": inner,
            "uniqueItems": st.booleans(),
            "minLength": st.integers(0, 2),
            "maxLength": st.integers(0, 2),
            "minItems": st.integers(0, 2),
            "pattern": st.sampled_from(["^a", "b$"]),
            "not": inner,
            "anyOf": st.lists(inner, min_size=1, max_size=2),
            "$ref": st.sampled_from(["#/$defs/one", "#/$defs/two"]),
            "description": st.just("…"),
        },
    )


SCHEMAS = st.recursive(st.booleans() | schemas(st.booleans()), schemas, max_leaves=4)


@given(SCHEMAS, DATA)
def test_what_surely_fits_violates_nothing(schema, data):
    whole = {"$defs": {"one": {"type": "string"}, "two": {"not": {"type": "array"}}}, "allOf": [schema]}
    direct = {"$defs": whole["$defs"], **schema} if isinstance(schema, dict) else whole
    if surely_fits(direct, data):
        assert list(errors_of(direct, data)) == []


@pytest.mark.parametrize(
    ("ecosystem", "manifest"),
    [
        ("generic", json.loads((ROOT / "examples" / "good-ts" / "plugin.json").read_text())),
        ("webextension", {"manifest_version": 3, "name": "Tides", "version": "1.4.0", "permissions": ["storage"]}),
        ("vscode", {"name": "tides", "publisher": "acme", "version": "1.0.0", "engines": {"vscode": "^1.90.0"}}),
        ("obsidian", {"id": "tides", "name": "Tides", "version": "1.0.0", "minAppVersion": "1.4.0", "author": "A",
                      "description": "Shows tides.", "isDesktopOnly": False}),
    ],
)  # fmt: skip
def test_a_manifest_without_mistakes_surely_fits_the_schema_of_its_ecosystem(ecosystem, manifest):
    schema = json.loads((ROOT / "skills" / "ecosystems" / ecosystem / "manifest.schema.json").read_text())
    assert list(errors_of(schema, manifest)) == []
    assert surely_fits(schema, manifest)


def test_a_schema_that_goes_round_in_circles_is_left_to_the_validator():
    assert not surely_fits({"$defs": {"a": {"$ref": "#/$defs/a"}}, "$ref": "#/$defs/a"}, {})


def test_a_review_of_a_manifest_without_mistakes_loads_no_validator():
    program = (
        "import sys; from reviewer.experts.data.violations import violations;"
        "assert not list(violations({'type': 'object'}, {}));"
        "assert 'jsonschema' not in sys.modules; list(violations({'type': 'object'}, 1)); assert 'jsonschema' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
