"""A plugin made for a host that is there already, under the tools of that host: compilers, test runners, validators."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from made_plugin import NAMES, written

HOSTILE = "hostile"
"""The names that are hardest to write as code; with them every part of a template is made."""


def run(*command: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a program to its end."""
    surroundings = {**os.environ, **environment} if environment else None
    return subprocess.run(
        [str(word) for word in command], cwd=cwd, env=surroundings, capture_output=True, text=True, check=False
    )


def passed(*command: str | Path, cwd: Path, **environment: str) -> None:
    """Run a program that must end well."""
    done = run(*command, cwd=cwd, **environment)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="session")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the compiler and the types of two hosts once, and return where they are."""
    folder = tmp_path_factory.mktemp("tools")
    packages = ["typescript@5.9.3", "@types/node@20.19.25", "@types/vscode@1.85.0", "obsidian@1.8.7", "esbuild@0.27.0"]
    install = ["npm", "install", "--silent", "--ignore-scripts", "--no-audit", "--no-fund", *packages]
    done = run(*install, cwd=folder)
    if done.returncode != 0:
        pytest.skip(f"npm did not deliver the compiler: {done.stderr.strip()[-300:]}")
    return folder


def made_beside(tools: Path, target: str) -> Path:
    """Write a plugin where the compiler finds the types, and return its folder."""
    return written(target, tools / target, HOSTILE, commands=True)


@pytest.mark.needs("npm", "node")
def test_the_compiler_is_content_with_the_extension_and_its_tests_pass(tools):
    plugin = made_beside(tools, "vscode")
    passed("node", tools / "node_modules/typescript/bin/tsc", "-p", ".", cwd=plugin)
    passed("node", "--test", "dist/test/answers.test.js", cwd=plugin)


@pytest.mark.needs("npm", "node")
def test_the_plugin_for_obsidian_compiles_passes_its_tests_and_runs_as_the_app_loads_it(tools):
    plugin = made_beside(tools, "obsidian")
    passed("node", tools / "node_modules/typescript/bin/tsc", "-p", ".", cwd=plugin)
    passed("node", "--test", "build/test/answers.test.js", cwd=plugin)
    bundled = ("--bundle", "--external:obsidian", "--format=cjs", "--target=es2022", "--outfile=main.cjs")
    passed("node", tools / "node_modules/esbuild/bin/esbuild", "src/main.ts", *bundled, cwd=plugin)
    stub = plugin / "node_modules" / "obsidian" / "index.cjs"
    stub.parent.mkdir(parents=True)
    stub.write_text(
        "const said = [];"
        "class Plugin { addCommand(one) { (this.commands ??= []).push(one); } }"
        "class Notice { constructor(text) { said.push(text); } }"
        "module.exports = { Plugin, Notice, said };"
    )
    (stub.parent / "package.json").write_text('{"name": "obsidian", "main": "index.cjs"}')
    script = (
        "const { said } = require('obsidian'); const plugin = new (require('./main.cjs').default)(); plugin.onload();"
        "for (const one of plugin.commands) one.editorCallback({ getSelection: () => 'tea' });"
        "process.stdout.write(said.join('|'));"
    )
    done = run("node", "-e", script, cwd=plugin)
    assert done.stdout == "Count words: tea|Class: tea", done.stderr


@pytest.mark.needs("node")
def test_the_tests_of_the_browser_extension_pass(tmp_path):
    plugin = written("webextension", tmp_path, HOSTILE, commands=True)
    passed("node", "--test", "test/answers.test.js", cwd=plugin)


@pytest.mark.needs("chromium")
def test_the_browser_packs_the_extension(tmp_path):
    plugin = written("webextension", tmp_path / "made", HOSTILE, commands=True)
    run("chromium", "--headless", "--no-sandbox", f"--pack-extension={plugin}", cwd=tmp_path)
    assert plugin.with_suffix(".crx").read_bytes()[:4] == b"Cr24"


def test_pytest_loads_the_plugin_by_its_entry_point_and_its_tests_pass(tmp_path):
    plugin = written("python-entry-points", tmp_path, HOSTILE, commands=True)
    project = tomllib.loads((plugin / "pyproject.toml").read_text())["project"]
    metadata = (
        plugin / "src" / "made-0.1.0.dist-info"
    )  # what an installation leaves, without the network that one takes
    metadata.mkdir()
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: 0.1.0\n")
    ((name, target),) = project["entry-points"]["pytest11"].items()
    (metadata / "entry_points.txt").write_text(f"[pytest11]\n{name} = {target}\n")
    passed(sys.executable, "-m", "mypy", "--strict", "src", cwd=plugin)
    quiet = ("-q", "-p", "no:cacheprovider")
    done = run(sys.executable, "-m", "pytest", *quiet, cwd=plugin, PYTHONPATH=str(plugin / "src"))
    assert done.returncode == 0, done.stdout
    assert "4 passed" in done.stdout


def test_the_integration_is_python_with_types_and_its_tests_pass(tmp_path):
    plugin = written("home-assistant", tmp_path, HOSTILE, commands=True)
    passed(sys.executable, "-m", "compileall", "-q", "custom_components", cwd=plugin)
    # Home Assistant needs a newer Python than this one: its own types are taken for anything.
    lax = ("--ignore-missing-imports", "--disallow-untyped-defs", "--warn-unreachable", "--disable-error-code=call-arg")
    passed(sys.executable, "-m", "mypy", *lax, "custom_components", cwd=plugin)
    passed(sys.executable, "-m", "unittest", "discover", "-s", "tests", cwd=plugin)


def test_the_hook_of_an_assistant_plugin_passes_its_tests(tmp_path):
    plugin = written("assistant", tmp_path, HOSTILE, commands=True)
    passed(sys.executable, "-m", "unittest", "discover", "-s", "tests", cwd=plugin)


@pytest.mark.needs("claude")
@pytest.mark.parametrize("names", NAMES)
def test_the_validator_of_the_assistant_is_content(names, tmp_path):
    plugin = written("assistant", tmp_path / "made", names, commands=True)
    command = ["claude", "plugin", "validate", "--strict", str(plugin)]
    # An environment in which the validator finds nothing of the person who runs the tests.
    home = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "DISABLE_AUTOUPDATER": "1"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=home)
    assert done.returncode == 0, done.stdout + done.stderr
