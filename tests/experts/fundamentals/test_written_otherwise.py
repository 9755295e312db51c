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

AGAIN = {
    "a listing that a function gives back": (
        "FUN024",
        {
            "scan.py": "import glob\ndef plugin_files(folder):\n    return glob.glob(folder + '/*/plugin.json')  # here\n"
            "def load_all(folder, read):\n    return [read(path) for path in plugin_files(folder)]"
        },
    ),
    "a coroutine that the test never awaits": (
        "FUN014",
        {
            "tests/test_grants.py": "from host import Grants\ndef test_refuses():\n    async def check():\n"
            "        assert not await Grants().allows('a')\n    check()  # here"
        },
    ),
    "a fake that throws": (
        "FUN014",
        {
            "test/bus.test.js": "it('isolates a handler', () => { // here\n  const bus = makeBus();\n"
            "  bus.on('a', () => { throw new Error('no'); });\n  bus.emit('a', 1);\n});"
        },
    ),
    "a grammar for what a parameter takes apart": (
        "FUN017",
        {
            "ids.js": "const ID = new RegExp('^[a-z0-9]+(\\\\.[a-z0-9]+)*$');\nexports.check = ({ id, dependencies }) => {\n"
            "  if (!ID.test(id)) throw new TypeError(id);\n  for (const dependency of Object.keys(dependencies)) {\n"
            "    if (!dependency.match(/^[a-z0-9]+$/)) throw new TypeError(dependency); // here\n  }\n};"
        },
    ),
    "a list that its file gives the name": (
        "FUN018",
        {
            "permissions.js": "exports.KNOWN = new Set(['fs.read', 'shell.run', 'camera.capture']); // here\n",
            "api.js": "exports.api = (need, fs, shell) => ({\n  read: (p) => (need('fs.read'), fs.read(p)),\n"
            "  run: (c) => (need('shell.run'), shell.run(c)),\n});",
        },
    ),
    "the first of what a list is taken apart into": (
        "FUN021",
        {
            "serve.js": "const { loadExtensions } = require('./extensions');\nasync function main() {\n"
            "  const extensions = await loadExtensions();\n  const [primary, ...others] = extensions; // here\n"
            "  serve(primary.name, others);\n}\nmain();"
        },
    ),
    "a function that Python maps over files": (
        "FUN022",
        {
            "catalogue.py": "import yaml\nclass Catalogue:\n    def __init__(self, root):\n"
            "        self.entries = list(map(self._entry, sorted(root.glob('*/manifest.yaml'))))  # here\n"
            "    @staticmethod\n    def _entry(path):\n        return yaml.safe_load(path.read_text())"
        },
    ),
    "a part of a plugin": (
        "FUN023",
        {
            "app/core/search.py": "from app.addons.fuzzy.matcher import Matcher  # here\nclass Search:\n    matcher = Matcher()",
            "app/addons/fuzzy/matcher.py": "class Matcher:\n    pass",
            "app/addons/fuzzy/__init__.py": "def activate(context):\n    context.add(1)\ndef deactivate():\n    pass",
        },
    ),
    "a listing that a with statement holds": (
        "FUN024",
        {
            "hooks.py": "import os\ndef load(plugin_dir, take):\n    with os.scandir(plugin_dir) as entries:  # here\n"
            "        for entry in entries:\n            take(entry)"
        },
    ),
    "an answer that is late by its type alone": (
        "FUN012",
        {
            "export.ts": "export abstract class Exporter {\n  abstract write(rows: string[]): Promise<string>;\n}\n"
            "export class Csv extends Exporter {\n  write(rows: string[]): string { // here\n    return rows.join();\n  }\n}"
        },
    ),
}

RIGHT = {
    "a class halfway between the contract and what keeps it": (
        "FUN012",
        {
            "drivers.py": "import abc\nclass Instrument(abc.ABC):\n    @abc.abstractmethod\n    def read(self): ...\n"
            "    @abc.abstractmethod\n    def name(self): ...\nclass Ported(Instrument):\n    def read(self):\n        return 1\n"
            "class Scope(Ported):\n    def name(self):\n        return 'scope'"
        },
    ),
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


@pytest.mark.parametrize("name", [*WRONG, *AGAIN])
def test_a_flaw_is_found_however_it_is_written(name):
    rule, files = (WRONG | AGAIN)[name]
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
