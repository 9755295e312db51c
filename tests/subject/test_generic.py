"""A manifest of no named ecosystem is known by what it says, whatever its file is called."""

from __future__ import annotations

import json

import pytest

from reviewer.core.settings import Settings
from reviewer.subject.discover import discover
from reviewer.subject.memory import MemoryRoot

CODE = b"export async function activate(context) {}\n"
JSON = json.dumps(
    {"id": "org.slowclay.kiln-log", "version": "1.4.0", "main": "kiln.js", "requiredFeatures": ["events"]}
)
YAML = "name: Kiln Log\nversion: 1.4.0\nmain: kiln.js\npermissions:\n  storage:\n    read: true\n"
TOML = 'id = "org.slowclay.kiln-log"\nversion = "1.4.0"\nmain = "kiln.js"\nrequiredFeatures = ["events"]\n'


def manifest_of(name: str, text: str) -> str:
    (subject,) = discover(MemoryRoot("kiln", {name: text.encode(), "kiln.js": CODE}), Settings())
    return subject.manifest.path if subject.manifest is not None else ""


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("manifest.json", JSON),
        ("manifest.yaml", YAML),
        ("manifest.yml", YAML),
        ("manifest.toml", TOML),
        ("plugin-manifest.json", JSON),
        ("kiln-log.yaml", YAML),
    ],
)
def test_a_file_of_any_name_that_speaks_of_plugin_and_host_is_the_manifest(name, text):
    assert manifest_of(name, text) == name


@pytest.mark.parametrize(
    "text",
    [
        '{"name": "kiln", "version": "1.4.0", "main": "kiln.js"}',
        '{"id": 7, "version": 1, "permissions": {}, "main": "a"}',
    ],
)
def test_a_file_that_speaks_of_neither_is_none(text):
    assert manifest_of("kiln-log.json", text) == ""
