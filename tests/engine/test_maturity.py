"""The maturity of a host follows from what its code has and from what a finding takes away again."""

from __future__ import annotations

import tomllib

import pytest

from reviewer import resources
from reviewer.code.project import Project
from reviewer.core.finding import Finding
from reviewer.core.location import Location
from reviewer.core.scale import Confidence, Severity
from reviewer.engine.judging.maturity import maturity
from reviewer.engine.knowledge import library_of

BASIC = "export class Loader { async load(path: string) { return import(path); } }"
PRODUCTION = (
    BASIC
    + """
export class Discovery { scan(folder: string) { return readdir(folder); } }
export class Grants { isAllowed(plugin: string, action: string) { return this.granted.has(action); } }
export class Bus { emit(topic: string) {} subscribe(topic: string) {} }
export async function unload(plugin: Plugin) { await plugin.deactivate(); }
"""
)
ENTERPRISE = (
    PRODUCTION
    + """
export function verifySignature(bytes: Uint8Array) {}
export class Sandbox { worker = new Worker("run.js"); }
export interface Scope { allowedHosts: string[]; tenant: string }
export async function hotReload(plugin: Plugin) {}
"""
)


def level(source: str, *findings: Finding) -> int:
    return maturity(Project(("host.ts",), lambda _path: source.encode()), findings).level


def finding(rule: str, severity: Severity = Severity.HIGH) -> Finding:
    place = Location("host.ts", 3, 1, 3, 9)
    return Finding(rule, "some-name", "security", severity, Confidence.LIKELY, "…", place)


@pytest.mark.parametrize(("source", "expected"), [("let a = 1;", 0), (BASIC, 1), (PRODUCTION, 2), (ENTERPRISE, 3)])
def test_a_level_is_reached_when_all_its_features_are_there(source, expected):
    assert level(source) == expected


def test_what_is_missing_for_the_next_level_is_named():
    found = maturity(Project(("host.ts",), lambda _path: BASIC.encode()), ())
    assert [one.id for one in found.next] == ["discovery", "permissions", "lifecycle", "events"]
    assert all(one.missing for one in found.next)


def test_a_feature_with_a_finding_against_it_does_not_count():
    assert level(PRODUCTION, finding("SEC003")) == 1
    assert level(PRODUCTION, finding("SEC003", Severity.LOW)) == 2
    held = maturity(Project(("host.ts",), lambda _path: PRODUCTION.encode()), [finding("SEC003")])
    assert [one.missing for one in held.next] == ["SEC003 some-name at host.ts:3"]


def test_a_test_file_shows_nothing_about_the_host():
    project = Project(("host.test.ts",), lambda _path: ENTERPRISE.encode())
    assert maturity(project, ()).level == 0


def test_the_data_names_rules_that_exist_and_levels_without_a_gap():
    table = tomllib.loads((resources.skills() / "fundamentals" / "maturity.toml").read_text("utf-8"))
    assert [row["level"] for row in table["level"]] == [1, 2, 3]
    assert {row["level"] for row in table["feature"]} == {1, 2, 3}
    rules = library_of(()).rules
    for row in table["feature"]:
        assert all(name == " ".join(name.lower().split()) for name in row["names"])
        for rule in row["held-back-by"]:
            assert any(known.startswith(rule) for known in rules), f"{row['id']}: no rule begins with {rule}"
