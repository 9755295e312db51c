"""Which files import which is told from their text, in every spelling, and slow text does not slow it."""

from __future__ import annotations

import time

import pytest

from reviewer.code.project import Project

SCRIPTS = {
    "src/store.ts": "export class Store {}\n",
    "src/index.ts": "export * from './store';\n",
    "src/host.ts": "import {\n  Store,\n} from './index.js'\n",
    "src/late.ts": "const make = async () => (await import(`./store`)).Store\n",
    "src/old.cjs": "const { Store } = require( './store' )\n",
    "src/other.ts": "import fs from 'node:fs'\n// from './elsewhere'\n",
}
MODULES = {
    "app/__init__.py": "",
    "app/store.py": "class Store: pass\n",
    "app/host.py": "from .store import Store\n",
    "app/many.py": "from . import (\n    host,\n    store as kept,\n)\n",
    "app/whole.py": "import os, app.store as s\n",
    "app/far.py": "    from app import store\n",
    "app/none.py": "text = 'from store'\n",
}


def users(files: dict[str, str], path: str) -> set[str]:
    """The files that import a path themselves."""
    return set(Project(list(files), lambda one: files[one].encode())._importers.get(path, ()))


def test_every_spelling_of_an_import_counts():
    assert users(SCRIPTS, "src/store.ts") == {"src/index.ts", "src/late.ts", "src/old.cjs"}
    assert users(SCRIPTS, "src/index.ts") == {"src/host.ts"}
    assert users(MODULES, "app/store.py") == {"app/host.py", "app/many.py", "app/whole.py", "app/far.py"}


def test_what_imports_an_importer_counts_as_a_user_and_the_file_itself_does_not():
    project = Project(list(SCRIPTS), lambda one: SCRIPTS[one].encode())
    named = [module.path for module in project.modules(naming={"Store"}, using="src/store.ts")]
    assert named == ["src/host.ts", "src/late.ts", "src/old.cjs"]


@pytest.mark.parametrize(("path", "text"), [("a.ts", "from" + " " * 300_000), ("a.py", "\t" * 300_000 + "from x import ("), ("b.py", "from . import (" * 20_000)])  # fmt: skip
def test_text_that_is_made_to_be_slow_is_not(path, text):
    begun = time.process_time()
    assert users({path: text}, path) == set()
    assert time.process_time() - begun < 2
