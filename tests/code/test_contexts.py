"""What a plugin is handed is known by what is done with it, whatever it is called."""

from __future__ import annotations

import pytest

from reviewer.code.module import Module
from reviewer.code.syntax import Call


def resolved(path: str, source: str, name: str) -> str:
    """Return what the first call of a name means."""
    module = Module(path, source.encode())
    return module.resolve(next(call for call in module.all(Call) if call.name == name).callee)


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("tern.js", "export function activate(gear) { gear.charts.draw(1); }"),
        ("tern.js", "class Tern { enable(gear) { this.gear = gear; this.gear.charts.draw(1); } disable() {} }"),
        ("tern.js", "module.exports = { start(gear) { gear.charts.draw(1); }, stop() {} };"),
        ("tern.ts", "const draw = (gear: PluginToolkit) => gear.charts.draw(1);"),
        (
            "tern.py",
            "class Tern:\n    def setup(self, gear):\n        self._gear = gear\n    def teardown(self):\n        pass\n"
            "    def show(self):\n        self._gear.charts.draw(1)\n",
        ),
    ],
)
def test_services_of_what_an_entry_is_handed_are_the_hosts(path, source):
    assert resolved(path, source, "draw") == "context.charts.draw"


@pytest.mark.parametrize(
    ("path", "source"),
    [
        # A host is told which of its plugins to start, and which to stop.
        ("reef.js", "class Reef { enable(guest) { guest.charts.draw(1); } disable(guest) { guest.end(); } }"),
        ("reef.js", "class Reef { activate(plugin) { plugin.charts.draw(1); } deactivate() {} }"),
        # Anything can be begun, and what it is told first is its own affair.
        ("reef.js", "class Clock { start(face) { face.draw(1); } stop() {} }"),
        ("reef.js", "function setup(face) { face.charts.draw(1); }"),
        (
            "reef.py",
            "class Reef:\n    def __init__(self, face):\n        face.charts.draw(1)\n    def close(self):\n        pass\n",
        ),
        ("reef.ts", "export function activate(path: string) { path.charts.draw(1); }"),
    ],
)
def test_other_things_that_begin_are_handed_no_context(path, source):
    assert not resolved(path, source, "draw").startswith("context")
