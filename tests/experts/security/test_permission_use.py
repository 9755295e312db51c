"""What a manifest asks for against what the code uses, in the ways in which plugins are written."""

from __future__ import annotations

import json

import pytest
from idioms import findings


def _undeclared(permissions: object, files: dict[str, str]) -> list[tuple[str, int]]:
    return findings("SEC041", files | _manifest(permissions), "plugin")


def _unused(permissions: object, files: dict[str, str]) -> list[int]:
    return [line for _path, line in findings("SEC042", files | _manifest(permissions), "plugin")]


def _manifest(permissions: object) -> dict[str, str]:
    manifest = {"id": "com.example.a", "name": "A", "version": "1.0.0", "main": "a.js", "permissions": permissions}
    return {"plugin.json": json.dumps(manifest, indent=1)}


STORAGE = {"storage": {"read": True, "write": True}}


@pytest.mark.parametrize(
    ("path", "text", "line"),
    [
        ("a.js", "export async function activate({ storage, network: net }) {\n  await storage.get('a');\n  await net.get('https://a.example');\n}", 3),
        ("a.js", "module.exports = {\n  async activate(ctx) { this.ctx = ctx; await ctx.storage.get('a'); },\n  async run() { return this.ctx.clipboard.readText(); },\n  deactivate() {},\n};", 3),
        ("a.ts", "export class A {\n  constructor(private readonly context: PluginContext) {}\n  activate() { this.context.storage.get('a'); }\n  send() { return this.context.mail.send({}); }\n}", 4),
        ("a.ts", "import axios from 'axios';\nexport async function activate(context: PluginContext) {\n  await context.storage.get('a');\n  await axios.post('https://a.example', {});\n}", 4),
        ("a.py", "class A:\n    async def activate(self, context):\n        self._db = context.database\n        await context.storage.get('a')\n\n    async def find(self):\n        return await self._db.query('SELECT 1')", 3),
        ("a.py", "import asyncio\nimport subprocess\n\nasync def activate(context):\n    await context.storage.get('a')\n    await asyncio.to_thread(subprocess.run, ['ls'])", 6),
        ("a.py", "from urllib.request import urlopen as ask\n\nasync def activate(context):\n    await context.storage.get('a')\n    ask('https://a.example')", 5),
        ("a.js", "export function activate(context) {\n  const secrets = context.getService('secrets');\n  context.storage.set('a', secrets.get('b'));\n}", 2),
    ],
)  # fmt: skip
def test_the_first_use_without_permission_is_found(path, text, line):
    assert _undeclared(STORAGE, {path: text}) == [(path, line)]


@pytest.mark.parametrize(
    ("permissions", "path", "text"),
    [
        (["storage", "network"], "a.js", "export async function activate(context) {\n  await context.storage.set('a', 1);\n  await fetch('https://a.example');\n}"),
        (["storage:read", "storage:write"], "a.py", "async def activate(context):\n    await context.storage.set('a', await context.storage.get('b'))"),
        ({"storage": "readwrite", "db": {"query": True}}, "a.ts", "export async function activate(context: PluginContext) {\n  await context.storage.set('a', 1);\n  await context.database!.query('SELECT 1');\n}"),
        ([{"resource": "storage", "actions": ["read", "write"]}], "a.js", "exports.activate = async ({ storage }) => storage.set('a', await storage.get('a'));"),
        ({"storage": {"*": True}}, "a.js", "exports.activate = async (ctx) => ctx.storage.delete('a');"),
        (STORAGE, "a.js", "exports.activate = (context) => {\n  context.logger.info('x');\n  context.commands.register('a', () => 1);\n  context.eventBus.on('b', () => 2);\n};"),
    ],
)  # fmt: skip
def test_what_is_asked_for_in_any_spelling_may_be_used(permissions, path, text):
    assert _undeclared(permissions, {path: text}) == []


def test_tools_that_build_the_plugin_need_no_permission():
    files = {
        "a.js": "export const activate = async (context) => context.storage.get('a');",
        "scripts/release.js": "require('child_process').execSync('git tag');",
        "vite.config.ts": "import { spawn } from 'child_process';\nspawn('x');",
    }
    assert _undeclared({"storage": {"read": True}}, files) == []


def test_a_permission_that_another_file_uses_is_used():
    files = {
        "a.ts": "import { Store } from './store';\nexport class A {\n  activate(context: PluginContext) { this.store = new Store(context); }\n}",
        "store.ts": "export class Store {\n  constructor(private context: PluginContext) {}\n  save(x: unknown) { return this.context.storage.set('a', x); }\n}",
    }
    assert _unused({"storage": {"write": True}, "network": {"fetch": ["a.example"]}}, files) == [11]


def test_a_service_that_is_handed_on_counts_as_used_with_all_that_it_can():
    files = {
        "a.py": "from lib import Store\n\nclass A:\n    async def activate(self, context):\n        self.store = Store(context.storage)"
    }
    assert _unused(STORAGE, files) == []


def test_nothing_is_called_unused_where_the_context_is_lost_from_sight():
    text = "import { boot } from 'framework';\nexport const activate = (context) => {\n  context.storage.get('a');\n  boot(context);\n};"
    assert _unused({"storage": {"read": True}, "mail": {"send": True}}, {"a.js": text}) == []


def test_a_plugin_that_opens_files_itself_uses_the_permission_for_files():
    text = "from pathlib import Path\n\nasync def activate(context):\n    await context.storage.get('a')\n    Path('x').write_text('y')"
    assert _unused({"storage": {"read": True}, "filesystem": {"write": ["x"]}}, {"a.py": text}) == []


def test_a_method_of_its_own_named_open_is_no_use_of_files():
    text = "class Feed:\n    def open(self, url):\n        self.url = url\n\n\nasync def activate(context):\n    await context.storage.get('a')\n    Feed().open('https://a.example')"
    assert _undeclared(STORAGE, {"a.py": text}) == []
    assert _undeclared(STORAGE, {"a.py": text.replace("Feed().open(", "open(")}) == [("a.py", 8)]
