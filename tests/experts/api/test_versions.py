"""Versions as text, host bounds in schemas, and schemas that let unknown members pass."""

from __future__ import annotations

import pytest
from idioms import findings

TEXT = {
    "destructured members": (
        "g.js",
        "export function fits({ minHostVersion, id }, hostVersion) {\n  if (minHostVersion > hostVersion) return false; // here\n  return id;\n}",
    ),
    "closure with a constant": (
        "g.js",
        "const API_VERSION = '3.4.0';\nmodule.exports = (addon) => addon.engine.version <= API_VERSION; // here",
    ),
    "python class with a field": (
        "g.py",
        "class Gate:\n    def __init__(self, app_version: str):\n        self.app_version = app_version\n"
        "    def fits(self, m):\n        return m['min_app_version'] <= self.app_version  # here",
    ),
    "python helper of texts": (
        "g.py",
        "def is_compatible(required: str, current: str) -> bool:\n    return current >= required  # here",
    ),
    "both ends in one expression": (
        "g.py",
        "def ok(manifest, host_version):\n    return manifest.min_host_version <= host_version < manifest.max_host_version  # here",
    ),
    "collated": (
        "g.ts",
        "export const ok = (hostVersion: string, minVersion: string) => hostVersion.localeCompare(minVersion) >= 0; // here",
    ),
    "as a float": ("g.py", "def ok(m, host_version):\n    return float(host_version) >= m.level  # here"),
    "a piece of a range": (
        "g.py",
        "def fits(manifest, host_version: str) -> bool:\n    return host_version >= manifest.host_range.split(' ')[0].lstrip('>=')  # here",
    ),
    "first part as text": (
        "g.ts",
        "export const ok = (hostVersion: string, apiVersion: string) =>\n"
        "  hostVersion.split('.')[0] >= apiVersion.split('.')[0]; // here",
    ),
}

RIGHT = {
    "numbers": (
        "g.js",
        "const parts = (v) => v.split('.').map(Number);\nexport function fits(hostVersion, minVersion) {\n"
        "  const [a] = parts(hostVersion); const [b] = parts(minVersion);\n  return a >= b;\n}",
    ),
    "counted versions": (
        "g.ts",
        "export const old = (apiVersion: number, m: { apiVersion: number }) => m.apiVersion < apiVersion;",
    ),
    "library": (
        "g.py",
        "from packaging.version import parse\ndef fits(m, host):\n    host_version = parse(host)\n    return parse(m['min_host_version']) <= host_version",
    ),
    "tuples": (
        "g.py",
        "import sys\ndef key(v):\n    return tuple(int(p) for p in v.split('.'))\ndef fits(m, host_version):\n"
        "    return key(m.min_version) <= key(host_version) and sys.version_info >= (3, 11)",
    ),
    "compare of a library": (
        "g.ts",
        "import { compare } from 'semver';\nexport const fits = (v: string, min: string) => compare(v, min) >= 0;",
    ),
    "format of the data": (
        "g.js",
        "export const old = (doc) => doc.formatVersion < 3 || doc.schemaVersion >= CURRENT_SCHEMA_VERSION;",
    ),
    "versions object": (
        "g.py",
        "from packaging.version import Version\nclass P:\n    version: Version\ndef newer(a: Version, b: Version) -> bool:\n    return a > b",
    ),
    "numeric collation": (
        "g.ts",
        "export const ok = (hostVersion: string, minVersion: string) =>\n"
        "  hostVersion.localeCompare(minVersion, 'en', { numeric: true }) >= 0;",
    ),
    "time since": ("g.ts", "export const isOlder = (since: number, limit: number) => since < limit;"),
}


@pytest.mark.parametrize("name", TEXT)
def test_versions_compared_as_text_are_found(name):
    path, source = TEXT[name]
    line = next(n for n, text in enumerate(source.split("\n"), 1) if text.endswith("here"))
    assert findings("API005", {path: source}) == [(path, line)]


@pytest.mark.parametrize("name", RIGHT)
def test_versions_compared_as_numbers_are_left_alone(name):
    path, source = RIGHT[name]
    assert findings("API005", {path: source}) == []


def test_one_object_left_open_in_a_closed_schema_is_found():
    source = """SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "id": {"type": "string"},
        "version": {"type": "string"},
        "entry": {"type": "string"},
        "permissions": {  # here
            "type": "object",
            "properties": {"storage": {"type": "boolean"}},
        },
    },
}
"""
    assert findings("API016", {"schema.py": source}) == [("schema.py", 8)]
    shut = source.replace('"properties": {"storage"', '"additionalProperties": False, "properties": {"storage"')
    assert findings("API016", {"schema.py": shut}) == []


def test_joi_refuses_unknown_members_by_itself():
    source = """import Joi from "joi";
export const manifest = Joi.object({ id: Joi.string(), version: Joi.string(), main: Joi.string(), permissions: Joi.array() });
"""
    assert findings("API016", {"m.js": source}) == []
    assert findings("API016", {"m.js": source.replace("array() })", "array() }).unknown(true)")}) == [("m.js", 2)]


def test_a_table_of_fields_that_is_only_asked_for_is_open():
    source = """FIELDS = {"id": str, "name": str, "version": str, "entry": str, "permissions": list}


def problems(manifest):
    found = []
    for key, kind in FIELDS.items():
        if not isinstance(manifest.get(key), kind):
            found.append(key)
    return found
"""
    assert findings("API016", {"check.py": source}) == [("check.py", 1)]
    closed = source.replace("    return found", "    found += sorted(set(manifest) - set(FIELDS))\n    return found")
    assert findings("API016", {"check.py": closed}) == []


def test_a_table_of_values_is_no_schema():
    source = """export const fields = { id: "org.a.b", name: "B", version: "1.0.0", main: "b.js", permissions: [] };"""
    assert findings("API016", {"m.js": source}) == []
