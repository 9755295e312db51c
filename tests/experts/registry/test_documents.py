"""What manifests and registry documents say, to the line."""

from __future__ import annotations

import pytest
from idioms import findings

from reviewer.experts.registry.ranges import admits, meet, read_range

REGISTRY = """{
  "plugins": [
    { "id": "org.a.one", "version": "1.0.0", "digest": "sha256-00", "path": "one",
      "dependencies": { "org.a.two": "*" } },
    { "id": "org.a.two", "version": "1.0.0", "path": "/opt/two",
      "dependencies": { "org.a.one": "^2.0.0", "org.a.zero": "^1.0.0" } },
    { "id": "org.a.two", "version": "1.0.0", "digest": "sha256-01", "path": "two" },
    { "id": "org.a.tw0", "version": "newest", "digest": "sha256-02", "path": "three", "status": "enabeld" }
  ]
}
"""


@pytest.mark.parametrize(
    ("rule", "lines"),
    [
        ("REG010", [4]),
        ("REG012", [6]),
        ("REG014", [6]),
        ("REG015", [6]),
        ("REG016", [7]),
        ("REG017", [8]),
        ("REG018", [5]),
        ("REG019", [5]),
        ("REG034", [8]),
        ("REG035", [8]),
    ],
)
def test_each_fault_of_a_registry_is_named_on_its_line(rule, lines):
    found = findings(rule, {"registry.json": REGISTRY}, "registry")
    assert found == [("registry.json", line) for line in lines]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("*", "any"), ("", "any"), ("x", "any"), (">=0", "any"), (">=0.0.0", "any"), ("^1 || *", "any"),
        ("latest", "moving"), ("main", "moving"), ("git+https://a.example/b.git", "moving"), ("a/b#main", "moving"),
        (">=1.2.0", "open"), (">1", "open"), ("> 1.2", "open"), ("!=1.2.3", "open"),
        ("^1.2.0", "bounded"), ("~1.2", "bounded"), ("1.x", "bounded"), ("1.2.3", "bounded"), (">=1.2,<2", "bounded"),
        ("~=1.4", "bounded"), ("==1.2.*", "bounded"), ("1.0.0 - 2.0.0", "bounded"), ("^1 || ^2", "bounded"),
        (">=3.0.0 <2.0.0", "empty"), (">2,<2", "empty"),
        ("three", "unread"), ("^one", "unread"), ("9" * 300, "unread"),
        ("github:a/b#0a1b2c3d4e5f60718293a4b5c6d7e8f901234567", "unread"),
    ],
)  # fmt: skip
def test_a_range_is_any_moving_open_bounded_empty_or_unread(text, kind):
    assert read_range(text).kind == kind


def test_ranges_meet_where_a_version_lies_in_both():
    assert meet(read_range("^1.2.0"), read_range(">=1.4 <3"))
    assert not meet(read_range("^1.2.0"), read_range("^2.0.0"))
    assert meet(read_range("^1.2.0"), read_range("whatever"))


def test_a_prerelease_lies_where_its_release_does():
    assert admits(read_range("^3.0.0"), "3.0.0-rc.2")
    assert not admits(read_range("^3.0.0"), "2.9.0")
    assert admits(read_range("^3.0.0"), "not a version")


MANIFEST = """{
  "id": "org.a.one",
  "version": "1.0.0",
  "main": "one.js",
  "dependencies": {
    "org.a.one": "^1.0.0",
    "org.a.two": "whenever",
    "org.a.six": "latest"
  }
}
"""


@pytest.mark.parametrize(("rule", "line"), [("REG010", 8), ("REG011", 7), ("REG013", 6)])
def test_each_fault_of_a_manifest_is_named_on_its_line(rule, line):
    assert findings(rule, {"plugin.json": MANIFEST}, "plugin") == [("plugin.json", line)]


def test_a_package_file_that_is_no_registry_has_no_entries():
    lock = '{"lockfileVersion": 3, "packages": {"a": {"version": "1.0.0", "path": "../a"}}}'
    schema = '{"properties": {"a": {"version": "1.0.0", "path": "../a"}}}'
    for rule in ("REG018", "REG019"):
        assert findings(rule, {"lock.json": lock, "x.json": schema}, "registry") == []


def test_a_circle_of_thousands_is_found_without_recursion():
    entries = ",".join(
        f'{{"id": "p{n}", "version": "1.0.0", "digest": "x", "path": "p", "requires": ["p{(n + 1) % 3000}"]}}'
        for n in range(3000)
    )
    assert len(findings("REG014", {"registry.json": f"[{entries}]"}, "registry")) == 1


@pytest.mark.parametrize(
    "text",
    [
        '{"extensions": {\n  "a.one": [\n    {"version": "1.0.0", "url": "https://r.example/1"},\n'
        '    {"version": "1.0.0", "url": "https://r.example/2"}\n  ]\n}}',
        '{\n  "plugins": {"a.one": {"versions": [\n    {"version": "1.0.0", "url": "https://r.example/1"},\n'
        '    {"version": "1.0.0", "url": "https://r.example/2"}\n  ]}}\n}',
    ],
)
def test_the_versions_of_an_id_are_entries(text):
    assert findings("REG016", {"catalog.json": text}, "registry") == [("catalog.json", 4)]


def test_a_map_of_versions_gives_each_its_requirements():
    text = (
        '{\n "a.one": {"1.0.0": {"url": "https://r.example/1", "requires": {"a.two": "^1.0.0"}}},\n'
        ' "a.two": {"1.0.0": {"url": "https://r.example/2", "requires": {"a.one": "^1.0.0"}}}\n}'
    )
    assert findings("REG014", {"index.json": text}, "registry") == [("index.json", 3)]


def test_states_are_those_that_the_document_lists_and_a_path_may_turn_inside():
    text = (
        '{"states": ["active"], "plugins": [\n'
        ' {"id": "a.one", "version": "1.0.0", "sha256": "ab", "path": "./x/../one", "status": "active"},\n'
        ' {"id": "a.two", "version": "1.0.0", "sha256": "ab", "path": "x/../../two", "status": "banned"}\n]}'
    )
    assert findings("REG034", {"registry.json": text}, "registry") == [("registry.json", 3)]
    assert findings("REG019", {"registry.json": text}, "registry") == [("registry.json", 3)]
