"""What is in a subject: who it is as a package, what it says it needs, and its source files by content."""

from __future__ import annotations

import hashlib
import json

import pytest
from gauge import MANIFEST
from msgspec.structs import replace

from reviewer.core.finding import Finding
from reviewer.core.location import Location
from reviewer.core.review import Review, SubjectIdentity
from reviewer.core.scale import Confidence, Severity
from reviewer.core.settings import Settings
from reviewer.engine.telling.inventory import inventory_of, lean
from reviewer.subject.discover import discover
from reviewer.subject.memory import MemoryRoot

CODE = b"export function activate() {}\n"
METADATA = """\
Metadata-Version: 2.1
Name: tide-gauge
Version: 2.1.0
Author-email: Saltmarsh <hello@saltmarsh.example>
Requires-Dist: requests>=2,<3
Requires-Dist: rich ; extra == "pretty"
Requires-Dist: not a requirement !!

A body that says Requires-Dist: nothing
"""


def inventory(files: dict[str, str | bytes]):
    root = MemoryRoot("gauge", {path: text.encode() if isinstance(text, str) else text for path, text in files.items()})
    (subject,) = discover(root, Settings())
    return inventory_of(subject, [path for path in subject.files if path.endswith((".js", ".py"))], ())


def needs(found):
    return [(one.name, one.range, one.kind) for one in found.needs]


def test_a_manifest_asks_for_plugins():
    manifest = {**MANIFEST, "dependencies": {"org.harbour.tides": "^2.0.0"}, "requires": ["org.harbour.wind"]}
    found = inventory({"plugin.json": json.dumps(manifest), "plugin.js": CODE})
    assert needs(found) == [("org.harbour.tides", "^2.0.0", "plugin"), ("org.harbour.wind", "", "plugin")]
    assert found.publisher == "saltmarsh"
    assert [(one.path, one.digest, one.bytes) for one in found.sources] == [
        ("plugin.js", hashlib.sha256(CODE).hexdigest(), len(CODE))
    ]


def test_what_npm_calls_dependencies_are_packages():
    package = {
        "name": "gauge",
        "version": "1.0.0",
        "author": {"name": "Saltmarsh"},
        "dependencies": {"left-pad": "^1.0.0"},
        "peerDependencies": {"host": ">=2"},
        "optionalDependencies": {"fsevents": "*"},
        "activationEvents": ["onStartupFinished"],
        "engines": {"vscode": "^1.80.0"},
        "extensionDependencies": ["saltmarsh.tides"],
    }
    found = inventory({"package.json": json.dumps(package), "extension.js": CODE})
    assert needs(found) == [
        ("saltmarsh.tides", "", "plugin"),
        ("left-pad", "^1.0.0", "package"),
        ("host", ">=2", "peer"),
        ("fsevents", "*", "optional"),
    ]
    assert (found.name, found.version, found.publisher) == ("gauge", "1.0.0", "Saltmarsh")


def test_a_wheel_says_in_its_metadata_what_it_requires():
    found = inventory({"gauge/__init__.py": "x = 1\n", "tide_gauge-2.1.0.dist-info/METADATA": METADATA})
    assert needs(found) == [("requests", "<3,>=2", "package"), ("rich", "", "optional")]
    assert (found.name, found.version) == ("tide-gauge", "2.1.0")
    assert found.publisher == "Saltmarsh <hello@saltmarsh.example>"


@pytest.mark.parametrize("dependencies", ['"text"', "[1, 2]", '{"a": {"b": []}}', "null", "[[]]"])
def test_nonsense_is_no_need_and_no_crash(dependencies):
    text = json.dumps(MANIFEST)[:-1] + f', "dependencies": {dependencies}}}'
    found = inventory({"plugin.json": text, "plugin.js": CODE})
    assert all(isinstance(one.name, str) for one in found.needs)


def test_a_stranger_s_list_is_bounded():
    manifest = {**MANIFEST, "dependencies": {f"org.flood.plugin{number}": "x" * 5000 for number in range(5000)}}
    found = inventory({"plugin.json": json.dumps(manifest)[:900_000], "plugin.js": CODE})
    assert len(found.needs) <= 2_000
    assert all(len(one.range) <= 200 for one in found.needs)


def test_of_very_many_findings_the_first_are_kept_and_the_others_are_said():
    place = Location("plugin.js", 1, 1, 1, 2)
    finding = Finding("LIF001", "leak", "lifecycle", Severity.LOW, Confidence.LIKELY, "said", place)
    findings = tuple(replace(finding, location=replace(place, line=line)) for line in range(1, 10_012))
    review = Review(SubjectIdentity("entry", "plugin", "generic", "", "", ""), findings=findings)
    kept = lean(review)
    assert kept.findings == findings[:10_000]
    assert [problem.message for problem in kept.errors] == ["there are 11 more findings than are kept of one subject"]
    assert not kept.complete
    assert lean(replace(review, findings=findings[:3])).complete
