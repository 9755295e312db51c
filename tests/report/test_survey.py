"""Interfaces are found by what the code does, not by what its comments say."""

from __future__ import annotations

import pytest

from reviewer.engine.plan import Plan, jobs_of
from reviewer.engine.request import Request
from reviewer.engine.session import review


@pytest.fixture
def seen(tmp_path):
    """Return a function that surveys files and gives the signs by interface."""

    def survey(kind: str, **files: str) -> dict[str, list[str]]:
        for name, text in files.items():
            path = tmp_path / name.replace("__", "/").replace("_dot_", ".")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        plan = Plan((str(tmp_path),), Request(kind=kind, strictness="auditor"), use_cache=False, survey=True, jobs=1)
        run = review(plan, jobs_of(plan), [""]).run
        assert run.reviews[0].errors == ()
        return {
            one.id: [f"{sign.text} {sign.location.path}:{sign.location.line}" for sign in one.signs]
            for one in run.reviews[0].interfaces
            if one.signs
        }

    return survey


def test_of_a_python_host(seen):
    found = seen(
        "host",
        host_dot_py="import importlib\nimport subprocess\n\n\nclass PluginLoader:\n    def load(self, name):\n"
        "        return importlib.import_module(name)\n\n    def run(self, command):\n        subprocess.run([command])\n",
        tests__test_host_dot_py="import requests\nrequests.get('https://x.example')\n",
    )
    assert found == {
        "loader": ["class PluginLoader host.py:5", "importlib.import_module() host.py:7"],
        "process": ["import of subprocess host.py:2", "process.execute used host.py:10"],
    }


def test_of_a_javascript_plugin_with_aliases_and_require(seen):
    found = seen(
        "plugin",
        plugin_dot_json='{"id": "com.example.x", "name": "X", "version": "1.0.0", "main": "main.js", "permissions": {"storage": {"read": true}}}',
        main_dot_js="const { exec: run } = require('node:child_process');\n"
        "// fetch('https://comment.example') is only talked of here\n"
        "exports.activate = async (context) => {\n  const { storage } = context;\n  await storage.get('a');\n  run('ls');\n};\n",
    )
    assert found["manifest"] == ["the manifest plugin.json:1"]
    assert "storage.read asked for plugin.json:1" in found["storage"]
    assert "import of child_process main.js:1" in found["process"]
    assert "network" not in found


def test_what_is_in_a_package_is_of_it_and_a_module_of_node_is_none_of_python(seen):
    found = seen(
        "plugin",
        plugin_dot_py="from http import HTTPStatus\nfrom sqlalchemy.orm import Session\nfrom starlette.requests import Request\n"
        "from flask_like import Thing\n\n\nasync def handle(request):\n    return Session, HTTPStatus, Thing\n",
        page_dot_js="import { connect } from 'net';\nimport pool from 'pg/lib/pool.js';\nimport { read } from './pg';\n"
        "export const all = [connect, pool, read];\n",
    )
    assert found == {
        "storage": ["import of pg/lib/pool.js page.js:2", "import of sqlalchemy.orm plugin.py:2"],
        "network": ["import of net page.js:1", "import of starlette.requests plugin.py:3"],
    }


def test_a_literal_import_is_no_loader(seen):
    found = seen("host", host_dot_ts="export class Registry { add() {} }\nconst fs = await import('node:fs');\n")
    assert "loader" not in found


def test_nothing_is_surveyed_where_nobody_asked(tmp_path):
    (tmp_path / "a.js").write_text("fetch('https://x.example')\n")
    plan = Plan((str(tmp_path),), Request(), use_cache=False, jobs=1)
    assert review(plan, jobs_of(plan), [""]).run.reviews[0].interfaces == ()
