"""Places of data: of tenants whose id becomes a path, and of versions that share one."""

from __future__ import annotations

import pytest
from idioms import findings

PATHS = {
    "join.ts": """
import * as path from "node:path";
export function folderOf(root: string, tenant: string) {
  return path.join(root, tenant, "data"); // <- here
}
""",
    "division.py": """
from pathlib import Path

class Files:
    def __init__(self, root: Path, tenant_id: str) -> None:
        self._folder = root / tenant_id / "plugins"  # <- here
""",
    "os.py": """
import os

def storage_dir(base, ctx, plugin):
    return os.path.join(base, ctx.org_id, plugin)  # <- here
""",
    "template.js": """
import { readFile } from 'node:fs/promises';
export async function settings(dir, workspace) {
  return JSON.parse(await readFile(`${dir}/${workspace}/settings.json`, 'utf8')); // <- here
}
""",
    "sum.js": """
import fs from 'node:fs';
export class Store {
  constructor(root, customer) {
    this.dir = root + '/' + customer; // <- here
  }
}
""",
    "field.ts": """
import { join } from "node:path";
export class Blobs {
  constructor(private readonly root: string, private readonly tenantId: string) {}
  private file(name: string) {
    if (!/^[a-z]+$/.test(name)) throw new Error("bad name");
    return join(this.root, this.tenantId, name); // <- here
  }
}
""",
    "fstring.py": """
import sqlite3

def connect(tenant):
    db_path = f"/var/data/{tenant}.db"  # <- here
    return sqlite3.connect(db_path)
""",
}
PATHS_RIGHT = {
    "grammar.ts": """
import { join } from "node:path";
export function folderOf(root: string, tenant: string) {
  if (!/^[a-z0-9-]+$/.test(tenant)) throw new RangeError("not a tenant");
  return join(root, tenant);
}
""",
    "constructor.ts": """
import { join } from "node:path";
export class Blobs {
  private readonly tenant: string;
  constructor(private readonly root: string, tenant: string) { this.tenant = assertTenantId(tenant); }
  file(name: string) { return join(this.root, this.tenant, encodeURIComponent(name)); }
}
""",
    "contained.py": """
def folder_of(root, tenant):
    folder = (root / tenant / "data").resolve()
    if not folder.is_relative_to(root):
        raise ValueError(tenant)
    return folder
""",
    "known.py": """
class Host:
    def folder(self, tenant):
        if tenant not in self._tenants:
            raise KeyError(tenant)
        return self._root / tenant / "files"
""",
    "hash.js": """
import { join } from 'node:path';
export const folderOf = (root, tenant) => join(root, digestOf(tenant));
""",
    "caller.ts": """
import { join } from "node:path";
function folderOf(root: string, tenant: string) { return join(root, tenant); }
export function open(root: string, tenant: string) {
  assertTenant(tenant);
  return new Store(folderOf(root, tenant));
}
""",
    "url.ts": """
export const link = (tenant: string) => `https://host.example/${tenant}/settings`;
export const ratio = (used: number, tenants: number) => used / tenants;
""",
}
VERSIONS = {
    "map-of-maps.ts": """
export class Versions {
  private readonly byId = new Map<string, Map<string, Plugin>>();
  put(info: Info, plugin: Plugin) {
    const all = this.byId.get(info.id) ?? new Map();
    all.set(info.version, plugin);
    this.byId.set(info.id, all);
  }
  contextFor(info: Info) {
    return { storage: new ScopedStorage(this.backend, info.id), version: info.version }; // <- here
  }
}
""",
    "prefix.js": """
const loaded = new Map();
export function load(plugin) {
  loaded.set(`${plugin.id}@${plugin.version}`, plugin);
}
export class Context {
  constructor(plugin, backend) {
    this.version = plugin.version;
    this.prefix = `${plugin.id}:`; // <- here
    this.backend = backend;
  }
}
""",
    "python.py": '''
"""Runs several versions of an extension at the same time."""


class Workshop:
    def __init__(self, store):
        self._store = store
        self._running = {}

    def start(self, record):
        self._running[(record.name, record.version)] = record.create()

    def namespace(self, record):
        return f"ext/{record.name}/"  # <- here

    def describe(self, record):
        return f"{record.name} {record.version}"
''',
}
VERSIONS_RIGHT = {
    "major.ts": """
const loaded = new Map<string, Plugin>();
export const keyOf = (info: Info) => `${info.id}@${info.version}`;
export function put(info: Info, plugin: Plugin) { loaded.set(keyOf(info), plugin); }
export const prefixOf = (info: Info) => `${info.id}/v${majorOf(info.version)}/`;
export const storageOf = (info: Info) => new ScopedStorage(backend, info.id, majorOf(info.version));
""",
    "one-version.py": """
class Host:
    def __init__(self):
        self._plugins = {}

    def add(self, plugin):
        if plugin.version < self._oldest:
            raise ValueError(plugin.version)
        self._plugins[plugin.id] = plugin

    def prefix(self, plugin):
        return f"{plugin.id}/"
""",
}


def _line(text: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if "<- here" in line)


@pytest.mark.parametrize("name", PATHS)
def test_a_tenants_id_becomes_no_path_as_it_is(name):
    assert findings("PAT005", {name: PATHS[name]}) == [(name, _line(PATHS[name]))]


@pytest.mark.parametrize("name", PATHS_RIGHT)
def test_an_id_that_was_checked_may_become_a_path(name):
    assert findings("PAT005", {name: PATHS_RIGHT[name]}) == []


@pytest.mark.parametrize("name", VERSIONS)
def test_versions_side_by_side_need_places_of_their_own(name):
    assert findings("PAT006", {name: VERSIONS[name]}) == [(name, _line(VERSIONS[name]))]


@pytest.mark.parametrize("name", VERSIONS_RIGHT)
def test_a_place_may_be_the_plugins_where_the_version_is_in_it_or_only_one_runs(name):
    assert findings("PAT006", {name: VERSIONS_RIGHT[name]}) == []
