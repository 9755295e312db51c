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


def manifest_of(name: str, text: str, code: bytes = CODE) -> str:
    (subject,) = discover(MemoryRoot("kiln", {name: text.encode(), "kiln.js": code}), Settings())
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


OWN_WORDS = (
    '{"key": "kiln", "version": "1.4.0", "starts": "./kiln.js", "worksWith": ">=2.0.0", "asks": {"shelf": true}}'
)
RUNS_PLUGINS = b"""
const plugins = new Map();
export async function loadPlugins(files, context) {
  for (const file of files) {
    const plugin = await import(file);
    plugins.set(plugin.id, plugin);
    await plugin.activate(context);
  }
}
"""


def test_a_file_that_names_the_code_beside_it_is_the_manifest_in_whatever_words():
    assert manifest_of("kiln.clay.json", OWN_WORDS) == "kiln.clay.json"


def test_it_is_none_where_the_code_is_elsewhere():
    assert manifest_of("kiln.clay.json", OWN_WORDS.replace("./kiln.js", "./oven.js")) == ""


def test_it_is_none_where_the_code_is_that_of_a_host():
    (subject,) = discover(
        MemoryRoot("kiln", {"kiln.clay.json": OWN_WORDS.encode(), "kiln.js": RUNS_PLUGINS}), Settings()
    )
    assert (subject.kind, subject.manifest) == ("host", None)
