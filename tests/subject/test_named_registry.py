"""A registry is a document: code that somebody names one is reviewed as the host that keeps it."""

from __future__ import annotations

import pytest

from reviewer.core.settings import Settings
from reviewer.subject.discover import discover
from reviewer.subject.memory import MemoryRoot

SHELF = b"export class Shelf { #byName = new Map(); publish(pack) { this.#byName.set(pack.name, pack); } }\n"
PACKAGE = b'{"name": "lantern-shelf", "version": "0.9.4", "type": "module"}\n'
LISTED = b'{"plugins": [{"id": "a.b", "version": "1.0.0", "url": "https://shelf.example/a.b-1.0.0.tgz"}]}\n'
NAMED = Settings(kind="registry")


@pytest.mark.parametrize("files", [{"src/shelf.js": SHELF}, {"src/shelf.js": SHELF, "package.json": PACKAGE}])
def test_code_that_is_named_a_registry_is_a_host_and_says_why(files):
    (subject,) = discover(MemoryRoot("shelf", files), NAMED)
    assert subject.kind == "host"
    assert "named a registry" in subject.recognised_by
    assert subject.manifest is None


def test_a_list_beside_code_is_the_registry_that_was_named():
    (subject,) = discover(MemoryRoot("shelf", {"src/shelf.js": SHELF, "registry.json": LISTED}), NAMED)
    assert subject.kind == "registry"
    assert subject.manifest_path == "registry.json"


def test_a_document_without_code_is_the_registry_whatever_it_is_called():
    (subject,) = discover(MemoryRoot("shelf", {"package.json": PACKAGE}), NAMED)
    assert (subject.kind, subject.manifest_path) == ("registry", "package.json")
