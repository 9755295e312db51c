"""The same flaws of hosts and tests, written in other ways."""

from __future__ import annotations

import pytest
from idioms import findings

WRONG = {
    "an object that setUp makes": (
        "FUN014",
        {
            "tests/test_registry.py": "import unittest\nfrom host import Registry\nclass RegistryTest(unittest.TestCase):\n"
            "    def setUp(self):\n        self.registry = Registry()\n    def test_remove(self):\n"
            "        self.registry.remove('a')\n        self.assertIsNotNone(self.registry)  # here"
        },
    ),
    "plugins by another name": (
        "FUN021",
        {
            "app.py": "from host.plugins import find_plugins\nclass App:\n    def start(self):\n"
            "        found = {one.name: one for one in find_plugins(self.root)}\n        if len(found) == 0:\n"
            "            raise RuntimeError('nothing to load')  # here\n"
        },
    ),
    "the first of the entry points": (
        "FUN021",
        {
            "engine.py": "from importlib.metadata import entry_points\nclass Engine:\n    def __init__(self):\n"
            "        self.backends = [entry.load() for entry in entry_points(group='acme.backends')]\n"
            "        self.default = self.backends[0]  # here"
        },
    ),
    "a plugin that is also loaded by its name": (
        "FUN023",
        {
            "host/engine.py": "import importlib\ndef load(name):\n    return importlib.import_module(f'host.plugins.{name}')\n"
            "def export(document):\n    from host.plugins.pdf import Exporter  # here\n    return Exporter().export(document)",
            "host/plugins/pdf.py": "class Exporter:\n    def export(self, document):\n        return document",
        },
    ),
    "a class that is called a plugin": (
        "FUN023",
        {
            "src/core/app.js": "import { ChartPlugin } from '../plugins/chart/index.js'; // here\nexport const draw = (rows) => new ChartPlugin().draw(rows);",
            "src/plugins/chart/index.js": "export class ChartPlugin {\n  draw(rows) { return rows.join(); }\n}",
        },
    ),
    "a filtered listing": (
        "FUN024",
        {
            "load.js": "const fs = require('fs/promises');\nexports.loadPlugins = async (dir) => {\n  const files = await fs.readdir(dir); // here\n"
            "  for (const file of files.filter((one) => one.endsWith('.js'))) require(dir + file);\n};"
        },
    ),
}

RIGHT = {
    "a member that is taken by one of several names": (
        "FUN019",
        {
            "load.py": "import importlib.util, json\nREQUIRED = ('id', 'version', 'entry_point')\ndef load(folder):\n"
            "    data = json.loads((folder / 'plugin.json').read_text())\n    if any(key not in data for key in REQUIRED):\n"
            "        raise ValueError(folder)\n    name, entry = (data[key] for key in ('id', 'entry_point'))\n"
            "    return importlib.util.spec_from_file_location(name, folder / entry)"
        },
    ),
    "the first of what may be empty": (
        "FUN021",
        {
            "engine.py": "from importlib.metadata import entry_points\nclass Engine:\n    def __init__(self, own):\n"
            "        self.backends = [entry.load() for entry in entry_points(group='acme.backends')]\n"
            "        self.default = self.backends[0] if self.backends else own"
        },
    ),
    "a base class beside the plugins": (
        "FUN023",
        {
            "src/core/app.js": "import { BasePlugin } from '../plugins/support/index.js';\nexport const is = (one) => one instanceof BasePlugin;",
            "src/plugins/support/index.js": "export class BasePlugin {\n  draw(rows) { return rows.join(); }\n}",
        },
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_flaw_is_found_however_it_is_written(name):
    rule, files = WRONG[name]
    (place,) = [
        (path, n)
        for path, source in files.items()
        for n, text in enumerate(source.split("\n"), 1)
        if text.endswith("here") or "// here" in text
    ]
    assert findings(rule, files) == [place]


@pytest.mark.parametrize("name", RIGHT)
def test_what_only_looks_like_the_flaw_is_left_alone(name):
    rule, files = RIGHT[name]
    assert findings(rule, files) == []
